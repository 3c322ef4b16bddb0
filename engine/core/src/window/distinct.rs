//! Different values, exact up to a limit and "at least" above it.

use std::ops::RangeInclusive;

use super::buckets::oldest_kept;
use crate::few;
use crate::keyed::Mark;
use crate::value::Cause;

/// The values last seen most recently, each with the bucket it was last seen in, sorted by value.
///
/// Of more values than the limit, those with the newest bucket stay (equal buckets: the larger mark), so the
/// set is the same for any order of arrival. A raised limit counts "at least" until the span has passed once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Distinct {
    values: Vec<(Mark, i64)>,
}

impl Distinct {
    pub(crate) const fn new() -> Self {
        Self { values: Vec::new() }
    }

    /// Sees `value` in a bucket, keeping at most `exact_max` values.
    pub(crate) fn put(&mut self, bucket: i64, value: Mark, exact_max: usize) {
        let newest = self.newest();
        if newest.is_some_and(|newest| bucket < oldest_kept(newest)) {
            return;
        }
        match self.values.binary_search_by_key(&value, |(mark, _)| *mark) {
            Ok(at) => {
                if let Some((_, last)) = self.values.get_mut(at) {
                    *last = bucket.max(*last);
                }
            }
            Err(at) => few::insert(&mut self.values, at, (value, bucket)),
        }
        if newest.is_some_and(|newest| newest < bucket) {
            self.values.retain(|(_, last)| *last >= oldest_kept(bucket));
        }
        while self.values.len() > exact_max.max(1) {
            self.drop_oldest();
        }
    }

    /// How many values were last seen in `covered` or later.
    ///
    /// Later counts too: only the last sighting is kept, and a value seen again must not make the count fall.
    pub(crate) fn count(&self, covered: &RangeInclusive<i64>) -> Result<i64, Cause> {
        if self.newest().is_some_and(|newest| *covered.start() < oldest_kept(newest)) {
            return Err(Cause::Incomplete);
        }
        let seen = self.values.iter().filter(|(_, last)| last >= covered.start()).count();
        Ok(i64::try_from(seen).unwrap_or(i64::MAX))
    }

    fn newest(&self) -> Option<i64> {
        self.values.iter().map(|(_, last)| *last).max()
    }

    fn drop_oldest(&mut self) {
        let oldest = self.values.iter().enumerate().min_by_key(|(_, (mark, last))| (*last, *mark));
        if let Some((at, _)) = oldest {
            self.values.remove(at);
        }
    }
}
