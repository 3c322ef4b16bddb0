//! The bench's clocks.

use std::time::{Instant, SystemTime};

/// Now, on a clock that never jumps.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the bench's stopwatch")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Now, in whole seconds since the Unix epoch.
pub(crate) fn unix_seconds() -> i64 {
    SystemTime::UNIX_EPOCH
        .elapsed()
        .map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
