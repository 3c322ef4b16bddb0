//! Counts that forget: by epoch of event time, the newest few epochs.

use crate::time::{DAY_MS, Timestamp};

/// How long an epoch is.
pub const EPOCH_MS: i64 = 30 * DAY_MS;

/// Epochs that are kept: what was learned is remembered for 90 days at least and 120 at most.
pub const EPOCHS: usize = 4;

/// An epoch, counted from 1970; what lies outside of their range counts as the nearest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Epoch(pub(crate) u16);

impl Epoch {
    pub(crate) fn of(at: Timestamp) -> Self {
        let number = at.ms().div_euclid(EPOCH_MS).clamp(0, i64::from(u16::MAX));
        Self(u16::try_from(number).unwrap_or_default())
    }

    /// How many epochs before `newest` it is, if it is among those kept then. A later one counts as `newest`.
    pub(crate) fn back(self, newest: Self) -> Option<usize> {
        Some(usize::from(newest.0.saturating_sub(self.0))).filter(|back| *back < EPOCHS)
    }

    /// The epoch that many before it.
    pub(crate) fn before(self, back: usize) -> Self {
        Self(self.0.saturating_sub(u16::try_from(back).unwrap_or(u16::MAX)))
    }
}

/// Counts of the epochs kept, the newest first, when `newer` epochs have begun since.
pub(crate) fn shift<T: Copy + Default>(counts: &mut [T; EPOCHS], newer: u16) {
    let newer = usize::from(newer).min(EPOCHS);
    counts.rotate_right(newer);
    counts.iter_mut().take(newer).for_each(|count| *count = T::default());
}

/// How often something happened. Signed, because two threads may undo and do in this order.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(super) newest: Epoch,
    pub(super) counts: [i64; EPOCHS],
}

impl Tally {
    /// Forgets what is too old when `newest` has begun.
    pub(crate) fn advance(&mut self, newest: Epoch) {
        shift(&mut self.counts, newest.0.saturating_sub(self.newest.0));
        self.newest = self.newest.max(newest);
    }

    /// Counts something in its epoch, unless that is forgotten by now.
    pub(crate) fn add(&mut self, epoch: Epoch, by: i64) {
        self.advance(epoch);
        if let Some(count) = epoch.back(self.newest).and_then(|back| self.counts.get_mut(back)) {
            *count = count.saturating_add(by);
        }
    }

    /// Moves one from an epoch to another; `None` is no epoch.
    pub(crate) fn shift_one(&mut self, [from, to]: [Option<Epoch>; 2]) {
        from.into_iter().for_each(|epoch| self.add(epoch, -1));
        to.into_iter().for_each(|epoch| self.add(epoch, 1));
    }

    /// How often in the epochs that are kept in `newest`.
    pub(crate) fn sum(&self, newest: Epoch) -> u64 {
        let kept = EPOCHS.saturating_sub(usize::from(newest.0.saturating_sub(self.newest.0)));
        let sum: i64 = self.counts.iter().take(kept).sum();
        sum.max(0).cast_unsigned()
    }

    /// The last epoch in which it happened.
    pub(crate) fn last(&self) -> Option<Epoch> {
        self.kept(self.newest).find(|(_, count)| *count > 0).map(|(epoch, _)| epoch)
    }

    /// Whether nothing is left of it in `newest`.
    pub(crate) fn empty(&self, newest: Epoch) -> bool {
        self.kept(newest).next().is_none()
    }

    /// The counts that are not zero, the newest first.
    pub(crate) fn kept(&self, newest: Epoch) -> impl Iterator<Item = (Epoch, i64)> {
        let epochs =
            self.counts.iter().enumerate().map(|(at, count)| (self.newest.before(at), *count));
        epochs.filter(move |(epoch, count)| *count != 0 && epoch.back(newest).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_epochs_are_kept_whatever_came_first() {
        let check = |epochs: &[u16], sum, last| {
            let mut tally = Tally::default();
            epochs.iter().for_each(|epoch| tally.add(Epoch(*epoch), 1));
            assert_eq!(
                (tally.sum(Epoch(20)), tally.last()),
                (sum, Some(Epoch(last))),
                "{epochs:?}"
            );
        };
        check(&[17, 18, 19, 20], 4, 20);
        check(&[20, 17, 16], 2, 20);
        check(&[16, 17, 20], 2, 20);
        check(&[16], 0, 16);
        check(&[10, 20], 1, 20);
    }

    #[test]
    fn undoing_before_doing_leaves_nothing() {
        let mut tally = Tally::default();
        tally.add(Epoch(5), -1);
        assert_eq!((tally.sum(Epoch(5)), tally.last(), tally.empty(Epoch(5))), (0, None, false));
        tally.add(Epoch(5), 1);
        assert!(tally.empty(Epoch(5)));
    }

    #[test]
    fn epochs_end_where_their_bits_end() {
        let check = |ms, epoch| assert_eq!(Epoch::of(Timestamp::from_ms(ms)), Epoch(epoch));
        check(i64::MIN, 0);
        check(EPOCH_MS - 1, 0);
        check(EPOCH_MS, 1);
        check(i64::MAX, u16::MAX);
    }
}
