//! What failures in a row cost.

use doorward_core::decide::decide;
use doorward_core::decision::{Decision, Verdict};
use doorward_core::time::{HOUR_MS, MINUTE_MS, SECOND_MS};
use doorward_core::value::Value;

use super::given::{policy, readings};

const POLICY: &str = r#"
journey login { step_up from 40 deny from 90 }
journey recovery, registration, credential_change, profile_change, consent_change, session, transaction { step_up from 40 }
throttle { at most 100 wait 30s to 1h from 10 unless device.known }
throttle for population workforce { at most 5 }
"#;

const REFUSED: &str = r#"
deny all.refused {
  say "Nobody comes in"
  when credential in [right, wrong]
  reason REFUSED "closed"
  tell "We are closed."
  if unknown(credential) skip
}
"#;

/// So many failures in a row, this one among them if it is wrong; the last one before it so long ago.
fn told(failures: i64, since_ms: i64, credential: &'static str) -> Vec<(&'static str, Value)> {
    vec![
        ("user.failures_consecutive", Value::Int(failures)),
        ("user.last_failure_age", Value::Duration(since_ms)),
        ("credential", Value::Word(credential)),
    ]
}

fn decided(given: &[(&str, Value)]) -> Decision {
    let policy = policy(POLICY, &[]);
    decide(&readings(&policy, given), &policy)
}

type Said = (Verdict, Option<&'static str>, Option<i64>, Option<u32>);

fn check(given: &[(&str, Value)], expected: Said) {
    let decision = decided(given);
    let reason = decision.reasons.first().map(|reason| &*reason.code);
    let (verdict, retry) = (decision.verdict, decision.retry_after_ms);
    assert_eq!((verdict, reason, retry, decision.attempts_remaining), expected, "{given:?}");
}

#[test]
fn a_wait_begins_with_a_failure_and_ends_with_time() {
    use Verdict::{Allow, Deny};
    check(&told(1, HOUR_MS, "wrong"), (Allow, None, None, Some(99)));
    check(&told(9, 1, "wrong"), (Allow, None, None, Some(91)));
    // The tenth failure has the first wait, and is none of those before it.
    check(&told(10, 1, "wrong"), (Allow, None, Some(30 * SECOND_MS), Some(90)));
    let too_soon = Some(30 * SECOND_MS - SECOND_MS);
    check(&told(10, SECOND_MS, "not_checked"), (Deny, Some("THROTTLED"), too_soon, Some(90)));
    check(&told(10, SECOND_MS, "right"), (Deny, Some("THROTTLED"), too_soon, Some(90)));
    check(&told(10, 30 * SECOND_MS, "not_checked"), (Allow, None, None, Some(90)));
    check(&told(10, 30 * SECOND_MS, "right"), (Allow, None, None, Some(100)));
}

/// Who does not wait neither wears out what is left nor makes anybody wait longer.
#[test]
fn what_is_denied_is_no_try() {
    use Verdict::Deny;
    let too_soon = Some(29 * SECOND_MS);
    check(&told(11, SECOND_MS, "wrong"), (Deny, Some("THROTTLED"), too_soon, Some(90)));
    let policy = policy(&format!("{POLICY}{REFUSED}"), &[]);
    let decision = decide(&readings(&policy, &told(5, HOUR_MS, "wrong")), &policy);
    assert_eq!((decision.verdict, decision.attempts_remaining), (Deny, Some(96)));
    let decision = decide(&readings(&policy, &told(5, HOUR_MS, "right")), &policy);
    assert_eq!((decision.verdict, decision.attempts_remaining), (Deny, Some(95)));
}

#[test]
fn waits_grow_evenly_up_to_the_last_failure_before_the_limit() {
    let wait = |failures| decided(&told(failures, HOUR_MS, "wrong")).retry_after_ms;
    let waits: Vec<i64> = (10..100).map(|failures| wait(failures).unwrap()).collect();
    assert_eq!((waits[0], waits[89]), (30 * SECOND_MS, HOUR_MS));
    let steps: Vec<i64> = waits.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(steps.iter().all(|step| step.abs_diff(steps[0]) <= 1), "{steps:?}");
    assert!(waits[45] > 30 * MINUTE_MS);
}

#[test]
fn behind_the_limit_no_time_helps() {
    let limit = (Verdict::Deny, Some("FAILURE_LIMIT"), None, Some(0));
    check(&told(100, 365 * 24 * HOUR_MS, "right"), limit);
    check(&told(101, HOUR_MS, "wrong"), limit);
    // The hundredth is the last that may be made.
    check(&told(100, HOUR_MS, "wrong"), (Verdict::Allow, None, Some(HOUR_MS), Some(0)));
}

#[test]
fn an_exception_and_a_narrower_throttle_hold() {
    let known = ("device.known", Value::Bool(true));
    let mut given = told(101, 1, "right");
    given.push(known);
    check(&given, (Verdict::Allow, None, None, None));
    let mut given = told(5, HOUR_MS, "right");
    given.push(("population", Value::Word("workforce")));
    check(&given, (Verdict::Deny, Some("FAILURE_LIMIT"), None, Some(0)));
}

#[test]
fn nothing_is_said_of_an_account_that_nobody_named() {
    check(&[("credential", Value::Word("wrong"))], (Verdict::Allow, None, None, None));
}

#[test]
fn strangers_failures_never_deny_the_owner_at_home() {
    let text = POLICY.replace("unless device.known", "");
    let policy = policy(&text, &[]);
    let mut given = told(101, 1, "right");
    given.push(("device.known", Value::Bool(true)));
    given.push(("network.known", Value::Bool(true)));
    let decision = decide(&readings(&policy, &given), &policy);
    assert_eq!(decision.verdict, Verdict::StepUp);
    let codes: Vec<_> = decision.reasons.iter().map(|reason| &*reason.code).collect();
    assert_eq!(codes, ["FAILURE_LIMIT", "OWNER_PROTECTED"]);
}
