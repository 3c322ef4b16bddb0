//! What is known of one user for long. It learns from trusted logins only.
//!
//! Profiles outnumber everything else in memory, so each is one block of bytes (`profile/shorthand.rs` draws
//! it), taken apart when it is asked or changed. Times in it are whole seconds, those of failures excepted.
//!
//! | user | bytes of the block; its name and place take 44 more |
//! |---|---|
//! | one failure, no login | 20 |
//! | one login with place, network and user agent | 107 |
//! | twenty logins on one device in one place | 206 |
//! | twenty logins on three devices in three places | 394 |
//! | whatever an owner can do | [`PROFILE_BYTES_MAX`] |
//!
//! A stranger cannot make anybody's profile learn: failures and reports are all that a guess leaves, about 300
//! bytes for each method that is guessed at when they come fast, and 1,300 at most.

mod area;
mod customs;
mod device;
mod failures;
mod familiarity;
mod features;
mod habits;
mod history;
mod hours;
mod known;
mod login;
mod memory;
mod route;
mod second;
mod shorthand;
mod spot;
mod standing;
mod summary;
mod tag;
mod trace;

pub use failures::FAILURES_MAX;
pub use familiarity::{Familiarity, KnownPlace, LOGINS_FOR_HOUR_MIN, LastPlace, PassedChallenge};
pub use history::{COUNTRY_RETENTION_MS, LOGINS_RECENT_MAX, RETENTION_MS};
pub use known::Sighting;
pub(crate) use trace::Trace;
pub use trace::{Trait, Traits};

pub(crate) use failures::By;
pub(crate) use memory::Lesson;
use memory::Memory;
use standing::Reports;

use crate::decision::Verdict;
use crate::enrichment::Enrichment;
use crate::event::{Attempt, CredentialResult, Method, OutcomeKind};
use crate::likelihood::Epoch;
use crate::time::Timestamp;

/// Most bytes that one profile takes, whatever its user does and whoever guesses at every method; few take a
/// fiftieth of it.
pub const PROFILE_BYTES_MAX: usize = 28 * 1_024;

/// What is known of one user, at rest. Equal content is equal bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Profile(Box<[u8]>);

impl Profile {
    /// What is known about an attempt before it, in the tenant's newest epoch.
    pub(crate) fn look(
        &self,
        trace: &Trace,
        attempt: &Attempt,
        enrichment: &Enrichment,
        newest: Epoch,
    ) -> Familiarity {
        Memory::unpack(&self.0).look(trace, attempt, enrichment, newest)
    }

    /// Whether the credential of an attempt that was answered so changes anything.
    pub(crate) fn counts(attempt: &Attempt, verdict: Verdict) -> bool {
        match attempt.credential.result {
            Some(CredentialResult::Right) => true,
            Some(CredentialResult::Wrong) => verdict != Verdict::Deny,
            Some(CredentialResult::NotChecked) | None => false,
        }
    }

    /// Counts the credential of an attempt that was decided, and learns it if what is known of it by now makes it trusted.
    ///
    /// What was denied is no try, as nobody looks at its credential: a right guess ends no row of failures, so who tries
    /// too often does not get round the wait by guessing on, and a wrong one makes none longer, so he prolongs no wait of the
    /// owner's and does not lock him out.
    pub(crate) fn settle(
        &mut self,
        trace: &Trace,
        attempt: &Attempt,
        enrichment: &Enrichment,
        verdict: Verdict,
    ) -> Lesson {
        let result = attempt.credential.result.unwrap_or(CredentialResult::NotChecked);
        let (by, at) = (By::of(attempt.credential.method), attempt.occurred_at);
        let only_counted = !trusted_as_sent(attempt, verdict) && !self.reported();
        if result == CredentialResult::Right
            && verdict != Verdict::Deny
            && only_counted
            && memory::succeed_at_once(&mut self.0, by, at)
        {
            return Lesson::default();
        }
        let mut memory = Memory::unpack(&self.0);
        memory.count(by, at, result, verdict);
        let lesson = memory.settle(trace, attempt, enrichment, verdict);
        self.put(&memory.pack());
        lesson
    }

    /// Whether an outcome was told of any attempt that is remembered.
    pub(crate) fn reported(&self) -> bool {
        memory::reported(&self.0)
    }

    /// Takes in one outcome of an attempt; `None` if that kind was reported of it before.
    pub(crate) fn report(
        &mut self,
        trace: &Trace,
        attempt: &Attempt,
        enrichment: &Enrichment,
        verdict: Verdict,
        kind: OutcomeKind,
        method: Option<Method>,
    ) -> Option<Lesson> {
        let mut memory = Memory::unpack(&self.0);
        let lesson = memory.report(trace, attempt, enrichment, verdict, kind, method);
        self.put(&memory.pack());
        lesson
    }

    /// Whether there was a trusted login.
    pub(crate) fn trusted(&self) -> bool {
        memory::trusted(&self.0)
    }

    /// When the newest trusted login was, as far as logins are kept one by one.
    pub(crate) fn last_trusted_at(&self) -> Option<Timestamp> {
        Memory::unpack(&self.0).history.recent.last().map(|login| login.at.at())
    }

    /// When the oldest failure was that is remembered.
    pub(crate) fn failing_since(&self) -> Option<Timestamp> {
        Memory::unpack(&self.0).failures.failing_since()
    }

    /// What trusted logins taught, as bytes.
    pub(crate) fn learned(&self) -> Vec<u8> {
        let Memory { habits, history, .. } = Memory::unpack(&self.0);
        Memory { habits, history, ..Memory::default() }.pack()
    }

    /// Failures in a row: with which method, how many, and when the last was.
    pub(crate) fn failures(&self) -> Vec<(By, u32, Timestamp)> {
        Memory::unpack(&self.0).failures.counts().collect()
    }

    /// Adds what is known of another account, which is the same person's. What comes back is the epoch of the newest login
    /// before and after.
    pub(crate) fn join(&mut self, others: &Self) -> [Option<Epoch>; 2] {
        let mut memory = Memory::unpack(&self.0);
        let before = memory.habits.last();
        memory.join(Memory::unpack(&others.0));
        let after = memory.habits.last();
        self.put(&memory.pack());
        [before, after]
    }

    /// The epoch of the newest login that habits know of.
    pub(crate) fn last_epoch(&self) -> Option<Epoch> {
        Memory::unpack(&self.0).habits.last()
    }

    /// The block as it is, to be kept elsewhere.
    pub(crate) fn packed(&self) -> &[u8] {
        &self.0
    }

    /// What [`Profile::packed`] gave.
    pub(crate) fn from_packed(packed: &[u8]) -> Self {
        Self(packed.into())
    }

    /// Bytes kept of the user, all in one block.
    pub(crate) fn bytes(&self) -> usize {
        self.0.len()
    }

    /// Keeps these bytes, where the others were if there is just room for them.
    fn put(&mut self, packed: &[u8]) {
        if self.0.len() == packed.len() {
            self.0.copy_from_slice(packed);
        } else {
            self.0 = packed.into();
        }
    }
}

/// Whether an attempt is trusted if nothing is reported of it.
fn trusted_as_sent(attempt: &Attempt, verdict: Verdict) -> bool {
    Reports::default().trust(attempt, verdict)
}
