//! The time in which a simulation takes place.

use doorward_core::time::{DAY_MS, Timestamp};

/// Monday, 1 September 2025: always the same, so that the same seed gives the same bytes.
const START: Timestamp = Timestamp::from_ms(1_756_684_800_000);

/// Days of ordinary life before the days that are scored: long enough for people to become known.
pub const WARM_UP_DAYS: i64 = 28;

/// The days of a simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    days: i64,
}

impl Span {
    /// [`WARM_UP_DAYS`] and then `days` that are scored.
    pub fn new(days: u16) -> Self {
        Self { days: i64::from(days).max(1) }
    }

    /// Days in all.
    pub fn days(self) -> i64 {
        WARM_UP_DAYS + self.days
    }

    /// Days that are scored.
    pub fn scored_days(self) -> i64 {
        self.days
    }

    /// Midnight (UTC) at the beginning of a day, counted from zero; a Monday first.
    pub fn day(self, number: i64) -> Timestamp {
        START.plus(number.saturating_mul(DAY_MS))
    }

    /// When scoring begins. Attackers come from then on.
    pub fn scored_at(self) -> Timestamp {
        self.day(WARM_UP_DAYS)
    }

    /// When people stop.
    pub fn end(self) -> Timestamp {
        self.day(self.days())
    }
}
