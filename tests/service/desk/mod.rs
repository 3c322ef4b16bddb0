//! The desk keeps its promises: an event counts once, a refusal counts nothing, what is missing is said, and
//! the log leads to the same state again.

mod account;
mod degraded;
mod learning;
mod outcome;
mod owner;
mod refusal;
mod replay;
mod snapshot;
mod twice;
mod unknown;

use std::path::Path;

use doorward::desk::{Desk, Restored, key};
use doorward::edge::Refusal;
use doorward::log::scan;
use doorward::record::{KIND_ACCOUNT, KIND_DECISION, KIND_OUTCOME};
use doorward::rules::RuleText;
use doorward::wire::credential::Result as CredentialResult;
use doorward::wire::outcome::Kind;
use doorward::wire::{
    self, EvaluateRequest, EvaluateResponse, ReportRequest, ReportResponse, answered,
};
use doorward_core::engine::Engine;
use doorward_core::seen::EVENTS_SEEN_MIN;
use doorward_core::store::Budget;
use doorward_core::time::{DAY_MS, MINUTE_MS};
use tempfile::TempDir;

use crate::edge::{attempt, server};

/// A desk and the directory that it keeps its log in.
struct Door {
    desk: Desk,
    data: TempDir,
}

impl Door {
    fn open() -> Self {
        let data = TempDir::new().unwrap();
        Self { desk: server::desk(data.path()), data }
    }

    /// The same door after an orderly restart.
    fn reopen(self) -> Self {
        let Self { desk, data } = self;
        desk.log().close().unwrap();
        drop(desk);
        Self { desk: server::desk(data.path()), data }
    }

    async fn ask(&self, visit: &Visit) -> EvaluateResponse {
        told(self.desk.evaluate(visit.request()).unwrap().await.unwrap())
    }

    async fn decide(&self, visit: &Visit) -> wire::Decision {
        self.ask(visit).await.decision.unwrap()
    }

    async fn tell(&self, outcome: &wire::Outcome) -> ReportResponse {
        self.desk.report(request(outcome)).unwrap().await.unwrap()
    }

    fn refuse(&self, visit: &Visit) -> Refusal {
        self.desk.evaluate(visit.request()).unwrap_err()
    }

    /// Everything that could have changed: the state, and the events on disk.
    fn sum(&self) -> (u128, usize) {
        (self.desk.digest(), self.events())
    }

    /// Attempts, outcomes and changes on disk.
    fn events(&self) -> usize {
        let kinds = scan(&self.log()).map(|found| found.unwrap().1.kind);
        kinds.filter(|kind| [KIND_DECISION, KIND_OUTCOME, KIND_ACCOUNT].contains(kind)).count()
    }

    /// The state that the log leads to.
    fn replayed(&self) -> u128 {
        self.replayed_with(EVENTS_SEEN_MIN)
    }

    /// The state that the log leads to where few events are remembered.
    fn replayed_with(&self, events_min: usize) -> u128 {
        let mut restored = self.restored(events_min);
        for found in scan(&self.log()) {
            let (position, frame) = found.unwrap();
            restored.apply(position, &frame).unwrap();
        }
        restored.engine().store().digest()
    }

    /// Nothing of the log yet.
    fn restored(&self, events_min: usize) -> Restored {
        let policy = RuleText::read(None).unwrap().compile().1.policy.unwrap();
        let key = key(self.data.path()).unwrap();
        Restored::new(&self.log(), key, Engine::new(key, policy, Budget::default()), events_min)
    }

    fn log(&self) -> std::path::PathBuf {
        Path::join(self.data.path(), "log")
    }
}

/// An attempt, told piece by piece.
#[derive(Clone)]
struct Visit(wire::Attempt);

impl Visit {
    /// A customer's login a day ago that says nothing more.
    fn new(event_id: &str) -> Self {
        Self(attempt(event_id)).at(0)
    }

    /// Minutes after the first possible visit.
    fn at(mut self, minutes: i64) -> Self {
        self.0.occurred_at = Some(server::NOW.plus(minutes * MINUTE_MS - DAY_MS).into());
        self
    }

    fn tenant(mut self, tenant: &str) -> Self {
        tenant.clone_into(&mut self.0.tenant);
        self
    }

    fn user(mut self, user: &str) -> Self {
        self.0.user = Some(wire::User { id: user.to_owned(), ..Default::default() });
        self
    }

    fn device(mut self, device: &str) -> Self {
        self.0.device = Some(wire::Device { id: device.to_owned(), ..Default::default() });
        self
    }

    fn address(mut self, address: &str) -> Self {
        self.0.client = Some(wire::Client { address: address.to_owned(), ..Default::default() });
        self
    }

    fn credential(mut self, result: CredentialResult) -> Self {
        self.0.credential = Some(wire::Credential { result: result.into(), ..Default::default() });
        self
    }

    /// A right password of staff that is known from a breach: worth a step-up.
    fn risky(mut self) -> Self {
        self = self.credential(CredentialResult::Right);
        self.0.population = wire::Population::Workforce.into();
        self.0.credential.as_mut().unwrap().breached = Some(true);
        self
    }

    fn request(&self) -> EvaluateRequest {
        EvaluateRequest { attempt: Some(self.0.clone()) }
    }
}

/// An outcome of the attempt with that event id.
fn outcome(event_id: &str, attempt_event_id: &str, kind: Kind) -> wire::Outcome {
    let about = wire::outcome::Attempt::AttemptEventId(attempt_event_id.to_owned());
    wire::Outcome {
        event_id: event_id.to_owned(),
        attempt: Some(about),
        kind: kind.into(),
        ..Default::default()
    }
}

fn request(outcome: &wire::Outcome) -> ReportRequest {
    ReportRequest { outcome: Some(outcome.clone()) }
}

fn codes(decision: &wire::Decision) -> Vec<&str> {
    decision.reasons.iter().map(|reason| reason.code.as_str()).collect()
}

/// An answer as callers read it.
fn told(answer: answered::EvaluateResponse) -> EvaluateResponse {
    answer.try_into().unwrap()
}
