//! The engine: state and policy joined into one step from attempt to decision record.

use std::sync::Arc;

use crate::decide::decide;
use crate::decision::Verdict;
use crate::enrichment::Enrichment;
use crate::event::{Attempt, CredentialResult, Outcome, OutcomeKind};
use crate::policy::Policy;
use crate::record::{DecisionId, DecisionRecord};
use crate::signal::{EVENT_SIGNALS, Seen};
use crate::store::{KeptWindows, Observed, Report, Store};
use crate::time::Timestamp;
use crate::value::{Cause, Reading};

/// Decides on attempts and learns from outcomes. Everything it knows is in memory.
pub struct Engine {
    store: Store,
    policy: Arc<Policy>,
    windows: KeptWindows,
}

impl Engine {
    /// An engine that has seen nothing. `key` is secret and random: who knows it can make users and
    /// addresses collide.
    pub fn new(key: [u8; 16], policy: impl Into<Arc<Policy>>) -> Self {
        let (store, policy) = (Store::new(key), policy.into());
        let windows = store.keep(policy.windows());
        Self { store, policy, windows }
    }

    /// The policy that decides.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What is remembered.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Counts the attempt, decides on it, and learns from it if that makes it trusted.
    ///
    /// Never fails: by the time an event gets here, every refusal has been made.
    pub fn evaluate(
        &self,
        id: DecisionId,
        decided_at: Timestamp,
        attempt: Attempt,
        enrichment: Enrichment,
    ) -> DecisionRecord {
        let (observed, readings) = self.observe(&attempt, &enrichment);
        let decision = decide(&readings, &self.policy);
        self.store.settle(&observed, &attempt, &enrichment, decision.verdict);
        DecisionRecord { id, decided_at, attempt, enrichment, readings, decision }
    }

    /// Does to the state what [`Engine::evaluate`] did when it gave `verdict`, without deciding again.
    pub fn restore(&self, attempt: &Attempt, enrichment: &Enrichment, verdict: Verdict) {
        let (observed, _) = self.observe(attempt, enrichment);
        self.store.settle(&observed, attempt, enrichment, verdict);
    }

    /// Learns how an attempt that was answered with `verdict` ended. Each kind of outcome counts once.
    pub fn report(
        &self,
        attempt: &Attempt,
        enrichment: &Enrichment,
        verdict: Verdict,
        outcome: &Outcome,
    ) {
        let told = with_outcome(attempt, outcome);
        let (mut before, mut after) = (Vec::new(), Vec::new());
        self.policy.counted(&self.event_readings(attempt, enrichment), &mut before);
        let readings = self.event_readings(&told, enrichment);
        self.policy.counted(&readings, &mut after);
        self.store.report(&Report {
            attempt,
            told: &told,
            enrichment,
            verdict,
            kind: outcome.kind,
            method: outcome.method,
            windows: &self.windows,
            counted_before: &before,
            counted_after: &after,
            readings: &readings,
        });
    }

    fn observe(&self, attempt: &Attempt, enrichment: &Enrichment) -> (Observed, Box<[Reading]>) {
        let mut readings = self.event_readings(attempt, enrichment);
        let mut counted = Vec::new();
        self.policy.counted(&readings, &mut counted);
        let windows = &self.windows;
        let observed = self.store.observe(attempt, enrichment, windows, &counted, &mut readings);
        self.policy.memberships_of_memory(&mut readings);
        (observed, readings)
    }

    /// One reading for each slot of the policy: what the event and the lists tell, the rest unknown.
    fn event_readings(&self, attempt: &Attempt, enrichment: &Enrichment) -> Box<[Reading]> {
        let seen = Seen::event(attempt, enrichment);
        let mut readings = Vec::with_capacity(self.policy.slot_count());
        readings.extend(EVENT_SIGNALS.iter().map(|signal| (signal.read)(&seen)));
        let later = || Reading::Unknown(Cause::NotApplicable);
        readings.resize_with(self.policy.slot_count(), later);
        self.policy.memberships_of_event(&mut readings);
        readings.into()
    }
}

/// The attempt as it would have been told, had the outcome been known. Only a credential that was not
/// checked yet can still turn out right or wrong.
fn with_outcome(attempt: &Attempt, outcome: &Outcome) -> Attempt {
    let mut told = attempt.clone();
    let open = !matches!(
        attempt.credential.result,
        Some(CredentialResult::Right | CredentialResult::Wrong)
    );
    match outcome.kind {
        OutcomeKind::CredentialRight if open => {
            told.credential.result = Some(CredentialResult::Right);
        }
        OutcomeKind::CredentialWrong if open => {
            told.credential.result = Some(CredentialResult::Wrong);
            told.credential.failure = outcome.failure;
        }
        OutcomeKind::CredentialRight | OutcomeKind::CredentialWrong => {}
        OutcomeKind::ChallengePassed
        | OutcomeKind::ChallengeFailed
        | OutcomeKind::ChallengeAbandoned
        | OutcomeKind::ConfirmedFraud
        | OutcomeKind::ConfirmedGood
        | OutcomeKind::NotMe => {}
    }
    told
}
