//! The clock that attempts begin by.

use std::time::SystemTime;

/// Now, in whole seconds since the Unix epoch.
pub(crate) fn unix_seconds() -> i64 {
    SystemTime::UNIX_EPOCH
        .elapsed()
        .map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
