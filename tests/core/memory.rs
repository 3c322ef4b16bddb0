//! State within a budget: strangers push out strangers, what goes is never under-counted afterwards, and readings say so.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use doorward_core::decision::Verdict;
use doorward_core::event::AccountChangeKind;
use doorward_core::store::Budget;
use doorward_core::value::{Cause, Reading};
use doorward_core::window::Aggregate;

use crate::scene::{Act, Declared, Readings, Scene, always, change, failed, id, signal, window};

const SPAN_MS: i64 = 600_000;
const EXACT_MAX: u32 = 4;

const FAILURES_IP: usize = 0;
const USERS_IP: usize = 1;
const FAILURES_USER: usize = 2;
const FAILURES_BOTH: usize = 3;
const LAST_IP: usize = 4;

fn declared() -> Vec<Declared> {
    let users = Aggregate::Distinct { of: signal("user"), exact_max: EXACT_MAX };
    vec![
        window("failures_ip", Aggregate::Count, &["ip"], SPAN_MS, failed),
        window("users_ip", users, &["ip"], SPAN_MS, failed),
        window("failures_user", Aggregate::Count, &["user"], SPAN_MS, failed),
        window("failures_both", Aggregate::Count, &["user", "ip"], SPAN_MS, failed),
        window("last_ip", Aggregate::Last, &["ip"], SPAN_MS, always),
    ]
}

fn scene(bytes: usize) -> Scene {
    Scene::within(Budget::of(bytes), declared())
}

/// A wrong guess that nobody else has anything in common with.
fn guess(number: u32, at_ms: i64) -> Act {
    let ip = format!("2001:db8:{:x}:{:x}::1", number >> 16, number & 0xffff);
    Act::new(&format!("made-up-{number}"), at_ms).ip(&ip).wrong()
}

fn flood(scene: &Scene, guesses: Range<u32>, at_ms: i64) {
    for number in guesses {
        scene.play(&guess(number, at_ms), Verdict::Allow);
    }
}

fn owner(name: &str, at_ms: i64) -> Act {
    let number = name.bytes().fold(0, |sum: u32, byte| sum * 10 + u32::from(byte % 10)) % 250;
    Act::new(name, at_ms).device(&format!("{name}'s")).ip(&format!("198.51.100.{number}"))
}

fn estimated(seen: &Readings) -> bool {
    seen.text("counts.estimated") == "yes"
}

#[test]
fn a_flood_pushes_out_nothing_of_trusted_accounts() {
    let scene = scene(1 << 20);
    let owners: Vec<String> = (0..200).map(|number| format!("owner-{number}")).collect();
    for name in &owners {
        scene.play(&owner(name, 0).right(), Verdict::Allow);
        scene.play(&owner(name, 1).right().event(&format!("{name} again")), Verdict::Allow);
        for guess in 2..5 {
            let act = Act::new(name, guess).ip("203.0.113.7").wrong();
            scene.play(&act.event(&format!("{name} {guess}")), Verdict::Allow);
        }
    }
    let profiles = |scene: &Scene| -> Vec<_> {
        owners.iter().map(|name| scene.observe(&owner(name, 9)).profile()).collect()
    };
    let before = profiles(&scene);
    flood(&scene, 0..20_000, 10);
    assert!(scene.store.bytes() <= 1 << 20, "{} bytes", scene.store.bytes());
    assert_eq!(before, profiles(&scene));
    for name in &owners {
        let seen = scene.observe(&owner(name, 20));
        assert_eq!((seen.int(FAILURES_USER), estimated(&seen)), (3, false), "{name}");
        assert_eq!(seen.text("user.failures_consecutive"), "3");
    }
}

/// Names fall to shelves by chance: some have to keep more of trusted accounts than their share, while there is room elsewhere.
#[test]
fn what_fits_the_budget_fits_its_shelves() {
    /// Nearly fill the budget.
    const OWNERS: u32 = 10_200;
    let scene = scene(4 << 20);
    let owner = |number: u32, at_ms| {
        let name = format!("owner-{number}");
        let ip = format!("2001:db8:{number:x}::1");
        Act::new(&name, at_ms).event(&format!("{name} {at_ms}")).device(&name).ip(&ip)
    };
    for number in 0..OWNERS {
        scene.play(&owner(number, 0).right(), Verdict::Allow);
        scene.play(&owner(number, 1).wrong(), Verdict::Allow);
    }
    flood(&scene, 0..20_000, 2);
    let lost = (0..OWNERS).filter(|number| {
        let seen = scene.observe(&owner(*number, 3));
        let failures = [FAILURES_USER, FAILURES_BOTH].map(|window| seen.int(window));
        failures != [1, 1] || seen.text("user.trusted_logins") != "1" || estimated(&seen)
    });
    assert_eq!(lost.count(), 0);
    assert!(scene.store.bytes() <= 4 << 20, "{} bytes", scene.store.bytes());
}

/// An account that is known does not vouch for addresses that it never used.
#[test]
fn guesses_at_a_trusted_account_are_strangers_too() {
    let scene = scene(1 << 20);
    let ana = owner("ana", 0);
    scene.play(&ana.clone().right(), Verdict::Allow);
    for number in 0..10_000 {
        let from = guess(number, 10).attempt.client.address.unwrap().to_string();
        let act = Act::new("ana", 10).event(&number.to_string()).ip(&from).wrong();
        scene.play(&act, Verdict::Deny);
    }
    assert!(scene.store.entities() < 10_000, "{}", scene.store.entities());
    let seen = scene.observe(&ana.event("at last"));
    assert_eq!((seen.int(FAILURES_USER), estimated(&seen)), (10_000, false));
}

/// What was evicted of an account that became part of another is not counted too low there either.
#[test]
fn what_was_evicted_before_a_merge_is_never_counted_too_low() {
    let scene = scene(4 << 20);
    let wrong = |number: u32, time: i64| {
        let user = format!("old-{number}");
        Act::new(&user, 5).wrong().event(&format!("{user} {time}"))
    };
    for (number, time) in (0..100).flat_map(|number| (0..30).map(move |time| (number, time))) {
        scene.play(&wrong(number, time), Verdict::Allow);
    }
    flood(&scene, 0..60_000, 5);
    let mut over = 0;
    for number in 0..100 {
        let (user, into) = (format!("old-{number}"), format!("new-{number}"));
        let merged = AccountChangeKind::Merged(id(&into));
        scene.store.change_account(&change(&user, 6, merged));
        let seen = scene.observe(&Act::new(&into, 10));
        assert!(seen.int(FAILURES_USER) >= 30, "{into}: {}", seen.int(FAILURES_USER));
        assert!(seen.int(FAILURES_USER) == 30 || estimated(&seen), "{into}");
        over += u32::from(estimated(&seen));
    }
    assert!(over > 0, "nothing was evicted");
}

/// Against a plain list: whatever was evicted, nothing is ever read as less, and nothing is off without saying so.
#[test]
fn what_was_evicted_is_never_counted_too_low() {
    let scene = scene(128 << 10);
    let mut plain: BTreeMap<u32, (i64, BTreeSet<u64>)> = BTreeMap::new();
    let (mut random, mut exact, mut over) = (1_u64, 0, 0);
    for step in 0..12_000_u32 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        // Some addresses come again and again, most hardly ever.
        let wide = if step % 3 == 0 { 50 } else { 4_000 };
        let number = (random >> 33) as u32 % wide;
        let user = (random >> 20) % 7;
        let mut act = guess(number, i64::from(step) / 100).event(&step.to_string());
        act.attempt.user.id = Act::new(&format!("u{user}"), 0).attempt.user.id;
        let (failures, users) = plain.entry(number).or_default();
        *failures += 1;
        users.insert(user);
        let users = (users.len() as i64).min(i64::from(EXACT_MAX));
        let seen = scene.observe(&act);
        assert!(seen.int(FAILURES_IP) >= *failures && seen.int(USERS_IP) >= users, "step {step}");
        let same = (seen.int(FAILURES_IP), seen.int(USERS_IP)) == (*failures, users);
        assert!(same || estimated(&seen), "step {step}");
        exact += u32::from(same);
        over += u32::from(!same);
        let last = seen.window(LAST_IP);
        assert!(last.known().is_some() || estimated(&seen), "step {step}: {last}");
    }
    assert!(over > 100 && exact > 100, "{exact} exact, {over} over");
    assert!(scene.store.bytes() <= 128 << 10);
}

/// Guesses at an account that nobody ever entered are not forgotten by making up others.
#[test]
fn failures_in_a_row_outlive_a_flood() {
    let scene = scene(64 << 10);
    for number in 0..60 {
        let act = Act::new("eve", 10).ip("203.0.113.7").event(&number.to_string()).wrong();
        scene.play(&act, Verdict::Allow);
    }
    flood(&scene, 0..5_000, 20);
    let seen = scene.observe(&Act::new("eve", 30).ip("203.0.113.8"));
    let failures: u32 = seen.text("user.failures_consecutive").parse().unwrap();
    assert!(failures >= 60, "{failures}");
}

/// A tenant's flood is its own affair.
#[test]
fn tenants_have_a_budget_of_their_own() {
    let budget = Budget { bytes: 1 << 20, tenant_bytes: 256 << 10 };
    let scene = Scene::within(budget, declared());
    let stranger = |number| guess(number, 10).tenant("quiet");
    (0..300).for_each(|number| drop(scene.play(&stranger(number), Verdict::Allow)));
    let quiet = scene.store.bytes();
    flood(&scene, 0..20_000, 20);
    assert!(scene.store.bytes() <= quiet + (256 << 10) + (32 << 10), "with what remains of them");
    for number in 0..300 {
        let seen = scene.observe(&stranger(number).event("again"));
        assert_eq!((seen.int(FAILURES_IP), estimated(&seen)), (2, false), "{number}");
    }
}

/// When memory is short for all, who has more than an equal share gives first.
#[test]
fn the_largest_tenant_gives_first() {
    let scene = scene(1 << 20);
    let stranger = |number| guess(number, 10).tenant("quiet");
    (0..300).for_each(|number| drop(scene.play(&stranger(number), Verdict::Allow)));
    flood(&scene, 0..20_000, 20);
    let exact = |number: &u32| !estimated(&scene.observe(&stranger(*number).event("again")));
    assert_eq!((0..300).filter(exact).count(), 300);
}

#[test]
fn what_no_window_covers_goes_first_and_leaves_nothing() {
    let scene = scene(256 << 10);
    flood(&scene, 0..400, 0);
    let later = 3 * SPAN_MS;
    flood(&scene, 600..950, later);
    let seen = scene.observe(&guess(1_000, later));
    assert_eq!((seen.int(FAILURES_IP), estimated(&seen)), (1, false));
    // What is told that late would have to know what is gone.
    let seen = scene.observe(&guess(1_001, 0));
    assert_eq!(seen.window(FAILURES_BOTH), &Reading::Unknown(Cause::Incomplete));
}

/// Trusted accounts that are too many push each other out, and what strangers did to them is remembered all the same.
#[test]
fn owners_who_are_too_many_are_not_counted_too_low_either() {
    let scene = scene(1 << 20);
    let owners: Vec<String> = (0..4_400).map(|number| format!("owner-{number}")).collect();
    for name in &owners {
        scene.play(&owner(name, 0).right(), Verdict::Allow);
        for guess in 1..4 {
            let act = owner(name, guess).event(&format!("{name} {guess}")).wrong();
            scene.play(&act, Verdict::Allow);
        }
    }
    let (mut kept, mut gone) = (0, 0);
    for name in &owners {
        let seen = scene.observe(&owner(name, 20).event("at last"));
        let failures = seen.int(FAILURES_USER);
        assert!(failures == 3 || failures > 3 && estimated(&seen), "{name}: {failures}");
        kept += u32::from(!estimated(&seen));
        gone += u32::from(estimated(&seen));
    }
    assert!(kept > 100 && gone > 100, "{kept} kept, {gone} gone");
}

/// What came while memory was short is known as a whole once it has been there for as long as a window looks back.
#[test]
fn what_stays_is_no_longer_estimated() {
    let only_address = declared().into_iter().take(1).collect();
    let scene = Scene::within(Budget::of(1 << 20), only_address);
    scene.play(&owner("ana", 0).right(), Verdict::Allow);
    flood(&scene, 0..9_000, 10);
    let (step_ms, mut was_estimated) = (SPAN_MS / 100, false);
    for step in 1..=250_i64 {
        let now_ms = 20 + step * step_ms;
        let number = u32::try_from(step).unwrap() * 100;
        flood(&scene, 10_000 + number..10_100 + number, now_ms);
        let act = Act::new("ana", now_ms).event(&step.to_string()).ip("203.0.113.7").wrong();
        let seen = scene.observe(&act);
        let covered = step.min(100);
        assert!(seen.int(FAILURES_IP) >= covered, "step {step}");
        was_estimated |= estimated(&seen);
        let known = step > 130;
        assert!(!known || !estimated(&seen) && seen.int(FAILURES_IP) <= 111, "step {step}");
    }
    assert!(was_estimated, "there was room for everything");
}
