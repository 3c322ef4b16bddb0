//! How an attempt ended, and which one.

use doorward_core::event::{ID_BYTES_MAX, Id, Outcome, OutcomeKind};
use doorward_core::record::DecisionId;
use doorward_core::time::Timestamp;

use super::NOTE_BYTES_MAX;
use super::attempt::tenant;
use super::field;
use super::violations::{Violations, quote};
use crate::wire;

/// An outcome and what it is the outcome of.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Report {
    /// Whose attempt it was.
    pub tenant: Id,
    /// Which attempt it was.
    pub about: About,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a caller names an attempt that was decided on.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum About {
    /// By the id of the decision.
    Decision(DecisionId),
    /// By the event id of the attempt.
    Event(Id),
}

/// Reads an outcome that arrived at `now`.
///
/// # Errors
/// Every field that breaks a rule of the contract.
pub fn report(sent: Option<&wire::Outcome>, now: Timestamp) -> Result<Report, Violations> {
    Violations::none_in("outcome", sent, |sent, violations| fields(sent, now, violations))
}

/// `None` only with a violation.
fn fields(sent: &wire::Outcome, now: Timestamp, violations: &mut Violations) -> Option<Report> {
    let event_id = field::required("outcome.event_id", &sent.event_id, ID_BYTES_MAX, violations);
    let occurred_at = field::occurred_at("outcome.occurred_at", sent.occurred_at, now, violations);
    let tenant = tenant("outcome.tenant", &sent.tenant, violations);
    let about = about(sent.attempt.as_ref(), violations);
    let kind =
        field::required_word::<wire::outcome::Kind, _>("outcome.kind", sent.kind, violations);
    let failure = field::word::<wire::Failure, _>("outcome.failure", sent.failure, violations);
    if sent.failure != 0 && kind.is_some_and(|kind| !failed(kind)) {
        violations.add("outcome.failure", "is set, but `kind` is not one of a failure");
    }
    let method = field::word::<wire::Method, _>("outcome.method", sent.method, violations);
    field::text::<NOTE_BYTES_MAX>("outcome.note", &sent.note, NOTE_BYTES_MAX, violations);
    let outcome = Outcome { event_id: event_id?, occurred_at, kind: kind?, failure, method };
    Some(Report { tenant: tenant?, about: about?, outcome })
}

fn about(sent: Option<&wire::outcome::Attempt>, violations: &mut Violations) -> Option<About> {
    match sent {
        None => {
            violations.add("outcome.decision_id", "must be set, or `attempt_event_id`");
            None
        }
        Some(wire::outcome::Attempt::DecisionId(id)) => {
            let wrong = || format!("{} is not the id of a decision", quote(id));
            let id = wire::decision_id(id).ok_or_else(wrong);
            violations.check("outcome.decision_id", id).map(About::Decision)
        }
        Some(wire::outcome::Attempt::AttemptEventId(id)) => {
            let id = field::required("outcome.attempt_event_id", id, ID_BYTES_MAX, violations);
            id.map(About::Event)
        }
    }
}

fn failed(kind: OutcomeKind) -> bool {
    match kind {
        OutcomeKind::CredentialWrong | OutcomeKind::ChallengeFailed => true,
        OutcomeKind::CredentialRight | OutcomeKind::ChallengePassed => false,
        OutcomeKind::ChallengeAbandoned | OutcomeKind::ConfirmedFraud => false,
        OutcomeKind::ConfirmedGood | OutcomeKind::NotMe => false,
    }
}
