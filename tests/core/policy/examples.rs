//! The tests in rule files, played on a real engine.

use doorward_core::policy::render;

use super::given::{compiled, failures};

/// What the tests in `text` say.
fn played(text: &str) -> String {
    played_with(text, &[])
}

fn played_with(text: &str, lists: &[(&str, &str)]) -> String {
    let (compiled, sources) = compiled(text, lists);
    let report = render(&compiled.diagnostics, &sources, false);
    assert!(compiled.policy.is_some(), "{report}");
    render(&failures(compiled), &sources, false)
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

/// Lists are asked again when the profile has been looked at.
#[test]
fn a_list_is_asked_about_what_the_profile_tells() {
    let tests = r#"
list places text from "lists/places.csv"
rule travel.place { when travel.from in places score +7 reason PLACE "x" if unknown(travel.from) skip }
test "from a place on the list" for travel.place {
  given  3 attempts every 1h { user "ana" city "Paris" latitude 48.8 longitude 2.3 credential right }
  event  { user "ana" city "Lyon" latitude 45.7 longitude 4.8 credential right }
  expect fires, travel.from = "Paris"
}
"#;
    let lists = [("lists/places.csv", "entry\nParis\n")];
    assert_eq!(played_with(&format!("{RULES}{tests}"), &lists), "");
}
