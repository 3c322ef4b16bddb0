//! Addresses that many people share: who makes one, and who does not.

use doorward_core::decision::Verdict;
use doorward_core::event::{CredentialResult, OutcomeKind};
use doorward_core::time::{DAY_MS, MINUTE_MS};
use proptest::prelude::*;
use proptest::sample::select;

use crate::scene::{Act, Scene, id};

const OFFICE: &str = "198.51.100.7";

fn at(user: u32, day: i64) -> Act {
    let at_ms = 100 * DAY_MS + day * DAY_MS + i64::from(user) * MINUTE_MS;
    Act::new(&format!("u{user}"), at_ms).ip(OFFICE)
}

/// Users, success and whether the address is a shared one, on a day.
fn check(scene: &Scene, day: i64, expected: [&str; 3]) {
    let seen = scene.observe(&at(999, day));
    let names = ["ip.trusted_users", "ip.success_share", "net.shared"];
    assert_eq!(names.map(|name| seen.text(name)), expected, "day {day}");
}

fn office(users: u32) -> Scene {
    let scene = Scene::new(Vec::new());
    (0..users).for_each(|user| drop(scene.play(&at(user, 0).right(), Verdict::Allow)));
    scene
}

#[test]
fn eight_people_share_an_address_for_a_month() {
    check(&office(0), 1, ["0", "unknown (no_history)", "no"]);
    check(&office(7), 1, ["7", "100 %", "no"]);
    let scene = office(8);
    check(&scene, 1, ["8", "100 %", "yes"]);
    check(&scene, 30, ["8", "100 %", "yes"]);
    check(&scene, 46, ["0", "unknown (no_history)", "no"]);
    check(&office(40), 1, ["32", "100 %", "yes"]);
}

#[test]
fn one_who_comes_every_day_is_one() {
    let scene = Scene::new(Vec::new());
    (0..30).for_each(|day| drop(scene.play(&at(1, day).right(), Verdict::Allow)));
    check(&scene, 31, ["1", "100 %", "no"]);
}

/// Not by failing, not by right guesses that were stopped.
#[test]
fn failing_makes_no_address_a_shared_one() {
    let scene = Scene::new(Vec::new());
    for user in 0..50 {
        scene.play(&at(user, 0).wrong(), Verdict::Allow);
        scene.play(&at(user, 1).right(), Verdict::StepUp);
        scene.play(&at(user, 2).right(), Verdict::Deny);
    }
    check(&scene, 3, ["0", "0 %", "no"]);
    scene.report(&at(7, 1).right(), Verdict::StepUp, OutcomeKind::ChallengePassed);
    check(&scene, 3, ["1", "2 %", "no"]);
}

#[test]
fn where_most_fail_is_no_office() {
    let scene = office(10);
    (0..2).for_each(|user| drop(scene.play(&at(user, 1).wrong(), Verdict::Allow)));
    check(&scene, 2, ["10", "83 %", "yes"]);
    (0..10).for_each(|user| drop(scene.play(&at(user, 2).wrong(), Verdict::Allow)));
    check(&scene, 3, ["10", "45 %", "no"]);
}

#[test]
fn fraud_takes_back_what_it_taught() {
    let scene = office(8);
    scene.report(&at(3, 0).right(), Verdict::Allow, OutcomeKind::NotMe);
    check(&scene, 1, ["7", "100 %", "no"]);
    scene.report(&at(3, 0).right(), Verdict::Allow, OutcomeKind::ConfirmedFraud);
    check(&scene, 1, ["7", "100 %", "no"]);
}

#[test]
fn a_failure_told_later_counts() {
    let scene = office(8);
    let open = at(1, 1).credential(CredentialResult::NotChecked);
    scene.play(&open, Verdict::Allow);
    scene.report(&open, Verdict::Allow, OutcomeKind::CredentialWrong);
    check(&scene, 2, ["8", "89 %", "yes"]);
}

#[test]
fn an_attempt_without_an_address_is_nowhere() {
    let scene = office(8);
    let mut act = at(1, 1);
    act.attempt.client.address = None;
    let seen = scene.observe(&act);
    for name in ["ip.trusted_users", "ip.success_share", "net.shared"] {
        assert_eq!(seen.text(name), "unknown (missing_input)");
    }
}

#[test]
fn tenants_share_nothing() {
    let scene = office(8);
    let mut act = at(1, 1);
    act.attempt.tenant = id("globex");
    assert_eq!(scene.observe(&act).text("ip.trusted_users"), "0");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Over months, with outcomes, also before their attempts.
    #[test]
    fn any_order_leaves_the_same_address(
        told in prop::collection::vec((0..6u32, 0..90i64, select(CredentialResult::ALL), select(Verdict::ALL), prop::option::of(select(OutcomeKind::ALL))), 1..15)
            .prop_flat_map(|told| {
                let steps: Vec<_> = told.into_iter().enumerate().flat_map(|(number, (user, day, result, verdict, kind))| {
                    let act = at(user, day).credential(result).event(&number.to_string());
                    let outcome = kind.map(|kind| (act.clone(), verdict, Some(kind)));
                    [Some((act, verdict, None)), outcome].into_iter().flatten()
                }).collect();
                (Just(steps.clone()), Just(steps).prop_shuffle())
            })
    ) {
        let play = |steps: &[(Act, Verdict, Option<OutcomeKind>)]| {
            let scene = Scene::new(Vec::new());
            for (act, verdict, kind) in steps {
                match kind {
                    None => drop(scene.play(act, *verdict)),
                    Some(kind) => scene.report(act, *verdict, *kind),
                }
            }
            scene.store.digest()
        };
        prop_assert_eq!(play(&told.0), play(&told.1));
    }
}
