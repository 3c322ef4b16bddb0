//! What is known of one user for long. It learns from trusted logins only.

mod failures;
mod familiarity;
mod history;
mod hours;
mod known;
mod login;
mod standing;
mod summary;
mod trace;

pub use failures::FAILURES_MAX;
pub use familiarity::{Familiarity, LOGINS_FOR_HOUR_MIN, LastPlace};
pub use history::{LOGINS_RECENT_MAX, RETENTION_MS};
pub use known::Sighting;
pub(crate) use login::Login;
pub(crate) use trace::Trace;
pub use trace::{Trait, Traits};

use failures::Failures;
use history::History;
use standing::{Reports, Standings};

use crate::decision::Verdict;
use crate::enrichment::Enrichment;
use crate::event::{Attempt, CredentialResult, OutcomeKind};
use crate::time::Timestamp;

/// What is known of one user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Profile {
    failures: Failures,
    standings: Standings,
    history: History,
}

impl Profile {
    /// Counts the credential as the attempt was sent: right ends the row of failures, wrong makes it longer.
    pub(crate) fn count(&mut self, at: Timestamp, result: CredentialResult) {
        match result {
            CredentialResult::Right => self.failures.succeed(at),
            CredentialResult::Wrong => self.failures.fail(at),
            CredentialResult::NotChecked => {}
        }
    }

    /// Learns an attempt that was decided, if what is known of it by now makes it trusted.
    pub(crate) fn settle(
        &mut self,
        trace: &Trace,
        attempt: &Attempt,
        enrichment: &Enrichment,
        verdict: Verdict,
    ) {
        let reports = self.standings.of(attempt.occurred_at, trace.event);
        if reports.trust(attempt, verdict) {
            let passed = reports.has(OutcomeKind::ChallengePassed);
            let login = Login::new(trace, attempt, enrichment, passed, self.history.last_spot());
            self.history.learn(login);
        }
    }

    /// Takes in one outcome of an attempt; `false` if that kind was reported of it before.
    pub(crate) fn report(
        &mut self,
        trace: &Trace,
        attempt: &Attempt,
        enrichment: &Enrichment,
        verdict: Verdict,
        kind: OutcomeKind,
    ) -> bool {
        let at = attempt.occurred_at;
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
            let login = |passed| Login::new(trace, attempt, enrichment, passed, None);
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

/// Whether an attempt is trusted if nothing is reported of it.
pub(crate) fn trusted_as_sent(attempt: &Attempt, verdict: Verdict) -> bool {
    Reports::default().trust(attempt, verdict)
}
