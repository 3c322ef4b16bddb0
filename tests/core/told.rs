//! Signals of what only callers know: each with a value, with its opposite, and unknown for every cause it can have.

use doorward_core::country::Country;
use doorward_core::event::*;
use doorward_core::network::NetworkClass;
use doorward_core::time::{DAY_MS, SECOND_MS, Timestamp};

use crate::scene::{Act, Scene, id};

/// The day of every attempt.
const TODAY: i64 = 20_500;
const MISSING: &str = "unknown (missing_input)";
const NOT_APPLICABLE: &str = "unknown (not_applicable)";

type Tell = fn(&mut Attempt);

/// Reads one signal of an attempt that tells only this.
fn check(signal: &str, tell: Tell, expected: &str) {
    let mut act = Act::new("ana", TODAY * DAY_MS);
    tell(&mut act.attempt);
    check_act(signal, &act, expected);
}

fn check_act(signal: &str, act: &Act, expected: &str) {
    let seen = Scene::new(Vec::new()).observe(act);
    assert_eq!(seen.text(signal), expected, "{signal} of {act:?}");
}

fn email(attempt: &mut Attempt) -> &mut Email {
    &mut attempt.contact.get_or_insert_default().email
}

fn phone(attempt: &mut Attempt) -> &mut Phone {
    &mut attempt.contact.get_or_insert_default().phone
}

/// A signal, how it gets its value, and the value.
type Row = (&'static str, Tell, &'static str);

const CONTACT: [Row; 20] = [
    ("email", |it| email(it).mailbox_tag = Some(id("m1")), "m1"),
    ("email.spelling", |it| email(it).address_tag = Some(id("a1")), "a1"),
    ("email.domain", |it| email(it).domain = Some(id("example.org")), "example.org"),
    ("email.domain_age", |it| email(it).domain_registered_at = Some(ago(3)), "3 d"),
    ("email.domain_age", |it| email(it).domain_registered_at = Some(ago(-1)), "-1 d"),
    ("email.disposable", |it| email(it).disposable = Some(true), "yes"),
    ("email.disposable", |it| email(it).disposable = Some(false), "no"),
    ("email.has_mx", |it| email(it).has_mx = Some(true), "yes"),
    ("email.has_mx", |it| email(it).has_mx = Some(false), "no"),
    ("email.free_provider", |it| email(it).free_provider = Some(true), "yes"),
    ("email.free_provider", |it| email(it).free_provider = Some(false), "no"),
    ("email.digits", |it| email(it).local_part = Some(id("ana.1")), "25 %"),
    ("email.generated", |it| email(it).local_part = Some(id("qx7zk2w9vj4")), "yes"),
    ("email.generated", |it| email(it).local_part = Some(id("ana.maria")), "no"),
    ("phone", |it| phone(it).tag = Some(id("p1")), "p1"),
    ("phone.country", |it| phone(it).country = Country::parse("AT").ok(), "AT"),
    ("phone.kind", |it| phone(it).kind = Some(PhoneKind::Mobile), "mobile"),
    ("phone.kind", |it| phone(it).kind = Some(PhoneKind::Fixed), "fixed"),
    ("phone.kind", |it| phone(it).kind = Some(PhoneKind::Voip), "voip"),
    ("phone.kind", |it| phone(it).kind = Some(PhoneKind::Other), "other"),
];

/// So many days before the attempt.
fn ago(days: i64) -> Timestamp {
    Timestamp::from_ms((TODAY - days) * DAY_MS)
}

#[test]
fn a_contact_is_read_as_it_is_told() {
    for (signal, tell, expected) in CONTACT {
        check(signal, tell, expected);
    }
}

#[test]
fn a_contact_that_is_not_told_is_missing_where_one_is_given_and_means_nothing_elsewhere() {
    for (signal, ..) in CONTACT {
        check(signal, |it| it.journey = Journey::Registration, MISSING);
        check(signal, |it| it.journey = Journey::ProfileChange, MISSING);
        check(signal, |it| it.journey = Journey::Recovery, MISSING);
        check(signal, |_| {}, NOT_APPLICABLE);
        check(signal, |it| it.journey = Journey::Transaction, NOT_APPLICABLE);
        check(signal, |it| it.contact = Some(Box::default()), MISSING);
    }
}

#[test]
fn a_local_part_without_letters_and_digits_has_no_share_of_digits() {
    check("email.digits", |it| email(it).local_part = Some(id("...")), MISSING);
    check("email.generated", |it| email(it).local_part = Some(id("...")), "no");
}

fn authenticator(attempt: &mut Attempt) -> &mut Authenticator {
    attempt.credential.authenticator.get_or_insert_default()
}

/// The counter of an assertion, and the one in store.
fn counts(attempt: &mut Attempt, now: Option<u32>, stored: Option<u32>) {
    let authenticator = authenticator(attempt);
    (authenticator.sign_count, authenticator.sign_count_stored) = (now, stored);
}

fn backed_up(attempt: &mut Attempt, now: Option<bool>, stored: Option<bool>) {
    let authenticator = authenticator(attempt);
    (authenticator.backed_up, authenticator.backed_up_stored) = (now, stored);
}

fn eligible(attempt: &mut Attempt, now: Option<bool>, stored: Option<bool>) {
    let authenticator = authenticator(attempt);
    (authenticator.backup_eligible, authenticator.backup_eligible_stored) = (now, stored);
}

const AUTHENTICATOR: [Row; 19] = [
    ("authenticator", |it| authenticator(it).aaguid = Some(id("08987058")), "08987058"),
    ("authenticator.age", |it| authenticator(it).registered_at = Some(ago(2)), "2 d"),
    ("authenticator.count_regressed", |it| counts(it, Some(7), Some(8)), "yes"),
    ("authenticator.count_regressed", |it| counts(it, Some(8), Some(8)), "yes"),
    ("authenticator.count_regressed", |it| counts(it, Some(0), Some(8)), "yes"),
    ("authenticator.count_regressed", |it| counts(it, Some(9), Some(8)), "no"),
    ("authenticator.count_regressed", |it| counts(it, Some(1), Some(0)), "no"),
    ("authenticator.count_regressed", |it| counts(it, Some(0), Some(0)), NOT_APPLICABLE),
    ("authenticator.count_regressed", |it| counts(it, Some(9), None), MISSING),
    ("authenticator.count_regressed", |it| counts(it, None, Some(8)), MISSING),
    ("authenticator.backup_changed", |it| backed_up(it, Some(true), Some(false)), "yes"),
    ("authenticator.backup_changed", |it| backed_up(it, Some(true), Some(true)), "no"),
    ("authenticator.backup_changed", |it| backed_up(it, Some(true), None), MISSING),
    ("authenticator.eligibility_changed", |it| eligible(it, Some(false), Some(true)), "yes"),
    ("authenticator.eligibility_changed", |it| eligible(it, Some(false), Some(false)), "no"),
    ("authenticator.eligibility_changed", |it| eligible(it, None, Some(false)), MISSING),
    ("authenticator.user_verified", |it| authenticator(it).user_verified = Some(true), "yes"),
    ("authenticator.user_verified", |it| authenticator(it).user_verified = Some(false), "no"),
    ("authenticator.user_verified", |it| authenticator(it).aaguid = Some(id("a")), MISSING),
];

#[test]
fn an_authenticator_is_held_against_what_is_in_store() {
    for (signal, tell, expected) in AUTHENTICATOR {
        check(signal, tell, expected);
    }
}

#[test]
fn an_authenticator_that_is_not_told_is_missing_where_the_method_has_one() {
    for (signal, ..) in AUTHENTICATOR {
        check(signal, |it| it.credential.method = Some(Method::Passkey), MISSING);
        check(signal, |it| it.credential.method = Some(Method::HardwareKey), MISSING);
        check(signal, |it| it.credential.method = Some(Method::Password), NOT_APPLICABLE);
        check(signal, |_| {}, NOT_APPLICABLE);
        check(signal, |it| it.credential.authenticator = Some(Box::default()), MISSING);
    }
}

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const FIREFOX_LATER: &str =
    "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0";
const CURL: &str = "curl/8.5.0";

/// Everything there is to compare, in Paris.
fn here() -> Act {
    let mut act = Act::new("ana", TODAY * DAY_MS).ip("198.51.100.7").asn(64_500).in_paris();
    act.attempt.client.ja4 = Some(id("t13d"));
    act.agent(FIREFOX).device("laptop")
}

/// The act in a session that began so.
fn begun(mut act: Act, tell: fn(&mut SessionStart)) -> Act {
    let mut start = SessionStart::default();
    tell(&mut start);
    act.attempt.session = Some(Session { start: Some(Box::new(start)), ..Session::default() });
    act
}

/// A signal, a beginning that is not what is there now, and one that is.
type Pair = (&'static str, fn(&mut SessionStart), fn(&mut SessionStart));

const BEGINNINGS: [Pair; 6] = [
    (
        "session.subnet_changed",
        |it| it.address = "203.0.113.9".parse().ok(),
        |it| it.address = "198.51.100.99".parse().ok(),
    ),
    ("session.asn_changed", |it| it.asn = Some(64_511), |it| it.asn = Some(64_500)),
    (
        "session.country_changed",
        |it| it.country = Country::parse("NG").ok(),
        |it| it.country = Country::parse("FR").ok(),
    ),
    ("session.ja4_changed", |it| it.ja4 = Some(id("t12d")), |it| it.ja4 = Some(id("t13d"))),
    (
        "session.agent_changed",
        |it| it.user_agent = Some(id(CURL)),
        |it| it.user_agent = Some(id(FIREFOX_LATER)),
    ),
    (
        "session.device_changed",
        |it| it.device_id = Some(id("phone")),
        |it| it.device_id = Some(id("laptop")),
    ),
];

#[test]
fn a_session_is_held_against_its_beginning() {
    for (signal, other, same) in BEGINNINGS {
        check_act(signal, &begun(here(), other), "yes");
        check_act(signal, &begun(here(), same), "no");
        check_act(signal, &begun(here(), |_| {}), MISSING);
        check_act(signal, &here(), MISSING);
    }
}

/// What is not known now is unknown for the reason that it is not known.
#[test]
fn what_is_not_known_now_is_not_held_against_anything() {
    for (signal, other, _) in BEGINNINGS {
        let cause = match signal {
            "session.asn_changed" | "session.country_changed" | "session.agent_changed" => {
                "unknown (lookup_failed)"
            }
            _ => MISSING,
        };
        check_act(signal, &begun(Act::new("ana", TODAY * DAY_MS), other), cause);
    }
    let private = begun(here(), |it| it.address = "10.0.0.1".parse().ok());
    check_act("session.subnet_changed", &private, MISSING);
    let behind_proxy = begun(here().ip("10.0.0.1"), |it| it.address = "203.0.113.9".parse().ok());
    check_act("session.subnet_changed", &behind_proxy, MISSING);
}

#[test]
fn a_subnet_changes_by_itself_in_a_neutral_network() {
    let (_, other, same) = BEGINNINGS[0];
    let mobile = || here().class(NetworkClass::Mobile);
    check_act("session.subnet_changed", &begun(mobile(), other), "unknown (excluded)");
    check_act("session.subnet_changed", &begun(mobile(), same), "no");
}

fn session(attempt: &mut Attempt) -> &mut Session {
    attempt.session.get_or_insert_default()
}

const FACTS: [Row; 10] = [
    ("session.token_reused", |it| session(it).token_reused = Some(true), "yes"),
    ("session.token_reused", |it| session(it).token_reused = Some(false), "no"),
    ("device.managed", |it| it.device.managed = Some(true), "yes"),
    ("device.managed", |it| it.device.managed = Some(false), "no"),
    ("device.compliant", |it| it.device.compliant = Some(true), "yes"),
    ("device.compliant", |it| it.device.compliant = Some(false), "no"),
    ("device.reported_lost", |it| it.device.reported_lost = Some(true), "yes"),
    ("device.reported_lost", |it| it.device.reported_lost = Some(false), "no"),
    ("device.token", |it| it.device.token_id = Some(id("jti")), "jti"),
    ("origin", |it| it.client.origin = Some(id("https://a.example")), "https://a.example"),
];

#[test]
fn facts_are_read_as_they_are_told() {
    for (signal, tell, expected) in FACTS {
        check(signal, tell, expected);
        check(signal, |_| {}, MISSING);
    }
}

/// A score of this many seconds ago, which stands for so many.
fn said(name: &str, risk: f64, seconds: i64, ttl: Option<i64>) -> ExternalScore {
    let observed_at = Some(ago(0).plus(-seconds * SECOND_MS));
    let (source, name) = (id("lab"), id(name));
    ExternalScore { source, name, risk, observed_at, ttl_ms: ttl.map(|ttl| ttl * SECOND_MS) }
}

const SCORES: [(Tell, &str); 9] = [
    (|_| {}, MISSING),
    (|it| it.scores = vec![said("a", 0.35, 0, None)], "35 %"),
    (|it| it.scores = vec![said("a", 0.35, 90_000, None)], "35 %"),
    (|it| it.scores = vec![said("a", 0.0, 60, Some(60))], "0 %"),
    (|it| it.scores = vec![said("a", 0.35, 61, Some(60))], "unknown (lookup_failed)"),
    (|it| it.scores = vec![said("a", 0.35, -5, Some(0))], "35 %"),
    (|it| it.scores = vec![said("a", 0.2, 0, None), said("b", 0.7, 0, None)], "70 %"),
    (|it| it.scores = vec![said("b", 0.7, 61, Some(60)), said("a", 0.2, 0, None)], "20 %"),
    (|it| it.scores = vec![said("a", 0.2, 0, None), said("b", 0.7, 61, Some(60))], "20 %"),
];

/// What was said too long ago is unknown, and not low.
#[test]
fn the_greatest_risk_that_stands_is_read() {
    for (tell, expected) in SCORES {
        check("risk.external", tell, expected);
    }
    let undated = |it: &mut Attempt| {
        let score = ExternalScore { observed_at: None, ..said("a", 0.5, 0, Some(1)) };
        it.scores = vec![score];
    };
    check("risk.external", undated, "50 %");
}
