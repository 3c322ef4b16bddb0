//! User ids that change hands: history goes with the account, and never to somebody who only has its old name.

use doorward_core::decision::Verdict;
use doorward_core::event::{AccountChange, AccountChangeKind, OutcomeKind};
use doorward_core::store::TENURES_MAX;
use doorward_core::time::{DAY_MS, HOUR_MS, Timestamp};
use doorward_core::window::Aggregate;
use proptest::prelude::*;

use crate::scene::{Act, Declared, Scene, always, change, failed, id, signal, window};

/// The first of all days that anything happens on.
const DAY_0_MS: i64 = 20_000 * DAY_MS;
const SPAN_MS: i64 = 12 * HOUR_MS;

fn declared() -> Vec<Declared> {
    let users = Aggregate::Distinct { of: signal("user"), exact_max: 8 };
    let devices = Aggregate::Distinct { of: signal("device.id"), exact_max: 2 };
    let of = signal("round_trip");
    vec![
        window("failures_user", Aggregate::Count, &["user"], SPAN_MS, failed),
        window("attempts_user_ip", Aggregate::Count, &["user", "ip"], SPAN_MS, always),
        window("users_ip", users, &["ip"], SPAN_MS, always),
        window("devices_user", devices, &["user"], SPAN_MS, always),
        window("sum_user", Aggregate::Sum { of }, &["user"], SPAN_MS, always),
        window("max_user", Aggregate::Max { of }, &["user"], SPAN_MS, always),
        window("first_user", Aggregate::First, &["user"], SPAN_MS, always),
        window("last_user", Aggregate::Last, &["user"], SPAN_MS, failed),
        window("mean_user", Aggregate::Mean { of }, &["user"], SPAN_MS, always),
        window("deviation_user", Aggregate::Deviation { of }, &["user"], SPAN_MS, always),
        window("spread_user", Aggregate::Spread, &["user"], SPAN_MS, always),
        window("regularity_user", Aggregate::Regularity, &["user"], SPAN_MS, always),
        window("run_user", Aggregate::Run { of: signal("bot.score") }, &["user"], SPAN_MS, always),
    ]
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

#[test]
fn two_accounts_become_one() {
    let scene = lived_in();
    scene.play(&login("annie", NOW_MS - HOUR_MS).device("phone").wrong(), Verdict::Allow);
    scene.store.change_account(&change("annie", NOW_MS, AccountChangeKind::Merged(id("ana"))));
    check(&scene, "annie", ("yes", 2, 4));
    check(&scene, "ana", ("yes", 2, 5));
    // Into itself, by either name, changes nothing.
    let digest = scene.store.digest();
    scene.store.change_account(&change("ana", NOW_MS, AccountChangeKind::Merged(id("annie"))));
    assert_eq!(scene.store.digest(), digest);
}

/// The other name of a merged account can be given away without taking anything from it.
#[test]
fn a_merged_name_can_be_recycled() {
    let scene = lived_in();
    scene.store.change_account(&change("annie", NOW_MS, AccountChangeKind::Merged(id("ana"))));
    scene.store.change_account(&change("annie", NOW_MS + 1, AccountChangeKind::Recycled));
    check(&scene, "annie", NOBODY);
    check(&scene, "ana", ANA);
}

/// What turns out later of an attempt from before a merge is known of the account that it is part of now.
#[test]
fn fraud_that_is_told_after_a_merge_is_unlearned() {
    let scene = lived_in();
    let fraud = login("annie", NOW_MS - HOUR_MS).device("phone");
    scene.play(&fraud, Verdict::Allow);
    scene.store.change_account(&change("annie", NOW_MS, AccountChangeKind::Merged(id("ana"))));
    let knows = || scene.observe(&login("ana", NOW_MS + HOUR_MS).device("phone"));
    assert_eq!(knows().text("device.known"), "yes");
    scene.report(&fraud, Verdict::Allow, OutcomeKind::ConfirmedFraud);
    assert_eq!(knows().text("device.known"), "no");
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
    Merge(usize, usize),
    Purge(usize),
    Recycle(usize),
}

const NAMES: [&str; 4] = ["ana", "ben", "cem", "dora"];

fn step() -> impl Strategy<Value = Step> {
    let who = || 0..NAMES.len();
    let login = (who(), 0..3_u8, any::<bool>());
    prop_oneof![
        12 => login.prop_map(|(who, from, right)| Step::Login(who, from, right)),
        1 => (who(), who()).prop_map(|(user, to)| Step::Rename(user, to)),
        1 => (who(), who()).prop_map(|(user, into)| Step::Merge(user, into)),
        1 => who().prop_map(Step::Purge),
        1 => who().prop_map(Step::Recycle),
    ]
}

/// A login of somebody who is one and the same in all worlds.
#[derive(Clone)]
struct Was {
    owner: u32,
    from: u8,
    right: bool,
    at_ms: i64,
}

impl Was {
    /// Everything seen of it but the name itself; without what counts accounts, when some of them became one.
    fn seen(&self, scene: &Scene, user: &str, merged: bool) -> Vec<String> {
        let Self { from, right, at_ms, .. } = *self;
        let act = login(user, at_ms).ip(&format!("203.0.113.{from}")).device(&format!("d{from}"));
        let act = act.at("FR", &format!("city {from}"), f64::from(from) * 3.0, 0.0);
        let mut act = if right { act } else { act.wrong() };
        act.attempt.client.round_trip_ms = Some(10 + i64::from(from));
        act.attempt.client.bot_score = Some(from);
        let seen = scene.play(&act.event(&at_ms.to_string()), Verdict::Allow);
        let profile = seen.profile().into_iter().map(|(name, value)| format!("{name}: {value}"));
        let windows = [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
            .map(|at| format!("window {at}: {}", seen.window(at).text()));
        let failures = seen.text("user.failures_consecutive");
        let accounts = [seen.int(2).to_string(), seen.text("ip.trusted_users")];
        let accounts = accounts.into_iter().filter(|_| !merged);
        profile.chain(windows).chain([failures]).chain(accounts).collect()
    }

    fn name(&self) -> String {
        format!("owner {}", self.owner)
    }
}

/// Who has which name, and a world in which everybody always had one of his own.
struct Owners {
    by_name: [u32; NAMES.len()],
    newest: u32,
    past: Vec<Was>,
    plain: Scene,
    merged: bool,
}

impl Owners {
    fn new() -> Self {
        let (by_name, plain) = ([0, 1, 2, 3], Scene::new(declared()));
        Self { by_name, newest: 3, past: Vec::new(), plain, merged: false }
    }

    fn nobody(&mut self) -> u32 {
        self.newest += 1;
        self.newest
    }

    /// They were one all along.
    fn merge(&mut self, from: u32, into: u32) {
        self.merged |= from != into;
        let all = self.by_name.iter_mut().chain(self.past.iter_mut().map(|was| &mut was.owner));
        all.filter(|owner| **owner == from).for_each(|owner| *owner = into);
        self.plain = Scene::new(declared());
        self.past.iter().for_each(|was| drop(was.seen(&self.plain, &was.name(), true)));
    }

    fn purge(&mut self, owner: u32) {
        let nobody = self.nobody();
        let names = self.by_name.iter_mut().filter(|known| **known == owner);
        names.for_each(|owner| *owner = nobody);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Names that change hands read as a world in which everybody always had a name of his own.
    #[test]
    fn names_do_not_matter(steps in prop::collection::vec(step(), 1..60)) {
        let (scene, mut owners) = (Scene::new(declared()), Owners::new());
        for (number, step) in (1..).zip(&steps) {
            let at_ms = DAY_0_MS + number * HOUR_MS;
            let tell = |user: usize, kind| scene.store.change_account(&change(NAMES[user], at_ms, kind));
            match *step {
                Step::Login(user, from, right) => {
                    let was = Was { owner: owners.by_name[user], from, right, at_ms };
                    let found = was.seen(&scene, NAMES[user], owners.merged);
                    let expected = was.seen(&owners.plain, &was.name(), owners.merged);
                    prop_assert_eq!(found, expected, "step {}", number);
                    owners.past.push(was);
                }
                Step::Rename(user, to) | Step::Merge(user, to) if user == to => {}
                Step::Rename(user, to) => {
                    tell(user, AccountChangeKind::Renamed(id(NAMES[to])));
                    owners.by_name[to] = owners.by_name[user];
                    owners.by_name[user] = owners.nobody();
                }
                Step::Merge(user, into) => {
                    tell(user, AccountChangeKind::Merged(id(NAMES[into])));
                    owners.merge(owners.by_name[user], owners.by_name[into]);
                }
                Step::Purge(user) => {
                    tell(user, AccountChangeKind::Purged);
                    owners.purge(owners.by_name[user]);
                }
                Step::Recycle(user) => {
                    tell(user, AccountChangeKind::Recycled);
                    owners.by_name[user] = owners.nobody();
                }
            }
        }
    }
}
