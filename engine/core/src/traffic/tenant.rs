//! All attempts of one tenant, and what is usual there.

use std::cell::LazyCell;

use super::baseline::Baseline;
use super::bucket::{Bucket, Number};
use super::heat::Gauge;
use super::kind::Kind;
use super::row::{ATTEMPTS_MIN, Row};
use super::{DAY_BUCKETS, HOUR_BUCKETS};
use crate::packed::{Reader, Writer};
use crate::value::Cause;

/// Hours kept: a week, so that every day of it is usual.
const WEEK_HOURS: Number = 168;
/// Hours of history without which there is no usual day yet.
const HISTORY_HOURS: Number = 24;

/// Two rows of the same attempts.
#[derive(Clone, Debug, Default)]
pub(super) struct Tenant {
    /// A day in buckets of ten minutes.
    pub(super) day: Row,
    /// A week in buckets of an hour.
    week: Row,
}

/// How things stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Standing {
    /// The first bucket of the attack that goes on, if one does.
    pub(super) begun: Result<Option<Number>, Cause>,
    /// The shares of failures and of attempts for accounts that do not exist.
    pub(super) shares: Result<[f64; 2], Cause>,
}

impl Tenant {
    pub(super) fn add(&mut self, bucket: &Bucket) {
        self.day.add(bucket, DAY_BUCKETS);
        let hour = Bucket { number: bucket.number / HOUR_BUCKETS, ..*bucket };
        self.week.add(&hour, WEEK_HOURS);
    }

    pub(super) fn standing(&self, now: Number) -> Standing {
        let measure = self.day.measure(now, Kind::Tenant.buckets_max());
        let counts = measure.counts;
        let enough = counts.attempts >= ATTEMPTS_MIN;
        let shares = enough.then(|| [counts.failure_share(), counts.stranger_share()]);
        Standing { begun: self.begun(now), shares: shares.ok_or(Cause::NoHistory) }
    }

    pub(super) fn pack(&self, to: &mut Writer) {
        self.day.pack(to);
        self.week.pack(to);
    }

    /// The other way round.
    pub(super) fn unpack(from: &mut Reader<'_>) -> Self {
        Self { day: Row::unpack(from), week: Row::unpack(from) }
    }

    /// Everything that is kept, for a fingerprint.
    pub(super) fn parts(&self) -> [&[Bucket]; 2] {
        [self.day.buckets(), self.week.buckets()]
    }

    fn begun(&self, now: Number) -> Result<Option<Number>, Cause> {
        let hour = now / HOUR_BUCKETS;
        let first = hour.saturating_sub(WEEK_HOURS - 1);
        let past = self.week.between(first, hour.saturating_sub(1));
        let since = hour.saturating_sub(HISTORY_HOURS);
        let reaches = past.first().is_some_and(|oldest| oldest.number <= since);
        if !reaches || !Baseline::tells(past) {
            return Err(Cause::NoHistory);
        }
        // Most often nothing is remarkable, and nobody needs to know what is usual.
        let usual = LazyCell::new(|| Baseline::of(past));
        let gauge = Gauge { kind: Kind::Tenant, row: &self.day, usual: || *usual };
        Ok(gauge.begun(now))
    }
}
