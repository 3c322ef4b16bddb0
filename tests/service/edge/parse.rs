//! Every rule that the contract states on a field, and what passes.

use doorward::edge::parse::{self, About};
use doorward::wire;
use doorward_core::event::{CredentialResult, Method, UserAgent};
use prost::Message as _;

use super::attempt;
use super::server::NOW;

/// Reads the JSON form of an attempt; gives the violations as `field description`.
fn wrong(json: serde_json::Value) -> Vec<String> {
    let mut sent: wire::Attempt = serde_json::from_value(json).unwrap();
    listed(parse::attempt(Some(&mut sent), NOW).err())
}

fn listed(violations: Option<parse::Violations>) -> Vec<String> {
    let named = violations.iter().flat_map(|violations| violations.named());
    named.map(|violation| format!("{} {}", violation.field, violation.description)).collect()
}

/// Checks the one violation of an attempt that is right but for these fields.
fn check(mut fields: serde_json::Value, violation: &str) {
    let right = serde_json::to_value(attempt("e1")).unwrap();
    for (name, value) in right.as_object().unwrap() {
        fields.as_object_mut().unwrap().entry(name).or_insert(value.clone());
    }
    assert_eq!(wrong(fields), [violation]);
}

#[test]
fn what_is_no_attempt_is_named() {
    let encoded = attempt("e1").encode_to_vec();
    let cut = encoded[..encoded.len() - 1].to_vec();
    assert_eq!(parse::decoded(Some(encoded.into())), Ok(Some(attempt("e1"))));
    assert_eq!(parse::decoded(None), Ok(None));
    let found = listed(parse::decoded(Some(cut.into())).err());
    assert!(found.len() == 1 && found[0].starts_with("attempt cannot be read: "), "{found:?}");
}

#[test]
fn every_rule_is_checked_at_once() {
    let found = wrong(serde_json::json!({
        "occurredAt": "1969-12-31T23:59:59Z",
        "tenant": "t".repeat(65),
        "user": {"id": "a\nb", "createdAt": "0001-01-01T00:00:00Z"},
        "credential": {"failure": "FAILURE_EXPIRED", "result": "RESULT_RIGHT"},
        "client": {"botScore": 0, "roundTrip": "61s", "ja4": "j".repeat(65)},
        "session": {"amr": ["pwd", ""]},
        "transaction": {"amountMinor": "-1"},
    }));
    let expected = [
        "attempt.event_id is empty",
        "attempt.occurred_at is 1969-12-31T23:59:59.000Z, before 1970-01-01",
        "attempt.tenant has 65 bytes, at most 64 are allowed",
        "attempt.population must be set",
        "attempt.journey must be set",
        "attempt.user.id has a control character at byte 1",
        "attempt.credential.failure is set, but `result` is not `RESULT_WRONG`",
        "attempt.client.ja4 has 65 bytes, at most 64 are allowed",
        "attempt.client.bot_score is 0, allowed are 1 (surely a bot) to 99 (surely a human)",
        "attempt.client.round_trip is 61s, allowed are 0 s to 60 s",
        "attempt.session.amr[1] is empty",
        "attempt.transaction.currency must be set with an amount",
        "attempt.transaction.amount_minor is -1, allowed are whole minor units from 0 on",
    ];
    assert_eq!(found, expected);
}

#[test]
fn each_field_says_what_is_allowed() {
    use serde_json::json;
    check(
        json!({"occurredAt": "2025-11-22T10:40:00.251Z"}),
        "attempt.occurred_at is 2025-11-22T10:40:00.251Z, more than 10 minutes ahead of \
         2025-11-22T10:30:00.250Z",
    );
    check(
        json!({"change": "CHANGE_EMAIL"}),
        "attempt.change is set, but `journey` is no change of a credential or profile",
    );
    for address in ["203.0.113.7:443", "[2001:db8::1]", "203.0.113.0/24", "203.0.113.7%eth0"] {
        let text = format!("`{address}` is not an IP address such as `203.0.113.7`");
        check(json!({"client": {"address": address}}), &format!("attempt.client.address {text}"));
    }
    check(
        json!({"transaction": {"payeeCountry": "UK"}}),
        "attempt.transaction.payee_country `UK` is not an ISO 3166-1 country code, did you mean `GB`?",
    );
    check(
        json!({"transaction": {"currency": "euro"}}),
        "attempt.transaction.currency `euro` is not three capital letters of ISO 4217",
    );
    check(
        json!({"attributes": {"Channel": {"text": "x"}}}),
        "attempt.attributes has the name `Channel`, allowed are 1 to 64 of a-z, 0-9 and _, a letter first",
    );
    check(
        json!({"attributes": {"age": {"number": "NaN"}}}),
        "attempt.attributes.age is not a finite number",
    );
    check(
        json!({"purposes": vec!["p"; 17]}),
        "attempt.purposes has 17 entries, at most 16 are allowed",
    );
    check(
        json!({"device": {"screenClass": "s".repeat(33)}}),
        "attempt.device.screen_class has 33 bytes, at most 32 are allowed",
    );
}

#[test]
fn each_field_of_a_proof_and_a_contact_says_what_is_allowed() {
    use serde_json::json;
    check(
        json!({"session": {"start": {"address": "198.51.100.7:80"}}}),
        "attempt.session.start.address `198.51.100.7:80` is not an IP address such as `203.0.113.7`",
    );
    check(
        json!({"session": {"start": {"country": "Austria"}}}),
        "attempt.session.start.country `Austria` is not two capital letters of ISO 3166-1",
    );
    check(
        json!({"credential": {"authenticator": {"aaguid": "a".repeat(65)}}}),
        "attempt.credential.authenticator.aaguid has 65 bytes, at most 64 are allowed",
    );
    check(
        json!({"contact": {"phone": {"country": "UK"}}}),
        "attempt.contact.phone.country `UK` is not an ISO 3166-1 country code, did you mean `GB`?",
    );
    check(
        json!({"contact": {"email": {"mailboxTag": "m".repeat(129)}}}),
        "attempt.contact.email.mailbox_tag has 129 bytes, at most 128 are allowed",
    );
}

#[test]
fn each_field_of_a_score_says_what_is_allowed() {
    use serde_json::json;
    let score = |risk| json!({"scores": [{"source": "lab", "name": "risk", "risk": risk}]});
    for wrong in [json!(1.5), json!(-0.1)] {
        let text = format!(
            "attempt.scores[0].risk is {wrong}, allowed are 0 (surely none) to 1 (surely bad)"
        );
        check(score(wrong), &text);
    }
    check(
        score(json!("NaN")),
        "attempt.scores[0].risk is NaN, allowed are 0 (surely none) to 1 (surely bad)",
    );
    check(score(json!(null)), "attempt.scores[0].risk must be set");
    check(
        json!({"scores": [{"source": "lab", "name": "Risk", "risk": 0.5}]}),
        "attempt.scores[0].name is `Risk`, allowed are 1 to 64 of a-z, 0-9 and _, a letter first",
    );
    check(json!({"scores": [{"name": "risk", "risk": 0.5}]}), "attempt.scores[0].source is empty");
    check(
        json!({"scores": [{"source": "lab", "name": "risk", "risk": 0.5, "ttl": "-1s"}]}),
        "attempt.scores[0].ttl is -1s, a span from 0 s on is allowed",
    );
    check(
        json!({"scores": vec![json!({}); 17]}),
        "attempt.scores has 17 entries, at most 16 are allowed",
    );
}

/// JSON refuses such a number by itself, protobuf lets it through.
#[test]
fn a_word_of_a_newer_contract_is_refused() {
    let mut sent = wire::Attempt { journey: 99, ..attempt("e1") };
    let found = listed(parse::attempt(Some(&mut sent), NOW).err());
    assert_eq!(found, ["attempt.journey has no value 99"]);
}

#[test]
fn absent_fields_read_as_the_contract_says() {
    let parsed = parse::attempt(Some(&mut attempt("e1")), NOW).unwrap();
    assert_eq!(parsed.occurred_at, NOW);
    assert_eq!(parsed.tenant.as_str(), "default");
    assert_eq!(parsed.user.id, None);
    assert_eq!(parsed.credential.result, Some(CredentialResult::NotChecked));
    assert_eq!(parsed.client.user_agent, None);
    assert_eq!(parsed.purposes, None);
    let nothing = parse::attempt(None, NOW).unwrap_err();
    assert_eq!(nothing.to_string(), "a field is wrong: attempt must be set");
}

#[test]
fn what_strangers_write_is_never_refused() {
    let client = wire::Client {
        user_agent: Some(format!("Mozilla\r\n{}", "x".repeat(5_000))),
        accept_language: Some("de\0".to_owned()),
        hints: Some(wire::ClientHints { platform: "\n".repeat(5_000), ..Default::default() }),
        origin: "https://\0".repeat(500),
        ..wire::Client::default()
    };
    let start = wire::SessionStart { user_agent: "y".repeat(5_000), ..Default::default() };
    let session = wire::Session { start: Some(start), ..wire::Session::default() };
    let mut sent = wire::Attempt { client: Some(client), session: Some(session), ..attempt("e1") };
    let parsed = parse::attempt(Some(&mut sent), NOW).unwrap();
    let Some(UserAgent::Text(agent)) = parsed.client.user_agent else { panic!("no user agent") };
    assert!(agent.as_str().starts_with("Mozilla  xxx"), "{agent}");
    assert_eq!(agent.as_str().len(), 1_024);
    assert_eq!(parsed.client.origin.unwrap().as_str().len(), 256);
    let start = parsed.session.unwrap().start.unwrap();
    assert_eq!(start.user_agent.unwrap().as_str().len(), 1_024);
    // The record keeps what the rules saw.
    assert_eq!(sent.client.unwrap().user_agent.as_deref(), Some(agent.as_str()));
}

/// Whoever opens an account types the address: no spelling of it keeps a decision from being made.
#[test]
fn an_email_address_is_tamed() {
    let email = wire::Email {
        local_part: format!("ana\n{}", "x".repeat(100)),
        domain: "Example.ORG.".to_owned(),
        ..wire::Email::default()
    };
    let contact = wire::Contact { email: Some(email), phone: None };
    let mut sent = wire::Attempt { contact: Some(contact), ..attempt("e1") };
    let parsed = parse::attempt(Some(&mut sent), NOW).unwrap().contact.unwrap().email;
    let local_part = parsed.local_part.unwrap();
    assert!(local_part.as_str().starts_with("ana xxx"), "{local_part}");
    assert_eq!(local_part.as_str().len(), 64);
    assert_eq!(parsed.domain.unwrap().as_str(), "example.org");
    let kept = sent.contact.unwrap().email.unwrap();
    assert_eq!(kept.local_part, local_part.as_str());
    for nothing in ["", ".", "..."] {
        let email = wire::Email { domain: nothing.to_owned(), ..wire::Email::default() };
        let contact = wire::Contact { email: Some(email), phone: None };
        let mut sent = wire::Attempt { contact: Some(contact), ..attempt("e1") };
        let parsed = parse::attempt(Some(&mut sent), NOW).unwrap();
        assert_eq!(parsed.contact.unwrap().email.domain, None, "{nothing}");
    }
}

#[test]
fn an_address_has_one_spelling() {
    let check = |text: &str, expected: &str| {
        let client = wire::Client { address: text.to_owned(), ..wire::Client::default() };
        let mut sent = wire::Attempt { client: Some(client), ..attempt("e1") };
        let parsed = parse::attempt(Some(&mut sent), NOW).unwrap();
        assert_eq!(parsed.client.address.unwrap().to_string(), expected);
    };
    check("203.0.113.7", "203.0.113.7");
    check("::ffff:203.0.113.7", "203.0.113.7");
    check("fe80::1%eth0", "fe80::1");
    check("2001:DB8:0::7", "2001:db8::7");
}

#[test]
fn an_outcome_names_its_attempt() {
    let json = serde_json::json!({
        "eventId": "o1",
        "kind": "KIND_CREDENTIAL_WRONG",
        "failure": "FAILURE_WRONG_SECRET",
        "decisionId": "019a9d3c-5b0e-7c41-9d0a-3f2b6c1e8d57",
    });
    let sent: wire::Outcome = serde_json::from_value(json).unwrap();
    let report = parse::report(Some(&sent), NOW).unwrap();
    assert!(matches!(report.about, About::Decision(id) if id.0 >> 76 & 0xf == 7));
    assert_eq!(report.outcome.occurred_at, NOW);
}

#[test]
fn a_wrong_outcome_is_told_everything() {
    let note = "n".repeat(513);
    let sent = wire::Outcome { failure: 77, method: 77, note, ..wire::Outcome::default() };
    let expected = [
        "outcome.event_id is empty",
        "outcome.decision_id must be set, or `attempt_event_id`",
        "outcome.kind must be set",
        "outcome.failure has no value 77",
        "outcome.method has no value 77",
        "outcome.note has 513 bytes, at most 512 are allowed",
    ];
    assert_eq!(listed(parse::report(Some(&sent), NOW).err()), expected);
}

#[test]
fn a_wrong_change_of_an_account_is_told_everything() {
    let check = |json: serde_json::Value, expected: &[&str]| {
        let sent: wire::AccountChange = serde_json::from_value(json).unwrap();
        assert_eq!(listed(parse::account_change(Some(&sent), NOW).err()), expected);
    };
    assert_eq!(listed(parse::account_change(None, NOW).err()), ["change must be set"]);
    check(
        serde_json::json!({
            "occurredAt": "1969-12-31T23:59:59Z", "tenant": "t".repeat(65), "userId": "a\nb",
            "otherUserId": "ben", "note": "n".repeat(513),
        }),
        &[
            "change.event_id is empty",
            "change.occurred_at is 1969-12-31T23:59:59.000Z, before 1970-01-01",
            "change.tenant has 65 bytes, at most 64 are allowed",
            "change.user_id has a control character at byte 1",
            "change.other_user_id is set, but `kind` is neither `KIND_RENAMED` nor `KIND_MERGED`",
            "change.kind must be set",
            "change.note has 513 bytes, at most 512 are allowed",
        ],
    );
    let of = |kind: &str, other: &str| {
        serde_json::json!({
            "eventId": "c1", "userId": "ana", "kind": kind, "otherUserId": other,
        })
    };
    check(of("KIND_RENAMED", ""), &["change.other_user_id is empty"]);
    check(of("KIND_RENAMED", "ana"), &["change.other_user_id is `ana`, which `user_id` is too"]);
    check(of("KIND_RENAMED", "anna"), &[]);
    check(of("KIND_MERGED", ""), &["change.other_user_id is empty"]);
    check(of("KIND_MERGED", "anna"), &[]);
    check(of("KIND_RECYCLED", ""), &[]);
    let unheard =
        wire::AccountChange { kind: 77, ..serde_json::from_value(of("KIND_PURGED", "")).unwrap() };
    let found = listed(parse::account_change(Some(&unheard), NOW).err());
    assert_eq!(found, ["change.kind has no value 77"]);
}

/// The two sets of words are the same set.
#[test]
fn every_method_has_a_word_on_both_sides() {
    for method in Method::ALL {
        let there = wire::Method::from(*method);
        assert_eq!(Option::<Method>::from(there), Some(*method));
    }
}
