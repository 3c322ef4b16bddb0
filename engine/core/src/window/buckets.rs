//! Numbers kept in buckets of event time: sparse, sorted, the same for any order of arrival.

use std::ops::RangeInclusive;

use crate::few;
use crate::time::Timestamp;
use crate::value::Cause;

/// Buckets that a span is cut into: a reading covers at most a tenth more than the span.
/// Spans of whole seconds divide evenly.
pub const BUCKETS_PER_SPAN: i64 = 10;

/// Buckets kept beyond the span, so that an attempt told this late (half a span) still sees its whole window.
pub const BUCKETS_LATE: i64 = 5;

/// Buckets kept, counted from the newest: a span that begins inside a bucket touches one more than it is cut into.
const BUCKETS_KEPT: i64 = BUCKETS_PER_SPAN + 1 + BUCKETS_LATE;

/// A length of time and the buckets that it is cut into. Buckets are numbered from the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    span_ms: i64,
    bucket_ms: i64,
}

impl Span {
    /// A span of `span_ms` milliseconds, at least one.
    pub(crate) fn new(span_ms: i64) -> Self {
        let span_ms = span_ms.max(1);
        let cut = span_ms.saturating_add(BUCKETS_PER_SPAN - 1) / BUCKETS_PER_SPAN;
        Self { span_ms, bucket_ms: cut.max(1) }
    }

    /// The bucket that `at` falls in.
    pub(crate) fn bucket(self, at: Timestamp) -> i64 {
        at.ms().div_euclid(self.bucket_ms)
    }

    /// The buckets that touch the time after `now` minus the span, up to and with `now`.
    pub(crate) fn covered(self, now: Timestamp) -> RangeInclusive<i64> {
        self.bucket(now.plus(1 - self.span_ms))..=self.bucket(now)
    }
}

/// The oldest bucket kept when `newest` is the newest that was counted.
///
/// What is kept depends only on the newest bucket ever counted, so forgetting commutes with counting.
pub(crate) fn oldest_kept(newest: i64) -> i64 {
    newest.saturating_sub(BUCKETS_KEPT - 1)
}

/// One bucket's value for one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Cell<K, T> {
    bucket: i64,
    /// What values are kept apart by: the currency of an amount, or nothing.
    pub(crate) key: K,
    pub(crate) value: T,
}

/// The buckets that are not empty, by bucket and key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Buckets<K, T> {
    cells: Vec<Cell<K, T>>,
}

impl<K: Ord + Copy, T: Copy> Buckets<K, T> {
    pub(crate) const fn new() -> Self {
        Self { cells: Vec::new() }
    }

    /// Merges `value` into a bucket. `merge` must commute; what came too late to matter is dropped.
    pub(crate) fn put(&mut self, bucket: i64, key: K, value: T, merge: fn(T, T) -> T) {
        if self.newest().is_some_and(|newest| bucket < oldest_kept(newest)) {
            return;
        }
        match self.cells.binary_search_by_key(&(bucket, key), |cell| (cell.bucket, cell.key)) {
            Ok(at) => {
                if let Some(cell) = self.cells.get_mut(at) {
                    cell.value = merge(cell.value, value);
                }
            }
            Err(at) => self.insert(at, Cell { bucket, key, value }),
        }
    }

    /// The cells of `covered`, oldest first, or `Incomplete` if some of it may be forgotten already.
    pub(crate) fn covered(
        &self,
        covered: RangeInclusive<i64>,
    ) -> Result<impl Iterator<Item = &Cell<K, T>>, Cause> {
        if self.newest().is_some_and(|newest| *covered.start() < oldest_kept(newest)) {
            return Err(Cause::Incomplete);
        }
        Ok(self.cells.iter().filter(move |cell| covered.contains(&cell.bucket)))
    }

    fn newest(&self) -> Option<i64> {
        self.cells.last().map(|cell| cell.bucket)
    }

    fn insert(&mut self, at: usize, cell: Cell<K, T>) {
        if self.cells.is_empty() {
            // Most entities never fill a second bucket.
            self.cells.reserve_exact(1);
        }
        few::insert(&mut self.cells, at, cell);
        let oldest = self.newest().map_or(i64::MIN, oldest_kept);
        let forgotten = self.cells.partition_point(|cell| cell.bucket < oldest);
        self.cells.drain(..forgotten);
    }
}
