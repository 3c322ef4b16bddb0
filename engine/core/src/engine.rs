//! The engine: state and policy joined into one step from attempt to decision record.

use std::sync::Arc;

use crate::decide::decide;
use crate::decision::Verdict;
use crate::enrichment::Enrichment;
use crate::event::{AccountChange, Attempt, CredentialResult, Outcome, OutcomeKind};
use crate::policy::Policy;
use crate::policy::compiled::Counted;
use crate::record::{DecisionId, DecisionRecord};
use crate::signal::{ENDING_FIRST, ENDING_SIGNALS, EVENT_SIGNALS, Ending, SIGNALS, Seen};
use crate::store::{Budget, KeptWindows, Observed, Report, Store};
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
    pub fn new(key: [u8; 16], policy: impl Into<Arc<Policy>>, budget: Budget) -> Self {
        let (store, policy) = (Store::new(key, budget), policy.into());
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
        let (seen, mut readings) = self.observe(&attempt, &enrichment);
        let decision = decide(&readings, &self.policy);
        self.settle(seen, &attempt, &enrichment, decision.verdict, &mut readings);
        DecisionRecord { id, decided_at, attempt, enrichment, readings, decision }
    }

    /// Does to the state what [`Engine::evaluate`] did when it gave `verdict`, without deciding again.
    pub fn restore(&self, attempt: &Attempt, enrichment: &Enrichment, verdict: Verdict) {
        let (seen, mut readings) = self.observe(attempt, enrichment);
        self.settle(seen, attempt, enrichment, verdict, &mut readings);
    }

    /// Learns how an attempt that was answered with `verdict` ended. Each kind of outcome counts once.
    pub fn report(
        &self,
        attempt: &Attempt,
        enrichment: &Enrichment,
        verdict: Verdict,
        outcome: &Outcome,
    ) {
        let answered = Ending { verdict: Some(verdict), outcome: None };
        let (mut before, mut counted) = (Vec::new(), Vec::new());
        self.policy.counted(&self.event_readings(attempt, enrichment, answered), &mut before);
        let told = with_outcome(attempt, outcome);
        let ended = Ending { outcome: Some(outcome), ..answered };
        let readings = self.event_readings(&told, enrichment, ended);
        self.policy.counted(&readings, &mut counted);
        counted.iter_mut().zip(&before).for_each(|(counts, before)| *counts &= !before);
        self.store.report(&Report {
            attempt,
            told: &told,
            enrichment,
            verdict,
            kind: outcome.kind,
            method: outcome.method,
            windows: &self.windows,
            counted: &counted,
            readings: &readings,
        });
    }

    /// Takes in that an account has another user id, or begins anew, for attempts from then on.
    ///
    /// Attempts of the same account must not be evaluated meanwhile: which of them came before would depend on chance.
    pub fn change_account(&self, change: &AccountChange) {
        self.store.change_account(change);
    }

    fn observe(
        &self,
        attempt: &Attempt,
        enrichment: &Enrichment,
    ) -> ((Observed, Counted), Box<[Reading]>) {
        let mut readings = self.event_readings(attempt, enrichment, Ending::default());
        let counted = self.policy.count(&readings);
        let Self { store, windows, .. } = self;
        let observed = store.observe(attempt, enrichment, windows, &counted.windows, &mut readings);
        self.policy.memberships_of_memory(&mut readings);
        ((observed, counted), readings)
    }

    /// Learns from an attempt that was decided, and counts it where the verdict makes it count. The readings are the
    /// same afterwards.
    fn settle(
        &self,
        (observed, counted): (Observed, Counted),
        attempt: &Attempt,
        enrichment: &Enrichment,
        verdict: Verdict,
        readings: &mut [Reading],
    ) {
        self.store.settle(&observed, attempt, enrichment, verdict);
        if let Some(counted) = self.policy.counted_by_verdict(counted, readings, verdict) {
            self.store.count(attempt, &self.windows, &counted, readings);
        }
    }

    /// One reading for each slot of the policy: what the event, its ending and the lists tell, the rest unknown.
    fn event_readings(
        &self,
        attempt: &Attempt,
        enrichment: &Enrichment,
        ending: Ending<'_>,
    ) -> Box<[Reading]> {
        let seen = Seen { ending, ..Seen::event(attempt, enrichment) };
        let mut readings = Vec::with_capacity(self.policy.slot_count());
        for table in EVENT_SIGNALS {
            readings.extend(table.iter().map(|signal| (signal.read)(&seen)));
        }
        let later = || Reading::Unknown(Cause::NotApplicable);
        readings.resize_with(SIGNALS.len(), later);
        let attributes = &self.policy.windows().attributes;
        readings.extend(attributes.iter().map(|attribute| attribute.read(attempt)));
        readings.resize_with(self.policy.slot_count(), later);
        let endings = readings.iter_mut().skip(ENDING_FIRST).zip(ENDING_SIGNALS);
        endings.for_each(|(reading, signal)| *reading = (signal.read)(&seen));
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
