//! What is usual: shares of failures as they were while nobody attacked.

use std::mem;

use super::bucket::{Bucket, Counts};
use super::row::ATTEMPTS_MIN;

/// Groups of buckets without which nothing is usual yet.
const GROUPS_MIN: usize = 6;

/// How far above the usual an attack begins, in standard deviations. One in thirty thousand ordinary moments is as far
/// off by chance, so a tenant sees that once in half a year.
const DEVIATIONS: f64 = 4.0;

/// The part of the ordinary groups below which the usual is looked for, and where these parts lie in a normal
/// distribution, in standard deviations: even if four fifths of the time were attacks, the quietest sixth says what is usual
/// without them.
const LOW: (f64, f64) = (0.05, -1.6449);
const HIGH: (f64, f64) = (0.15, -1.0364);

/// The mean of a share, and how far ordinary groups are from it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Usual {
    pub(super) mean: f64,
    pub(super) deviation: f64,
}

/// What is usual for one key.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Baseline {
    pub(super) failures: Usual,
    pub(super) strangers: Usual,
    /// No attempt at all was for an account that does not exist: callers may not tell.
    pub(super) silent: bool,
}

impl Usual {
    fn of(mut shares: Vec<f64>) -> Self {
        let [high, low] = [HIGH, LOW].map(|(part, _)| quantile(&mut shares, part));
        let deviation = ((high - low) / (HIGH.1 - LOW.1)).max(0.0);
        Self { mean: (high - HIGH.1 * deviation).min(1.0), deviation }
    }

    /// The share from which so many attempts are no longer ordinary.
    pub(super) fn bar(&self, attempts: u32) -> f64 {
        let chance = self.mean * (1.0 - self.mean) / f64::from(attempts.max(1));
        self.mean + DEVIATIONS * (self.deviation * self.deviation + chance).sqrt()
    }
}

impl Baseline {
    /// Whether `buckets`, the oldest first, are enough to say what is usual.
    pub(super) fn tells(buckets: &[Bucket]) -> bool {
        groups(buckets).take(GROUPS_MIN).count() == GROUPS_MIN
    }

    /// What `buckets` say, the oldest first; `None` while they are too few.
    pub(super) fn of(buckets: &[Bucket]) -> Option<Self> {
        let failures: Vec<f64> = groups(buckets).map(Counts::failure_share).collect();
        let strangers = groups(buckets).map(Counts::stranger_share).collect();
        let enough = failures.len() >= GROUPS_MIN;
        enough.then(|| Self {
            failures: Usual::of(failures),
            strangers: Usual::of(strangers),
            silent: buckets.iter().all(|bucket| bucket.counts.strangers == 0),
        })
    }
}

/// Neighbours put together until there are enough attempts for a share.
fn groups(buckets: &[Bucket]) -> impl Iterator<Item = Counts> {
    let mut group = Counts::default();
    buckets.iter().filter_map(move |bucket| {
        group.add(bucket.counts);
        (group.attempts >= ATTEMPTS_MIN).then(|| mem::take(&mut group))
    })
}

/// The value below which `part` of them lie.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below the length")]
fn quantile(shares: &mut [f64], part: f64) -> f64 {
    let Some(last) = shares.len().checked_sub(1) else { return 0.0 };
    let (_, share, _) =
        shares.select_nth_unstable_by((last as f64 * part) as usize, f64::total_cmp);
    *share
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(number: u32, attempts: u32, failures: u32, strangers: u32) -> Bucket {
        let counts = Counts { attempts, failures, strangers };
        Bucket { number, counts, ..Bucket::default() }
    }

    /// An ordinary hour: 100 attempts of which about eight fail, one for an account that does not exist.
    fn ordinary(number: u32) -> Bucket {
        bucket(number, 100, 6 + number % 5, number % 3)
    }

    #[test]
    fn nothing_is_usual_before_enough_was_seen() {
        let hours: Vec<Bucket> = (0..5).map(ordinary).collect();
        assert_eq!(Baseline::of(&hours), None);
        let quiet: Vec<Bucket> = (0..160).map(|number| bucket(number, 1, 0, 0)).collect();
        assert_eq!(Baseline::of(&quiet), None, "five groups of thirty");
        let quiet: Vec<Bucket> = (0..180).map(|number| bucket(number, 1, 0, 0)).collect();
        assert!(Baseline::of(&quiet).is_some() && Baseline::tells(&quiet));
    }

    /// Even if most of the time was an attack.
    #[test]
    fn attacks_do_not_become_usual() {
        let check = |attacked: fn(u32) -> bool, failures_max: f64, strangers_max: f64| {
            let hour = |number| match attacked(number) {
                true => bucket(number, 1_000, 800, 400),
                false => ordinary(number),
            };
            let hours: Vec<Bucket> = (0..168).map(hour).collect();
            let Baseline { failures, strangers, .. } = Baseline::of(&hours).unwrap();
            assert!((0.15..failures_max).contains(&failures.bar(100)), "{failures:?}");
            assert!((0.0..strangers_max).contains(&strangers.bar(100)), "{strangers:?}");
        };
        check(|_| false, 0.25, 0.10);
        check(|number| number % 2 == 0, 0.30, 0.12);
        check(|number| number % 10 > 2, 0.35, 0.25);
    }

    #[test]
    fn fewer_attempts_are_given_more_room() {
        let usual = Usual { mean: 0.08, deviation: 0.02 };
        assert!(usual.bar(30) > usual.bar(300) && usual.bar(300) > 0.16);
    }
}
