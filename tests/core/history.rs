//! The history of a profile against a plain list of logins that forgets nothing; and what it takes.

use doorward_core::decision::Verdict;
use doorward_core::event::{Method, OutcomeKind};
use doorward_core::profile::{FAILURES_MAX, LOGINS_RECENT_MAX, PROFILE_BYTES_MAX};
use doorward_core::time::{DAY_MS, MINUTE_MS, SECOND_MS};
use doorward_core::value::{Reading, Value};
use proptest::prelude::*;
use proptest::sample::subsequence;

use crate::scene::{Act, Scene, id};

/// When everybody is asked about, later than every login.
const PROBED_S: i64 = 80 * DAY_MS / SECOND_MS;
/// A key of the map and a pointer with its length.
const ENTRY_BYTES: usize = 32;

const CITIES: [(&str, &str, &str, f64); 3] = [
    ("FR", "Île-de-France", "Paris", 2.3522),
    ("FR", "Auvergne", "Vichy", 3.4264),
    ("NG", "Lagos", "Lagos", 3.3792),
];

/// A trusted login. No two are in the same second.
#[derive(Clone, Copy, Debug)]
struct Login {
    at_s: i64,
    device: u8,
    screen: u8,
    subnet: u8,
    host: u8,
    asn: u32,
    city: usize,
    challenged: bool,
}

impl Login {
    fn act(&self) -> Act {
        let act = Act::new("ana", self.at_s * SECOND_MS).right().asn(self.asn);
        let mut act = act.ip(&format!("198.51.{}.{}", self.subnet, self.host));
        if self.device > 0 {
            act = act.device(&format!("d{}", self.device));
        }
        act.attempt.device.screen = Some(id(&format!("{} wide", self.screen)));
        act.attempt.device.utc_offset_min = Some(0);
        let Some((country, region, city, longitude)) = CITIES.get(self.city) else { return act };
        let mut act = act.at(country, city, 48.0, *longitude);
        act.enrichment.place.as_mut().unwrap().region = Some((*region).into());
        act
    }

    fn verdict(&self) -> Verdict {
        if self.challenged { Verdict::StepUp } else { Verdict::Allow }
    }

    fn play(&self, scene: &Scene) {
        scene.play(&self.act(), self.verdict());
        if self.challenged {
            scene.report(&self.act(), Verdict::StepUp, OutcomeKind::ChallengePassed);
        }
    }

    fn area(&self) -> Option<(&'static str, &'static str, &'static str)> {
        CITIES.get(self.city).map(|(country, region, city, _)| (*country, *region, *city))
    }
}

fn login() -> impl Strategy<Value = Login> {
    let client = (0..4u8, 0..2u8, 0..3u8, 0..3u8, 0..3u32);
    (client, 0..=CITIES.len(), any::<bool>(), 0..PROBED_S / 100).prop_map(
        |((device, screen, subnet, host, asn), city, challenged, at_s)| Login {
            at_s,
            device,
            screen,
            subnet,
            host,
            asn,
            city,
            challenged,
        },
    )
}

fn logins(most: usize) -> impl Strategy<Value = Vec<Login>> {
    prop::collection::vec(login(), 1..most).prop_map(|mut logins| {
        logins.iter_mut().zip(0..).for_each(|(login, n)| login.at_s = login.at_s * 100 + n);
        logins.sort_by_key(|login| login.at_s);
        logins
    })
}

fn probe() -> impl Strategy<Value = Login> {
    login().prop_map(|login| Login { at_s: PROBED_S, ..login })
}

fn played(logins: &[Login]) -> Scene {
    let scene = Scene::new(Vec::new());
    logins.iter().for_each(|login| login.play(&scene));
    scene
}

fn text(value: Value) -> String {
    Reading::Known(value).text()
}

/// What depends on how often things were seen, from a list of logins with nothing lost.
fn counted(logins: &[Login], probe: &Login) -> Vec<(&'static str, String)> {
    let count = |like: &dyn Fn(&Login) -> bool| logins.iter().filter(|login| like(login)).count();
    let known = |like: &dyn Fn(&Login) -> bool| text(Value::Bool(count(like) > 0));
    let host = |login: &Login| (login.subnet, login.host) == (probe.subnet, probe.host);
    let subnet = |login: &Login| login.subnet == probe.subnet;
    let asn = |login: &Login| login.asn == probe.asn;
    let near = |login: &Login| asn(login) || subnet(login);
    let mut expected = vec![
        ("user.trusted_logins", logins.len().to_string()),
        ("ip.known", known(&host)),
        ("subnet.known", known(&subnet)),
        ("asn.known", known(&asn)),
        ("network.known", known(&near)),
        ("network.familiarity", text(Value::Ratio(familiarity(logins, probe)))),
    ];
    if probe.device > 0 {
        expected.push(("device.known", known(&|login| login.device == probe.device)));
    }
    if let Some((country, region, city)) = probe.area() {
        let area = |login: &Login| login.area().unwrap_or_default();
        expected.push(("country.known", known(&|login| area(login).0 == country)));
        expected.push(("region.known", known(&|login| area(login).1 == region)));
        expected.push(("city.known", known(&|login| area(login).2 == city)));
    }
    expected
}

fn familiarity(logins: &[Login], probe: &Login) -> f64 {
    let count = |like: &dyn Fn(&Login) -> bool| logins.iter().filter(|login| like(login)).count();
    let ip = count(&|login| (login.subnet, login.host) == (probe.subnet, probe.host));
    let subnet = count(&|login| login.subnet == probe.subnet);
    let asn = count(&|login| login.asn == probe.asn).max(subnet);
    let weighed = ip as f64 + (subnet - ip) as f64 / 2.0 + (asn - subnet) as f64 / 4.0;
    (weighed / logins.len() as f64).min(1.0)
}

/// What depends on when and in which order.
fn dated(logins: &[Login], probe: &Login) -> Vec<(&'static str, String)> {
    let age = |login: &Login| text(Value::Duration((probe.at_s - login.at_s) * SECOND_MS));
    let mut expected: Vec<_> =
        logins.last().map(|last| ("dormant", age(last))).into_iter().collect();
    // A place is looked for among those that are kept one by one.
    let recent = logins.iter().rev().take(LOGINS_RECENT_MAX);
    let placed = recent.filter_map(|login| Some((login, login.area()?))).next();
    if let Some((last, (country, _, city))) = placed {
        expected.push(("travel.from", format!("{city}, {country}")));
        if probe.area().is_some() {
            expected.push(("travel.elapsed", age(last)));
        }
    }
    let own: Vec<_> = logins.iter().filter(|login| login.device == probe.device).collect();
    if let (1.., [first, .., last] | [last @ first]) = (probe.device, own.as_slice()) {
        let days = (probe.at_s - first.at_s) * SECOND_MS / DAY_MS;
        let same = 1 + u8::from(last.screen == probe.screen);
        expected.push(("device.known_days", days.to_string()));
        expected.push(("device.similarity", same.to_string()));
        let passed = own.iter().rev().find(|login| login.challenged);
        let passed = passed.map_or("unknown (no_history)".to_owned(), |login| age(login));
        expected.push(("challenge.passed_age", passed));
    }
    expected
}

fn agree(scene: &Scene, probe: &Login, expected: &[(&str, String)]) -> Result<(), TestCaseError> {
    let seen = scene.observe(&probe.act());
    for (name, value) in expected {
        prop_assert_eq!(&seen.text(name), value, "{}", name);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_the_plain_list_in_any_order(
        (logins, shuffled) in logins(60).prop_flat_map(|logins| (Just(logins.clone()), Just(logins).prop_shuffle())),
        probes in prop::collection::vec(probe(), 4),
    ) {
        let (scene, other) = (played(&logins), played(&shuffled));
        prop_assert_eq!(scene.store.digest(), other.store.digest());
        for probe in &probes {
            agree(&other, probe, &counted(&logins, probe))?;
            agree(&other, probe, &dated(&logins, probe))?;
        }
    }

    /// All but one of the newest, so that it is known what came last.
    #[test]
    fn a_recent_login_is_unlearned_without_a_trace(
        (logins, gone) in logins(30).prop_flat_map(|logins| {
            let recent = logins.len().min(LOGINS_RECENT_MAX);
            let newest = logins[logins.len() - recent..].to_vec();
            (Just(logins), subsequence(newest, 0..recent))
        }),
        probe in probe(),
    ) {
        let scene = played(&logins);
        gone.iter().for_each(|login| scene.report(&login.act(), login.verdict(), OutcomeKind::NotMe));
        let stays = |login: &Login| gone.iter().all(|gone| gone.at_s != login.at_s);
        let (older, recent) = logins.split_at(logins.len().saturating_sub(LOGINS_RECENT_MAX));
        let recent: Vec<_> = recent.iter().copied().filter(stays).collect();
        let left = [older, recent.as_slice()].concat();
        agree(&scene, &probe, &counted(&left, &probe))?;
        if gone.len() < recent.len() || older.is_empty() {
            let placed = recent.iter().any(|login| login.area().is_some());
            let dated = dated(&left, &probe);
            let dated: Vec<_> = dated.into_iter().filter(|(name, _)| placed || !name.starts_with("travel")).collect();
            agree(&scene, &probe, &dated)?;
        }
    }

    #[test]
    fn an_older_login_takes_back_what_it_counted(
        (logins, gone) in logins(40).prop_flat_map(|logins| {
            let older = logins[..logins.len().saturating_sub(LOGINS_RECENT_MAX)].to_vec();
            let count = older.len();
            (Just(logins), subsequence(older, 0..=count))
        }),
        probe in probe(),
    ) {
        let scene = played(&logins);
        gone.iter().for_each(|login| scene.report(&login.act(), login.verdict(), OutcomeKind::ConfirmedFraud));
        let stays = |login: &Login| gone.iter().all(|gone| gone.at_s != login.at_s);
        let left: Vec<_> = logins.iter().copied().filter(stays).collect();
        agree(&scene, &probe, &counted(&left, &probe))?;
    }
}

#[test]
fn a_login_told_twice_is_one() {
    let login = Login {
        at_s: 1,
        device: 1,
        screen: 1,
        subnet: 1,
        host: 1,
        asn: 1,
        city: 0,
        challenged: false,
    };
    let (scene, once) = (played(&[login; 3]), played(&[login]));
    assert_eq!(scene.store.profile_bytes(), once.store.profile_bytes());
    let [seen, seen_once] =
        [scene, once].map(|scene| scene.observe(&Login { at_s: 2, ..login }.act()));
    assert_eq!(seen.profile(), seen_once.profile());
    assert_eq!(seen.text("user.trusted_logins"), "1");
}

/// More addresses than are kept are remembered as their subnet.
#[test]
fn what_is_too_much_to_keep_is_kept_less_finely() {
    let scene = Scene::new(Vec::new());
    let act = |n: u8| full(n, 0, 0).ip(&format!("198.51.100.{n}"));
    (0..100).for_each(|n| drop(scene.play(&act(n), Verdict::Allow)));
    let seen = scene.observe(&act(0));
    let signals = ["ip.known", "subnet.known", "network.familiarity", "user.trusted_logins"];
    assert_eq!(signals.map(|name| seen.text(name)), ["no", "yes", "50 %", "100"]);
    assert_eq!(scene.observe(&act(99)).text("ip.known"), "yes");
}

/// A login as full as they are in practice.
fn full(n: u8, device: u8, place: u8) -> Act {
    let at_ms = 1_790_000_000_000 + i64::from(n) * DAY_MS / 3;
    let act = Act::new("ana", at_ms).right().device(&format!("d{device}"));
    let act = act.ip(&format!("198.51.{place}.7")).asn(64_500 + u32::from(place));
    let act = act.agent("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0");
    let mut act =
        act.at("DE", ["Berlin", "Hamburg", "Leipzig"][usize::from(place)], 50.0, f64::from(place));
    act.enrichment.place.as_mut().unwrap().region = Some(format!("r{place}").into());
    act.attempt.client.ja4 = Some(id("t13d1516h2_8daaf6152771_b186095e22b6"));
    act.attempt.client.accept_language = Some(id("de"));
    act.attempt.device.screen = Some(id(&format!("{device} wide")));
    act.attempt.device.utc_offset_min = Some(60);
    act
}

#[test]
fn a_profile_takes_little() {
    let check = |acts: Vec<Act>, bytes_max: usize| {
        let scene = Scene::new(Vec::new());
        acts.iter().for_each(|act| drop(scene.play(act, Verdict::Allow)));
        let bytes = scene.store.profile_bytes() + ENTRY_BYTES;
        assert!(bytes <= bytes_max, "{bytes} bytes after {} logins", acts.len());
    };
    check(vec![full(0, 0, 0)], 150);
    check((0..20).map(|n| full(n, 0, 0)).collect(), 250);
    check((0..20).map(|n| full(n, n % 3, n / 3 % 3)).collect(), 440);
    check(vec![Act::new("ana", 1).wrong()], 60);
}

/// Whoever owns an account and never does the same thing twice, or fails as often as can be.
#[test]
fn a_profile_has_a_largest_size() {
    let scene = Scene::new(Vec::new());
    let name = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch";
    for n in 0..500_i64 {
        let mut act = Act::new("ana", n * n * 7 * MINUTE_MS).right().device(&n.to_string());
        act = act
            .ip(&format!("198.{}.{}.7", 51 + n / 250, n % 250))
            .asn(u32::MAX - u32::try_from(n).unwrap());
        act = act.agent(&format!("Mozilla/5.0 (X11; Linux x86_64) Firefox/{n}.0"));
        act = act.at("DE", &format!("{n} {name}"), 50.0, n as f64 / 10.0);
        act.enrichment.place.as_mut().unwrap().region = Some(n.to_string().into());
        act.attempt.device.screen = Some(id(&n.to_string()));
        act.attempt.device.utc_offset_min = Some(i16::try_from(n).unwrap());
        act.attempt.client.ja4 = Some(id(&n.to_string()));
        act.attempt.client.accept_language = Some(id("de"));
        scene.play(&act, Verdict::StepUp);
        scene.report(&act, Verdict::StepUp, OutcomeKind::ChallengePassed);
        assert!(scene.store.profile_bytes() <= PROFILE_BYTES_MAX);
    }
    for n in 0..2 * i64::try_from(FAILURES_MAX).unwrap() {
        let failed = Act::new("ana", (3_500 + n * 30) * DAY_MS).wrong();
        scene.play(&failed, Verdict::StepUp);
        for method in Method::ALL {
            scene.play(&failed.clone().method(*method), Verdict::StepUp);
        }
        assert!(scene.store.profile_bytes() <= PROFILE_BYTES_MAX);
    }
    assert!(scene.store.profile_bytes() * 3 > PROFILE_BYTES_MAX, "the bound is no bound");
}
