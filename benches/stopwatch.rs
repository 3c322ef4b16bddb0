//! The benches' stopwatch.

use std::time::Instant;

/// Now, on a clock that never jumps.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the bench's stopwatch")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
