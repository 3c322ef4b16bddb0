//! From readings to verdicts.

use doorward_core::decide::{COUNTS_ESTIMATED, DEGRADED, OWNER_PROTECTED, decide};
use doorward_core::decision::{Decision, Level, Verdict};
use doorward_core::event::Method;
use doorward_core::policy::Policy;
use doorward_core::time::{DAY_MS, MINUTE_MS, Timestamp};
use doorward_core::value::{Cause, Reading, Value};

use super::given::{policy, readings};

const POLICY: &str = r#"
list offices cidr from "lists/offices.csv"
list burned device from "lists/burned.csv"

window failing_per_ip = distinct user where credential is wrong by ip over 10m
window attempts_per_ip = count by ip over 10m
window failures_per_user = count where credential is wrong by user over 15m
signal per_account = attempts_per_ip / failing_per_ip when attempts_per_ip >= 4
population young when user.age < 7d

rule many {
  when   failing_per_ip >= 12 and ip not in offices
  score  +45  group attack
  reason MANY "{failing_per_ip} accounts failed from {ip}"
  tell   "Please confirm that it is you."
  tags   OAT-008
  if unknown(ip) score +5 reason NO_ADDRESS "no address: {ip}"
}
rule many for tenant "call-centre" {
  when  failing_per_ip >= 60 and ...
  until 1970-03-31  owner "j.doe"  because "shared egress"
}
rule often { when failures_per_user > 4 score +50 group attack reason OFTEN "{failures_per_user} failures" }
rule bot { when bot.score < 30 score +60 reason BOT "{bot.score}" if unknown(bot.score) skip }
rule far {
  when country not in [DE, FR] and device.new
  score +30
  reason FAR "{country}"
  shadow nearer { when country not in [DE] and ... since 1970-01-01 compare for 14d }
}
rule trust { when device.known score -20 reason TRUST "known" }
deny burned { when device.id in burned reason BURNED "since {burned.since}" }
allow staff {
  when   ip in offices and method is hardware_key
  beats  bot
  until  1970-12-31  owner "o"  because "b"
  reason STAFF "from the office"
}
group attack { at most 80 }

journey login { step_up from 40 with [passkey, totp] not [sms] max_age 5m  deny from 90 }
journey login for population workforce { step_up from 25 }
journey login for tenant "strict" { deny from 60 }
journey login for population young { step_up from 10 }
journey transaction { deny from 80 }
journey recovery, registration, credential_change, profile_change, consent_change, session { step_up from 40 }
degraded {
  login: step_up at least  transaction: deny unless device.known  recovery: allow
  registration: allow  credential_change: allow  profile_change: allow  consent_change: allow  session: allow
}
"#;

fn shipped() -> Policy {
    let lists = [
        ("lists/offices.csv", "network\n198.51.100.0/24\n"),
        ("lists/burned.csv", "device,since\nd-666,2025-11-01\n"),
    ];
    policy(POLICY, &lists)
}

/// Readings that leave nothing open, and what is given on top.
fn seen(policy: &Policy, given: &[(&str, Value)]) -> Vec<Reading> {
    let quiet = [
        ("ip", Value::Ip("203.0.113.7".parse().unwrap())),
        ("country", Value::Country(doorward_core::country::Country::parse("DE").unwrap())),
        ("device.id", text("d-1")),
        ("device.known", Value::Bool(false)),
        ("device.new", Value::Bool(false)),
        ("network.known", Value::Bool(false)),
        ("bot.score", Value::Int(90)),
        ("method", Value::Word("password")),
        ("user.age", Value::Duration(400 * DAY_MS)),
        ("failing_per_ip", Value::Int(0)),
        ("attempts_per_ip", Value::Int(1)),
        ("failures_per_user", Value::Int(0)),
    ];
    let kept = quiet.into_iter().filter(|(name, _)| !given.iter().any(|(other, _)| other == name));
    let all: Vec<_> = kept.chain(given.iter().cloned()).collect();
    readings(policy, &all)
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn country(code: &str) -> Value {
    Value::Country(doorward_core::country::Country::parse(code).unwrap())
}

fn codes(decision: &Decision) -> Vec<&str> {
    decision.reasons.iter().map(|reason| &*reason.code).collect()
}

/// Verdict, score and reasons for what is given on top of a quiet attempt.
fn check(given: &[(&str, Value)], verdict: Verdict, score: i32, reasons: &[&str]) {
    let policy = shipped();
    let decision = decide(&seen(&policy, given), &policy);
    assert_eq!(
        (decision.verdict, decision.score, codes(&decision)),
        (verdict, score, reasons.to_vec()),
        "{decision:#?}"
    );
}

/// The blocks of [`POLICY`], the last first.
fn turned_round() -> String {
    let mut blocks: Vec<String> = Vec::new();
    for line in POLICY.lines() {
        match blocks.last_mut() {
            Some(block) if line.starts_with([' ', '}']) => *block = format!("{block}\n{line}"),
            Some(_) | None => blocks.push(line.to_owned()),
        }
    }
    blocks.reverse();
    blocks.join("\n")
}

#[test]
fn the_order_of_rules_never_matters() {
    let lists = [
        ("lists/offices.csv", "network\n198.51.100.0/24\n"),
        ("lists/burned.csv", "device,since\nd-666,2025-11-01\n"),
    ];
    let decided = |policy: &Policy, given: &[(&str, Value)]| {
        let decision = decide(&seen(policy, given), policy);
        let mut reasons: Vec<String> = codes(&decision).into_iter().map(str::to_owned).collect();
        reasons.sort();
        (decision.verdict, decision.score, reasons)
    };
    let (one, other) = (shipped(), policy(&turned_round(), &lists));
    let facts = [
        ("failing_per_ip", Value::Int(60)),
        ("failures_per_user", Value::Int(5)),
        ("bot.score", Value::Int(1)),
        ("country", country("US")),
        ("device.new", Value::Bool(true)),
        ("device.id", text("d-666")),
        ("tenant", text("call-centre")),
        ("population", Value::Word("workforce")),
    ];
    for subset in 0..1_u32 << facts.len() {
        let given = facts.iter().enumerate().filter(|(bit, _)| subset & (1 << bit) != 0);
        let given: Vec<_> = given.map(|(_, fact)| fact.clone()).collect();
        assert_eq!(decided(&one, &given), decided(&other, &given), "{given:?}");
    }
}

#[test]
fn points_meet_the_thresholds() {
    check(&[], Verdict::Allow, 0, &[]);
    check(&[("failing_per_ip", Value::Int(11))], Verdict::Allow, 0, &[]);
    check(&[("failing_per_ip", Value::Int(12))], Verdict::StepUp, 45, &["MANY"]);
    check(&[("device.known", Value::Bool(true))], Verdict::Allow, 0, &["TRUST"]);
}

#[test]
fn a_group_is_clamped() {
    let both = [("failing_per_ip", Value::Int(12)), ("failures_per_user", Value::Int(5))];
    check(&both, Verdict::StepUp, 80, &["OFTEN", "MANY"]);
    let three = [both[0].clone(), both[1].clone(), ("bot.score", Value::Int(1))];
    check(&three, Verdict::Deny, 140, &["BOT", "OFTEN", "MANY"]);
}

#[test]
fn the_narrowest_thresholds_hold() {
    let bot = ("bot.score", Value::Int(1));
    let far = [("country", country("US")), ("device.new", Value::Bool(true))];
    check(&[bot.clone(), ("tenant", text("strict"))], Verdict::Deny, 60, &["BOT"]);
    check(std::slice::from_ref(&bot), Verdict::StepUp, 60, &["BOT"]);
    check(&far, Verdict::Allow, 30, &["FAR"]);
    let [place, device] = far;
    let staff = ("population", Value::Word("workforce"));
    check(&[place.clone(), device.clone(), staff], Verdict::StepUp, 30, &["FAR"]);
    let young = ("user.age", Value::Duration(DAY_MS));
    check(&[place.clone(), device.clone(), young], Verdict::StepUp, 30, &["FAR"]);
    let moved = ("journey", Value::Word("transaction"));
    check(&[place, device, moved], Verdict::Allow, 30, &["FAR"]);
}

#[test]
fn a_deny_beats_everything() {
    let office = ("ip", Value::Ip("198.51.100.9".parse().unwrap()));
    let key = ("method", Value::Word("hardware_key"));
    let burned = ("device.id", text("d-666"));
    check(&[office, key, burned], Verdict::Deny, 0, &["BURNED", "STAFF"]);
}

#[test]
fn an_allow_takes_away_only_what_it_names() {
    let office = ("ip", Value::Ip("198.51.100.9".parse().unwrap()));
    let key = ("method", Value::Word("hardware_key"));
    let bot = ("bot.score", Value::Int(1));
    check(&[office.clone(), key.clone(), bot.clone()], Verdict::Allow, 0, &["STAFF", "BOT"]);
    let often = ("failures_per_user", Value::Int(5));
    let all = [office, key, bot, often];
    check(&all, Verdict::StepUp, 50, &["STAFF", "OFTEN", "BOT"]);
    let late = ("time", Value::Instant(Timestamp::from_ms(400 * DAY_MS)));
    let [office, key, bot, _] = all;
    check(&[office, key, bot, late], Verdict::StepUp, 60, &["BOT"]);
}

#[test]
fn an_override_says_only_what_differs() {
    let tenant = ("tenant", text("call-centre"));
    let many = |count| ("failing_per_ip", Value::Int(count));
    check(&[tenant.clone(), many(59)], Verdict::Allow, 0, &[]);
    check(&[tenant.clone(), many(60)], Verdict::StepUp, 45, &["MANY"]);
    let office = ("ip", Value::Ip("198.51.100.9".parse().unwrap()));
    check(&[tenant.clone(), many(60), office], Verdict::Allow, 0, &[]);
    let last = ("time", Value::Instant(Timestamp::from_ms(90 * DAY_MS - 1)));
    check(&[tenant.clone(), many(59), last], Verdict::Allow, 0, &[]);
    let over = ("time", Value::Instant(Timestamp::from_ms(90 * DAY_MS)));
    check(&[tenant, many(59), over], Verdict::StepUp, 45, &["MANY"]);
}

#[test]
fn a_stranger_cannot_lock_the_owner_out() {
    let flood = [
        ("failing_per_ip", Value::Int(90)),
        ("failures_per_user", Value::Int(90)),
        ("tenant", text("strict")),
    ];
    check(&flood, Verdict::Deny, 80, &["OFTEN", "MANY"]);
    let policy = shipped();
    let owner = |given: &[(&str, Value)]| {
        let home = [("device.known", Value::Bool(true)), ("network.known", Value::Bool(true))];
        let all: Vec<_> = flood.iter().chain(&home).chain(given).cloned().collect();
        decide(&seen(&policy, &all), &policy)
    };
    let decision = owner(&[]);
    assert_eq!(decision.verdict, Verdict::StepUp);
    assert!(codes(&decision).contains(&OWNER_PROTECTED), "{decision:#?}");
    assert!(decision.challenge.is_some());
    assert_eq!(decision.level, Level::High);
    let witnessed = owner(&[("device.id", text("d-666"))]);
    assert_eq!(witnessed.verdict, Verdict::Deny);
    assert!(!codes(&witnessed).contains(&OWNER_PROTECTED));
}

/// Readings of a quiet attempt in which these have no value.
fn without(policy: &Policy, unknown: &[(&str, Cause)], given: &[(&str, Value)]) -> Vec<Reading> {
    let mut readings = seen(policy, given);
    for (name, cause) in unknown {
        let slot = policy.slots().iter().position(|slot| *slot.name == **name).unwrap();
        readings[slot] = Reading::Unknown(*cause);
    }
    policy.memberships(&mut readings);
    readings
}

#[test]
fn a_first_login_is_not_punished() {
    let policy = shipped();
    let history = ["device.known", "device.new", "network.known"];
    let unknown = history.map(|name| (name, Cause::NoHistory));
    let far = [("country", country("US"))];
    let decision = decide(&without(&policy, &unknown, &far), &policy);
    assert_eq!((decision.verdict, codes(&decision)), (Verdict::Allow, vec![]));
    assert_eq!(decision.degraded, vec![]);
    let undecided: Vec<_> = decision.undecided.iter().map(|it| (&*it.rule, &*it.signal)).collect();
    assert_eq!(undecided, [("far", "device.new"), ("trust", "device.known")]);
}

#[test]
fn missing_data_is_answered_by_the_journey() {
    let policy = shipped();
    let unknown = [("country", Cause::LookupFailed)];
    let new = ("device.new", Value::Bool(true));
    let decision = decide(&without(&policy, &unknown, std::slice::from_ref(&new)), &policy);
    assert_eq!((decision.verdict, codes(&decision)), (Verdict::StepUp, vec![DEGRADED]));
    let degraded: Vec<_> = decision.degraded.iter().map(|it| (&*it.what, it.cause)).collect();
    assert_eq!(degraded, [("country", Cause::LookupFailed)]);

    let irrelevant = decide(&without(&policy, &unknown, &[]), &policy);
    assert_eq!((irrelevant.verdict, irrelevant.degraded), (Verdict::Allow, vec![]));

    let journey = ("journey", Value::Word("transaction"));
    let moved = [new.clone(), journey.clone()];
    assert_eq!(decide(&without(&policy, &unknown, &moved), &policy).verdict, Verdict::Deny);
    let known = [new, journey, ("device.known", Value::Bool(true))];
    assert_eq!(decide(&without(&policy, &unknown, &known), &policy).verdict, Verdict::Allow);
}

/// What a rule skips is said all the same: nobody should take "nothing known" for "nothing wrong".
#[test]
fn a_failed_look_up_is_said_though_the_rule_skips_it() {
    let rules = r#"
        rule far { when country not in [DE] and bot.score < 30 score +30 reason FAR "" if unknown(country, bot.score) skip }
        journey login { step_up from 40 }"#;
    let policy = policy(rules, &[]);
    let check = |cause, bot_score, expected: &[&str]| {
        let mut readings = readings(&policy, &[("bot.score", Value::Int(bot_score))]);
        let slot = policy.slots().iter().position(|slot| *slot.name == *"country").unwrap();
        readings[slot] = Reading::Unknown(cause);
        let decision = decide(&readings, &policy);
        let said: Vec<_> = decision.degraded.iter().map(|it| &*it.what).collect();
        assert_eq!((decision.verdict, &said[..]), (Verdict::Allow, expected), "{cause}");
    };
    check(Cause::LookupFailed, 20, &["place"]);
    check(Cause::MissingInput, 20, &[]);
    // The country does not matter.
    check(Cause::LookupFailed, 90, &[]);
}

/// A stale list of networks is said where a rule asks for its class, and nowhere else.
#[test]
fn a_class_of_network_that_cannot_be_told_is_said() {
    let rules = r#"
        signal outside = unknown(net.corporate) or not net.corporate
        rule tor { when net.tor score +30 reason TOR "" if unknown(net.tor) skip }
        rule bot { when bot.score < 30 and outside score +30 reason BOT "" if unknown(bot.score, outside) skip }
        journey login { step_up from 40 }"#;
    let policy = policy(rules, &[]);
    let check = |class: &str, cause, expected: &[&str]| {
        let mut readings = readings(&policy, &[("bot.score", Value::Int(90))]);
        let slot = policy.slots().iter().position(|slot| *slot.name == *class).unwrap();
        readings[slot] = Reading::Unknown(cause);
        let decision = decide(&readings, &policy);
        let said: Vec<_> = decision.degraded.iter().map(|it| &*it.what).collect();
        assert_eq!((decision.verdict, &said[..]), (Verdict::Allow, expected), "{class} {cause}");
    };
    check("net.tor", Cause::LookupFailed, &["net.tor"]);
    check("net.corporate", Cause::LookupFailed, &["net.corporate"]);
    check("net.vpn", Cause::LookupFailed, &[]);
    check("net.tor", Cause::NotApplicable, &[]);
    check("net.tor", Cause::MissingInput, &[]);
}

/// What may be somebody else's doing is worth a question, and the decision says why it is no more.
#[test]
fn estimated_counts_never_deny() {
    let rules = r#"
        window failures_ip = count where credential is wrong by ip over 10m
        deny many { when failures_ip >= 20 reason MANY "" if unknown(failures_ip) skip }
        deny burned { when device.id = "d-666" reason BURNED "" if unknown(device.id) skip }
        journey login { step_up from 40 }"#;
    let policy = policy(rules, &[]);
    let check = |device: &str, estimated, verdict, expected: &[&str], degraded: &[&str]| {
        let given = [
            ("failures_ip", Value::Int(20)),
            ("device.id", text(device)),
            ("counts.estimated", Value::Bool(estimated)),
        ];
        let decision = decide(&readings(&policy, &given), &policy);
        assert_eq!((decision.verdict, &*codes(&decision)), (verdict, expected));
        let names: Vec<_> = decision.degraded.iter().map(|degraded| &*degraded.what).collect();
        assert_eq!(names, degraded);
    };
    check("d-1", false, Verdict::Deny, &["MANY"], &[]);
    check("d-1", true, Verdict::StepUp, &["MANY", COUNTS_ESTIMATED], &["memory"]);
    check("d-666", true, Verdict::Deny, &["MANY", "BURNED"], &["memory"]);
}

/// The row of failures is filled by strangers as any window is.
#[test]
fn failures_in_a_row_do_not_lock_the_owner_out() {
    let rules = r#"
        deny row { when user.failures_consecutive >= 100 reason ROW "" if unknown(user.failures_consecutive) skip }
        journey login { step_up from 40 }"#;
    let policy = policy(rules, &[]);
    let check = |known, expected| {
        let known = Value::Bool(known);
        let given = [
            ("user.failures_consecutive", Value::Int(101)),
            ("device.known", known.clone()),
            ("network.known", known),
        ];
        let decision = decide(&readings(&policy, &given), &policy);
        assert_eq!((decision.verdict, codes(&decision)), expected);
    };
    check(false, (Verdict::Deny, vec!["ROW"]));
    check(true, (Verdict::StepUp, vec!["ROW", OWNER_PROTECTED]));
}

#[test]
fn a_rule_says_itself_what_happens_without_a_signal() {
    let policy = shipped();
    let unknown = [
        ("ip", Cause::MissingInput),
        ("failing_per_ip", Cause::MissingInput),
        ("bot.score", Cause::MissingInput),
    ];
    let decision = decide(&without(&policy, &unknown, &[]), &policy);
    assert_eq!((decision.verdict, decision.score), (Verdict::Allow, 5));
    let [reason] = &*decision.reasons else { panic!("{decision:#?}") };
    assert_eq!(
        (&*reason.code, &*reason.text),
        ("NO_ADDRESS", "no address: unknown (missing_input)")
    );
    assert_eq!(reason.evidence[0].threshold.as_ref(), "is unknown");
    assert!(decision.undecided.iter().all(|it| &*it.rule == "staff"), "{decision:#?}");
}

#[test]
fn a_reason_shows_its_evidence() {
    let policy = shipped();
    let decision = decide(&seen(&policy, &[("failing_per_ip", Value::Int(15))]), &policy);
    let [reason] = &*decision.reasons else { panic!("{decision:#?}") };
    assert_eq!(reason.text, "15 accounts failed from 203.0.113.7");
    assert_eq!(reason.tell.as_deref(), Some("Please confirm that it is you."));
    assert_eq!((reason.points, reason.group.as_deref()), (Some(45), Some("attack")));
    assert_eq!(reason.tags.iter().map(|tag| &**tag).collect::<Vec<_>>(), ["OAT-008"]);
    let evidence: Vec<_> =
        reason.evidence.iter().map(|it| (&*it.signal, &*it.observed, &*it.threshold)).collect();
    assert_eq!(
        evidence,
        [("failing_per_ip", "15", ">= 12"), ("ip", "203.0.113.7", "not in offices")]
    );
    let challenge = decision.challenge.unwrap();
    assert_eq!(*challenge.methods, [Method::Passkey, Method::Totp]);
    assert_eq!(*challenge.methods_forbidden, [Method::Sms]);
    assert_eq!(challenge.max_age_ms, Some(5 * MINUTE_MS));
    let burned = decide(&seen(&policy, &[("device.id", text("d-666"))]), &policy);
    assert_eq!(burned.reasons[0].text, "since 2025-11-01");
}

#[test]
fn a_shadow_never_acts() {
    let policy = shipped();
    let paris = [("country", country("FR")), ("device.new", Value::Bool(true))];
    let decision = decide(&seen(&policy, &paris), &policy);
    assert_eq!((decision.verdict, decision.score), (Verdict::Allow, 0));
    let [shadow] = &*decision.shadows else { panic!("{decision:#?}") };
    assert_eq!((&*shadow.name, shadow.verdict, shadow.score), ("far/nearer", Verdict::Allow, 30));
    let late = ("time", Value::Instant(Timestamp::from_ms(14 * DAY_MS)));
    let [place, device] = paris;
    let decision = decide(&seen(&policy, &[place, device, late]), &policy);
    assert_eq!(decision.shadows, vec![]);
}

#[test]
fn a_rollout_keeps_everybody_on_one_side() {
    let text = |share| {
        format!(
            "rule r {{ when population is customer score +1 reason R \"r\" rollout {share}% by user }}\n\
             journey login {{ step_up from 40 }}"
        )
    };
    let fired = |share: u32| -> Vec<bool> {
        let policy = policy(&text(share), &[]);
        let user = |number| [("user", Value::Text(format!("u{number}").into()))];
        let score = |number| decide(&readings(&policy, &user(number)), &policy).score;
        (0..400).map(|number| score(number) == 1).collect()
    };
    let (tenth, half) = (fired(10), fired(50));
    let count = |fired: &[bool]| fired.iter().filter(|fired| **fired).count();
    assert!((20..=60).contains(&count(&tenth)), "{}", count(&tenth));
    assert!((160..=240).contains(&count(&half)), "{}", count(&half));
    assert!(tenth.iter().zip(&half).all(|(tenth, half)| !tenth || *half));
    assert_eq!((count(&fired(0)), count(&fired(100))), (0, 400));
}
