//! Signals of what only callers know: each with a value, with its opposite, and unknown for every cause it can have.

use doorward_core::country::Country;
use doorward_core::event::*;
use doorward_core::time::{DAY_MS, Timestamp};

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
    let seen = Scene::new(Vec::new()).observe(&act);
    assert_eq!(seen.text(signal), expected, "{signal} of {:?}", act.attempt);
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
