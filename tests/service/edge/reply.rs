//! What a caller gets of a decision.

use std::sync::Arc;
use std::time::Duration;

use doorward::edge::reply::{Heading, reply};
use doorward::wire;
use doorward_core::decision::{
    Challenge, Decision, Degraded, Evidence, Level, Reason, ShadowVerdict, Undecided, Verdict,
};
use doorward_core::event::Method;
use doorward_core::record::DecisionId;
use doorward_core::value::Cause;
use prost::Message as _;
use serde_json::json;

use super::server::NOW;

fn texts<const N: usize>(texts: [&str; N]) -> Arc<[Arc<str>]> {
    texts.map(Arc::from).into()
}

fn reason(code: &str, points: Option<i32>, verdict: Option<Verdict>) -> Reason {
    Reason {
        code: code.into(),
        rule: "stuffing.fan_out".into(),
        text: "14 accounts failed".to_owned(),
        tell: None,
        points,
        group: points.map(|_| "stuffing".into()),
        verdict,
        evidence: vec![Evidence {
            signal: "users_failing_per_ip".into(),
            observed: "14".to_owned(),
            threshold: ">= 12".into(),
        }],
        tags: texts(["OAT-008"]),
    }
}

fn undecided(rule: &str, signal: &str) -> Undecided {
    Undecided { rule: rule.into(), signal: signal.into(), cause: Cause::NoHistory }
}

#[test]
fn a_reply_is_the_decision_word_for_word() {
    let decision = Decision {
        verdict: Verdict::StepUp,
        score: 45,
        level: Level::Medium,
        reasons: vec![
            reason("CREDENTIAL_STUFFING", Some(45), None),
            reason("BURNED_DEVICE", None, Some(Verdict::Deny)),
        ],
        challenge: Some(Challenge {
            acr_values: texts(["phr"]),
            methods: [Method::Passkey].into(),
            methods_forbidden: [Method::Sms].into(),
            max_age_ms: Some(300_000),
        }),
        satisfied_by: Some("phr".into()),
        retry_after_ms: Some(30_000),
        attempts_remaining: Some(0),
        degraded: vec![Degraded { what: "place".into(), cause: Cause::LookupFailed }],
        undecided: vec![undecided("a", "travel"), undecided("b", "hour"), undecided("c", "travel")],
        shadows: vec![ShadowVerdict { name: "s".into(), verdict: Verdict::Deny, score: 90 }],
    };
    let evidence =
        json!([{"name": "users_failing_per_ip", "observed": "14", "threshold": ">= 12"}]);
    let expected = json!({
        "decisionId": "019a9d3c-5b0e-7c41-9d0a-3f2b6c1e8d57",
        "eventId": "e1",
        "verdict": "VERDICT_STEP_UP",
        "score": 45,
        "level": "LEVEL_MEDIUM",
        "reasons": [
            {
                "code": "CREDENTIAL_STUFFING", "rule": "stuffing.fan_out", "points": 45, "group": "stuffing",
                "analystText": "14 accounts failed", "evidence": evidence, "tags": ["OAT-008"],
            },
            {
                "code": "BURNED_DEVICE", "rule": "stuffing.fan_out", "verdict": "VERDICT_DENY",
                "analystText": "14 accounts failed", "evidence": evidence, "tags": ["OAT-008"],
            },
        ],
        "challenge": {
            "acrValues": ["phr"], "allowedMethods": ["METHOD_PASSKEY"],
            "forbiddenMethods": ["METHOD_SMS"], "maxAge": "300s",
        },
        "satisfiedBy": "phr",
        "retryAfter": "30s",
        "attemptsRemaining": 0,
        "policy": {"name": "rules", "version": "9f86"},
        "degraded": [{"what": "place", "cause": "lookup_failed"}],
        "unknowns": [
            {"name": "hour", "cause": "CAUSE_NO_HISTORY", "rules": ["b"]},
            {"name": "travel", "cause": "CAUSE_NO_HISTORY", "rules": ["a", "c"]},
        ],
        "shadows": [{"rule": "s", "verdict": "VERDICT_DENY", "score": 90}],
        "decidedAt": "2025-11-22T10:30:00.250Z",
        "timeTaken": "0.000041s",
    });
    let version = wire::PolicyVersion { name: "rules".to_owned(), version: "9f86".to_owned() };
    let heading = Heading {
        decision_id: DecisionId(0x019a_9d3c_5b0e_7c41_9d0a_3f2b_6c1e_8d57),
        event_id: "e1",
        sources: &wire::Sources::new(version, Vec::new()),
        decided_at: NOW,
        time_taken: Duration::from_micros(41),
    };
    let encoded = reply(&heading, &decision).bytes;
    let message = wire::Decision::decode(encoded.clone()).unwrap();
    assert_eq!(message.encode_to_vec(), encoded, "not as prost writes it");
    assert_eq!(serde_json::to_value(message).unwrap(), expected);
}
