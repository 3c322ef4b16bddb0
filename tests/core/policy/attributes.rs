//! Attributes that rules declare: signals like those of the table, from the event to the decision.

use doorward_core::decide::decide;
use doorward_core::decision::Verdict;
use doorward_core::engine::Engine;
use doorward_core::event::{Attempt, Attribute, ExternalScore, Journey};
use doorward_core::policy::Policy;
use doorward_core::record::{DecisionId, DecisionRecord};
use doorward_core::time::Timestamp;
use doorward_core::value::{Reading, Type};

use super::given::policy;
use crate::scene::{Act, engine_of, id, login};

const DECLARED: &str = "attribute merchant text \"who is paid in the shop\"\n\
    attribute items int\n\
    attribute price decimal\n\
    attribute gift bool\n\
    list watched text from \"w.csv\"\n\
    window of_merchant = count by merchant over 1h\n\
    window of_items = count by items over 1h\n\
    window merchants = distinct merchant by user over 1h\n\
    window items_bought = sum items by user over 1h\n\
    window spent = sum price by user over 1h\n\
    window dearest = max price by user over 1h\n\
    window gifts = count where gift and items >= 2 by user over 1h\n\
    signal dear = price / items when items > 0\n\
    rule r { when dear > 1000% and merchant in watched score +40 reason R \"{merchant} sold {items} for {price}\"\n\
             if unknown(merchant, items, price, dear) skip }\n\
    rule s { when merchants > 8 score +1 reason S \"{merchants}\" }\n\
    journey login { step_up from 40 }";

const WATCHED: [(&str, &str); 1] = [("w.csv", "merchant\nm1\n")];

fn declared() -> Policy {
    policy(DECLARED, &WATCHED)
}

/// Sent out of order of their names, as a test may write them.
fn with(mut attempt: Attempt, attributes: &[(&str, Attribute)]) -> Attempt {
    attempt.attributes = attributes.iter().map(|(name, value)| (id(name), value.clone())).collect();
    attempt.attributes.sort_by(|(one, _), (other, _)| one.cmp(other));
    attempt
}

fn text(text: &str) -> Attribute {
    Attribute::Text(id(text))
}

fn evaluate(engine: &Engine, attempt: Attempt) -> DecisionRecord {
    let enrichment = Act::new("ana", 0).enrichment;
    engine.evaluate(DecisionId(0), attempt.occurred_at, attempt, enrichment)
}

/// The reading of that name.
fn reading(engine: &Engine, record: &DecisionRecord, name: &str) -> String {
    let slot = engine.policy().slots().iter().position(|slot| *slot.name == *name);
    record.readings[slot.unwrap_or_else(|| panic!("no slot `{name}`"))].text()
}

/// Reads one attribute of an event.
fn check(name: &str, sent: Option<Attribute>, expected: &str) {
    let engine = engine_of(declared());
    let sent: Vec<_> = sent.into_iter().map(|value| (name, value)).collect();
    let record = evaluate(&engine, with(login("ana", 0), &sent));
    assert_eq!(reading(&engine, &record, name), expected, "{name} of {sent:?}");
}

#[test]
fn an_attribute_is_read_as_it_is_declared() {
    check("merchant", Some(text("m1")), "m1");
    check("items", Some(Attribute::Number(3.0)), "3");
    check("items", Some(Attribute::Number(-0.0)), "0");
    check("price", Some(Attribute::Number(2.5)), "2.50");
    check("gift", Some(Attribute::Flag(true)), "yes");
    check("gift", Some(Attribute::Flag(false)), "no");
}

#[test]
fn what_is_absent_or_of_another_type_is_unknown() {
    let unknown = "unknown (missing_input)";
    for name in ["merchant", "items", "price", "gift"] {
        check(name, None, unknown);
    }
    check("merchant", Some(Attribute::Number(1.0)), unknown);
    check("merchant", Some(Attribute::Flag(true)), unknown);
    check("items", Some(text("3")), unknown);
    check("items", Some(Attribute::Number(2.5)), unknown);
    check("items", Some(Attribute::Number(9_007_199_254_740_992.0)), unknown);
    check("price", Some(Attribute::Flag(false)), unknown);
    check("gift", Some(text("yes")), unknown);
}

/// What an event carries beyond the declarations stays in the record and changes nothing.
#[test]
fn what_is_not_declared_is_kept_and_not_seen() {
    let engine = engine_of(declared());
    let plain = evaluate(&engine, with(login("ana", 0), &[("items", Attribute::Number(1.0))]));
    let engine = engine_of(declared());
    let sent = [("zone", text("z")), ("items", Attribute::Number(1.0)), ("area", text("a"))];
    let more = evaluate(&engine, with(login("ana", 0), &sent));
    assert_eq!(plain.readings, more.readings);
    assert_eq!(more.attempt.attributes.len(), 3);
}

#[test]
fn windows_count_by_attributes_and_add_them_up() {
    let engine = engine_of(declared());
    let buy = |user, at_ms, merchant, items, price, gift| {
        let sent = [
            ("merchant", text(merchant)),
            ("items", Attribute::Number(items)),
            ("price", Attribute::Number(price)),
            ("gift", Attribute::Flag(gift)),
        ];
        evaluate(&engine, with(login(user, at_ms), &sent))
    };
    buy("ana", 1_000, "m1", 2.0, 0.5, true);
    buy("ana", 2_000, "m1", 1.0, 7.25, true);
    buy("ben", 3_000, "m1", 2.0, 100.0, true);
    let last = buy("ana", 4_000, "m2", 4.0, 1.0, false);
    let expected = [
        ("of_merchant", "1"),
        ("of_items", "1"),
        ("merchants", "2"),
        ("items_bought", "7"),
        ("spent", "8.75"),
        ("dearest", "7.25"),
        ("gifts", "1"),
    ];
    for (window, value) in expected {
        assert_eq!(reading(&engine, &last, window), value, "{window}");
    }
    let fourth = buy("cleo", 5_000, "m1", 2.0, 1.0, true);
    assert_eq!(reading(&engine, &fourth, "of_merchant"), "4");
    assert_eq!(reading(&engine, &fourth, "of_items"), "3");
    let silent = evaluate(&engine, login("ana", 6_000));
    assert_eq!(reading(&engine, &silent, "of_merchant"), "unknown (missing_input)");
    assert_eq!(reading(&engine, &silent, "items_bought"), "7");
}

#[test]
fn a_record_decides_again_by_its_readings() {
    let engine = engine_of(declared());
    let sent = |merchant, items| {
        [
            ("merchant", text(merchant)),
            ("items", Attribute::Number(items)),
            ("price", Attribute::Number(30.0)),
        ]
    };
    let check = |merchant, items, expected: Verdict| {
        let record = evaluate(&engine, with(login("ana", 0), &sent(merchant, items)));
        assert_eq!(record.decision.verdict, expected, "{merchant} {items}");
        assert_eq!(decide(&record.readings, engine.policy()), record.decision);
        record.decision
    };
    let fired = check("m1", 2.0, Verdict::StepUp);
    assert_eq!(&*fired.reasons[0].text, "m1 sold 2 for 30.00");
    check("m1", 3.0, Verdict::Allow);
    check("m2", 2.0, Verdict::Allow);
    // The price of no things is unknown.
    check("m1", 0.0, Verdict::Allow);
}

#[test]
fn attributes_have_slots_of_their_own_between_signals_and_windows() {
    let policy = declared();
    let slots = policy.slots();
    assert_eq!(slots.len(), policy.slot_count());
    let native = doorward_core::signal::SIGNALS.len();
    let own: Vec<_> = slots[native..].iter().map(|slot| (&*slot.name, slot.kind)).collect();
    assert_eq!(own[..2], [("merchant", Type::Text), ("items", Type::Int)]);
    assert_eq!(
        own[2..5],
        [("price", Type::Decimal), ("gift", Type::Bool), ("of_merchant", Type::Int)]
    );
    assert_eq!(policy.window_slot(), native + 4);
    let attributes = &policy.windows().attributes;
    assert_eq!(&*attributes[0].doc, "who is paid in the shop");
    assert_eq!(&*attributes[1].doc, "");
}

/// State belongs to what is counted: to the name and type of an attribute, not to its place among the others.
#[test]
fn another_order_of_attributes_finds_the_same_state() {
    let count = "window w = count by merchant over 1h\nwindow s = sum items by merchant over 1h";
    let one = format!("attribute merchant text\nattribute items int\n{count}");
    let other =
        format!("attribute gift bool\nattribute items int\nattribute merchant text\n{count}");
    let digest = |rules: &str| {
        let engine = engine_of(policy(rules, &[]));
        let sent = [("merchant", text("m1")), ("items", Attribute::Number(2.0))];
        evaluate(&engine, with(login("ana", 0), &sent));
        engine.store().digest()
    };
    assert_eq!(digest(&one), digest(&other));
    let decimal = one.replace("items int", "items decimal");
    assert_ne!(digest(&one), digest(&decimal));
    let identities = |text: &str| -> Vec<u64> {
        policy(text, &[]).windows().specs.iter().map(|window| window.identity).collect()
    };
    assert_eq!(identities(&one), identities(&other));
    assert_eq!(identities(&one)[0], identities(&decimal)[0]);
    assert_ne!(identities(&one)[1], identities(&decimal)[1]);
}

#[test]
fn a_policy_declares_no_more_than_its_limit() {
    let declare = |count: usize| {
        let names: Vec<String> = (0..count).map(|n| format!("attribute a{n} int\n")).collect();
        super::given::compiled(&names.concat(), &[]).0
    };
    assert!(declare(64).policy.is_some());
    let beyond = declare(65);
    assert!(beyond.policy.is_none());
    assert_eq!(beyond.diagnostics[0].message, "a policy declares at most 64 attributes");
}

/// Scores of other systems are declared and read by their own name.
#[test]
fn a_declared_risk_is_what_other_systems_say_under_its_name() {
    let rules = "attribute lab risk\nattribute bot risk\nwindow worst = max lab by user over 1h";
    let engine = engine_of(policy(rules, &[]));
    let said = |name: &str, source: &str, risk| ExternalScore {
        source: id(source),
        name: id(name),
        risk,
        observed_at: Some(Timestamp::from_ms(0)),
        ttl_ms: Some(60_000),
    };
    let check = |at_ms, scores: Vec<ExternalScore>, expected: [&str; 3]| {
        let attempt = Attempt { scores, ..login("ana", at_ms) };
        let record = evaluate(&engine, with_attribute(attempt));
        let read = ["lab", "bot", "worst"].map(|name| reading(&engine, &record, name));
        assert_eq!(read, expected);
    };
    let missing = "unknown (missing_input)";
    check(1, vec![said("lab", "one", 0.25), said("lab", "two", 0.5)], ["50 %", missing, "50 %"]);
    check(2, vec![said("bot", "one", 0.75)], [missing, "75 %", "50 %"]);
    let late = vec![said("lab", "one", 0.9)];
    check(60_001, late, ["unknown (lookup_failed)", missing, "50 %"]);
}

/// The attempt with an attribute of the name of a score, which is not taken for one.
fn with_attribute(attempt: Attempt) -> Attempt {
    with(attempt, &[("lab", Attribute::Number(1.0)), ("bot", Attribute::Number(1.0))])
}

/// A journey is no attribute: the table's signals keep their meaning beside those of the caller.
#[test]
fn the_table_reads_as_before() {
    let engine = engine_of(declared());
    let attempt = Attempt { journey: Journey::Recovery, ..login("ana", 0) };
    let record = evaluate(&engine, attempt);
    assert_eq!(reading(&engine, &record, "journey"), "recovery");
    assert_eq!(reading(&engine, &record, "device.known"), "unknown (missing_input)");
    assert!(record.readings.iter().any(|reading| matches!(reading, Reading::Known(_))));
}
