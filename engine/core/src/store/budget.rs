//! How many bytes the state may take.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes that windows and profiles may take unless told otherwise.
pub const BUDGET_BYTES_DEFAULT: usize = 2 << 30;
/// Fewest bytes that a budget makes sense with.
pub const BUDGET_BYTES_MIN: usize = 1 << 20;

/// An allocator has free what was evicted between things that stay, and can use it only for what is as large: of so many
/// equal parts of a budget, one is left to that. Seen with mimalloc, where homes are evicted all the time: a seventh of the
/// rest.
const SCATTERED: usize = 8;

/// Names fall to shelves by chance, and some get more of trusted accounts than others: of so many equal parts of the rest,
/// one is for those. A million accounts on a thousand shelves are a thousand on each, with a standard deviation of one in
/// thirty; the fullest has a tenth more than that, and above the mean all of them together have one in eighty.
const RESERVED: usize = 16;

/// Bytes of memory that windows and profiles may take, with their places in maps and what an allocator needs beside them.
///
/// Not in it: what tenants' logins have in common, bounded by
/// [`VALUES_MAX`](crate::likelihood::VALUES_MAX) for each tenant, and events seen, bounded by their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Of all tenants together.
    pub bytes: usize,
    /// Of any one tenant.
    pub tenant_bytes: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self::of(BUDGET_BYTES_DEFAULT)
    }
}

impl Budget {
    /// So many bytes for all tenants together, which one alone may take too.
    pub const fn of(bytes: usize) -> Self {
        Self { bytes, tenant_bytes: bytes }
    }

    /// What entries may take of one of so many equal parts, and what is left for parts that need more.
    pub(super) fn shares(self, parts: usize) -> (Self, Reserve) {
        let usable = |bytes: usize| bytes - bytes / SCATTERED;
        let reserved = |bytes: usize| usable(bytes) / RESERVED;
        let share = |bytes: usize| (usable(bytes) - reserved(bytes)) / parts;
        let share = Self { bytes: share(self.bytes), tenant_bytes: share(self.tenant_bytes) };
        (share, Reserve(AtomicUsize::new(reserved(self.bytes))))
    }
}

/// Bytes that no shelf has yet, for what is tied to trusted accounts.
#[derive(Debug)]
pub(super) struct Reserve(AtomicUsize);

impl Reserve {
    /// Gives back `borrowed` and borrows `wanted` bytes, or as many of them as there are; returns how many.
    pub(super) fn exchange(&self, borrowed: usize, wanted: usize) -> usize {
        let given = |left: usize| wanted.min(left + borrowed);
        let take = |left: usize| Some(left + borrowed - given(left));
        let left = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
        left.map_or(borrowed, given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_reserve_are_the_usable_part() {
        let (share, Reserve(mut reserve)) = Budget::of(1 << 30).shares(1_024);
        let usable = (1 << 30) / 8 * 7;
        assert_eq!((share.bytes, *reserve.get_mut()), (usable / 16 * 15 / 1_024, usable / 16));
    }

    #[test]
    fn nobody_borrows_more_than_there_is() {
        let reserve = Reserve(AtomicUsize::new(100));
        assert_eq!(reserve.exchange(0, 70), 70);
        assert_eq!(reserve.exchange(0, 70), 30);
        assert_eq!(reserve.exchange(30, 20), 20);
        assert_eq!(reserve.exchange(70, 0), 0);
        assert_eq!(reserve.exchange(20, 200), 100);
    }
}
