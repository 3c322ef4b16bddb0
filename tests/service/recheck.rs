//! A record proves its decision: made again from what is on record, every one is word for word the
//! one that was answered.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::time::Duration;

use doorward::demo::GEO_CSV;
use doorward::desk::{Desk, Opening};
use doorward::enrich::{Enricher, GeoData};
use doorward::explain::{Dossier, Recheck, find};
use doorward::log::{self, limits::Limits};
use doorward::record::{self, KIND_DECISION, answer_again, decide_again};
use doorward::rules::RuleText;
use doorward::wire::attribute_value::Value;
use doorward::wire::{self, EvaluateRequest, ReportRequest, answered};
use doorward_core::policy::Policy;
use doorward_core::store::Budget;
use doorward_core::time::{HOUR_MS, Timestamp};
use prost::Message as _;
use tempfile::TempDir;

use crate::edge::server::NOW;

pub(crate) const ATTEMPTS: u32 = 300;
/// From France, Germany, Nigeria, a hosting network, a home network and nowhere.
const ADDRESSES: [&str; 7] = [
    "198.18.0.7",
    "198.18.33.9",
    "203.0.113.141",
    "203.0.113.70",
    "10.0.0.1",
    "2001:db8:10::1",
    "",
];

fn policy(text: &RuleText) -> Policy {
    text.compile().1.policy.unwrap()
}

fn desk(data: &Path, text: &RuleText) -> Desk {
    let opening = Opening {
        data,
        policy: policy(text),
        text,
        enricher: Enricher::new(GeoData::embedded("places", GEO_CSV).unwrap()),
        budget: Budget::default(),
        limits: Limits { segment_bytes: 4 << 20, ..Limits::default() },
        clock: || NOW,
        stopwatch: || Duration::from_micros(41),
    };
    Desk::open(opening).unwrap().desk
}

/// Four weeks of five people and whoever tries their doors: every field varies with a stride of its own.
pub(crate) fn attempt(number: u32) -> wire::Attempt {
    let pick = |stride: u32, of: u32| number / stride % of;
    let at = i64::from(number) - i64::from(ATTEMPTS);
    let index = |of: u32| usize::try_from(pick(3, of)).unwrap();
    wire::Attempt {
        event_id: format!("event-{number}"),
        occurred_at: Some(NOW.plus(at * 2 * HOUR_MS).into()),
        population: i32::try_from(1 + pick(5, 5)).unwrap(),
        journey: i32::try_from(1 + pick(7, 8)).unwrap(),
        user: Some(wire::User {
            id: format!("user-{}", pick(1, 5)),
            exists: (!number.is_multiple_of(13)).then_some(!number.is_multiple_of(17)),
            privileged: Some(number.is_multiple_of(4)),
            created_at: Some(Timestamp::from_ms(0).into()),
        }),
        credential: Some(wire::Credential {
            method: i32::try_from(pick(2, 20)).unwrap(),
            result: i32::try_from(1 + pick(1, 3)).unwrap(),
            secret_tag: format!("tag-{}", pick(11, 3)),
            breached: Some(number.is_multiple_of(19)),
            authenticator: number.is_multiple_of(4).then(|| authenticator(number)),
            ..Default::default()
        }),
        client: Some(wire::Client {
            address: ADDRESSES[index(7)].to_owned(),
            user_agent: [
                "curl/8.5.0",
                "",
                "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            ]
            .get(index(4))
            .map(|agent| (*agent).to_owned()),
            bot_score: number.is_multiple_of(2).then_some(1 + pick(1, 99)),
            ..Default::default()
        }),
        device: Some(wire::Device {
            id: format!("device-{}", pick(1, 10)),
            rooted: Some(number.is_multiple_of(23)),
            ..Default::default()
        }),
        transaction: number.is_multiple_of(5).then(|| wire::Transaction {
            amount_minor: Some(i64::from(number) * 10_000),
            currency: if number.is_multiple_of(2) { "EUR" } else { "JPY" }.to_owned(),
            payee: format!("payee-{}", pick(1, 4)),
            payee_country: "LT".to_owned(),
        }),
        session: number.is_multiple_of(2).then(|| session(number, at)),
        contact: number.is_multiple_of(3).then(|| contact(number)),
        scores: vec![wire::ExternalScore {
            source: "lab".to_owned(),
            name: "device_risk".to_owned(),
            risk: Some(f64::from(pick(1, 11)) / 10.0),
            observed_at: Some(NOW.plus((at * 2 - i64::from(pick(1, 3))) * HOUR_MS).into()),
            ttl: Some(wire::google::Duration { seconds: 3_600, nanos: 0 }),
        }],
        attributes: attributes(number),
        ..Default::default()
    }
}

fn authenticator(number: u32) -> wire::Authenticator {
    wire::Authenticator {
        aaguid: format!("model-{}", number % 3),
        registered_at: Some(NOW.plus(-i64::from(number) * HOUR_MS).into()),
        sign_count: Some(number % 8),
        sign_count_stored: Some(number % 12),
        backed_up: Some(number.is_multiple_of(8)),
        backed_up_stored: Some(number.is_multiple_of(16)),
        ..Default::default()
    }
}

fn session(number: u32, at: i64) -> wire::Session {
    wire::Session {
        id: format!("session-{}", number / 9),
        started_at: Some(NOW.plus((at * 2 - 1) * HOUR_MS).into()),
        start: Some(wire::SessionStart {
            address: "198.18.0.9".to_owned(),
            country: if number.is_multiple_of(6) { "NG" } else { "FR" }.to_owned(),
            user_agent: "curl/7.0".to_owned(),
            device_id: format!("device-{}", number % 10 + u32::from(number.is_multiple_of(22))),
            ..Default::default()
        }),
        token_reused: Some(number.is_multiple_of(46)),
        ..Default::default()
    }
}

fn contact(number: u32) -> wire::Contact {
    wire::Contact {
        email: Some(wire::Email {
            mailbox_tag: format!("mailbox-{}", number % 4),
            address_tag: format!("address-{}", number % 16),
            local_part: format!("x7{number}k2q9{}", number * 7_919),
            domain: "Example.org".to_owned(),
            domain_registered_at: Some(NOW.plus(-i64::from(number) * 24 * HOUR_MS).into()),
            disposable: Some(number.is_multiple_of(2)),
            ..Default::default()
        }),
        phone: Some(wire::Phone {
            tag: format!("phone-{}", number % 5),
            country: "AT".to_owned(),
            kind: i32::try_from(number % 5).unwrap(),
        }),
    }
}

/// A text, a number and a flag; every fifth is not what the rules declare, every seventh is not there.
fn attributes(number: u32) -> BTreeMap<String, wire::AttributeValue> {
    let merchant = if number.is_multiple_of(5) {
        Value::Number(1.0)
    } else {
        Value::Text(format!("merchant-{}", number % 3))
    };
    let all = [
        ("merchant", merchant),
        (
            "items",
            Value::Number(f64::from(number % 9) / if number.is_multiple_of(5) { 2.0 } else { 1.0 }),
        ),
        ("gift", Value::Flag(number.is_multiple_of(2))),
    ];
    let sent = all.into_iter().filter(|_| !number.is_multiple_of(7));
    sent.map(|(name, value)| (name.to_owned(), wire::AttributeValue { value: Some(value) }))
        .collect()
}

/// Tells the desk that the challenge of a decision was passed.
async fn pass(desk: &Desk, decision: &wire::Decision) {
    let outcome = wire::Outcome {
        event_id: format!("passed-{}", decision.event_id),
        attempt: Some(wire::outcome::Attempt::DecisionId(decision.decision_id.clone())),
        kind: wire::outcome::Kind::ChallengePassed.into(),
        ..Default::default()
    };
    desk.report(ReportRequest { outcome: Some(outcome) }).unwrap().await.unwrap();
}

/// What was answered, by decision id.
async fn play(data: &Path, text: &RuleText) -> HashMap<String, wire::Decision> {
    let desk = desk(data, text);
    let mut answered = HashMap::new();
    for number in 0..ATTEMPTS {
        let request = EvaluateRequest { attempt: Some(attempt(number)) };
        let decision = decoded(&desk.evaluate(request).unwrap().await.unwrap());
        if decision.verdict() == wire::Verdict::StepUp {
            pass(&desk, &decision).await;
        }
        answered.insert(decision.decision_id.clone(), decision);
    }
    desk.log().close().unwrap();
    answered
}

/// The shipped rules with attributes that they declare.
fn declaring(attributes: &str) -> RuleText {
    let mut text = RuleText::read(None).unwrap();
    let rules = format!(
        "{attributes}\n\
         window by_merchant = count by merchant over 90d\n\
         window gifts = sum items where gift by user over 90d\n\
         rule merchant.busy {{ when by_merchant >= 20 and items > 2 and device_risk < 90% score +1\n\
           reason MERCHANT_BUSY \"{{by_merchant}} at {{merchant}}, {{gifts}} gifts\"\n\
           if unknown(merchant, items, device_risk) skip }}"
    );
    text.rules.push(("zz-attributes.rules".to_owned(), rules));
    text
}

const DECLARED: &str =
    "attribute merchant text\nattribute items int\nattribute gift bool\nattribute device_risk risk";

#[tokio::test]
async fn every_record_proves_its_decision() {
    check_records(&RuleText::read(None).unwrap(), "").await;
}

#[tokio::test]
async fn a_record_proves_what_was_decided_on_attributes() {
    check_records(&declaring(DECLARED), "MERCHANT_BUSY").await;
}

/// What windows counted by attributes is found again by rules that declare one more.
#[tokio::test]
async fn windows_by_attributes_are_filled_from_the_log() {
    let data = TempDir::new().unwrap();
    play(data.path(), &declaring(DECLARED)).await;
    let more = declaring(&format!("attribute branch text\nattribute floor int\n{DECLARED}"));
    let desk = desk(data.path(), &more);
    let mut last = attempt(ATTEMPTS + 4);
    last.occurred_at = Some(NOW.into());
    let request = EvaluateRequest { attempt: Some(last) };
    let decision = decoded(&desk.evaluate(request).unwrap().await.unwrap());
    let busy = decision.reasons.iter().find(|reason| reason.code == "MERCHANT_BUSY").unwrap();
    let sent =
        (0..ATTEMPTS).filter(|number| !number.is_multiple_of(5) && !number.is_multiple_of(7));
    let same = sent.filter(|number| number % 3 == (ATTEMPTS + 4) % 3).count() + 1;
    assert!(busy.analyst_text.starts_with(&format!("{same} at merchant-1, ")), "{busy:?}");
}

async fn check_records(text: &RuleText, expected: &str) {
    let data = TempDir::new().unwrap();
    let mut answered = play(data.path(), text).await;
    let seen: BTreeSet<_> = answered.values().map(wire::Decision::verdict).collect();
    assert_eq!(seen.len(), 3, "not varied: only {seen:?}");
    let codes = answered.values().flat_map(|decision| &decision.reasons);
    let codes: BTreeSet<_> = codes.map(|reason| &reason.code).collect();
    assert!(codes.len() >= 12, "not varied: only {codes:?}");
    assert!(expected.is_empty() || codes.iter().any(|code| *code == expected), "{codes:?}");

    let policy = policy(text);
    for found in log::scan(&data.path().join("log")) {
        let (_, frame) = found.unwrap();
        if frame.kind != KIND_DECISION {
            continue;
        }
        let record = record::read(&frame.payload).unwrap();
        let decision = decide_again(&record, &policy).expect("the readings are of this policy");
        let again = answer_again(&record, &decision).unwrap();
        assert_eq!(answered.remove(&again.decision_id), Some(again), "{record:?}");
    }
    assert!(answered.is_empty(), "answered and not on record: {:?}", answered.keys());
}

#[tokio::test]
async fn an_altered_record_does_not_pass() {
    let data = TempDir::new().unwrap();
    let text = RuleText::read(None).unwrap();
    let desk = desk(data.path(), &text);
    let request = EvaluateRequest { attempt: Some(attempt(1)) };
    let decision = decoded(&desk.evaluate(request).unwrap().await.unwrap());
    desk.log().close().unwrap();
    let check = |alter: fn(&mut Dossier), expected: fn(&Recheck) -> bool| {
        let mut dossier = find(&data.path().join("log"), &decision.decision_id).unwrap();
        alter(&mut dossier);
        let recheck = Recheck::of(&dossier, text.lists.clone());
        assert!(expected(&recheck), "{recheck:?}");
    };
    check(|_| {}, |recheck| matches!(recheck, Recheck::Same(limits) if limits.deny_from.is_some()));
    check(
        |dossier| dossier.record.decision.as_mut().unwrap().score += 1,
        |recheck| matches!(recheck, Recheck::Different { .. }),
    );
    check(
        |dossier| dossier.policy.as_mut().unwrap().files[0].text += "# mine\n",
        |recheck| matches!(recheck, Recheck::Untried(why) if why.contains("not those that it names")),
    );
    check(
        |dossier| drop(dossier.policy.as_mut().unwrap().slots.pop()),
        |recheck| matches!(recheck, Recheck::Untried(why) if why.contains("another version")),
    );
    check(
        |dossier| dossier.record.readings.as_mut().unwrap().forms.truncate(9),
        |recheck| matches!(recheck, Recheck::Untried(why) if why.contains("readings")),
    );
    check(
        |dossier| dossier.policy = None,
        |recheck| matches!(recheck, Recheck::Untried(why) if why.contains("not on record")),
    );
}

/// The decision of an answer.
fn decoded(answer: &answered::EvaluateResponse) -> wire::Decision {
    wire::Decision::decode(answer.decision.clone()).unwrap()
}
