//! The desk: where an event is taken, decided on and recorded. The edge knows nothing behind it.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use doorward_core::decision::{Decision, Level, Verdict};
use doorward_core::event::Attempt;
use doorward_core::time::Timestamp;

use crate::edge::parse::{self, About};
use crate::edge::{Refusal, reply};
use crate::wire;

/// Decides and records.
#[derive(Debug)]
pub struct Desk {
    clock: fn() -> Timestamp,
}

impl Desk {
    /// A desk whose only notion of time is `clock`.
    pub fn new(clock: fn() -> Timestamp) -> Self {
        Self { clock }
    }

    /// Decides on an attempt and hands its record to the log, without ever waiting: a caller that
    /// hangs up while the answer is pending leaves nothing half done.
    ///
    /// # Errors
    /// Every refusal comes from here, before anything is counted.
    pub fn evaluate(
        &self,
        mut request: wire::EvaluateRequest,
    ) -> Result<Pending<wire::EvaluateResponse>, Refusal> {
        let now = (self.clock)();
        let attempt = parse::attempt(request.attempt.as_mut(), now)?;
        let decision = Some(decide(&attempt, now));
        Ok(Pending::new(wire::EvaluateResponse { decision, duplicate: false }))
    }

    /// Learns how an attempt ended. Never waits either.
    ///
    /// # Errors
    /// As [`Desk::evaluate`], and if the attempt is not on record.
    pub fn report(
        &self,
        request: wire::ReportRequest,
    ) -> Result<Pending<wire::ReportResponse>, Refusal> {
        let report = parse::report(request.outcome.as_ref(), (self.clock)())?;
        match report.about {
            About::Decision(id) => Err(Refusal::NotFound { attempt: id.to_string() }),
            About::Event(id) => Err(Refusal::NotFound { attempt: id.to_string() }),
        }
    }
}

/// An answer that is ready once its record is on disk.
#[derive(Debug)]
#[must_use = "an answer may be given only when its record is on disk"]
pub struct Pending<T> {
    answer: Option<T>,
}

impl<T> Pending<T> {
    fn new(answer: T) -> Self {
        Self { answer: Some(answer) }
    }
}

impl<T: Unpin> Future for Pending<T> {
    type Output = Result<T, Refusal>;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        match self.answer.take() {
            Some(answer) => Poll::Ready(Ok(answer)),
            None => Poll::Pending,
        }
    }
}

/// Replaced by enrichment, store, policy and log when the engine is joined to the server.
fn decide(attempt: &Attempt, now: Timestamp) -> wire::Decision {
    let decision = Decision {
        verdict: Verdict::Allow,
        score: 0,
        level: Level::Low,
        reasons: Vec::new(),
        challenge: None,
        degraded: Vec::new(),
        undecided: Vec::new(),
        shadows: Vec::new(),
    };
    let millis = u64::try_from(now.ms()).unwrap_or_default();
    let heading = reply::Heading {
        decision_id: uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid(),
        event_id: attempt.event_id.as_str().to_owned(),
        policy: wire::PolicyVersion::default(),
        data_versions: Vec::new(),
        decided_at: now,
        time_taken: Duration::ZERO,
    };
    reply::reply(heading, &decision)
}
