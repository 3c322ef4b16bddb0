//! An outcome at the desk.

use doorward_core::event::Id;
use prost::Message as _;

use super::attempt::recorded;
use super::memory::Known;
use super::{Desk, Pending, RETRY_AFTER};
use crate::edge::Refusal;
use crate::edge::parse::{self, About};
use crate::log::Position;
use crate::record;
use crate::wire;

impl Desk {
    /// Learns how an attempt ended and hands that to the log. Never waits.
    ///
    /// # Errors
    /// As [`Desk::evaluate`], and if no such attempt of the tenant is on record.
    pub fn report(
        &self,
        request: wire::ReportRequest,
    ) -> Result<Pending<wire::ReportResponse>, Refusal> {
        let now = (self.clock)();
        let report = parse::report(request.outcome.as_ref(), now)?;
        let sent = request.outcome.unwrap_or_default();
        let (place, decided) = self.find(&report.tenant, &report.about)?;
        let decision_id = decided.decision.as_ref().map(|decision| decision.decision_id.clone());
        let decision_id = decision_id.unwrap_or_default();
        let asked = record::asked(decided).map_err(|error| {
            tracing::error!(%error, decision_id, "cannot use a record");
            Refusal::Unavailable { retry_after: RETRY_AFTER }
        })?;
        let slot = self.reserve()?;
        let payload = sent.encode_to_vec();
        let _until_complete = self.gate.enter();
        let event = self.memory.key(&report.tenant, &report.outcome.event_id);
        if let Some(known) = self.claim(event, &report.outcome.event_id, &payload)? {
            let answer = wire::ReportResponse { decision_id, duplicate: true };
            return Ok(Pending::recorded(&self.log, known, move |_| Ok(answer)));
        }

        // Below this line nothing fails and nothing is cancelled.
        self.engine.report(&asked.attempt, &asked.enrichment, asked.verdict, &report.outcome);
        let message = record::outcome(&asked, &decision_id, place, sent, &report.outcome, now);
        let ticket = slot.append(record::KIND_OUTCOME, &message.encode_to_vec());
        let known = Known { position: ticket.position(), sequence: ticket.sequence() };
        self.memory.complete(event, known);
        Ok(Pending::new(ticket, wire::ReportResponse { decision_id, duplicate: false }))
    }

    /// The record of the decision that an outcome is about, and where it is.
    fn find(
        &self,
        tenant: &Id,
        about: &About,
    ) -> Result<(Position, wire::log::DecisionRecord), Refusal> {
        let (known, named) = match about {
            About::Decision(id) => (self.memory.decision(*id), id.to_string()),
            About::Event(id) => {
                (self.memory.event(self.memory.key(tenant, id)), id.as_str().to_owned())
            }
        };
        let Some(known) = known else { return Err(Refusal::NotFound { attempt: named }) };
        if self.log.synced() <= known.sequence {
            // Told by event id before the decision was even answered.
            return Err(Refusal::Unavailable { retry_after: RETRY_AFTER });
        }
        // Event ids name outcomes too, and what a decision's id leads to need not be its record.
        let meant = recorded(&self.log, known)?.filter(|record| meant(record, tenant, about));
        let record = meant.ok_or(Refusal::NotFound { attempt: named })?;
        Ok((known.position, record))
    }
}

fn meant(record: &wire::log::DecisionRecord, tenant: &Id, about: &About) -> bool {
    let envelope = record.envelope.as_ref();
    envelope.is_some_and(|envelope| {
        let named = match about {
            About::Decision(id) => envelope.decision_id == id.to_string(),
            About::Event(_) => true,
        };
        named && envelope.tenant == tenant.as_str()
    })
}
