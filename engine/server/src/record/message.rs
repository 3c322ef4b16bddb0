//! Decisions and outcomes, as the log keeps them.

use doorward_core::decision::Verdict;
use doorward_core::enrichment::Enrichment;
use doorward_core::event::{Attempt, Outcome};
use doorward_core::record::DecisionRecord;
use doorward_core::time::{MINUTE_MS, Timestamp};

use super::{RecordError, enrichment, reading};
use crate::edge::parse;
use crate::wire;
use crate::wire::google;

/// What the state needs of a decision on record.
pub(crate) struct Asked {
    pub(crate) attempt: Attempt,
    pub(crate) enrichment: Enrichment,
    pub(crate) verdict: Verdict,
}

/// The record of a decision: `sent` is the attempt as received, `answer` the decision as answered.
pub(crate) fn decision(
    record: &DecisionRecord,
    sent: wire::Attempt,
    answer: wire::Decision,
) -> wire::log::DecisionRecord {
    let address = record.attempt.client.address;
    wire::log::DecisionRecord {
        envelope: Some(wire::log::DecisionEnvelope {
            decision_id: answer.decision_id.clone(),
            decided_at: Some(coarse(record.decided_at)),
            tenant: record.attempt.tenant.as_str().to_owned(),
            population: sent.population,
            journey: sent.journey,
            verdict: answer.verdict,
            score: answer.score,
            reason_codes: answer.reasons.iter().map(|reason| reason.code.clone()).collect(),
            policy: answer.policy.clone(),
            data_versions: answer.data_versions.clone(),
            subject_handle: Vec::new(),
        }),
        attempt: Some(sent),
        occurred_at: Some(record.attempt.occurred_at.into()),
        enrichment: Some(enrichment::to_wire(&record.enrichment, address)),
        readings: reading::to_wire(&record.readings),
        decision: Some(answer),
    }
}

/// The record of an outcome of the decision of that id.
pub(crate) fn outcome(
    asked: &Asked,
    decision_id: &str,
    sent: wire::Outcome,
    outcome: &Outcome,
    now: Timestamp,
) -> wire::log::OutcomeRecord {
    wire::log::OutcomeRecord {
        envelope: Some(wire::log::OutcomeEnvelope {
            decision_id: decision_id.to_owned(),
            received_at: Some(coarse(now)),
            tenant: asked.attempt.tenant.as_str().to_owned(),
            population: wire::Population::from(asked.attempt.population).into(),
            journey: wire::Journey::from(asked.attempt.journey).into(),
            kind: sent.kind,
            subject_handle: Vec::new(),
        }),
        outcome: Some(sent),
        occurred_at: Some(outcome.occurred_at.into()),
        received_at: Some(now.into()),
    }
}

/// What the state needs of a decision on record.
pub(crate) fn asked(message: wire::log::DecisionRecord) -> Result<Asked, RecordError> {
    let at = time(message.occurred_at.as_ref())?;
    let mut sent = message.attempt;
    let attempt = parse::attempt(sent.as_mut(), at).map_err(RecordError::Invalid)?;
    let answered = message.decision.map(|decision| decision.verdict());
    let verdict: Option<Verdict> = answered.and_then(Into::into);
    let verdict = verdict.ok_or(RecordError::Missing { part: "verdict" })?;
    Ok(Asked { attempt, enrichment: enrichment::from_wire(message.enrichment.as_ref()), verdict })
}

/// The time in a record.
pub(crate) fn time(at: Option<&google::Timestamp>) -> Result<Timestamp, RecordError> {
    let ms = at.and_then(google::Timestamp::ms);
    ms.map(Timestamp::from_ms).ok_or(RecordError::Missing { part: "time" })
}

/// The full minute: exact times could be joined with other logs.
fn coarse(at: Timestamp) -> google::Timestamp {
    Timestamp::from_ms(at.ms() - at.ms().rem_euclid(MINUTE_MS)).into()
}
