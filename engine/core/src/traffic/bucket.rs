//! What is counted of the attempts of one stretch of time.

use super::accounts::Accounts;
use super::row::ATTEMPTS_MIN;
use crate::packed::{Reader, Writer};
use crate::time::{MINUTE_MS, Timestamp};

/// Attempts with a credential that was found right or wrong, and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Counts {
    pub(super) attempts: u32,
    /// Those of which the credential was wrong.
    pub(super) failures: u32,
    /// Those failures that were for accounts which do not exist.
    pub(super) strangers: u32,
}

impl Counts {
    /// Adds; a count that is full stays so.
    pub(super) fn add(&mut self, other: Self) {
        self.attempts = self.attempts.saturating_add(other.attempts);
        self.failures = self.failures.saturating_add(other.failures);
        self.strangers = self.strangers.saturating_add(other.strangers);
    }

    /// The share of failures, 0 without attempts.
    pub(super) fn failure_share(self) -> f64 {
        f64::from(self.failures) / f64::from(self.attempts.max(1))
    }

    /// The share of attempts for accounts that do not exist among [`Counts::beside_guesses`].
    pub(super) fn stranger_share(self) -> f64 {
        f64::from(self.strangers) / f64::from(self.beside_guesses())
    }

    /// Attempts without the wrong guesses at accounts that exist: behind as many of these as somebody likes to make, a list
    /// that is worked through meanwhile would disappear. Where there are too few for a share, what is missing counts as good.
    pub(super) fn beside_guesses(self) -> u32 {
        self.attempts.saturating_sub(self.failures.saturating_sub(self.strangers)).max(ATTEMPTS_MIN)
    }
}

/// The number of a bucket, counted from 1970; what lies outside of the range falls in the first or the last.
pub(super) type Number = u32;

/// How long a bucket is.
const BUCKET_MS: i64 = 10 * MINUTE_MS;

/// The bucket that a time falls in.
pub(super) fn number(at: Timestamp) -> Number {
    let number = at.ms().div_euclid(BUCKET_MS).clamp(0, i64::from(Number::MAX));
    Number::try_from(number).unwrap_or(Number::MAX)
}

/// When a bucket begins.
pub(super) fn began_at(number: Number) -> Timestamp {
    Timestamp::from_ms(i64::from(number) * BUCKET_MS)
}

/// Counts of one bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Bucket {
    pub(super) number: Number,
    pub(super) counts: Counts,
    /// The accounts that failures were for.
    pub(super) accounts: Accounts,
}

const _: () = {
    // A full row of a day is 144 of them.
    assert!(size_of::<Bucket>() == 32);
};

impl Bucket {
    pub(super) fn pack(&self, to: &mut Writer) {
        to.u32(self.number);
        let Counts { attempts, failures, strangers } = self.counts;
        [attempts, failures, strangers].into_iter().for_each(|count| to.varint(count));
        self.accounts.words().into_iter().for_each(|word| to.u64(word));
    }

    pub(super) fn unpack(from: &mut Reader<'_>) -> Self {
        let number = from.u32();
        let [attempts, failures, strangers] = [(); 3].map(|()| from.varint_u32());
        let accounts = Accounts::of_words([from.u64(), from.u64()]);
        Self { number, counts: Counts { attempts, failures, strangers }, accounts }
    }

    /// Adds what another bucket of the same time counted.
    pub(super) fn merge(&mut self, other: &Self) {
        self.counts.add(other.counts);
        self.accounts.merge(other.accounts);
    }
}
