//! An attempt at the desk.

use prost::Message as _;

use super::memory::Known;
use super::{Desk, Pending, RETRY_AFTER};
use crate::edge::{Refusal, parse, reply};
use crate::log::Log;
use crate::record::{self, Sent};
use crate::wire;
use crate::wire::answered::EvaluateResponse;

impl Desk {
    /// Decides on an attempt and hands its record to the log, without ever waiting: a caller that
    /// hangs up while the answer is pending leaves nothing half done.
    ///
    /// # Errors
    /// Every refusal comes from here, before anything is counted.
    pub fn evaluate(
        &self,
        mut request: wire::EvaluateRequest,
    ) -> Result<Pending<EvaluateResponse>, Refusal> {
        let started = (self.stopwatch)();
        let now = (self.clock)();
        let attempt = parse::attempt(request.attempt.as_mut(), now)?;
        let sent = &*request.attempt.get_or_insert_default();
        let slot = self.reserve()?;
        let asked = sent.encoded();
        let _until_complete = self.gate.enter();
        let event = self.memory.key(&attempt.tenant, &attempt.event_id);
        if let Some(known) = self.claim(event, &attempt.event_id, &asked)? {
            return Ok(self.again(known));
        }

        // Below this line nothing fails and nothing is cancelled.
        let enrichment = self.enricher.enrich(&attempt);
        let record = self.engine.evaluate(event.decision_id(now), now, attempt, enrichment);
        let heading = reply::Heading {
            decision_id: record.id,
            event_id: &sent.event_id,
            sources: &self.sources,
            decided_at: now,
            time_taken: (self.stopwatch)().saturating_sub(started),
        };
        let reply = reply::reply(&heading, &record.decision);
        let sent = Sent { attempt: sent, bytes: &asked };
        let message = record::decision(&record, sent, &reply, &self.sources);
        let ticket = slot.append(record::KIND_DECISION, &message);
        let known = Known { position: ticket.position(), sequence: ticket.sequence() };
        self.memory.complete(event, known);
        Ok(Pending::new(ticket, EvaluateResponse { decision: reply.bytes, duplicate: false }))
    }

    /// The answer of the first time.
    fn again(&self, known: Known) -> Pending<EvaluateResponse> {
        Pending::recorded(&self.log, known, move |log| {
            let decision = recorded(log, known)?.and_then(|record| record.decision);
            let decision = decision.unwrap_or_default().encode_to_vec().into();
            Ok(EvaluateResponse { decision, duplicate: true })
        })
    }
}

/// The record of a decision that is on disk; `None` if the record there is not one of a decision.
pub(super) fn recorded(
    log: &Log,
    known: Known,
) -> Result<Option<wire::log::DecisionRecord>, Refusal> {
    let unreadable = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, position = ?known.position, "cannot read a record");
        Refusal::Unavailable { retry_after: RETRY_AFTER }
    };
    let frame = log.read(known.position).map_err(|error| unreadable(&error))?;
    if frame.kind != record::KIND_DECISION {
        return Ok(None);
    }
    record::read(&frame.payload).map(Some).map_err(|error| unreadable(&error))
}
