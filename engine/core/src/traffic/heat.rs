//! Whether a key is under attack, and since when: a function of its buckets.

use super::DAY_BUCKETS;
use super::baseline::Baseline;
use super::bucket::{Counts, Number};
use super::kind::Kind;
use super::row::{ATTEMPTS_MIN, Measure, Row};

/// Neighbouring buckets that must be calm for an attack to be over: 20 minutes, and each looks back on the last one or
/// more, so an attack that pauses for a quarter of an hour is the same one afterwards.
const CALM_BUCKETS: u32 = 2;

/// Failures below which nothing is an attack on a key.
const FAILURES_MIN: u32 = 10;
/// Accounts, about, below which a key is not one of many victims; of a secret or a device five are plenty.
const ACCOUNTS_MIN: f64 = 10.0;
const ACCOUNTS_SPARSE_MIN: f64 = 5.0;
/// The share of failures on a key: never an attack below the first, always enough from the second, which is also what it
/// takes where nothing is usual yet. In between the key's own past decides.
const KEY_SHARE: (f64, f64) = (0.50, 0.80);
/// Failures for each account, about, up to which somebody sows tries over many accounts: one each, with room for the
/// estimate. A broken client is tried two or three times by its owner.
const TRIES_MAX: f64 = 1.5;
/// The share of failures for accounts that do not exist, from which somebody works through somebody else's list.
const LIST_SHARE: f64 = 0.10;

/// The same for a tenant as a whole: failures of all attempts, and attempts for accounts that do not exist.
const TENANT_FAILURES: (f64, f64) = (0.30, 0.60);
const TENANT_STRANGERS: (f64, f64) = (0.10, 0.25);
/// The share of failures where callers never tell that an account does not exist.
const TENANT_FAILURES_ALONE: f64 = 0.50;

/// Standard deviations above the usual from which a secret or a device fails too often.
const SPARSE_DEVIATIONS: f64 = 4.0;

/// How a moment looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Heat {
    /// As on an ordinary day.
    Calm,
    /// Too much for an ordinary day, too little to begin an attack.
    Warm,
    /// An attack.
    Hot,
}

/// The first bucket of the attack that goes on at `now`; `None` if there is none.
///
/// An attack begins with a hot moment and ends after [`CALM_BUCKETS`] calm ones in a row, so whatever lies before the last
/// such row is over, and nothing needs to be remembered but the counts.
pub(super) fn begun(
    row: &Row,
    now: Number,
    buckets_max: Number,
    heat: impl Fn(&Measure) -> Heat,
) -> Option<Number> {
    let oldest = row.buckets().first()?.number;
    let (mut begun, mut calm) = (None, 0);
    for last in (oldest..=now).rev() {
        let measure = row.measure(last, buckets_max);
        match heat(&measure) {
            Heat::Hot => (begun, calm) = (Some(measure.first), 0),
            Heat::Warm => calm = 0,
            Heat::Calm => calm += 1,
        }
        if calm == CALM_BUCKETS {
            break;
        }
    }
    begun
}

/// How all attempts of a tenant look against what is usual there.
pub(super) fn tenant_heat(
    row: &Row,
    measure: &Measure,
    usual: impl FnOnce() -> Option<Baseline>,
) -> Heat {
    let counts = measure.counts;
    let (failures, strangers) = (counts.failure_share(), counts.stranger_share());
    if counts.attempts < ATTEMPTS_MIN || failures < TENANT_FAILURES.0 / 2.0 {
        return Heat::Calm;
    }
    let Some(usual) = usual() else { return Heat::Calm };
    let silent = counts.strangers == 0 && usual.strangers.mean == 0.0;
    let failures_bar = within(usual.failures.bar(counts.attempts), TENANT_FAILURES);
    if silent {
        let bar = failures_bar.max(TENANT_FAILURES_ALONE);
        let heat = graded(failures, usual.failures.mean, bar, || true);
        return if heat > Heat::Calm && sown(row, measure) { heat } else { Heat::Calm };
    }
    let bar = within(usual.strangers.bar(counts.attempts), TENANT_STRANGERS);
    let by_failures = graded(failures, usual.failures.mean, failures_bar, || true);
    let by_strangers = graded(strangers, usual.strangers.mean, bar, || true);
    by_failures.min(by_strangers)
}

/// How the attempts with one key look; `usual` is what was usual for that key.
pub(super) fn key_heat(
    kind: Kind,
    row: &Row,
    measure: &Measure,
    usual: impl FnOnce() -> Option<Baseline>,
) -> Heat {
    if kind.sparse() {
        return sparse_heat(row, measure, kind.buckets_max());
    }
    let counts = measure.counts;
    let share = counts.failure_share();
    let (least, most) = KEY_SHARE;
    if counts.failures < FAILURES_MIN / 2 || share < least / 2.0 || !sown(row, measure) {
        return Heat::Calm;
    }
    let usual = usual();
    let mean = usual.map_or(0.0, |usual| usual.failures.mean);
    let bar = usual.map_or(most, |usual| within(usual.failures.bar(counts.attempts), KEY_SHARE));
    graded(share, mean, bar, || {
        counts.failures >= FAILURES_MIN && accounts(row, measure) >= ACCOUNTS_MIN
    })
}

/// A secret or a device, of which only failures are counted: too many accounts, and too often for what it is. The most common
/// passwords are tried by somebody all the time.
fn sparse_heat(row: &Row, measure: &Measure, buckets_max: Number) -> Heat {
    let failures = f64::from(measure.counts.failures);
    if failures < ACCOUNTS_SPARSE_MIN / 2.0 {
        return Heat::Calm;
    }
    let (past, _) = row.sum(0, measure.last.saturating_sub(buckets_max));
    let usual = f64::from(past.failures) / f64::from(DAY_BUCKETS / buckets_max - 1);
    let bar = (usual + SPARSE_DEVIATIONS * usual.sqrt()).max(ACCOUNTS_SPARSE_MIN);
    graded(failures, usual, bar, || accounts(row, measure) >= ACCOUNTS_SPARSE_MIN)
}

/// Hot from the bar on, if that is an attack at all; calm below the middle between what is usual and the bar.
fn graded(value: f64, usual: f64, bar: f64, attack: impl FnOnce() -> bool) -> Heat {
    if value >= bar && attack() {
        Heat::Hot
    } else if value < f64::midpoint(usual.min(bar), bar) {
        Heat::Calm
    } else {
        Heat::Warm
    }
}

/// Whether somebody sows tries over many accounts, or works through a list with accounts that do not exist.
fn sown(row: &Row, measure: &Measure) -> bool {
    let Counts { failures, strangers, .. } = measure.counts;
    f64::from(strangers) >= LIST_SHARE * f64::from(failures)
        || f64::from(failures) <= TRIES_MAX * accounts(row, measure)
}

fn accounts(row: &Row, measure: &Measure) -> f64 {
    row.sum(measure.first, measure.last).1.estimate()
}

fn within(bar: f64, (least, most): (f64, f64)) -> f64 {
    bar.clamp(least, most)
}

#[cfg(test)]
mod tests;
