//! A profile at work: what its bytes say, taken apart.

use super::failures::Failures;
use super::history::History;
use super::login::Login;
use super::packed::{Reader, Writer};
use super::second::Second;
use super::standing::{Reports, Standings};
use super::trace::Trace;
use crate::decision::Verdict;
use crate::enrichment::Enrichment;
use crate::event::{Attempt, CredentialResult, OutcomeKind};
use crate::time::Timestamp;

/// Bytes that most profiles do not exceed.
const BYTES_USUAL: usize = 480;

/// What is known of one user. The names of cities lie in the bytes that it was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Memory<'a> {
    pub(super) failures: Failures,
    pub(super) standings: Standings,
    pub(super) history: History<'a>,
}

impl<'a> Memory<'a> {
    /// Reads what [`Memory::pack`] wrote; nothing is known by nothing.
    pub(super) fn unpack(bytes: &'a [u8]) -> Self {
        if bytes.is_empty() {
            return Self::default();
        }
        let mut from = Reader::new(bytes);
        Self {
            failures: Failures::unpack(&mut from),
            standings: Standings::unpack(&mut from),
            history: History::unpack(&mut from),
        }
    }

    /// The same bytes for the same content.
    pub(super) fn pack(&self) -> Vec<u8> {
        let mut to = Writer::with_capacity(BYTES_USUAL);
        self.failures.pack(&mut to);
        self.standings.pack(&mut to);
        self.history.pack(&mut to);
        to.into_bytes()
    }

    /// Counts the credential as the attempt was sent: right ends the row of failures, wrong makes it longer.
    pub(super) fn count(&mut self, at: Timestamp, result: CredentialResult) {
        match result {
            CredentialResult::Right => self.failures.succeed(at),
            CredentialResult::Wrong => self.failures.fail(at),
            CredentialResult::NotChecked => {}
        }
    }

    /// Learns an attempt that was decided, if what is known of it by now makes it trusted.
    pub(super) fn settle(
        &mut self,
        trace: &Trace,
        attempt: &Attempt,
        enrichment: &'a Enrichment,
        verdict: Verdict,
    ) {
        let reports = self.standings.of(Second::of(attempt.occurred_at), trace.event);
        if reports.trust(attempt, verdict) {
            let passed = reports.has(OutcomeKind::ChallengePassed);
            self.history.learn(Login::new(trace, attempt, enrichment, passed));
        }
    }

    /// Takes in one outcome of an attempt; `false` if that kind was reported of it before.
    pub(super) fn report(
        &mut self,
        trace: &Trace,
        attempt: &Attempt,
        enrichment: &'a Enrichment,
        verdict: Verdict,
        kind: OutcomeKind,
    ) -> bool {
        let at = Second::of(attempt.occurred_at);
        let before = self.standings.of(at, trace.event);
        if before.has(kind) {
            return false;
        }
        let after = before.with(kind);
        self.standings.put(at, trace.event, after);
        self.count_told(attempt, kind);
        let learned = |reports: Reports| {
            let passed = reports.has(OutcomeKind::ChallengePassed);
            reports.trust(attempt, verdict).then_some(passed)
        };
        if learned(before) != learned(after) {
            let login = |passed| Login::new(trace, attempt, enrichment, passed);
            if let Some(passed) = learned(before) {
                self.history.unlearn(&login(passed));
            }
            if let Some(passed) = learned(after) {
                self.history.learn(login(passed));
            }
        }
        true
    }

    /// Counts a credential that is told later, unless the attempt said the same itself.
    fn count_told(&mut self, attempt: &Attempt, kind: OutcomeKind) {
        let told = match kind {
            OutcomeKind::CredentialRight => CredentialResult::Right,
            OutcomeKind::CredentialWrong => CredentialResult::Wrong,
            OutcomeKind::ChallengePassed
            | OutcomeKind::ChallengeFailed
            | OutcomeKind::ChallengeAbandoned
            | OutcomeKind::ConfirmedFraud
            | OutcomeKind::ConfirmedGood
            | OutcomeKind::NotMe => return,
        };
        if attempt.credential.result != Some(told) {
            self.count(attempt.occurred_at, told);
        }
    }
}
