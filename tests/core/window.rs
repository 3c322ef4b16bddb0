//! Windows against a plain list that forgets nothing, and in any order of arrival.

use std::collections::BTreeSet;

use doorward_core::event::{CredentialResult, Transaction};
use doorward_core::value::{Cause, Money, Reading, Value};
use doorward_core::window::{Aggregate, BUCKETS_LATE, BUCKETS_PER_SPAN};
use proptest::prelude::*;

use crate::scene::{Act, Declared, Scene, always, failed, signal, window};

const SPAN_MS: i64 = 100;
const BUCKET_MS: i64 = SPAN_MS / BUCKETS_PER_SPAN;
const EXACT_MAX: usize = 4;
/// Five degrees along a meridian.
const PLACES_APART_KM: f64 = 555.975;

const COUNT: usize = 0;
const DISTINCT: usize = 1;
const SUM: usize = 2;
const MAX: usize = 3;
const FIRST: usize = 4;
const LAST: usize = 5;
const SPREAD: usize = 6;
const REGULARITY: usize = 7;
const RUN: usize = 8;
const MEAN: usize = 9;
const DEVIATION: usize = 10;

/// What one generated attempt says; all come from one address.
#[derive(Clone, Copy, Debug)]
struct Told {
    at_ms: i64,
    user: u8,
    minor: i64,
    euro: bool,
    failed: bool,
}

fn told(horizon_ms: i64) -> impl Strategy<Value = Told> {
    (0..horizon_ms, 0..7u8, 1..100i64, any::<bool>(), any::<bool>())
        .prop_map(|(at_ms, user, minor, euro, failed)| Told { at_ms, user, minor, euro, failed })
}

fn act(index: usize, told: &Told) -> Act {
    let result = if told.failed { CredentialResult::Wrong } else { CredentialResult::Right };
    let mut act = Act::new(&format!("u{}", told.user), told.at_ms)
        .event(&index.to_string())
        .credential(result)
        .ip("203.0.113.7");
    act.attempt.client.bot_score = Some(told.user);
    act = act.at("FR", "", f64::from(told.user) * 5.0, 0.0);
    let amount = Money { minor: told.minor, currency: currency(told) };
    act.attempt.transaction =
        Some(Transaction { amount: Some(amount), payee: None, payee_country: None });
    act
}

fn currency(told: &Told) -> [u8; 3] {
    if told.euro { *b"EUR" } else { *b"JPY" }
}

fn declared() -> Vec<Declared> {
    let amount = signal("transaction.amount");
    let exact_max = u32::try_from(EXACT_MAX).unwrap();
    [
        ("count", Aggregate::Count),
        ("distinct", Aggregate::Distinct { of: signal("user"), exact_max }),
        ("sum", Aggregate::Sum { of: amount }),
        ("max", Aggregate::Max { of: amount }),
        ("first", Aggregate::First),
        ("last", Aggregate::Last),
        ("spread", Aggregate::Spread),
        ("regularity", Aggregate::Regularity),
        ("run", Aggregate::Run { of: signal("bot.score") }),
        ("mean", Aggregate::Mean { of: amount }),
        ("deviation", Aggregate::Deviation { of: amount }),
    ]
    .map(|(name, aggregate)| window(name, aggregate, &["ip"], SPAN_MS, failed))
    .into()
}

/// The failures so far that lie in a stretch of time.
fn inside(list: &[Told], from_ms: i64, before_ms: i64) -> impl Iterator<Item = &Told> + Clone {
    list.iter().filter(move |told| told.failed && (from_ms..before_ms).contains(&told.at_ms))
}

/// Checks what an attempt saw against everything told so far, itself included.
fn check(list: &[Told], now: &Told, seen: &crate::scene::Readings) -> Result<(), TestCaseError> {
    let newest = inside(list, i64::MIN, i64::MAX).map(|told| told.at_ms / BUCKET_MS).max();
    let late = newest.map_or(0, |newest| newest - now.at_ms / BUCKET_MS);
    if late > BUCKETS_LATE + 1 {
        prop_assert_eq!(seen.window(COUNT), &Reading::Unknown(Cause::Incomplete));
        return Ok(());
    }
    if seen.window(COUNT) == &Reading::Unknown(Cause::Incomplete) {
        prop_assert!(late > BUCKETS_LATE, "late by {late} buckets only");
        return Ok(());
    }
    let (from, to) = (now.at_ms + 1 - SPAN_MS, now.at_ms + 1);
    let exact = inside(list, from, to);
    // Some stretch of the span and one bucket that holds the span holds no less than the reading.
    let stretches =
        (0..=BUCKET_MS).map(|early| inside(list, from - early, from - early + SPAN_MS + BUCKET_MS));

    let count = seen.int(COUNT);
    prop_assert!(count >= exact.clone().count() as i64);
    prop_assert!(stretches.clone().any(|stretch| stretch.count() as i64 >= count));

    let users = |list: &mut dyn Iterator<Item = &Told>| {
        list.map(|told| told.user).collect::<BTreeSet<_>>().len().min(EXACT_MAX) as i64
    };
    let distinct = seen.int(DISTINCT);
    prop_assert!(distinct >= users(&mut exact.clone()));
    prop_assert!(distinct <= users(&mut inside(list, from - BUCKET_MS, i64::MAX)));
    if late <= 0 {
        prop_assert!(stretches.clone().any(|mut stretch| users(&mut stretch) >= distinct));
    }

    let own = |told: &&Told| told.euro == now.euro;
    let sum = |list: &mut dyn Iterator<Item = &Told>| {
        list.filter(own).map(|told| told.minor).sum::<i64>()
    };
    let Reading::Known(Value::Money(total)) = seen.window(SUM) else { panic!("{seen:?}") };
    prop_assert_eq!(total.currency, currency(now));
    prop_assert!(total.minor >= sum(&mut exact.clone()));
    prop_assert!(stretches.clone().any(|mut stretch| sum(&mut stretch) >= total.minor));

    let largest = exact.clone().filter(own).map(|told| told.minor).max();
    match seen.window(MAX) {
        Reading::Known(Value::Money(max)) => prop_assert!(Some(max.minor) >= largest),
        other => {
            prop_assert_eq!(other, &Reading::Unknown(Cause::NoHistory));
            prop_assert_eq!(largest, None);
        }
    }

    let age = |at_ms: Option<i64>| at_ms.map(|at_ms| now.at_ms - at_ms);
    match seen.window(FIRST) {
        Reading::Known(Value::Duration(ms)) => {
            prop_assert!(Some(*ms) >= age(exact.clone().map(|told| told.at_ms).min()));
            prop_assert!(*ms < SPAN_MS + BUCKET_MS);
        }
        other => prop_assert_eq!(other, &Reading::Unknown(Cause::NoHistory)),
    }
    if let Some(last) = age(exact.clone().map(|told| told.at_ms).max()) {
        let Reading::Known(Value::Duration(ms)) = seen.window(LAST) else { panic!("{seen:?}") };
        prop_assert!(*ms <= last);
    }
    let minor =
        |list: &mut dyn Iterator<Item = &Told>| list.filter(own).map(|told| told.minor).collect();
    let ending_now = std::iter::once(minor(&mut exact.clone()));
    check_usual(seen, ending_now.chain(stretches.map(|mut stretch| minor(&mut stretch))))?;
    check_kept(seen, exact, inside(list, from - BUCKET_MS, i64::MAX))
}

/// The same of what is usual: it is that of the amounts of some stretch that holds the span.
fn check_usual(
    seen: &crate::scene::Readings,
    mut stretches: impl Iterator<Item = Vec<i64>>,
) -> Result<(), TestCaseError> {
    let minor = |window| match seen.window(window) {
        Reading::Known(Value::Money(money)) => Some(money.minor as f64),
        other => {
            assert_eq!(other, &Reading::Unknown(Cause::NoHistory));
            None
        }
    };
    let told = [minor(MEAN), minor(DEVIATION)];
    let usual = |amounts: &[i64]| {
        let mean = amounts.iter().sum::<i64>() as f64 / amounts.len() as f64;
        let squares = amounts.iter().map(|amount| (*amount as f64 - mean).powi(2));
        let deviation = (squares.sum::<f64>() / amounts.len() as f64).sqrt();
        let of = |least, value: f64| (amounts.len() >= least).then_some(value);
        [of(1, mean), of(2, deviation)]
    };
    let same = |told: Option<f64>, usual: Option<f64>| match (told, usual) {
        (Some(told), Some(usual)) => (told - usual).abs() <= 0.500_001,
        (told, usual) => told == usual,
    };
    let all =
        |usual: [Option<f64>; 2]| told.into_iter().zip(usual).all(|(told, it)| same(told, it));
    prop_assert!(stretches.any(|amounts| all(usual(&amounts))), "{told:?}");
    Ok(())
}

/// The same of windows that keep values: they show what those of the span show at least, and at most what all since show.
fn check_kept<'a>(
    seen: &crate::scene::Readings,
    exact: impl Iterator<Item = &'a Told>,
    since: impl Iterator<Item = &'a Told>,
) -> Result<(), TestCaseError> {
    let [exact, since] = [exact.collect::<Vec<_>>(), since.collect()];
    let users = |list: &[&Told]| list.iter().map(|told| told.user).collect::<BTreeSet<_>>();

    // The places lie a fixed way apart, from the equator to the north, and are kept a little rounded.
    let farthest = |list: &[&Told]| {
        let users = users(list);
        let steps = users.last().zip(users.first()).map(|(last, first)| last - first);
        (f64::from(steps.unwrap_or(0)) * PLACES_APART_KM - 100.0).max(0.0)
    };
    let Reading::Known(Value::Distance(spread)) = seen.window(SPREAD) else { panic!("{seen:?}") };
    prop_assert!(*spread >= farthest(&exact) - 4.0 && *spread <= farthest(&since));

    let longest = |list: &[&Told]| {
        let users = users(list);
        let follow = |from: u8| (from..).take_while(|user| users.contains(user)).count();
        (0..7).map(follow).max().unwrap_or(0) as i64
    };
    prop_assert!((longest(&exact)..=longest(&since)).contains(&seen.int(RUN)));

    match seen.window(REGULARITY) {
        Reading::Known(Value::Ratio(share)) => prop_assert!((0.0..=1.0).contains(share)),
        other => {
            prop_assert_eq!(other, &Reading::Unknown(Cause::NoHistory));
            let times: BTreeSet<_> = exact.iter().map(|told| told.at_ms).collect();
            prop_assert!(times.len() < 4);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Never an under-count, at most one bucket over, however late attempts are told.
    #[test]
    fn agrees_with_the_plain_list(list in prop::collection::vec(told(400), 1..60)) {
        let scene = Scene::new(declared());
        for (index, told) in list.iter().enumerate() {
            let seen = scene.observe(&act(index, told));
            check(&list[..=index], told, &seen)?;
        }
    }

    /// In order of time nothing is ever incomplete.
    #[test]
    fn sees_everything_in_order(list in prop::collection::vec(told(400), 1..60)) {
        let mut list = list;
        list.sort_by_key(|told| told.at_ms);
        let scene = Scene::new(declared());
        for (index, told) in list.iter().enumerate() {
            let seen = scene.observe(&act(index, told));
            prop_assert!(seen.window(COUNT) != &Reading::Unknown(Cause::Incomplete));
            check(&list[..=index], told, &seen)?;
        }
    }

    /// The same attempts in any order leave the same state, even those too late to count.
    #[test]
    fn any_order_leaves_the_same_state(
        (list, shuffled) in prop::collection::vec(told(1_000), 1..60).prop_flat_map(|list| {
            let list: Vec<_> = list.into_iter().enumerate().collect();
            (Just(list.clone()), Just(list).prop_shuffle())
        })
    ) {
        let digest = |list: &[(usize, Told)]| {
            let scene = Scene::new(declared());
            for (index, told) in list {
                scene.observe(&act(*index, told));
            }
            scene.store.digest()
        };
        prop_assert_eq!(digest(&list), digest(&shuffled));
    }

    /// Windows of one entity share a row of cells and nothing else: each reads as if it were the only one, and
    /// their order in the policy leaves no trace.
    #[test]
    fn windows_of_one_entity_do_not_touch(list in prop::collection::vec(told(400), 1..40)) {
        let together = Scene::new(declared());
        let alone: Vec<_> = declared().into_iter().map(|window| Scene::new(vec![window])).collect();
        let reversed = Scene::new(declared().into_iter().rev().collect());
        for (index, told) in list.iter().enumerate() {
            let act = act(index, told);
            let seen = together.observe(&act);
            for (window, scene) in alone.iter().enumerate() {
                let alone = scene.observe(&act);
                prop_assert_eq!(seen.window(window), alone.window(0));
            }
            let backwards = reversed.observe(&act);
            for window in 0..=DEVIATION {
                prop_assert_eq!(seen.window(window), backwards.window(DEVIATION - window));
            }
        }
        prop_assert_eq!(together.store.digest(), reversed.store.digest());
    }

    /// Policies come and go; a window that the next one shares goes on, wherever it stands there.
    #[test]
    fn a_shared_window_keeps_its_state(
        list in prop::collection::vec((told(400), any::<bool>()), 1..40)
    ) {
        let shared = || window("shared", Aggregate::Count, &["ip"], SPAN_MS, failed);
        let others = || declared().into_iter().skip(1);
        let alone = Scene::new(vec![shared()]);
        let mut changing = Scene::new(vec![shared()]);
        for (index, (told, first)) in list.iter().enumerate() {
            let policy: Vec<_> = match first {
                true => std::iter::once(shared()).chain(others()).collect(),
                false => others().rev().take(2).chain([shared()]).collect(),
            };
            let place = if *first { 0 } else { policy.len() - 1 };
            changing.change(policy);
            let act = act(index, told);
            let (alone, changing) = (alone.observe(&act), changing.observe(&act));
            prop_assert_eq!(alone.window(0), changing.window(place));
        }
    }
}

#[test]
fn the_fifth_failure_makes_the_count_five() {
    let scene = Scene::new(vec![window("failures", Aggregate::Count, &["user"], 60_000, failed)]);
    let counts = [1, 2, 3, 4, 5].map(|at| scene.observe(&Act::new("ana", at).wrong()).int(0));
    assert_eq!(counts, [1, 2, 3, 4, 5]);
    assert_eq!(scene.observe(&Act::new("ana", 6).right()).int(0), 5);
    assert_eq!(scene.observe(&Act::new("ben", 7).wrong()).int(0), 1);
}

#[test]
fn the_window_slides() {
    let scene = Scene::new(vec![window("attempts", Aggregate::Count, &["user"], 600_000, always)]);
    let check = |at_s: i64, expected| {
        assert_eq!(scene.observe(&Act::new("ana", at_s * 1_000)).int(0), expected, "at {at_s} s");
    };
    check(0, 1);
    check(599, 2);
    check(660, 2);
    check(1_259, 2);
    check(1_260, 3);
    check(9_999, 1);
}

#[test]
fn a_network_of_one_client_is_one_entity() {
    let scene = Scene::new(vec![window("attempts", Aggregate::Count, &["ip"], 60_000, always)]);
    let check = |at, ip, expected| {
        assert_eq!(scene.observe(&Act::new("ana", at).ip(ip)).int(0), expected, "{ip}");
    };
    check(1, "2001:db8:1:2::1", 1);
    check(2, "2001:db8:1:2:3:4:5:6", 2);
    check(3, "2001:db8:1:3::1", 1);
    check(4, "::ffff:203.0.113.7", 1);
    check(5, "203.0.113.7", 2);
}

/// Buckets of very different times, the ends of time among them.
#[test]
fn a_window_covers_any_time() {
    let scene = Scene::new(vec![window("attempts", Aggregate::Count, &["user"], 60_000, always)]);
    let check = |user: &str, at| {
        assert_eq!(scene.observe(&Act::new(user, at)).int(0), 1, "{at} ms");
    };
    for at in [i64::MIN, i64::MIN / 2, -60_001, 0, 60_000, i64::MAX / 2, i64::MAX] {
        check(&format!("at {at}"), at);
    }
    check("ana", -1_000_000);
    check("ana", 1_000_000);
}

/// Two names for one definition are two readings of one state.
#[test]
fn a_window_declared_twice_counts_once() {
    let users = |exact_max| {
        window(
            "users",
            Aggregate::Distinct { of: signal("user"), exact_max },
            &["ip"],
            60_000,
            always,
        )
    };
    let attempts = || window("attempts", Aggregate::Count, &["ip"], 60_000, always);
    let scene = Scene::new(vec![attempts(), users(1), attempts(), users(3)]);
    let seen = ["ana", "ben", "eve", "zoe"].map(|user| {
        let seen = scene.observe(&Act::new(user, 1).ip("203.0.113.7"));
        [0, 1, 2, 3].map(|window| seen.int(window))
    });
    assert_eq!(seen, [[1, 1, 1, 1], [2, 2, 2, 2], [3, 3, 3, 3], [4, 3, 4, 3]]);
}

#[test]
fn entities_of_several_keys_are_told_apart() {
    let scene = Scene::new(vec![
        window("of user", Aggregate::Count, &["user"], 60_000, always),
        window("of both", Aggregate::Count, &["user", "ip"], 60_000, always),
        window("of all", Aggregate::Count, &[], 60_000, always),
    ]);
    let check = |user, ip, expected| {
        let seen = scene.observe(&Act::new(user, 1).ip(ip));
        assert_eq!([0, 1, 2].map(|window| seen.int(window)), expected, "{user} {ip}");
    };
    check("ana", "203.0.113.7", [1, 1, 1]);
    check("ben", "203.0.113.8", [1, 1, 2]);
    check("ana", "203.0.113.8", [2, 1, 3]);
    check("ben", "203.0.113.7", [2, 1, 4]);
    check("ana", "203.0.113.7", [3, 2, 5]);
    assert_eq!(scene.store.entities(), 7);
}

#[test]
fn a_window_without_its_key_is_unknown_for_the_keys_cause() {
    let by_ip = window("by ip", Aggregate::Count, &["ip"], 60_000, always);
    let by_asn = window("by asn", Aggregate::Count, &["asn"], 60_000, always);
    let scene = Scene::new(vec![by_ip, by_asn]);
    let seen = scene.observe(&Act::new("ana", 1));
    assert_eq!(seen.window(0), &Reading::Unknown(Cause::MissingInput));
    assert_eq!(seen.window(1), &Reading::Unknown(Cause::LookupFailed));
    assert_eq!(scene.store.entities(), 0);
}

#[test]
fn tenants_share_nothing() {
    let scene = Scene::new(vec![window("attempts", Aggregate::Count, &["user"], 60_000, always)]);
    let mut act = Act::new("ana", 1);
    assert_eq!(scene.observe(&act).int(0), 1);
    act.attempt.tenant = crate::scene::id("other");
    assert_eq!(scene.observe(&act).int(0), 1);
}
