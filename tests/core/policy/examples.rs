//! The tests in rule files, played on a real store.

use doorward_core::decide::decide;
use doorward_core::enrichment::Enrichment;
use doorward_core::event::Attempt;
use doorward_core::policy::{Policy, render};
use doorward_core::signal::{Origin, SIGNALS, Seen};
use doorward_core::store::Store;
use doorward_core::value::{Cause, Reading};

use super::given::compiled;

/// Evaluates as the engine does.
fn evaluate(
    store: &Store,
    policy: &Policy,
    attempt: &Attempt,
    enrichment: &Enrichment,
) -> (doorward_core::decision::Decision, Box<[Reading]>) {
    let seen = Seen { attempt, enrichment, familiarity: None };
    let mut readings = vec![Reading::Unknown(Cause::NoHistory); policy.slot_count()];
    for (place, signal) in readings.iter_mut().zip(SIGNALS.iter()) {
        if signal.origin == Origin::Event {
            *place = (signal.read)(&seen);
        }
    }
    policy.memberships(&mut readings);
    let mut counted = Vec::new();
    policy.counted(&readings, &mut counted);
    store.observe(attempt, enrichment, policy.windows(), &counted, &mut readings);
    policy.memberships(&mut readings);
    let decision = decide(&readings, policy);
    store.settle(attempt, enrichment, decision.verdict);
    (decision, readings.into())
}

/// What the tests in `text` say.
fn played(text: &str) -> String {
    let (compiled, sources) = compiled(text, &[]);
    let Some(policy) = compiled.policy else {
        panic!("{}", render(&compiled.diagnostics, &sources, false));
    };
    let mut failures = Vec::new();
    for example in compiled.examples.iter() {
        let store = Store::new([7; 16]);
        let mut run = |attempt: &Attempt, enrichment: &Enrichment| {
            evaluate(&store, &policy, attempt, enrichment)
        };
        failures.extend(compiled.examples.play(example, &policy, &mut run));
    }
    render(&failures, &sources, false)
}

const RULES: &str = r#"window users_failing_per_ip = distinct user where credential is wrong by ip over 10m
window attempts_per_ip = count by ip over 10m
signal share = users_failing_per_ip / attempts_per_ip when attempts_per_ip >= 10
rule stuffing.fan_out {
  when    users_failing_per_ip >= 12 and share > 80%
  score   +45
  reason  CREDENTIAL_STUFFING "{users_failing_per_ip} accounts failed from {ip}"
  if unknown(share) skip
}
rule place.new {
  when    country.new and device.new
  score   +30
  reason  NEW_PLACE "{country}"
  if unknown(country.new, device.new) skip
}
rule travel.impossible {
  when    travel.speed_min > 900 km/h
  score   +30
  reason  IMPOSSIBLE_TRAVEL "{travel.distance} in {travel.elapsed}: {travel.speed_min}"
  if unknown(travel) skip
}
journey login { step_up from 40 deny from 90 }
"#;

#[test]
fn what_holds_is_silent() {
    let tests = r#"
test "a call of many accounts from one address" for stuffing.fan_out {
  given  14 attempts every 20s { user "u{n}"  ip 203.0.113.7  credential wrong }
  event  { user "u99"  ip 203.0.113.7  credential wrong }
  expect fires, users_failing_per_ip = 15, verdict step_up, score = 45, reason CREDENTIAL_STUFFING
  expect share = 100%, not fires place.new, not reason NEW_PLACE, score >= 45, unknown(country)
}
test "the window slides" for stuffing.fan_out {
  given  14 attempts every 20s { user "u{n}"  ip 203.0.113.7  credential wrong }
  after  11m
  event  { user "u99"  ip 203.0.113.7  credential wrong }
  expect not fires, users_failing_per_ip = 1, verdict allow
}
test "a new country on a new device" for place.new {
  given  12 attempts every 24h { user "ana" device "d-1" country DE credential right ip 203.0.113.7 }
  event  { user "ana" device "d-2" country US credential right ip 198.51.100.7 }
  expect fires, verdict allow, score = 30
  event  { user "ana" device "d-1" country US credential right ip 198.51.100.7 }
  expect not fires
}
test "nobody flies that fast" for travel.impossible {
  given  4 attempts every 24h {
    user "ana" device "d-1" credential right ip 203.0.113.7 latitude 48.85 longitude 2.35 country FR
  }
  event  { user "ana" device "d-1" credential right ip 198.51.100.7 latitude 35.67 longitude 139.65 country JP }
  expect not fires
  after  1h
  event  { user "ana" device "d-1" credential right ip 203.0.113.7 latitude 48.85 longitude 2.35 country FR }
  expect fires, travel.speed_min > 900 km/h
}
"#;
    assert_eq!(played(&format!("{RULES}{tests}")), "");
}

#[test]
fn what_does_not_hold_is_shown() {
    let tests = r#"
test "all wrong" for stuffing.fan_out {
  given  2 attempts { user "u{n}" ip 203.0.113.7 credential wrong }
  event  { user "u99" ip 203.0.113.7 credential wrong }
  expect fires, users_failing_per_ip = 4, verdict deny, score > 0, reason NEW_PLACE, share > 80%
}
"#;
    let said = played(&format!("{RULES}{tests}"));
    let labels = said.lines().filter_map(|line| line.split_once("^ "));
    let labels: Vec<&str> = labels.map(|(_, label)| label).collect();
    let expected = [
        "it does not fire",
        "it is 3",
        "it was allow with a score of 0",
        "it is 0",
        "reasons given: none",
        "it is unknown (no_history)",
    ];
    assert_eq!(labels, expected, "{said}");
    assert!(said.starts_with("error[R0401]: the test \"all wrong\" fails\n"), "{said}");
}
