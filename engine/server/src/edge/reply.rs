//! A decision as the caller gets it.

use std::collections::BTreeMap;
use std::time::Duration;

use doorward_core::decision::{
    Challenge, Decision, Degraded, Evidence, Reason, ShadowVerdict, Undecided,
};
use doorward_core::event::Method;
use doorward_core::record::DecisionId;
use doorward_core::time::Timestamp;

use crate::wire;

/// What a decision is called and what it was made with: everything but the decision.
#[derive(Clone, Debug)]
pub struct Heading {
    /// Names the decision.
    pub decision_id: DecisionId,
    /// The event id of the attempt.
    pub event_id: String,
    /// The policy that decided.
    pub policy: wire::PolicyVersion,
    /// The data that was looked up in.
    pub data_versions: Vec<wire::DataVersion>,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// How long that took.
    pub time_taken: Duration,
}

/// The decision, as it is answered and recorded.
pub fn reply(heading: Heading, decision: &Decision) -> wire::Decision {
    wire::Decision {
        decision_id: heading.decision_id.to_string(),
        event_id: heading.event_id,
        verdict: wire::Verdict::from(decision.verdict).into(),
        score: decision.score,
        level: wire::Level::from(decision.level).into(),
        reasons: decision.reasons.iter().map(reason).collect(),
        challenge: decision.challenge.as_ref().map(challenge),
        satisfied_by: String::new(),
        retry_after: None,
        attempts_remaining: None,
        policy: Some(heading.policy),
        data_versions: heading.data_versions,
        degraded: decision.degraded.iter().map(degraded).collect(),
        unknowns: unknowns(&decision.undecided),
        shadows: decision.shadows.iter().map(shadow).collect(),
        decided_at: Some(heading.decided_at.into()),
        time_taken: Some(heading.time_taken.into()),
    }
}

fn reason(reason: &Reason) -> wire::Reason {
    let verdict = reason.verdict.map_or(wire::Verdict::Unspecified, Into::into);
    wire::Reason {
        code: reason.code.to_string(),
        rule: reason.rule.to_string(),
        verdict: verdict.into(),
        points: reason.points,
        group: reason.group.as_deref().unwrap_or_default().to_owned(),
        analyst_text: reason.text.clone(),
        user_text: reason.tell.as_deref().unwrap_or_default().to_owned(),
        evidence: reason.evidence.iter().map(evidence).collect(),
        tags: reason.tags.iter().map(ToString::to_string).collect(),
    }
}

fn evidence(evidence: &Evidence) -> wire::Evidence {
    wire::Evidence {
        name: evidence.signal.to_string(),
        observed: Some(evidence.observed.clone()),
        threshold: evidence.threshold.to_string(),
        unknown: wire::Cause::Unspecified.into(),
    }
}

fn challenge(challenge: &Challenge) -> wire::Challenge {
    let age = |ms: i64| wire::google::Duration::from(Duration::from_millis(ms.unsigned_abs()));
    wire::Challenge {
        acr_values: challenge.acr_values.iter().map(ToString::to_string).collect(),
        allowed_methods: methods(&challenge.methods),
        forbidden_methods: methods(&challenge.methods_forbidden),
        max_age: challenge.max_age_ms.map(age),
    }
}

fn methods(methods: &[Method]) -> Vec<i32> {
    methods.iter().map(|method| wire::Method::from(*method).into()).collect()
}

fn degraded(degraded: &Degraded) -> wire::Degraded {
    wire::Degraded { what: degraded.what.to_string(), cause: degraded.cause.to_string() }
}

/// One entry per signal and cause, with the rules that it left open.
fn unknowns(undecided: &[Undecided]) -> Vec<wire::Unknown> {
    let mut rules: BTreeMap<(&str, wire::Cause), Vec<String>> = BTreeMap::new();
    for Undecided { rule, signal, cause } in undecided {
        rules.entry((signal, (*cause).into())).or_default().push(rule.to_string());
    }
    let unknown = |((name, cause), rules): ((&str, wire::Cause), _)| wire::Unknown {
        name: name.to_owned(),
        cause: cause.into(),
        rules,
    };
    rules.into_iter().map(unknown).collect()
}

fn shadow(shadow: &ShadowVerdict) -> wire::Shadow {
    wire::Shadow {
        rule: shadow.name.to_string(),
        fired: None,
        verdict: wire::Verdict::from(shadow.verdict).into(),
        score: shadow.score,
    }
}
