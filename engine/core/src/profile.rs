//! What is known of one user for long. It learns from trusted logins only.
//!
//! Profiles outnumber everything else in memory, so each is one block of bytes (`profile/shorthand.rs` draws
//! it), taken apart when it is asked or changed. Times in it are whole seconds, those of failures excepted.
//!
//! | user | bytes, 32 of them the place in the map |
//! |---|---|
//! | one failure, no login | 52 |
//! | one login with place and network | 115 |
//! | twenty logins on one device in one place | 214 |
//! | twenty logins on three devices in three places | 386 |
//! | whatever an owner can do | [`PROFILE_BYTES_MAX`] and 32 |
//!
//! A stranger cannot make anybody's profile learn: failures and reports are all that a guess leaves, about 300
//! bytes for each method that is guessed at when they come fast, and 1,300 at most.

mod area;
mod device;
mod failures;
mod familiarity;
mod features;
mod history;
mod hours;
mod known;
mod login;
mod memory;
mod packed;
mod route;
mod second;
mod shorthand;
mod spot;
mod standing;
mod summary;
mod tag;
mod trace;

pub use failures::FAILURES_MAX;
pub use familiarity::{Familiarity, LOGINS_FOR_HOUR_MIN, LastPlace, PassedChallenge};
pub use history::{LOGINS_RECENT_MAX, RETENTION_MS};
pub use known::Sighting;
pub(crate) use trace::Trace;
pub use trace::{Trait, Traits};

use failures::By;
use memory::Memory;
use standing::Reports;

use crate::decision::Verdict;
use crate::enrichment::Enrichment;
use crate::event::{Attempt, CredentialResult, Method, OutcomeKind};

/// Most bytes that one profile takes, whatever its user does and whoever guesses at every method; few take a
/// fiftieth of it.
pub const PROFILE_BYTES_MAX: usize = 26 * 1_024;

/// What is known of one user, at rest. Equal content is equal bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Profile(Box<[u8]>);

impl Profile {
    /// Counts a wrong credential as the attempt was sent: it makes the row of failures longer.
    pub(crate) fn fail(&mut self, attempt: &Attempt) {
        let mut memory = Memory::unpack(&self.0);
        let by = By::of(attempt.credential.method);
        memory.count(by, attempt.occurred_at, CredentialResult::Wrong);
        self.put(&memory.pack());
    }

    /// What is known about an attempt before it.
    pub(crate) fn look(
        &self,
        trace: &Trace,
        attempt: &Attempt,
        enrichment: &Enrichment,
    ) -> Familiarity {
        Memory::unpack(&self.0).look(trace, attempt, enrichment)
    }

    /// Counts the success of an attempt that was decided, and learns it if what is known of it by now makes it trusted.
    pub(crate) fn settle(
        &mut self,
        trace: &Trace,
        attempt: &Attempt,
        enrichment: &Enrichment,
        verdict: Verdict,
    ) {
        let succeeded = succeeded(attempt, verdict);
        let (by, at) = (By::of(attempt.credential.method), attempt.occurred_at);
        let only_counted = !trusted_as_sent(attempt, verdict) && !self.reported();
        if succeeded && only_counted && memory::succeed_at_once(&mut self.0, by, at) {
            return;
        }
        let mut memory = Memory::unpack(&self.0);
        if succeeded {
            memory.count(by, at, CredentialResult::Right);
        }
        if memory.settle(trace, attempt, enrichment, verdict) || succeeded {
            self.put(&memory.pack());
        }
    }

    /// Whether an outcome was told of any attempt that is remembered.
    pub(crate) fn reported(&self) -> bool {
        memory::reported(&self.0)
    }

    /// Takes in one outcome of an attempt; `false` if that kind was reported of it before.
    pub(crate) fn report(
        &mut self,
        trace: &Trace,
        attempt: &Attempt,
        enrichment: &Enrichment,
        verdict: Verdict,
        kind: OutcomeKind,
        method: Option<Method>,
    ) -> bool {
        let mut memory = Memory::unpack(&self.0);
        let new = memory.report(trace, attempt, enrichment, verdict, kind, method);
        self.put(&memory.pack());
        new
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

/// Whether the credential was right and was let count. A right guess that was denied ends no row of failures: who tries
/// too often must not get round the wait by guessing on.
pub(crate) fn succeeded(attempt: &Attempt, verdict: Verdict) -> bool {
    attempt.credential.result == Some(CredentialResult::Right) && verdict != Verdict::Deny
}

/// Whether an attempt is trusted if nothing is reported of it.
pub(crate) fn trusted_as_sent(attempt: &Attempt, verdict: Verdict) -> bool {
    Reports::default().trust(attempt, verdict)
}
