//! Decisions and outcomes, as the log keeps them.

use doorward_core::decision::Verdict;
use doorward_core::enrichment::Enrichment;
use doorward_core::event::{AccountChange, Attempt, Outcome};
use doorward_core::record::DecisionRecord;
use doorward_core::time::{MINUTE_MS, Timestamp};
use prost::{DecodeError, Message as _};

use super::{RecordError, columns, enrichment};
use crate::edge::parse;
use crate::edge::reply::Reply;
use crate::log::Position;
use crate::wire::{self, Fields, IdText, Sources, google};

/// Room for most records.
const RECORD_BYTES: usize = 1_536;

/// What the state needs of a decision on record.
pub(crate) struct Asked {
    pub(crate) attempt: Attempt,
    pub(crate) enrichment: Enrichment,
    pub(crate) verdict: Verdict,
}

/// An attempt as received.
#[derive(Clone, Copy)]
pub(crate) struct Sent<'a> {
    pub(crate) attempt: &'a wire::Attempt,
    /// The same, encoded.
    pub(crate) bytes: &'a [u8],
}

/// The record of a decision, encoded.
pub(crate) fn decision(
    record: &DecisionRecord,
    sent: Sent<'_>,
    answered: &Reply,
    sources: &Sources,
) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(RECORD_BYTES);
    let mut fields = Fields::of(&mut bytes);
    fields.message(1, |fields| write_envelope(fields, record, sources));
    fields.some_bytes(2, sent.bytes);
    let address = record.attempt.client.address;
    fields.message(3, |fields| enrichment::write(fields, &record.enrichment, address));
    fields.message(4, |fields| columns::write(fields, &record.readings, sent.attempt));
    fields.message(5, |fields| answered.own().iter().for_each(|part| fields.encoded(part)));
    bytes
}

/// The record of a decision, decoded, with its decision whole again.
///
/// # Errors
/// If the bytes are not such a record.
pub fn read(payload: &[u8]) -> Result<wire::log::DecisionRecord, DecodeError> {
    let mut record = wire::log::DecisionRecord::decode(payload)?;
    if let (Some(envelope), Some(decision)) = (&record.envelope, &mut record.decision) {
        let event_id = record.attempt.as_ref().map(|attempt| attempt.event_id.clone());
        decision.decision_id.clone_from(&envelope.decision_id);
        decision.event_id = event_id.unwrap_or_default();
        decision.verdict = envelope.verdict;
        decision.score = envelope.score;
        decision.policy.clone_from(&envelope.policy);
        decision.data_versions.clone_from(&envelope.data_versions);
    }
    Ok(record)
}

fn write_envelope(fields: &mut Fields<'_>, record: &DecisionRecord, sources: &Sources) {
    fields.bytes(1, IdText::new(record.id).bytes());
    fields.timestamp(2, Some(&coarse(record.decided_at)));
    fields.text(3, record.attempt.tenant.as_str());
    fields.word(4, wire::Population::from(record.attempt.population));
    fields.word(5, wire::Journey::from(record.attempt.journey));
    fields.word(6, wire::Verdict::from(record.decision.verdict));
    fields.signed(7, record.decision.score);
    fields.texts(8, record.decision.reasons.iter().map(|reason| &*reason.code));
    fields.encoded(sources.of_envelope());
}

/// The record of an outcome of the decision of that id, whose record is at `decided`.
pub(crate) fn outcome(
    asked: &Asked,
    decision_id: &str,
    decided: Position,
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
            decision_position: Some(wire::log::Position {
                segment: decided.segment,
                offset: decided.offset,
            }),
        }),
        outcome: Some(sent),
        occurred_at: Some(outcome.occurred_at.into()),
        received_at: Some(now.into()),
    }
}

/// The record of a change of an account.
pub(crate) fn account(
    sent: wire::AccountChange,
    change: &AccountChange,
    now: Timestamp,
) -> wire::log::AccountRecord {
    wire::log::AccountRecord {
        envelope: Some(wire::log::AccountEnvelope {
            received_at: Some(coarse(now)),
            tenant: change.tenant.as_str().to_owned(),
            kind: sent.kind,
            subject_handle: Vec::new(),
        }),
        change: Some(sent),
        occurred_at: Some(change.occurred_at.into()),
        received_at: Some(now.into()),
    }
}

/// What the state needs of a decision on record.
pub(crate) fn asked(message: wire::log::DecisionRecord) -> Result<Asked, RecordError> {
    let decision = message.decision.unwrap_or_default();
    let decided_at = time(decision.decided_at.as_ref())?;
    let mut sent = message.attempt;
    let attempt = parse::attempt(sent.as_mut(), decided_at).map_err(RecordError::Invalid)?;
    let envelope = message.envelope.unwrap_or_default();
    let verdict: Option<Verdict> = envelope.verdict().into();
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use doorward_core::agent::Agent;
    use doorward_core::country::Country;
    use doorward_core::decision::{Decision, Level, Reason};
    use doorward_core::enrichment::Operator;
    use doorward_core::network::{NetworkClass, NetworkClasses};
    use doorward_core::place::{Place, Point};
    use doorward_core::record::DecisionId;
    use doorward_core::value::{Cause, Reading, Type, Value};

    use super::super::reading;
    use super::*;
    use crate::edge::reply::{Heading, reply};

    /// 2025-11-22T10:30:45.250Z.
    const AT: Timestamp = Timestamp::from_ms(1_763_807_445_250);

    /// In every third class, not in every third, the rest unknown.
    fn classes() -> NetworkClasses {
        let of = |class: NetworkClass| {
            [Ok(true), Ok(false), Err(Cause::LookupFailed)][class as usize % 3]
        };
        NetworkClasses::new(of)
    }

    fn enrichment() -> Enrichment {
        let point = Point { latitude: 48.2, longitude: 0.0, accuracy_km: 20.0 };
        let country = Country::parse("AT").ok();
        let city = Some("Vienna".into());
        Enrichment {
            place: Ok(Place { country, region: None, city, point: Some(point) }),
            network: Ok(Operator { asn: 64_500, organisation: Some("Example".into()) }),
            classes: classes(),
            agent: Ok(Agent::parse("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0")),
        }
    }

    fn stuffing() -> Reason {
        Reason {
            code: "CREDENTIAL_STUFFING".into(),
            rule: "stuffing.fan_out".into(),
            text: "14 accounts failed".to_owned(),
            points: Some(45),
            ..Reason::default()
        }
    }

    fn decided(asked: &mut wire::Attempt) -> DecisionRecord {
        DecisionRecord {
            id: DecisionId(0x019a_9d3c_5b0e_7c41_9d0a_3f2b_6c1e_8d57),
            decided_at: AT,
            attempt: parse::attempt(Some(asked), AT).unwrap(),
            enrichment: enrichment(),
            readings: [Reading::Known(Value::Int(14))].into(),
            decision: Decision {
                verdict: Verdict::Deny,
                score: 45,
                level: Level::Medium,
                reasons: vec![stuffing()],
                challenge: None,
                satisfied_by: None,
                retry_after_ms: None,
                attempts_remaining: None,
                degraded: Vec::new(),
                undecided: Vec::new(),
                shadows: Vec::new(),
            },
        }
    }

    #[test]
    fn a_record_holds_what_was_asked_seen_and_answered() {
        let client = wire::Client { address: "203.0.113.7".to_owned(), ..Default::default() };
        let mut asked = wire::Attempt {
            event_id: "e1".to_owned(),
            population: wire::Population::Customer.into(),
            journey: wire::Journey::Login.into(),
            client: Some(client),
            ..wire::Attempt::default()
        };
        let record = decided(&mut asked);
        let version = wire::PolicyVersion { name: "rules".to_owned(), version: "9f86".to_owned() };
        let data = wire::DataVersion { name: "geo".to_owned(), version: "1".to_owned() };
        let sources = Sources::new(version.clone(), vec![data.clone()]);
        let heading = Heading {
            decision_id: record.id,
            event_id: "e1",
            sources: &sources,
            decided_at: AT,
            time_taken: Duration::from_micros(41),
        };
        let answered = reply(&heading, &record.decision);
        let sent = Sent { attempt: &asked, bytes: &asked.encode_to_vec() };
        let bytes = decision(&record, sent, &answered, &sources);

        let stored = wire::log::DecisionRecord::decode(bytes.as_slice()).unwrap();
        assert_eq!(stored.encode_to_vec(), bytes, "not as prost writes it");
        let message = read(&bytes).unwrap();
        let envelope = wire::log::DecisionEnvelope {
            decision_id: "019a9d3c-5b0e-7c41-9d0a-3f2b6c1e8d57".to_owned(),
            decided_at: Some(google::Timestamp { seconds: 1_763_807_400, nanos: 0 }),
            tenant: "default".to_owned(),
            population: wire::Population::Customer.into(),
            journey: wire::Journey::Login.into(),
            verdict: wire::Verdict::Deny.into(),
            score: 45,
            reason_codes: vec!["CREDENTIAL_STUFFING".to_owned()],
            policy: Some(version),
            data_versions: vec![data],
            subject_handle: Vec::new(),
        };
        assert_eq!(message.envelope, Some(envelope));
        assert_eq!(message.attempt, Some(asked));
        let readings = reading::readings(&message, [Type::Int].into_iter());
        assert_eq!(readings.as_ref(), Some(&record.readings));
        let told = message.decision.as_ref().map(|decision| decision.encode_to_vec());
        assert_eq!(told, Some(answered.bytes.into()));
        let again = super::asked(message).unwrap();
        assert_eq!(again.attempt, record.attempt);
        assert_eq!(again.enrichment, record.enrichment);
        assert_eq!(again.verdict, Verdict::Deny);
    }
}
