//! What a policy says of itself: its name, its windows, its slots, its lists.

use doorward_core::policy::{Sources, Version};
use doorward_core::time::{DAY_MS, MINUTE_MS, Timestamp};
use doorward_core::value::{Cause, Reading, Value};
use doorward_core::window::Aggregate;

use super::given::{policy, readings};

fn sources(files: &[(&str, &str)]) -> Sources {
    Sources::new(files.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect())
}

#[test]
fn a_policy_is_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&policy("", &[]));
}

#[test]
fn the_version_is_that_of_the_text() {
    let version = |files: &[(&str, &str)]| Version::of(&sources(files));
    let (a, b) = (("a.rules", "x"), ("b.rules", "y"));
    assert_eq!(version(&[a, b]), version(&[b, a]));
    assert_ne!(version(&[a, b]), version(&[a, ("b.rules", "z")]));
    assert_ne!(version(&[("a", "bc")]), version(&[("ab", "c")]));
    assert_eq!(version(&[a]).to_string().len(), 64);
    assert_eq!(format!("{:.12}", version(&[a])).len(), 12);
}

/// The identities of the windows in `text`.
fn identities(text: &str) -> Vec<u64> {
    policy(text, &[]).windows().specs.iter().map(|window| window.identity).collect()
}

#[test]
fn a_window_is_its_definition() {
    let same = identities(
        "window a = count where credential is wrong and country in [DE] by user, ip over 10m\n\
         window b = count where country in [DE] and credential is wrong by ip, user over 600s\n\
         window c = count where (country in [DE]) and not (credential is not wrong) by ip, user over 10m",
    );
    assert_eq!((same[0], same[0]), (same[1], same[2]));
    let different = identities(
        "window a = count by ip over 10m\n\
         window b = count by ip over 11m\n\
         window c = count by user over 10m\n\
         window d = count where credential is wrong by ip over 10m\n\
         window e = count where credential is not wrong by ip over 10m\n\
         window f = distinct user by ip over 10m\n\
         window g = distinct agent by ip over 10m\n\
         window h = last time by ip over 10m\n\
         window i = first time by ip over 10m",
    );
    let mut unique = different.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), different.len());
}

#[test]
fn a_count_of_values_is_exact_as_far_as_rules_look() {
    let exact = |condition: &str| {
        let text = format!(
            "window w = distinct user by tenant over 10m\n\
             rule r {{ when {condition} score +1 reason R \"r\" if unknown(w) skip }}\n\
             journey login {{ step_up from 40 }}"
        );
        let policy = policy(&text, &[]);
        match policy.windows().specs[0].aggregate {
            Aggregate::Distinct { exact_max, .. } => exact_max,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(exact("w >= 12"), 13);
    assert_eq!(exact("w >= 12 or w > 40"), 41);
    assert_eq!(exact("w in [3, 7]"), 8);
    assert_eq!(exact("w > 2.5"), 3);
    assert_eq!(exact("w / 2 > 3.0"), 64);
    assert_eq!(exact("w < 4095"), 4096);
    assert_eq!(exact("user = \"x\""), 1);
}

#[test]
fn an_edited_threshold_touches_no_window() {
    let with = |threshold: u32| {
        identities(&format!(
            "window w = distinct user by tenant over 10m\n\
             rule r {{ when w >= {threshold} score +1 reason R \"r\" }}\n\
             journey login {{ step_up from 40 }}"
        ))
    };
    assert_eq!(with(3), with(30));
}

const LISTS: &str = "list offices cidr from \"o.csv\" stale after 30d\n\
    list burned device from \"b.csv\" entries expire\n\
    window office_failures = count where ip in offices and credential is wrong by user over 10m\n\
    deny a { when ip in offices and device.id in burned reason A \"{burned.note}\" }\n\
    journey login { step_up from 40 }\n\
    degraded { login: step_up }";

const FILES: [(&str, &str); 2] = [
    ("o.csv", "# ours\nnetwork\n198.51.100.0/24\n2001:db8::/32\n198.51.100.7\n"),
    ("b.csv", "device,expires,note\nd-1,1970-01-10,\"lost, then found\"\nd-2,,\n"),
];

#[test]
fn lists_answer_before_the_decision() {
    let policy = policy(LISTS, &FILES);
    let names: Vec<_> = policy.slots().iter().map(|slot| slot.name.to_string()).collect();
    let own = &names[doorward_core::signal::SIGNALS.len()..];
    assert_eq!(
        own,
        ["office_failures", "ip in offices", "device.id in burned", "burned.note of device.id"]
    );
    let answer = |name: &str, known: &[(&str, Value)]| {
        let slot = names.iter().position(|slot| *slot == name).unwrap();
        readings(&policy, known)[slot].clone()
    };
    let ip = |text: &str| ("ip", Value::Ip(text.parse().unwrap()));
    let inside = Reading::Known(Value::Bool(true));
    let outside = Reading::Known(Value::Bool(false));
    assert_eq!(answer("ip in offices", &[ip("198.51.100.200")]), inside);
    assert_eq!(answer("ip in offices", &[ip("2001:db8:1::1")]), inside);
    assert_eq!(answer("ip in offices", &[ip("203.0.113.7")]), outside);
    assert_eq!(answer("ip in offices", &[]), Reading::Unknown(Cause::MissingInput));
    let at = |day: i64| ("time", Value::Instant(Timestamp::from_ms(day * DAY_MS)));
    assert_eq!(answer("ip in offices", &[ip("198.51.100.200"), at(30)]), inside);
    let stale = Reading::Unknown(Cause::LookupFailed);
    assert_eq!(answer("ip in offices", &[ip("198.51.100.200"), at(31)]), stale);
    let device = |id: &str| ("device.id", Value::Text(id.into()));
    assert_eq!(answer("device.id in burned", &[device("d-1"), at(9)]), inside);
    assert_eq!(answer("device.id in burned", &[device("d-1"), at(10)]), outside);
    assert_eq!(answer("device.id in burned", &[device("d-2"), at(900)]), inside);
    let note = "burned.note of device.id";
    let text = Reading::Known(Value::Text("lost, then found".into()));
    assert_eq!(answer(note, &[device("d-1")]), text);
    assert_eq!(answer(note, &[device("d-2")]), Reading::Unknown(Cause::NotApplicable));
    let versions: Vec<_> = policy.lists().map(|it| (it.path.to_string(), it.entries)).collect();
    assert_eq!(versions, [("o.csv".to_owned(), 3), ("b.csv".to_owned(), 2)]);
}

#[test]
fn a_window_counts_what_its_condition_lets_through() {
    let policy = policy(LISTS, &FILES);
    let mut counted = vec![true; 7];
    let mut check = |known: &[(&str, Value)], expected: bool| {
        policy.counted(&readings(&policy, known), &mut counted);
        assert_eq!(counted, [expected]);
    };
    let office = ("ip", Value::Ip("198.51.100.200".parse().unwrap()));
    check(&[office.clone(), ("credential", Value::Word("wrong"))], true);
    check(&[office.clone(), ("credential", Value::Word("right"))], false);
    check(&[office], false);
    check(&[("credential", Value::Word("wrong"))], false);
}

#[test]
fn windows_of_one_key_share_an_entity() {
    let policy = policy(
        "window a = count by ip over 10m\nwindow b = count by user over 10m\nwindow c = count by ip over 1h",
        &[],
    );
    assert_eq!(policy.windows().entities.len(), 2);
    assert_eq!(policy.windows().specs[0].span_ms, 10 * MINUTE_MS);
    assert_eq!(policy.bill().to_string(), "0 rules, 0 conditions, 3 windows by 2 keys, 0 look-ups");
}
