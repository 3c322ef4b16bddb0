//! Step-ups that end: proofs that were given before.

use doorward_core::decide::{CHALLENGE_SATISFIED, decide};
use doorward_core::decision::Verdict;
use doorward_core::time::{HOUR_MS, MINUTE_MS, SECOND_MS};
use doorward_core::value::Value;

use super::given::{policy, readings};

const RISKY: &str = "
rule always { when journey is login score +50 reason ALWAYS \"risky\" if unknown(journey) skip }
journey recovery, registration, credential_change, profile_change, consent_change, session, transaction { step_up from 40 }
";

/// What meets a step-up that asks so, given these readings; `None` if the proof is asked for.
fn check(asks: &str, given: &[(&str, Value)], expected: Option<&str>) {
    let policy = policy(&format!("{RISKY} journey login {{ step_up from 40 {asks} }}"), &[]);
    let decision = decide(&readings(&policy, given), &policy);
    assert_eq!(decision.satisfied_by.as_deref(), expected, "{asks} {given:?}");
    let satisfied = expected.is_some();
    assert_eq!(decision.verdict == Verdict::Allow, satisfied);
    assert_eq!(decision.challenge.is_none(), satisfied);
    let told = |code: &str| decision.reasons.iter().any(|reason| *reason.code == *code);
    assert_eq!((told(CHALLENGE_SATISFIED), told("ALWAYS")), (satisfied, true));
}

fn session(age_ms: i64, known: bool) -> Vec<(&'static str, Value)> {
    vec![
        ("session.authentication_age", Value::Duration(age_ms)),
        ("device.known", Value::Bool(true)),
        ("network.known", Value::Bool(known)),
    ]
}

fn with(
    mut given: Vec<(&'static str, Value)>,
    name: &'static str,
    value: Value,
) -> Vec<(&'static str, Value)> {
    given.push((name, value));
    given
}

fn word(word: &'static str) -> Value {
    Value::Word(word)
}

#[test]
fn a_session_of_the_class_is_not_asked_again() {
    let class = |age_ms, known, class: &str| {
        with(session(age_ms, known), "session.acr", Value::Text(class.into()))
    };
    let asks = "acr [\"phr\", \"high\"] max_age 10m";
    check(asks, &class(10 * MINUTE_MS, true, "phr"), Some("phr"));
    check(asks, &class(10 * MINUTE_MS, true, "high"), Some("high"));
    check(asks, &class(10 * MINUTE_MS + 1, true, "phr"), None);
    check(asks, &class(0, true, "low"), None);
    check(asks, &session(0, true), None);
    check("acr [\"phr\"]", &class(1_000 * HOUR_MS, true, "phr"), Some("phr"));
    let sms = with(class(0, true, "phr"), "session.method", word("sms"));
    check("not [sms] acr [\"phr\"]", &sms, None);
}

#[test]
fn a_session_proves_little_away_from_home() {
    let class = |age_ms| with(session(age_ms, false), "session.acr", Value::Text("phr".into()));
    check("acr [\"phr\"]", &class(5 * MINUTE_MS), Some("phr"));
    check("acr [\"phr\"]", &class(5 * MINUTE_MS + 1), None);
    check("acr [\"phr\"] max_age 1m", &class(2 * MINUTE_MS), None);
}

#[test]
fn a_session_with_the_method_is_not_asked_again() {
    let method = |method| with(session(MINUTE_MS, true), "session.method", word(method));
    check("with [passkey, totp]", &method("totp"), Some("totp"));
    check("with [passkey]", &method("hardware_key"), Some("hardware_key"));
    check("with [hardware_key]", &method("passkey"), None);
    check("with [passkey]", &method("sms"), None);
    check("", &method("sms"), Some("sms"));
    check("not [sms]", &method("sms"), None);
    // What every session begins with is no extra proof, unless it is asked for.
    check("", &method("password"), None);
    check("with [password]", &method("password"), Some("password"));
}

#[test]
fn a_challenge_passed_here_a_while_ago_is_not_asked_again() {
    let passed = |age_ms| {
        let mut given = vec![("challenge.passed_age", Value::Duration(age_ms))];
        given.extend(["device.known", "network.known"].map(|name| (name, Value::Bool(true))));
        given
    };
    let by = |age_ms, method| with(passed(age_ms), "challenge.method", word(method));
    check("with [totp] max_age 5m", &by(5 * MINUTE_MS, "totp"), Some("totp"));
    check("with [totp] max_age 5m", &by(5 * MINUTE_MS + SECOND_MS, "totp"), None);
    check("with [totp]", &by(12 * HOUR_MS, "totp"), Some("totp"));
    check("with [totp]", &by(13 * HOUR_MS, "totp"), None);
    check("with [passkey] not [sms]", &by(0, "sms"), None);
    check("with [totp] acr [\"phr\"]", &by(0, "totp"), None);
    // Nobody told how: good enough where anything is.
    check("", &passed(HOUR_MS), Some("challenge"));
    check("with [totp]", &passed(HOUR_MS), None);
    check("not [sms]", &passed(HOUR_MS), None);
    // The identifier of a device can be stolen too.
    let elsewhere: Vec<_> =
        by(0, "totp").into_iter().filter(|(name, _)| *name != "network.known").collect();
    check("with [totp]", &elsewhere, None);
}
