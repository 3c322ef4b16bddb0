//! The statistical signal against the published formula, worked out anew from a list of all logins; whom it learns
//! from, and what it forgets.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::thread;

use doorward_core::agent::{Agent, AgentClass, DeviceKind};
use doorward_core::decision::Verdict;
use doorward_core::event::{OutcomeKind, UserAgent};
use doorward_core::likelihood::{EPOCH_MS, EPOCHS};
use doorward_core::time::{DAY_MS, MINUTE_MS};
use doorward_core::value::Cause;
use proptest::prelude::*;

use crate::scene::{Act, Scene, id};

const SIGNAL: &str = "login.likelihood";
/// Begins an epoch.
const BEGIN_MS: i64 = 700 * EPOCH_MS;

const ADDRESS: ([f64; 3], f64) = ([0.6, 0.3, 0.1], 3.0);
const AGENT: ([f64; 4], f64) =
    ([0.5386653840551359, 0.2680451498625666, 0.18818295100109536, 0.0051065150812021525], 4.0);

/// A trusted login: address, system, country, then user agent, browser, system, kind of device, all by number.
#[derive(Clone, Copy, Debug)]
struct Row {
    user: u32,
    at_ms: i64,
    address: [u32; 3],
    agent: [u32; 4],
}

impl Row {
    fn act(&self) -> Act {
        let [ip, asn, country] = self.address;
        let [text, major, os, device] = self.agent;
        let act = Act::new(&format!("u{}", self.user), self.at_ms).right().asn(asn);
        let country = ["NO", "SE", "DE", "US"][country as usize];
        let mut act = act.ip(&format!("11.0.{}.{}", ip / 256, ip % 256)).at(country, "", 0.0, 0.0);
        act.attempt.client.user_agent = Some(UserAgent::Text(id(&format!("agent {text}"))));
        let systems = ["Android", "iOS", "Linux", "Windows", "macOS", "ChromeOS"];
        act.enrichment.agent = Ok(Agent {
            class: AgentClass::Browser,
            family: Some("Chrome"),
            major: Some(major),
            os: Some(systems[os as usize]),
            device: Some([DeviceKind::Desktop, DeviceKind::Phone][device as usize]),
        });
        act
    }

    fn epoch(&self) -> i64 {
        self.at_ms / EPOCH_MS
    }
}

/// The score of `row` after those of `past` that are still remembered, straight from the publication.
fn published(past: &[Row], row: &Row) -> Option<f64> {
    let newest = past.iter().map(Row::epoch).max().max(Some(row.epoch()))?;
    let kept = |past: &&Row| newest - past.epoch() < EPOCHS as i64;
    let past: Vec<&Row> = past.iter().filter(kept).collect();
    let own: Vec<&Row> = past.iter().filter(|past| past.user == row.user).copied().collect();
    if own.is_empty() {
        return None;
    }
    let users: HashSet<u32> = past.iter().map(|past| past.user).collect();
    let usual = past.len() as f64 / (users.len() as f64 * own.len() as f64);
    let address = ratio(&past, &own, row, ADDRESS, |row| row.address);
    let agent = ratio(&past, &own, row, AGENT, |row| row.agent);
    Some(address * agent * usual)
}

fn ratio<const LEVELS: usize>(
    all: &[&Row],
    own: &[&Row],
    row: &Row,
    (weights, m): ([f64; LEVELS], f64),
    of: impl Fn(&Row) -> [u32; LEVELS],
) -> f64 {
    let count = |rows: &[&Row], level: usize| {
        rows.iter().filter(|past| of(past)[level] == of(row)[level]).count() as f64
    };
    let distinct =
        |level: usize| all.iter().map(|past| of(past)[level]).collect::<HashSet<_>>().len();
    let values = (1..LEVELS).map(distinct).sum::<usize>() as f64 + 1.0;
    let (n, seen) = (all.len() as f64, count(all, 0));
    let doubt = if seen == 0.0 { 1.0 } else { seen / (seen + m) };
    let mut global = weights[0] * doubt * seen.max(1.0) / (n + values);
    let mut local = weights[0] * count(own, 0) / own.len() as f64;
    for (level, weight) in weights.iter().enumerate().skip(1) {
        global += weight * count(all, level) / n;
        local += weight * count(own, level) / own.len() as f64;
    }
    if local == 0.0 { 4.0 } else { global / local }
}

fn near(told: f64, expected: f64) -> bool {
    (told - expected).abs() <= 1e-12 * expected.abs().max(1.0)
}

/// The reading beside the logarithm of the score that the whole list gives.
fn agree(scene: &Scene, past: &[Row], row: &Row) -> Result<(), TestCaseError> {
    let told = scene.observe(&row.act()).decimal(SIGNAL);
    let expected = published(past, row).map(f64::ln);
    let same = match told.zip(expected) {
        Some((told, expected)) => near(told, expected),
        None => told.is_none() && expected.is_none(),
    };
    prop_assert!(same, "{:?} and not {:?}: {:?}", told, expected, row);
    Ok(())
}

/// No more different addresses and user agents than a profile keeps in one epoch.
fn row(epochs: i64) -> impl Strategy<Value = Row> {
    let address = (0..6u32, 0..2u32, 0..2u32).prop_map(|(ip, asn, country)| [ip, asn, country]);
    let agent = (0..3u32, 0..2u32, 0..2u32, 0..2u32).prop_map(|(a, b, c, d)| [a, b, c, d]);
    (0..4u32, 0..epochs, address, agent).prop_map(|(user, epoch, address, agent)| Row {
        user,
        at_ms: BEGIN_MS + epoch * EPOCH_MS,
        address,
        agent,
    })
}

/// No two at the same time.
fn rows(most: usize, epochs: i64) -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(row(epochs), 1..most).prop_map(|mut rows| {
        rows.iter_mut().zip(0..).for_each(|(row, n)| row.at_ms += n * MINUTE_MS);
        rows
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn is_exactly_the_published_score(rows in rows(80, 1)) {
        let scene = Scene::new(Vec::new());
        for (n, row) in rows.iter().enumerate() {
            agree(&scene, &rows[..n], row)?;
            scene.play(&row.act(), Verdict::Allow);
        }
    }

    /// In any order of arrival, it is the published score of the logins that are not too old.
    #[test]
    fn what_is_too_old_is_forgotten(rows in rows(60, 7)) {
        let scene = Scene::new(Vec::new());
        for (n, row) in rows.iter().enumerate() {
            agree(&scene, &rows[..n], row)?;
            scene.play(&row.act(), Verdict::Allow);
        }
    }

    /// Whatever was confirmed as fraud, or denied in the first place, is as if it had never been.
    #[test]
    fn fraud_takes_back_what_it_taught(
        rows in prop::collection::vec((row(7), 0..4u8), 1..40),
        probe in row(7),
    ) {
        let scene = Scene::new(Vec::new());
        let mut trusted = Vec::new();
        for ((mut row, fate), n) in rows.into_iter().zip(0..) {
            row.user = n / 8;
            row.at_ms += i64::from(n) * MINUTE_MS;
            let verdict = if fate == 1 { Verdict::Deny } else { Verdict::Allow };
            scene.play(&row.act(), verdict);
            match fate {
                0 => scene.report(&row.act(), verdict, OutcomeKind::ConfirmedFraud),
                1 => {}
                _ => trusted.push(row),
            }
        }
        let newest = Row { at_ms: BEGIN_MS + 7 * EPOCH_MS, ..probe };
        agree(&scene, &trusted, &newest)?;
    }
}

/// A file of the data folder beside the checkout.
fn shared(name: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if !path.exists() {
        println!("skipped: no {name} beside the checkout");
    }
    path.exists().then(|| fs::read_to_string(path).unwrap())
}

/// What follows `name` in a line of JSON, up to one of `ends`.
fn after<'a>(text: &'a str, name: &str, ends: &[char]) -> &'a str {
    let rest = text.split_once(name).unwrap().1;
    rest.split(ends).next().unwrap().trim()
}

/// The row of a JSON array, its texts numbered by what they end in.
fn golden(row: &str, at_ms: i64) -> Row {
    let parts: Vec<&str> = row.split(", ").map(|part| part.trim_matches('"')).collect();
    let [user, ip, asn, country, agent, browser, os, device] = parts[..] else { panic!("{row}") };
    let number = |text: &str| text.trim_start_matches(char::is_alphabetic).parse::<u32>().unwrap();
    let [_, network, subnet, host] = ip.split('.').map(number).collect::<Vec<_>>()[..] else {
        panic!("{ip}")
    };
    let place =
        |words: &[&str], word| words.iter().zip(0..).find(|(known, _)| **known == word).unwrap().1;
    assert!(network == 0);
    Row {
        user: number(user),
        at_ms,
        address: [subnet * 256 + host, number(asn), place(&["NO", "SE", "DE", "US"], country)],
        agent: [number(agent), number(browser), number(os), place(&["desktop", "mobile"], device)],
    }
}

#[test]
fn matches_the_scores_of_a_published_implementation() {
    let Some(text) = shared("freeman_golden.json") else { return };
    let rows = text.split_once("\"rows\": [[").unwrap().1.split_once("]]").unwrap().0;
    let rows: Vec<&str> = rows.split("], [").collect();
    let scores = text.split("{\"row\": ").skip(1);
    let mut scores = scores.map(|score| {
        let number = score.split(',').next().unwrap().parse::<usize>().unwrap();
        (number, after(score, "\"ours_online\": ", &['}', ',']).parse::<f64>().unwrap())
    });
    let scene = Scene::new(Vec::new());
    let mut next = scores.next();
    let mut matched = 0;
    for (n, row) in rows.iter().enumerate() {
        let act = golden(row, BEGIN_MS + n as i64 * MINUTE_MS).act();
        let told = scene.play(&act, Verdict::Allow).decimal(SIGNAL);
        if let Some((_, score)) = next.filter(|(number, _)| *number == n) {
            let told = told.unwrap().exp();
            assert!((told - score).abs() <= 1e-12 * score.max(1.0), "row {n}: {told}, not {score}");
            matched += 1;
            next = scores.next();
        }
    }
    assert_eq!((rows.len(), matched), (620, 220));
}

const HOME: Row = Row { user: 1, at_ms: BEGIN_MS, address: [1, 1, 1], agent: [1, 1, 1, 1] };

fn home(day: i64) -> Act {
    Row { at_ms: BEGIN_MS + day * DAY_MS, ..HOME }.act()
}

fn reading(scene: &Scene, act: &Act) -> String {
    scene.observe(act).text(SIGNAL)
}

#[test]
fn is_unknown_without_history_and_without_what_it_weighs() {
    let scene = Scene::new(Vec::new());
    let check = |change: &dyn Fn(&mut Act), expected: &str| {
        let mut act = home(1);
        change(&mut act);
        assert_eq!(reading(&scene, &act), expected);
    };
    check(&|_| (), "unknown (no_history)");
    scene.play(&home(0), Verdict::Allow);
    check(&|_| (), "-1.55");
    check(&|act| act.attempt.user.id = None, "unknown (missing_input)");
    check(&|act| act.attempt.client.address = None, "unknown (missing_input)");
    check(&|act| act.attempt.client.user_agent = None, "unknown (missing_input)");
    check(
        &|act| act.attempt.client.address = Some([127, 0, 0, 1].into()),
        "unknown (missing_input)",
    );
    check(&|act| act.enrichment.network = Err(Cause::LookupFailed), "unknown (lookup_failed)");
    check(&|act| act.enrichment.place = Err(Cause::LookupFailed), "unknown (lookup_failed)");
    check(&|act| act.enrichment.agent = Err(Cause::MissingInput), "unknown (missing_input)");
    // A login long ago is history for other signals only.
    check(
        &|act| act.attempt.occurred_at = act.attempt.occurred_at.plus(EPOCHS as i64 * EPOCH_MS),
        "unknown (no_history)",
    );
}

/// A login that did not show everything teaches nothing here.
#[test]
fn half_a_login_is_not_counted() {
    let scene = Scene::new(Vec::new());
    let mut act = home(0);
    act.attempt.client.user_agent = None;
    scene.play(&act, Verdict::Allow);
    assert_eq!(reading(&scene, &home(1)), "unknown (no_history)");
}

#[test]
fn strangers_teach_nothing() {
    let scene = Scene::new(Vec::new());
    scene.play(&home(0), Verdict::Allow);
    let stranger = |day| {
        let row = Row { at_ms: BEGIN_MS + day * DAY_MS, ..HOME };
        Row { address: [9, 9, 2], agent: [9, 9, 2, 0], ..row }.act()
    };
    let before = [home(9), stranger(9)].map(|act| reading(&scene, &act));
    for day in 1..9 {
        scene.play(&stranger(day).wrong(), Verdict::Allow);
        scene.play(&stranger(day).event(&format!("asked {day}")), Verdict::StepUp);
        scene.play(&stranger(day).event(&format!("sent away {day}")), Verdict::Deny);
    }
    assert_eq!(before, [home(9), stranger(9)].map(|act| reading(&scene, &act)));
    let asked = stranger(8).event("asked 8");
    scene.report(&asked, Verdict::StepUp, OutcomeKind::ChallengePassed);
    assert_ne!(before[1], reading(&scene, &stranger(9)));
}

#[test]
fn tenants_share_nothing() {
    let scene = Scene::new(Vec::new());
    let of = |mut act: Act, tenant: &str| {
        act.attempt.tenant = id(tenant);
        act
    };
    scene.play(&home(0), Verdict::Allow);
    let before = reading(&scene, &home(1));
    for user in 0..20 {
        let row = Row { user, address: [user, 2, 2], ..HOME };
        scene.play(&of(row.act(), "globex"), Verdict::Allow);
    }
    // Nor does one that is years ahead make the other forget.
    scene.play(&of(home(2_000), "globex"), Verdict::Allow);
    assert_eq!(reading(&scene, &home(1)), before);
    assert_eq!(reading(&scene, &of(home(1), "initech")), "unknown (no_history)");
}

/// Who is on the move every hour is known by some addresses and, of the others, by what they have in common.
#[test]
fn more_addresses_than_are_kept_count_on_their_coarser_levels() {
    let scene = Scene::new(Vec::new());
    let row = |number: u32, address: u32| Row {
        at_ms: BEGIN_MS + i64::from(number) * 60 * MINUTE_MS,
        address: [address, 1, 1],
        ..HOME
    };
    let rows: Vec<Row> = (0..500).map(|number| row(number, number)).collect();
    rows.iter().for_each(|row| drop(scene.play(&row.act(), Verdict::Allow)));
    let exact = |address: &u32| {
        let probe = row(500, *address);
        let told = scene.observe(&probe.act()).decimal(SIGNAL).unwrap();
        near(told, published(&rows, &probe).unwrap().ln())
    };
    assert!(exact(&500), "a new address of the usual network");
    assert_eq!((0..500).filter(exact).count(), 24);
}

/// Counts may be read while they are half changed.
#[test]
fn readers_beside_teachers_always_get_a_number() {
    let scene = Scene::new(Vec::new());
    let act = |n: u32| {
        let at_ms = BEGIN_MS + i64::from(n) * EPOCH_MS / 40;
        Row { user: n % 5, at_ms, address: [n % 7, n % 3, 1], agent: [n % 4, 1, 1, 1] }.act()
    };
    thread::scope(|scope| {
        for first in 0..2 {
            let (scene, act) = (&scene, &act);
            scope.spawn(move || {
                for n in (first..400).step_by(2) {
                    scene.play(&act(n), Verdict::Allow);
                    if n % 3 == 0 {
                        scene.report(&act(n), Verdict::Allow, OutcomeKind::NotMe);
                    }
                }
            });
        }
        for n in 0..400 {
            assert!(scene.observe(&act(n)).decimal(SIGNAL).is_none_or(f64::is_finite));
        }
    });
}
