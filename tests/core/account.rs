//! User ids that change hands: history goes with the account, and never to somebody who only has its old name.

use std::collections::HashMap;

use doorward_core::decision::Verdict;
use doorward_core::event::{AccountChange, AccountChangeKind, OutcomeKind};
use doorward_core::store::TENURES_MAX;
use doorward_core::time::{DAY_MS, HOUR_MS, Timestamp};
use doorward_core::window::Aggregate;
use proptest::prelude::*;

use crate::scene::{Act, Declared, Readings, Scene, always, failed, id, signal, window};

/// The first of all days that anything happens on.
const DAY_0_MS: i64 = 20_000 * DAY_MS;
const SPAN_MS: i64 = 12 * HOUR_MS;

fn declared() -> Vec<Declared> {
    let users = Aggregate::Distinct { of: signal("user"), exact_max: 8 };
    vec![
        window("failures_user", Aggregate::Count, &["user"], SPAN_MS, failed),
        window("attempts_user_ip", Aggregate::Count, &["user", "ip"], SPAN_MS, always),
        window("users_ip", users, &["ip"], SPAN_MS, always),
    ]
}

fn change(user: &str, at_ms: i64, kind: AccountChangeKind) -> AccountChange {
    AccountChange {
        event_id: id(&format!("{user} at {at_ms}")),
        occurred_at: Timestamp::from_ms(at_ms),
        tenant: id("acme"),
        user: id(user),
        kind,
    }
}

fn renamed(user: &str, to: &str, at_ms: i64) -> AccountChange {
    change(user, at_ms, AccountChangeKind::Renamed(id(to)))
}

fn login(user: &str, at_ms: i64) -> Act {
    Act::new(user, at_ms).device("laptop").ip("198.51.100.7").asn(64_500).in_paris().right()
}

/// Thirty days of signing in at home, a wrong password on the last.
fn lived_in() -> Scene {
    let scene = Scene::new(declared());
    for day in 0..30 {
        scene.play(&login("ana", DAY_0_MS + day * DAY_MS), Verdict::Allow);
    }
    scene.play(&login("ana", DAY_0_MS + 29 * DAY_MS + HOUR_MS).wrong(), Verdict::Allow);
    scene
}

/// What was known of who comes with the usual device an hour later: whether it is known, his wrong passwords, his attempts here.
fn check(scene: &Scene, user: &str, expected: (&str, i64, i64)) {
    let seen = scene.observe(&login(user, DAY_0_MS + 29 * DAY_MS + 2 * HOUR_MS));
    let found = (seen.text("device.known"), seen.int(0), seen.int(1));
    assert_eq!((found.0.as_str(), found.1, found.2), expected, "{user}");
}

const NOBODY: (&str, i64, i64) = ("unknown (no_history)", 0, 1);
const ANA: (&str, i64, i64) = ("yes", 1, 3);
/// When things change: after all that ana did.
const NOW_MS: i64 = DAY_0_MS + 29 * DAY_MS + HOUR_MS + 1;

#[test]
fn history_goes_with_a_new_name() {
    let scene = lived_in();
    scene.store.change_account(&renamed("ana", "anna", NOW_MS));
    check(&scene, "anna", ANA);
    check(&scene, "ana", NOBODY);
    assert!(scene.store.trusts(&id("acme"), &id("anna"), Timestamp::from_ms(NOW_MS)));
    assert!(!scene.store.trusts(&id("acme"), &id("ana"), Timestamp::from_ms(NOW_MS)));
}

#[test]
fn a_new_owner_inherits_nothing() {
    for kind in [AccountChangeKind::Recycled, AccountChangeKind::Purged] {
        let scene = lived_in();
        let profile_bytes = scene.store.profile_bytes();
        scene.store.change_account(&change("ana", NOW_MS, kind));
        check(&scene, "ana", NOBODY);
        assert!(profile_bytes > 0 && scene.store.profile_bytes() == 0);
    }
}

/// A change that is told again, under whatever event id, must not take anything from who has the name by then.
#[test]
fn a_change_told_twice_is_one() {
    for change in
        [change("ana", NOW_MS, AccountChangeKind::Recycled), renamed("ana", "anna", NOW_MS)]
    {
        let scene = lived_in();
        scene.store.change_account(&change);
        scene.play(&login("ana", NOW_MS + 1), Verdict::Allow);
        let digest = scene.store.digest();
        scene.store.change_account(&change);
        assert_eq!(scene.store.digest(), digest);
    }
}

/// What happened under the old owner and is told late is his: no failure of his, and no fraud, is the new one's.
#[test]
fn what_is_told_late_is_the_old_owners() {
    let scene = lived_in();
    let before = login("ana", NOW_MS - 1_000);
    scene.play(&before, Verdict::Allow);
    scene.store.change_account(&change("ana", NOW_MS, AccountChangeKind::Recycled));
    scene.play(&login("ana", NOW_MS - 500).wrong(), Verdict::Allow);
    scene.report(&before, Verdict::Allow, OutcomeKind::ConfirmedFraud);
    check(&scene, "ana", NOBODY);
}

#[test]
fn two_who_swap_their_names_keep_what_is_theirs() {
    let scene = lived_in();
    for (user, to) in [("ana", "aside"), ("ben", "ana"), ("aside", "ben")] {
        scene.store.change_account(&renamed(user, to, NOW_MS));
    }
    check(&scene, "ben", ANA);
    check(&scene, "ana", NOBODY);
    check(&scene, "aside", NOBODY);
}

#[test]
fn a_tenants_change_is_no_other_tenants() {
    let scene = lived_in();
    let other = AccountChange { tenant: id("other"), ..renamed("ana", "anna", NOW_MS) };
    scene.store.change_account(&other);
    check(&scene, "ana", ANA);
    check(&scene, "anna", NOBODY);
}

/// However often an id changes hands.
#[test]
fn changes_of_one_id_are_bounded() {
    let scene = lived_in();
    let often = i64::try_from(TENURES_MAX).unwrap() + 5;
    for number in 0..often {
        let at_ms = NOW_MS + number;
        scene.store.change_account(&change("ana", at_ms, AccountChangeKind::Recycled));
        scene.play(&login("ana", at_ms), Verdict::Allow);
    }
    scene.store.change_account(&change("ana", NOW_MS + often, AccountChangeKind::Recycled));
    check(&scene, "ana", NOBODY);
}

#[derive(Clone, Debug)]
enum Step {
    /// Who signs in, from where, and whether the password is right.
    Login(usize, u8, bool),
    Rename(usize, usize),
    Recycle(usize),
}

const NAMES: [&str; 4] = ["ana", "ben", "cem", "dora"];

fn step() -> impl Strategy<Value = Step> {
    let who = || 0..NAMES.len();
    prop_oneof![
        8 => (who(), 0..3_u8, any::<bool>()).prop_map(|(who, from, right)| Step::Login(who, from, right)),
        1 => (who(), who()).prop_map(|(user, to)| Step::Rename(user, to)),
        1 => who().prop_map(Step::Recycle),
    ]
}

/// Everything seen but the name itself, and what is known of all users.
fn seen(scene: &Scene, user: &str, (from, right): (u8, bool), at_ms: i64) -> Vec<String> {
    let act = login(user, at_ms).ip(&format!("203.0.113.{from}")).device(&format!("d{from}"));
    let act = if right { act } else { act.wrong() };
    told(&scene.play(&act.event(&at_ms.to_string()), Verdict::Allow))
}

fn told(seen: &Readings) -> Vec<String> {
    let windows = (0..3).map(|window| format!("window {window}: {}", seen.int(window)));
    let profile = seen.profile().into_iter().map(|(name, value)| format!("{name}: {value}"));
    let failures = seen.text("user.failures_consecutive");
    profile.chain(windows).chain([failures, seen.text("ip.trusted_users")]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Names that change hands read as a world in which everybody always had a name of his own.
    #[test]
    fn names_do_not_matter(steps in prop::collection::vec(step(), 1..60)) {
        let (changing, plain) = (Scene::new(declared()), Scene::new(declared()));
        let mut owners: HashMap<&str, String> = HashMap::new();
        for (number, step) in (1..).zip(&steps) {
            let at_ms = DAY_0_MS + number * HOUR_MS;
            let mut owner = |user: &'static str| {
                owners.entry(user).or_insert_with(|| format!("{user} {number}")).clone()
            };
            match *step {
                Step::Login(user, from, right) => {
                    let name = NAMES[user];
                    let found = seen(&changing, name, (from, right), at_ms);
                    prop_assert_eq!(found, seen(&plain, &owner(name), (from, right), at_ms));
                }
                Step::Rename(user, to) if user != to => {
                    let moved = owner(NAMES[user]);
                    changing.store.change_account(&renamed(NAMES[user], NAMES[to], at_ms));
                    owners.remove(NAMES[user]);
                    owners.insert(NAMES[to], moved);
                }
                Step::Rename(..) => {}
                Step::Recycle(user) => {
                    let recycled = change(NAMES[user], at_ms, AccountChangeKind::Recycled);
                    changing.store.change_account(&recycled);
                    owners.remove(NAMES[user]);
                }
            }
        }
    }
}
