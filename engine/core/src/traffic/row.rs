//! The buckets of one key, the newest few hundred of them.

use super::DAY_BUCKETS;
use super::accounts::Accounts;
use super::bucket::{Bucket, Counts, Number, number};
use crate::few::Few;
use crate::packed::{Reader, Writer};
use crate::time::Timestamp;

/// Attempts below which shares say nothing: of fewer, four failures of people who mistype look like an attack.
pub(super) const ATTEMPTS_MIN: u32 = 30;

/// Buckets that are asked for ahead: most often no others are looked at.
const NEWEST: usize = 6;

/// Buckets that are always looked at together: an attack that began with this bucket shows in it and the last one.
const BUCKETS_MIN: Number = 2;

/// Buckets by number. Those that are not in it had no attempt.
///
/// What is kept depends on the newest bucket ever counted and on nothing else, so forgetting commutes with counting.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row(Few<Bucket, ()>);

/// The attempts of a few neighbouring buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Measure {
    /// The oldest bucket with an attempt, or the one that was asked for.
    pub(super) first: Number,
    pub(super) last: Number,
    pub(super) counts: Counts,
}

impl Row {
    /// Bytes beside the row's place in a map.
    pub(crate) fn bytes(&self) -> usize {
        self.0.bytes()
    }

    /// Everything that was counted and is kept.
    pub(crate) fn attempts(&self) -> u32 {
        let attempts = self.buckets().iter().map(|bucket| bucket.counts.attempts);
        attempts.fold(0, u32::saturating_add)
    }

    /// Forgets what is older than a day at `now`.
    pub(crate) fn forget(&mut self, now: Timestamp) {
        let oldest = number(now).saturating_sub(DAY_BUCKETS);
        self.0.retain(|bucket| bucket.number >= oldest);
    }

    pub(crate) fn pack(&self, to: &mut Writer) {
        to.length(self.buckets().len());
        self.buckets().iter().for_each(|bucket| bucket.pack(to));
    }

    /// The other way round.
    pub(crate) fn unpack(from: &mut Reader<'_>) -> Self {
        Self(Few::of((), from.several(Bucket::unpack)))
    }

    /// Every bucket, oldest first.
    pub(crate) fn buckets(&self) -> &[Bucket] {
        self.0.as_slice()
    }

    /// The newest buckets, which are looked at first.
    pub(crate) fn newest(&self) -> &[Bucket] {
        let own = self.buckets();
        own.get(own.len().saturating_sub(NEWEST)..).unwrap_or_default()
    }

    /// Adds to its bucket, unless that is older than the newest `kept` buckets.
    pub(super) fn add(&mut self, bucket: &Bucket, kept: Number) {
        let own = self.buckets();
        let newest = own.last().map_or(bucket.number, |last| last.number.max(bucket.number));
        let oldest = newest.saturating_sub(kept - 1);
        if bucket.number < oldest {
            return;
        }
        let forgotten = own.partition_point(|own| own.number < oldest);
        self.0.remove(0..forgotten);
        match self.buckets().binary_search_by_key(&bucket.number, |own| own.number) {
            Ok(at) => {
                if let Some(own) = self.0.as_mut_slice().get_mut(at) {
                    own.merge(bucket);
                }
            }
            Err(at) => self.0.insert(at, *bucket),
        }
    }

    /// The buckets that are not newer than `last`.
    pub(super) fn up_to(&self, last: Number) -> &[Bucket] {
        let own = self.buckets();
        // Nearly always the newest is asked for.
        let newer = own.iter().rev().take_while(|bucket| bucket.number > last).count();
        own.get(..own.len() - newer).unwrap_or_default()
    }

    /// The buckets from `first` to `last`.
    pub(super) fn between(&self, first: Number, last: Number) -> &[Bucket] {
        let own = self.up_to(last);
        own.get(own.partition_point(|bucket| bucket.number < first)..).unwrap_or_default()
    }

    /// The bucket `last` and those before it: two, and up to `buckets_max` while there are not [`ATTEMPTS_MIN`] attempts.
    pub(super) fn measure(&self, last: Number, buckets_max: Number) -> Measure {
        let mut measure = Measure { first: last, last, counts: Counts::default() };
        for bucket in self.up_to(last).iter().rev() {
            let back = last - bucket.number;
            let enough = back >= BUCKETS_MIN && measure.counts.attempts >= ATTEMPTS_MIN;
            if back >= buckets_max || enough {
                break;
            }
            measure.first = bucket.number;
            measure.counts.add(bucket.counts);
        }
        measure
    }

    /// Everything from `first` to `last`.
    pub(super) fn sum(&self, first: Number, last: Number) -> (Counts, Accounts) {
        let mut sum = Bucket::default();
        self.between(first, last).iter().for_each(|bucket| sum.merge(bucket));
        (sum.counts, sum.accounts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(number: Number, attempts: u32) -> Bucket {
        Bucket { number, counts: Counts { attempts, ..Counts::default() }, ..Bucket::default() }
    }

    fn row(numbers: &[Number]) -> Row {
        let mut row = Row::default();
        numbers.iter().for_each(|number| row.add(&bucket(*number, 1), 5));
        row
    }

    fn numbers(row: &Row) -> Vec<(Number, u32)> {
        row.buckets().iter().map(|bucket| (bucket.number, bucket.counts.attempts)).collect()
    }

    #[test]
    fn the_newest_are_kept_whatever_came_first() {
        let check = |told: &[Number], kept: &[(Number, u32)]| {
            assert_eq!(numbers(&row(told)), kept, "{told:?}");
        };
        check(&[], &[]);
        check(&[1, 2, 2, 9], &[(9, 1)]);
        check(&[9, 2, 1, 2], &[(9, 1)]);
        check(&[5, 1, 9, 5], &[(5, 2), (9, 1)]);
        check(&[9, 5, 1, 5], &[(5, 2), (9, 1)]);
        check(&[Number::MAX, 0, Number::MAX], &[(Number::MAX, 2)]);
    }

    #[test]
    fn few_attempts_are_looked_at_for_longer() {
        let check = |told: &[(Number, u32)], last, first, attempts| {
            let mut row = Row::default();
            told.iter().for_each(|(number, attempts)| row.add(&bucket(*number, *attempts), 100));
            let measure = row.measure(last, 6);
            assert_eq!((measure.first, measure.counts.attempts), (first, attempts), "{told:?}");
        };
        check(&[], 7, 7, 0);
        check(&[(3, 9), (4, 9), (5, 9), (7, 9)], 7, 3, 36);
        check(&[(3, 9), (4, 9), (5, 9), (7, 30)], 7, 7, 30);
        check(&[(5, 9), (6, 9), (7, 30)], 7, 6, 39);
        check(&[(1, 9), (2, 9), (7, 9)], 7, 2, 18);
        check(&[(6, 9), (7, 9), (8, 90)], 7, 6, 18);
    }

    #[test]
    fn a_quiet_key_takes_little() {
        // Millions of neighbourhoods have one bucket: it lies in the map itself.
        assert!(size_of::<Row>() <= 40);
    }
}
