//! Points in time as profiles keep them.

use crate::time::{SECOND_MS, Timestamp};

/// The whole second that a point in time lies in, counted from the epoch: from 1970 to 2106, and what lies
/// outside counts as the nearest of these. An age is at most a second too long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Second(pub(super) u32);

impl Second {
    pub(super) fn of(at: Timestamp) -> Self {
        let seconds = at.ms().div_euclid(SECOND_MS).clamp(0, i64::from(u32::MAX));
        Self(u32::try_from(seconds).unwrap_or_default())
    }

    /// Its beginning.
    pub(super) fn at(self) -> Timestamp {
        Timestamp::from_ms(i64::from(self.0) * SECOND_MS)
    }

    /// Seconds from `earlier` to here, none if it is later.
    pub(super) fn since(self, earlier: Self) -> u32 {
        self.0.saturating_sub(earlier.0)
    }

    /// So many seconds later.
    pub(super) fn after(self, seconds: u32) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// So many seconds before.
    pub(super) fn before(self, seconds: u32) -> Self {
        Self(self.0.saturating_sub(seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_never_later_than_what_it_stands_for_and_ends_where_its_bits_end() {
        let check = |ms: i64, expected: i64| {
            assert_eq!(Second::of(Timestamp::from_ms(ms)).at().ms(), expected, "{ms}");
        };
        check(0, 0);
        check(1_763_807_400_999, 1_763_807_400_000);
        check(-1, 0);
        check(i64::MIN, 0);
        check(i64::MAX, i64::from(u32::MAX) * 1_000);
    }
}
