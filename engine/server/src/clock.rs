//! The wall clock, read in one place and passed on as a value.

use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use doorward_core::time::Timestamp;

/// A source of time. A function is enough: tests pass another.
pub type Clock = fn() -> Timestamp;

/// The time of this machine.
#[expect(clippy::disallowed_methods, reason = "the single place that reads the wall clock")]
pub fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_ms(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}

/// Measures how long something took: the difference of two readings. It never goes back.
pub type Stopwatch = fn() -> Duration;

/// The time since this process first asked.
#[expect(clippy::disallowed_methods, reason = "the single place that reads the monotonic clock")]
pub fn elapsed() -> Duration {
    static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);
    STARTED.elapsed()
}
