//! Buckets of event time, and how windows forget them.

use crate::time::Timestamp;

/// Buckets that a span is cut into: a reading covers at most a tenth more than the span.
/// Spans of whole seconds divide evenly.
pub const BUCKETS_PER_SPAN: i64 = 10;

/// Buckets kept beyond the span, so that an attempt told this late (half a span) still sees its whole window.
pub const BUCKETS_LATE: i64 = 5;

/// Buckets kept, counted from the newest: a span that begins inside a bucket touches one more than it is cut into.
const BUCKETS_KEPT: i64 = BUCKETS_PER_SPAN + 1 + BUCKETS_LATE;

/// A bucket of event time, counted from the epoch.
///
/// Forty bits hold it. The shortest buckets that rules can ask for are a tenth of a second, so that is 1,700 years
/// either way; whatever lies beyond falls in the first bucket or the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Bucket(i64);

impl Bucket {
    pub(crate) const BITS: u32 = 40;
    const LIMIT: i64 = 1 << (Self::BITS - 1);

    fn new(number: i64) -> Self {
        Self(number.clamp(-Self::LIMIT, Self::LIMIT - 1))
    }

    /// The oldest bucket kept when this is the newest that was counted.
    ///
    /// What is kept depends only on the newest bucket ever counted, so forgetting commutes with counting.
    pub(crate) fn oldest_kept(self) -> Self {
        Self::new(self.0 - (BUCKETS_KEPT - 1))
    }

    /// The bucket as a number of [`Bucket::BITS`] that sorts as the buckets do.
    pub(crate) fn bits(self) -> u64 {
        (self.0 + Self::LIMIT).cast_unsigned()
    }

    /// The other way round; higher bits are ignored.
    pub(crate) fn from_bits(bits: u64) -> Self {
        let low = bits & ((1 << Self::BITS) - 1);
        Self(low.cast_signed() - Self::LIMIT)
    }
}

/// The buckets that a span covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Covered {
    pub(crate) first: Bucket,
    /// The one that the end of the span falls in.
    pub(crate) last: Bucket,
}

/// A length of time and the buckets that it is cut into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    bucket_ms: i64,
    /// Buckets that hold the span if it begins where the first of them does.
    buckets: i64,
    /// By how much they are longer than the span, in milliseconds.
    rest_ms: i64,
}

impl Span {
    /// A span of `span_ms` milliseconds, at least one.
    pub(crate) fn new(span_ms: i64) -> Self {
        let last = span_ms.max(1) - 1;
        let bucket_ms = last / BUCKETS_PER_SPAN + 1;
        let buckets = last / bucket_ms + 1;
        Self { bucket_ms, buckets, rest_ms: bucket_ms - 1 - last % bucket_ms }
    }

    /// The buckets that touch the time after `now` minus the span, up to and with `now`. One division finds both
    /// ends.
    pub(crate) fn covered(self, now: Timestamp) -> Covered {
        let last = now.ms().div_euclid(self.bucket_ms);
        let into_ms = now.ms().rem_euclid(self.bucket_ms);
        let spared = i64::from(into_ms >= self.bucket_ms - 1 - self.rest_ms);
        let first = Bucket::new(last.saturating_sub(self.buckets - spared));
        Covered { first, last: Bucket::new(last) }
    }

    /// From when on the bucket is forgotten, whoever asks and however late he does.
    pub(crate) fn forgets_at(self, bucket: Bucket) -> Timestamp {
        let end = bucket.0.saturating_add(BUCKETS_KEPT);
        Timestamp::from_ms(end.saturating_mul(self.bucket_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_sort_as_buckets_do() {
        let numbers = [i64::MIN, -Bucket::LIMIT, -1, 0, 1, Bucket::LIMIT - 1, i64::MAX];
        let buckets = numbers.map(Bucket::new);
        assert!(buckets.iter().all(|bucket| bucket.bits() < 1 << Bucket::BITS));
        assert!(buckets.is_sorted_by_key(|bucket| bucket.bits()));
        for bucket in buckets {
            let above = bucket.bits() | 7 << Bucket::BITS;
            assert_eq!(Bucket::from_bits(above), bucket);
        }
    }

    #[test]
    fn covered_buckets_touch_the_span_and_no_more() {
        for span_ms in [1, 2, 9, 10, 11, 15, 99, 100, 101, 1_000, 90_001] {
            let span = Span::new(span_ms);
            let cut = (span_ms + BUCKETS_PER_SPAN - 1) / BUCKETS_PER_SPAN;
            for ms in -250..250 {
                let bucket = |ms: i64| Bucket::new(ms.div_euclid(cut));
                let covered = span.covered(Timestamp::from_ms(ms));
                let expected = Covered { first: bucket(ms + 1 - span_ms), last: bucket(ms) };
                assert_eq!(covered, expected, "{span_ms} ms to {ms}");
                let forgotten = |bucket| span.forgets_at(bucket) <= Timestamp::from_ms(ms);
                let oldest = covered.last.oldest_kept();
                assert!(!forgotten(oldest) && forgotten(Bucket(oldest.0 - 1)), "{span_ms} ms");
            }
        }
    }

    #[test]
    fn the_ends_of_time_have_buckets() {
        for ms in [i64::MIN, i64::MAX] {
            for span_ms in [i64::MIN, 0, 1_000, i64::MAX] {
                let Covered { first, last } = Span::new(span_ms).covered(Timestamp::from_ms(ms));
                assert!(first <= last);
                assert!(last.oldest_kept() <= last);
            }
        }
    }
}
