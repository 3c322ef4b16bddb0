//! Whether a key is under attack, and since when: a function of its buckets.

use super::DAY_BUCKETS;
use super::baseline::Baseline;
use super::bucket::{Counts, Number};
use super::kind::Kind;
use super::row::{ATTEMPTS_MIN, Measure, Row};

/// Neighbouring buckets that must be calm for an attack to be over: 20 minutes, and each looks back on the last one or
/// more, so an attack that pauses for a quarter of an hour is the same one afterwards.
const CALM_BUCKETS: u32 = 2;

/// Failures of which it can be told how many tries each account had.
const FAILURES_MIN: u32 = 10;
/// How far on the way from the usual to the bar it is still calm. The lower, the longer strangers are looked at twice after
/// an attack; the higher, the more often one is taken for two.
const CALM_SHARE: f64 = 0.75;

/// Failures and accounts, about, below which a key does not have many victims; of a secret or a device five are plenty.
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
/// So many times the usual share of attempts for accounts that do not exist, and no less than what is always enough, is plain:
/// failures need not be more than unusual anywhere then. Where campaigns follow one another all week, failures of the quietest
/// hours vary so much that hardly anything is beyond them.
const PLAINLY: f64 = 2.5;
/// The share of failures where callers never tell that an account does not exist.
const TENANT_FAILURES_ALONE: f64 = 0.50;

/// Standard deviations above the usual from which a secret or a device fails too often.
const SPARSE_DEVIATIONS: f64 = 4.0;

/// A number, what is usual, and from where on it is an attack.
#[derive(Clone, Copy, Debug)]
struct Level {
    value: f64,
    usual: f64,
    bar: f64,
}

/// What tells an attack on one key from an ordinary day.
pub(super) struct Gauge<'a, Usual> {
    pub(super) kind: Kind,
    pub(super) row: &'a Row,
    /// What is usual for the key, if that is known; dear, and rarely asked for.
    pub(super) usual: Usual,
}

impl Level {
    /// Nearer to what is usual than [`CALM_SHARE`] of the way to the bar.
    fn calm(self) -> bool {
        let usual = self.usual.min(self.bar);
        self.value < usual + CALM_SHARE * (self.bar - usual)
    }

    fn hot(self) -> bool {
        self.value >= self.bar
    }
}

impl<Usual: Fn() -> Option<Baseline>> Gauge<'_, Usual> {
    /// The first bucket of the attack that goes on at `now`; `None` if there is none.
    ///
    /// An attack begins with a hot moment and ends after [`CALM_BUCKETS`] calm ones in a row, so whatever lies before the
    /// last such row is over, and nothing needs to be remembered but the counts.
    pub(super) fn begun(&self, now: Number) -> Option<Number> {
        let oldest = self.row.buckets().first()?.number;
        let (mut restless, mut calm) = (None, 0);
        for last in (oldest..=now).rev() {
            if !self.calm(&self.measure(last)) {
                (restless, calm) = (Some(last), 0);
                continue;
            }
            calm += 1;
            if calm == CALM_BUCKETS {
                break;
            }
        }
        let moments = (restless?..=now).map(|last| self.measure(last));
        moments.into_iter().find(|measure| self.hot(measure)).map(|measure| measure.first)
    }

    pub(super) fn measure(&self, last: Number) -> Measure {
        self.row.measure(last, self.kind.buckets_max())
    }

    /// As on an ordinary day.
    pub(super) fn calm(&self, measure: &Measure) -> bool {
        let levels = self.levels(measure);
        levels.is_none_or(|levels| levels.into_iter().any(Level::calm)) || self.owners(measure)
    }

    /// An attack. What is neither is too much for an ordinary day and too little to begin an attack.
    pub(super) fn hot(&self, measure: &Measure) -> bool {
        let levels = self.levels(measure);
        levels.is_some_and(|levels| levels.into_iter().all(Level::hot))
            && !self.owners(measure)
            && self.many(measure)
    }

    /// What is looked at, or nothing where a glance is enough to see that it is calm.
    fn levels(&self, measure: &Measure) -> Option<[Level; 2]> {
        match self.kind {
            Kind::Tenant => self.tenant_levels(measure.counts),
            Kind::Secret | Kind::Device => self.sparse_level(measure).map(|level| [level; 2]),
            Kind::Ja4 | Kind::Agent | Kind::Subnet | Kind::Asn => {
                self.key_level(measure.counts).map(|level| [level; 2])
            }
        }
    }

    /// All failures, and the attempts for accounts that do not exist.
    fn tenant_levels(&self, counts: Counts) -> Option<[Level; 2]> {
        let value = counts.failure_share();
        if counts.attempts < ATTEMPTS_MIN || value < TENANT_FAILURES.0 / 2.0 {
            return None;
        }
        let Baseline { failures, strangers, silent } = (self.usual)()?;
        let bar = within(failures.bar(counts.attempts), TENANT_FAILURES);
        if silent && counts.strangers == 0 {
            let bar = bar.max(TENANT_FAILURES_ALONE);
            return Some([Level { value, usual: failures.mean, bar }; 2]);
        }
        let by_strangers = Level {
            value: counts.stranger_share(),
            usual: strangers.mean,
            bar: within(strangers.bar(counts.beside_guesses()), TENANT_STRANGERS),
        };
        let plain = by_strangers.value >= TENANT_STRANGERS.1.max(PLAINLY * strangers.mean);
        let bar = if plain { TENANT_FAILURES.0 } else { bar };
        Some([Level { value, usual: failures.mean, bar }, by_strangers])
    }

    /// The share of failures against what was usual for the key.
    fn key_level(&self, counts: Counts) -> Option<Level> {
        let value = counts.failure_share();
        let (least, most) = KEY_SHARE;
        if counts.failures < FAILURES_MIN / 2 || value < least / 2.0 {
            return None;
        }
        let level = |usual: Baseline| {
            let bar = within(usual.failures.bar(counts.attempts), KEY_SHARE);
            Level { value, usual: usual.failures.mean, bar }
        };
        Some((self.usual)().map_or(Level { value, usual: 0.0, bar: most }, level))
    }

    /// Failures of a secret or a device, of which only these are counted, against the day before: the most common passwords
    /// are tried by somebody all the time.
    fn sparse_level(&self, measure: &Measure) -> Option<Level> {
        let value = f64::from(measure.counts.failures);
        if value < ACCOUNTS_SPARSE_MIN / 2.0 {
            return None;
        }
        let span = self.kind.buckets_max();
        let past = self.row.between(0, measure.last.saturating_sub(span));
        let past: u32 = past.iter().map(|bucket| bucket.counts.failures).sum();
        let usual = f64::from(past) / f64::from(DAY_BUCKETS / span - 1);
        let bar = (usual + SPARSE_DEVIATIONS * usual.sqrt()).max(ACCOUNTS_SPARSE_MIN);
        Some(Level { value, usual, bar })
    }

    /// Whether those who fail try it again and again, as owners do whose client or password does not work: neither accounts
    /// that do not exist, nor one try for each account.
    fn owners(&self, measure: &Measure) -> bool {
        let buckets = self.row.between(measure.first, measure.last);
        let newest = buckets.iter().rev().find(|bucket| bucket.counts.failures >= FAILURES_MIN);
        newest.is_some_and(|bucket| {
            let failures = f64::from(bucket.counts.failures);
            let hammered = |accounts: f64| failures > TRIES_MAX * accounts;
            let listed = |accounts: f64| {
                f64::from(bucket.counts.strangers) >= LIST_SHARE * TRIES_MAX * accounts
            };
            hammered(f64::from(bucket.accounts.least())) && {
                let accounts = bucket.accounts.estimate();
                hammered(accounts) && !listed(accounts)
            }
        })
    }

    /// Whether it is about many accounts.
    fn many(&self, measure: &Measure) -> bool {
        let accounts_min = match self.kind {
            Kind::Tenant => return true,
            Kind::Secret | Kind::Device => ACCOUNTS_SPARSE_MIN,
            Kind::Ja4 | Kind::Agent | Kind::Subnet | Kind::Asn => ACCOUNTS_MIN,
        };
        let (_, accounts) = self.row.sum(measure.first, measure.last);
        f64::from(measure.counts.failures) >= accounts_min && accounts.estimate() >= accounts_min
    }
}

fn within(bar: f64, (least, most): (f64, f64)) -> f64 {
    bar.clamp(least, most)
}

#[cfg(test)]
mod tests;
