//! Snapshots: the state at one moment, though it goes on changing while they are taken.

use doorward_core::decision::Verdict;
use doorward_core::event::{AccountChangeKind, OutcomeKind};
use doorward_core::likelihood::EPOCH_MS;
use doorward_core::store::{Budget, Unusable};
use doorward_core::window::Aggregate;
use proptest::prelude::*;

use crate::scene::{Act, Declared, Scene, always, change, failed, id, signal, window};

const SPAN_MS: i64 = 600_000;

fn declared() -> Vec<Declared> {
    let users = Aggregate::Distinct { of: signal("user"), exact_max: 4 };
    let of = signal("round_trip");
    let (amounts, scatter) = (Aggregate::Sum { of }, Aggregate::Deviation { of });
    vec![
        window("failures_ip", Aggregate::Count, &["ip"], SPAN_MS, failed),
        window("users_ip", users, &["ip"], SPAN_MS, always),
        window("trips_user", amounts, &["user"], SPAN_MS, always),
        window("all", Aggregate::Count, &[], SPAN_MS, always),
        window("trips_scatter", scatter, &["user"], SPAN_MS, always),
        window("places_user", Aggregate::Spread, &["user"], SPAN_MS, always),
    ]
}

/// One of many things that happen, each different.
fn happen(scene: &Scene, number: u64) {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    let (user, ip) = (mixed % 40, mixed / 40 % 50);
    let epoch = i64::try_from(number / 300).unwrap() * EPOCH_MS;
    let at_ms = epoch + i64::try_from(number % 300).unwrap() * 1_000;
    let act = Act::new(&format!("u{user}"), at_ms)
        .event(&number.to_string())
        .device(&format!("d{}", mixed / 2_000 % 3))
        .ip(&format!("203.0.113.{ip}"))
        .asn(64_500 + u32::try_from(ip).unwrap())
        .agent("curl/8.5.0")
        .in_paris();
    let mut act = if (mixed / 6_000).is_multiple_of(3) { act.wrong() } else { act.right() };
    act.attempt.client.round_trip_ms = Some(17);
    scene.play(&act, Verdict::Allow);
    if (mixed / 90_000).is_multiple_of(20) {
        let other = id(&format!("u{}", (user + 1) % 40));
        let kind = if number.is_multiple_of(2) {
            AccountChangeKind::Renamed(other)
        } else {
            AccountChangeKind::Merged(other)
        };
        scene.store.change_account(&change(&format!("u{user}"), at_ms, kind));
    }
    if (mixed / 18_000).is_multiple_of(5) {
        scene.report(&act, Verdict::Allow, OutcomeKind::ConfirmedFraud);
    }
}

/// Plays some, begins a snapshot, plays on between its parts, and loads it elsewhere.
fn check(bytes: usize, before: u64, pace: u64) {
    let scene = Scene::within(Budget::of(bytes), declared());
    (0..before).for_each(|number| happen(&scene, number));
    let expected = (scene.store.digest(), scene.store.entities(), scene.store.profiles());
    let mut snapshot = scene.store.snapshot();
    let head = snapshot.head().to_vec();
    let (mut parts, mut next) = (Vec::new(), before);
    loop {
        (next..next + pace).for_each(|number| happen(&scene, number));
        next += pace;
        let Some(part) = snapshot.next() else { break };
        parts.push(part);
    }
    drop(snapshot);
    // The order of parts does not matter, nor that of windows in the policy.
    parts.reverse();
    let loaded = Scene::within(Budget::of(bytes), declared().into_iter().rev().collect());
    let loading = loaded.store.loading(&head).unwrap();
    parts.iter().for_each(|part| loading.part(part).unwrap());
    let found = (loaded.store.digest(), loaded.store.entities(), loaded.store.profiles());
    assert_eq!(found, expected);
    assert!(loaded.store.bytes() <= bytes);
    // What was missed by what stood still meanwhile is made up for, and both go on alike.
    if bytes > 10 << 20 {
        (before..next).for_each(|number| happen(&loaded, number));
        assert_eq!(loaded.store.digest(), scene.store.digest());
        happen(&scene, next);
        happen(&loaded, next);
        assert_eq!(loaded.store.digest(), scene.store.digest());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn holds_the_state_of_the_moment_it_began(before in 0..900u64, pace in 0..12u64) {
        check(64 << 20, before, pace);
    }

    /// Also of what is evicted before it is written.
    #[test]
    fn holds_what_is_evicted_while_it_is_taken(before in 300..900u64, pace in 100..300u64) {
        check(48 << 10, before, pace);
    }
}

#[test]
fn one_that_is_dropped_leaves_nothing() {
    let scene = Scene::new(declared());
    (0..200).for_each(|number| happen(&scene, number));
    drop(scene.store.snapshot());
    scene.store.snapshot().next();
    (200..400).for_each(|number| happen(&scene, number));
    let plain = Scene::new(declared());
    (0..400).for_each(|number| happen(&plain, number));
    assert_eq!(scene.store.digest(), plain.store.digest());
    assert_eq!(scene.store.snapshot().count(), plain.store.snapshot().count());
}

#[test]
fn one_that_does_not_fit_is_refused() {
    let scene = Scene::new(declared());
    (0..50).for_each(|number| happen(&scene, number));
    let snapshot = scene.store.snapshot();
    let head = snapshot.head();
    let check = |budget, declared, head: &[u8], expected| {
        let other = Scene::within(budget, declared);
        assert_eq!(other.store.loading(head).err(), expected);
    };
    let same = Budget::of(64 << 20);
    check(same, declared(), head, None);
    check(same, Vec::new(), head, None);
    check(Budget::of(1 << 20), declared(), head, Some(Unusable::Shelves));
    check(same, declared(), &[9; 40], Some(Unusable::Format));
    check(same, declared(), &head[..head.len() - 20], Some(Unusable::Damaged));
    let more = declared().into_iter().chain([window("new", Aggregate::Count, &[], 1_000, always)]);
    check(same, more.collect(), head, Some(Unusable::Window));
    let mut key = head.to_vec();
    key[5] ^= 1;
    check(same, declared(), &key, Some(Unusable::Key));
}

/// Whatever a part says, it is taken in or refused.
#[test]
fn a_damaged_part_is_survived() {
    let scene = Scene::within(Budget::of(256 << 10), declared());
    (0..200).for_each(|number| happen(&scene, number));
    let snapshot = scene.store.snapshot();
    let head = snapshot.head().to_vec();
    let parts: Vec<Vec<u8>> = snapshot.collect();
    let mut refused = 0;
    for part in parts {
        for at in (0..part.len()).step_by(97) {
            let other = Scene::within(Budget::of(256 << 10), declared());
            let mut damaged = part.clone();
            damaged[at] ^= 0xa5;
            damaged.truncate(part.len() - at % 2);
            refused += u32::from(other.store.loading(&head).unwrap().part(&damaged).is_err());
            other.store.digest();
        }
    }
    assert!(refused > 10, "{refused}");
}
