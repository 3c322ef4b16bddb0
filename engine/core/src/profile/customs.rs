//! Values that a user's logins showed, each with its levels, and how often in each epoch.

use crate::few;
use crate::likelihood::{EPOCHS, shift};
use crate::packed::{Reader, VARINT_U32_BYTES_MAX, Writer};

/// Counts of one epoch kept of values with none, one, … of their levels forgotten. Of values with nothing left there
/// is one count for each epoch.
const COUNTS_MAX: [usize; 4] = [24, 12, 8, 8];

/// Most counts of values with so many of their levels forgotten.
const fn counts_most(forgotten: usize, levels: usize) -> usize {
    match (forgotten, COUNTS_MAX) {
        _ if forgotten >= levels => EPOCHS,
        (0, [most, ..]) | (1, [_, most, ..]) | (2, [_, _, most, _]) | (_, [_, _, _, most]) => most,
    }
}

/// Most counts of all values.
const fn counts_max(levels: usize) -> usize {
    let (mut sum, mut forgotten) = (0, 0);
    while forgotten <= levels {
        sum += counts_most(forgotten, levels);
        forgotten += 1;
    }
    sum
}

/// In the byte before a value: in which epochs it was shown, then how many levels are forgotten.
const EPOCH_BITS: u8 = (1 << EPOCHS) - 1;

/// A value: thirty-two bits of the hash of its finest level, sixteen of each other. None of them are set in levels that are
/// forgotten.
///
/// Two that differ are taken for equal once in 65,536: one stranger in as many seems a little less strange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Custom<const LEVELS: usize> {
    forgotten: usize,
    bits: [u32; LEVELS],
}

impl<const LEVELS: usize> Custom<LEVELS> {
    pub(super) fn of(hashes: [u64; LEVELS]) -> Self {
        let mut bits = hashes.map(|hash| low(hash) & u32::from(u16::MAX));
        if let (Some(bits), Some(hash)) = (bits.first_mut(), hashes.first()) {
            *bits = low(*hash);
        }
        Self { forgotten: 0, bits }
    }

    /// The value with its finest level forgotten; `None` if nothing is left to forget.
    fn coarser(mut self) -> Option<Self> {
        *self.bits.get_mut(self.forgotten)? = 0;
        self.forgotten += 1;
        Some(self)
    }

    /// Whether both show the same on a level.
    fn like(&self, other: &Self, level: usize) -> bool {
        self.forgotten.max(other.forgotten) <= level
            && self.bits.get(level) == other.bits.get(level)
    }

    fn pack(&self, to: &mut Writer) {
        for (level, bits) in self.bits.iter().enumerate().skip(self.forgotten) {
            if level == 0 {
                to.u32(*bits);
            } else {
                to.u16(u16::try_from(*bits).unwrap_or_default());
            }
        }
    }

    fn unpack(forgotten: usize, from: &mut Reader<'_>) -> Self {
        let bits = std::array::from_fn(|level| match level {
            _ if level < forgotten => 0,
            0 => from.u32(),
            _ => u32::from(from.u16()),
        });
        Self { forgotten, bits }
    }
}

fn low(hash: u64) -> u32 {
    let [a, b, c, d, ..] = hash.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// A value and how often it was shown in each epoch, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counted<const LEVELS: usize> {
    custom: Custom<LEVELS>,
    counts: [u32; EPOCHS],
}

/// Values by custom, each shown in some epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Customs<const LEVELS: usize>(Vec<Counted<LEVELS>>);

impl<const LEVELS: usize> Customs<LEVELS> {
    /// Every count has a value of its own, nothing of which is forgotten.
    pub(super) const BYTES_MAX: usize =
        1 + counts_max(LEVELS) * (1 + 4 + 2 * (LEVELS - 1) + VARINT_U32_BYTES_MAX);

    /// Counts a value that was shown so often and so many epochs before the newest.
    ///
    /// When there are too many counts, the one of the oldest epoch is counted on a coarser level, and among those
    /// of one epoch that of the last value in order: an order that nobody can choose, and the same whatever came first.
    pub(super) fn add(&mut self, custom: Custom<LEVELS>, back: usize, by: u32) {
        let mut next = Some((custom, back, by));
        while let Some((custom, back, by)) = next {
            self.put(custom, back, by);
            next = self.surplus(custom.forgotten).and_then(|(custom, back, count)| {
                custom.coarser().map(|coarser| (coarser, back, count))
            });
        }
    }

    /// Counts everything that is counted elsewhere, by the same epochs.
    pub(super) fn join(&mut self, others: &Self) {
        for Counted { custom, counts } in &others.0 {
            for (back, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                self.add(*custom, back, *count);
            }
        }
    }

    /// Where the value is counted that was shown so many epochs before the newest, as finely as it is kept.
    pub(super) fn find(&self, custom: Custom<LEVELS>, back: usize) -> Option<usize> {
        let counted = |at: &usize| self.0.get(*at)?.counts.get(back).filter(|count| **count > 0);
        let mut finest = std::iter::successors(Some(custom), |custom| custom.coarser());
        finest.find_map(|custom| self.position(&custom).ok().filter(|at| counted(at).is_some()))
    }

    /// Takes one back from what [`Customs::find`] found.
    pub(super) fn take(&mut self, at: usize, back: usize) {
        self.change(at, back, |count| count.saturating_sub(1));
    }

    /// Forgets what is too old when so many epochs have begun.
    pub(super) fn shift(&mut self, newer: u16) {
        self.0.iter_mut().for_each(|counted| shift(&mut counted.counts, newer));
        self.0.retain(|counted| counted.counts != [0; EPOCHS]);
    }

    /// How many epochs before the newest any value was shown last.
    pub(super) fn last(&self) -> Option<usize> {
        let first = |counted: &Counted<LEVELS>| counted.counts.iter().position(|count| *count > 0);
        self.0.iter().filter_map(first).min()
    }

    /// How many logins there were in the newest epochs.
    pub(super) fn logins(&self, epochs: usize) -> u64 {
        self.0.iter().map(|counted| counted.sum(epochs)).sum()
    }

    /// How many of them showed the same on each level.
    pub(super) fn like(&self, custom: &Custom<LEVELS>, epochs: usize) -> [u64; LEVELS] {
        std::array::from_fn(|level| {
            let like = self.0.iter().filter(|counted| counted.custom.like(custom, level));
            like.map(|counted| counted.sum(epochs)).sum()
        })
    }

    pub(super) fn pack(&self, to: &mut Writer) {
        to.count(self.0.len());
        for Counted { custom, counts } in &self.0 {
            let shown = counts.iter().zip(0..).filter(|(count, _)| **count > 0);
            let epochs = shown.fold(0, |bits, (_, at)| bits | 1 << at);
            to.count(custom.forgotten << EPOCHS | epochs);
            custom.pack(to);
            counts.iter().filter(|count| **count > 0).for_each(|count| to.varint(*count));
        }
    }

    pub(super) fn unpack(from: &mut Reader<'_>) -> Self {
        let count = from.count();
        let counted = |_| {
            let bits = from.u8();
            let custom = Custom::unpack(usize::from(bits >> EPOCHS), from);
            let shown = bits & EPOCH_BITS;
            let counts =
                std::array::from_fn(|at| if shown >> at & 1 == 0 { 0 } else { from.varint_u32() });
            Counted { custom, counts }
        };
        Self((0..count).map(counted).collect())
    }

    fn put(&mut self, custom: Custom<LEVELS>, back: usize, by: u32) {
        match self.position(&custom) {
            Ok(at) => self.change(at, back, |count| count.saturating_add(by)),
            Err(at) => {
                let counts = std::array::from_fn(|epoch| if epoch == back { by } else { 0 });
                few::insert(&mut self.0, at, Counted { custom, counts });
            }
        }
    }

    /// Removes the count that goes first from the values with so many levels forgotten, if there are too many.
    fn surplus(&mut self, forgotten: usize) -> Option<(Custom<LEVELS>, usize, u32)> {
        let values = self.0.iter().enumerate().filter(|(_, it)| it.custom.forgotten == forgotten);
        let counts = values.flat_map(|(at, counted)| {
            let counts = counted.counts.iter().enumerate().filter(|(_, count)| **count > 0);
            counts.map(move |(back, count)| (back, at, *count))
        });
        if counts.clone().count() <= counts_most(forgotten, LEVELS) {
            return None;
        }
        let (back, at, count) = counts.max()?;
        let custom = self.0.get(at)?.custom;
        self.change(at, back, |_| 0);
        Some((custom, back, count))
    }

    /// Changes one count; the value goes with its last one.
    fn change(&mut self, at: usize, back: usize, change: impl FnOnce(u32) -> u32) {
        let Some(counted) = self.0.get_mut(at) else { return };
        if let Some(count) = counted.counts.get_mut(back) {
            *count = change(*count);
        }
        if counted.counts == [0; EPOCHS] {
            self.0.remove(at);
        }
    }

    fn position(&self, custom: &Custom<LEVELS>) -> Result<usize, usize> {
        self.0.binary_search_by_key(custom, |counted| counted.custom)
    }
}

impl<const LEVELS: usize> Counted<LEVELS> {
    fn sum(&self, epochs: usize) -> u64 {
        self.counts.iter().take(epochs).map(|count| u64::from(*count)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value of its own on the finest level, one of five on the next, one of two on the last, and an epoch.
    fn values() -> Vec<(Custom<3>, usize)> {
        let spread = |number: u64| (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let value = |n: u64| Custom::of([spread(n % 70), spread(n % 5), spread(n % 2)]);
        (0..200).map(|n| (value(n), usize::try_from(n % 3).unwrap())).collect()
    }

    #[test]
    fn what_does_not_fit_is_counted_less_finely_in_any_order() {
        let values = values();
        let add = |values: &mut dyn Iterator<Item = &(Custom<3>, usize)>| {
            let mut customs = Customs::default();
            values.for_each(|(custom, back)| customs.add(*custom, *back, 1));
            customs
        };
        let customs = add(&mut values.iter());
        assert_eq!(customs, add(&mut values.iter().rev()));
        assert_eq!(customs, add(&mut values.iter().skip(77).chain(&values[..77])));
        assert_eq!(customs.logins(EPOCHS), 200);
        let (probe, _) = values[0];
        let [fine, middle, coarse] = customs.like(&probe, EPOCHS);
        assert!(fine <= 3 && (10..=40).contains(&middle) && (60..=100).contains(&coarse));
        let mut to = Writer::with_capacity(0);
        customs.pack(&mut to);
        let bytes = to.into_bytes();
        assert!(bytes.len() <= Customs::<3>::BYTES_MAX);
        assert_eq!(Customs::unpack(&mut Reader::new(&bytes)), customs);
    }

    #[test]
    fn what_was_added_can_be_taken_back_and_nothing_else() {
        let mut customs = Customs::default();
        let [(one, _), (other, _), ..] = values()[..] else { panic!("there are many") };
        customs.add(one, 1, 1);
        let found = [customs.find(one, 1), customs.find(one, 0), customs.find(other, 1)];
        assert_eq!(found, [Some(0), None, None]);
        customs.take(0, 1);
        assert_eq!(customs, Customs::default());
    }
}
