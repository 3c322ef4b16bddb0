//! What a profile learns, from whom, and how it is read.

use doorward_core::country::Country;
use doorward_core::decision::Verdict;
use doorward_core::event::{Journey, Method, OutcomeKind};
use doorward_core::network::NetworkClass;
use doorward_core::profile::{COUNTRY_RETENTION_MS, RETENTION_MS};
use doorward_core::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use proptest::prelude::*;
use proptest::sample::select;

use crate::scene::{Act, Scene, check_after as check, id};

const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

fn ana(at_ms: i64) -> Act {
    Act::new("ana", at_ms)
}

fn laptop(at_ms: i64) -> Act {
    ana(at_ms).right().device("laptop").ip("203.0.113.7").asn(64_500).in_paris()
}

#[test]
fn the_first_login_ever_is_not_a_new_device() {
    let names = [
        "device.known",
        "device.new",
        "device.known_days",
        "device.similarity",
        "device.partly_known",
        "ip.known",
        "network.known",
        "network.familiarity",
        "country.known",
        "country.new",
        "city.known",
        "travel.distance",
        "travel.speed_min",
        "place.distance",
        "user.logins_per_day",
        "hour.distance",
        "dormant",
        "user.last_success_age",
        "challenge.passed_age",
        "login.likelihood",
    ];
    check(&[], &laptop(0), &names.map(|name| (name, "unknown (no_history)")));
    check(&[], &laptop(0), &[("user.trusted_logins", "0"), ("user.failures_consecutive", "0")]);
}

#[test]
fn what_the_attempt_does_not_show_is_missing() {
    let act = ana(DAY_MS);
    check(
        &[laptop(0)],
        &act,
        &[
            ("device.known", "unknown (missing_input)"),
            ("ip.known", "unknown (missing_input)"),
            ("network.known", "unknown (missing_input)"),
            ("asn.known", "unknown (lookup_failed)"),
            ("country.new", "unknown (lookup_failed)"),
            ("travel.speed_min", "unknown (lookup_failed)"),
            ("place.distance", "unknown (lookup_failed)"),
            ("ja4.known", "unknown (missing_input)"),
            ("language.known", "unknown (missing_input)"),
            ("phone.country_known", "unknown (not_applicable)"),
            ("device.similarity", "0"),
            ("dormant", "1 d"),
            ("login.likelihood", "unknown (missing_input)"),
        ],
    );
}

#[test]
fn a_known_device_is_known() {
    check(
        &[laptop(0), laptop(DAY_MS), laptop(3 * DAY_MS)],
        &laptop(10 * DAY_MS),
        &[
            ("device.known", "yes"),
            ("device.new", "no"),
            ("device.known_days", "10"),
            ("device.partly_known", "no"),
            ("ip.known", "yes"),
            ("subnet.known", "yes"),
            ("asn.known", "yes"),
            ("network.known", "yes"),
            ("network.familiarity", "100 %"),
            ("country.known", "yes"),
            ("country.new", "no"),
            ("city.known", "yes"),
            ("region.known", "unknown (lookup_failed)"),
            ("travel.distance", "0 km"),
            ("travel.elapsed", "7 d"),
            ("travel.speed_min", "0 km/h"),
            ("travel.from", "Paris, FR"),
            ("dormant", "7 d"),
            ("user.trusted_logins", "3"),
            ("user.last_success_age", "7 d"),
        ],
    );
}

#[test]
fn a_stranger_is_new() {
    let stranger = ana(2 * HOUR_MS).right().device("phone").ip("198.51.100.1").asn(1).in_lagos();
    check(
        &[laptop(0)],
        &stranger,
        &[
            ("device.known", "no"),
            ("device.new", "yes"),
            ("device.known_days", "0"),
            ("network.known", "no"),
            ("network.familiarity", "0 %"),
            ("country.known", "no"),
            ("country.new", "yes"),
            ("city.known", "no"),
            ("travel.distance", "4608 km"),
            ("travel.elapsed", "2 h"),
            ("travel.speed_min", "2304 km/h"),
            ("travel.from", "Paris, FR"),
        ],
    );
}

/// Told late, an attempt is held against the login before it, not against one that came after.
#[test]
fn travel_starts_before_the_attempt() {
    let history = [laptop(0), laptop(3 * HOUR_MS).in_lagos()];
    let expected = [("travel.from", "Paris, FR"), ("travel.elapsed", "2 h"), ("dormant", "2 h")];
    check(&history, &laptop(2 * HOUR_MS), &expected);
    check(&history[1..], &laptop(2 * HOUR_MS), &[("travel.speed_min", "unknown (no_history)")]);
}

#[test]
fn the_nearest_place_counts_and_not_the_last() {
    let before = [laptop(0), ana(DAY_MS).right().in_lagos()];
    let near = ana(2 * DAY_MS).at("FR", "Orly", 48.74, 2.38);
    check(&before, &near, &[("place.distance", "0 km"), ("travel.distance", "4595 km")]);
    let far = ana(2 * DAY_MS).at("IS", "Reykjavik", 64.15, -21.94);
    check(&before, &far, &[("place.distance", "2133 km")]);
    check(&before, &far.class(NetworkClass::Vpn), &[("place.distance", "unknown (excluded)")]);
    let mobile = near.class(NetworkClass::Mobile);
    check(&before, &mobile, &[("place.distance", "unknown (excluded)")]);
}

#[test]
fn a_city_that_is_known_is_no_distance_away() {
    let travels = (1..10).map(|day| ana(day * DAY_MS).right().in_lagos());
    let before: Vec<_> = std::iter::once(laptop(0)).chain(travels).collect();
    check(&before, &laptop(11 * DAY_MS), &[("place.distance", "0 km")]);
    let beside = ana(11 * DAY_MS).at("FR", "Orly", 48.74, 2.38);
    check(&before, &beside, &[("place.distance", "4595 km")]);
}

#[test]
fn fingerprint_and_language_are_known_from_any_device() {
    let speaks = |mut act: Act, language| {
        act.attempt.client.accept_language = Some(id(language));
        act
    };
    let phone = speaks(ana(DAY_MS).right().device("phone").ja4("t13d"), "de-AT,en;q=0.5");
    let later = (2..12).map(|day| laptop(day * DAY_MS));
    let before: Vec<_> = std::iter::once(phone).chain(later).collect();
    let check_at = |day, ja4, language, expected: [&str; 2]| {
        let act = speaks(ana(day * DAY_MS).ja4(ja4), language);
        check(&before, &act, &[("ja4.known", expected[0]), ("language.known", expected[1])]);
    };
    check_at(13, "t13d", "de-AT", ["yes", "yes"]);
    check_at(13, "t12d", "pt-BR", ["no", "no"]);
    check_at(92, "t13d", "de-AT", ["no", "no"]);
}

#[test]
fn a_telephone_number_is_of_a_country_where_the_user_was() {
    let check_of = |country, days, expected| {
        let mut act = ana(days * DAY_MS);
        act.attempt.journey = Journey::ProfileChange;
        act.attempt.contact.get_or_insert_default().phone.country = country;
        check(&[laptop(0)], &act, &[("phone.country_known", expected)]);
    };
    let [france, nigeria] = ["FR", "NG"].map(|letters| Country::parse(letters).ok());
    check_of(france, 1, "yes");
    check_of(france, 400, "yes");
    check_of(france, 401, "no");
    check_of(nigeria, 1, "no");
    check_of(None, 1, "unknown (missing_input)");
}

#[test]
fn a_rate_needs_four_logins_and_a_week() {
    let check_of = |logins: i64, day, expected| {
        let before: Vec<_> = (0..logins).map(|at| laptop(at * HOUR_MS)).collect();
        check(&before, &laptop(day * DAY_MS), &[("user.logins_per_day", expected)]);
    };
    check_of(4, 8, "0.50");
    check_of(20, 10, "2.00");
    check_of(3, 30, "unknown (no_history)");
    check_of(20, 6, "unknown (no_history)");
}

#[test]
fn what_is_not_seen_for_long_is_forgotten() {
    let check = |at_ms, known| {
        check(&[laptop(0)], &laptop(at_ms), &[("device.known", known), ("ip.known", known)]);
    };
    check(RETENTION_MS, "yes");
    check(RETENTION_MS + 1, "no");
}

#[test]
fn a_country_stays_known_for_longer() {
    let check = |at_ms, known| {
        check(&[laptop(0)], &laptop(at_ms), &[("country.known", known), ("city.known", "no")]);
    };
    check(RETENTION_MS + 1, "yes");
    check(COUNTRY_RETENTION_MS, "yes");
    check(COUNTRY_RETENTION_MS + 1, "no");
}

#[test]
fn many_logins_are_summed_up() {
    let phone = |at_ms| laptop(at_ms).device("phone").ip("203.0.113.8");
    let history: Vec<_> =
        (0..10).map(|n| laptop(n * DAY_MS)).chain((10..40).map(|n| phone(n * DAY_MS))).collect();
    check(
        &history,
        &laptop(40 * DAY_MS),
        &[
            ("user.trusted_logins", "40"),
            ("device.known_days", "40"),
            ("device.known", "yes"),
            ("ip.known", "yes"),
            // 10 from this address, 30 from its subnet.
            ("network.familiarity", "62 %"),
        ],
    );
}

#[test]
fn networks_count_by_nearness() {
    let check = |ip: &str, asn, expected| {
        let act = laptop(DAY_MS).ip(ip).asn(asn);
        check(&[laptop(0)], &act, &[("network.familiarity", expected)]);
    };
    check("203.0.113.7", 64_500, "100 %");
    check("203.0.113.8", 64_500, "50 %");
    check("198.51.100.1", 64_500, "25 %");
    check("198.51.100.1", 64_501, "0 %");
}

#[test]
fn a_device_that_lost_its_name_is_partly_known() {
    let dressed = |act: Act| {
        let mut act = act.agent(CHROME);
        act.attempt.client.accept_language = Some(id("fr-FR,fr;q=0.9"));
        act.attempt.client.ja4 = Some(id("t13d1516h2_8daaf6152771_b186095e22b6"));
        act.attempt.device.screen = Some(id("1920x1080@2"));
        act.attempt.device.utc_offset_min = Some(60);
        act
    };
    let known = dressed(laptop(0));
    let check = |act: Act, similarity, partly| {
        let expected = [("device.similarity", similarity), ("device.partly_known", partly)];
        check(std::slice::from_ref(&known), &act, &expected);
    };
    check(dressed(laptop(1).device("other")), "6", "yes");
    check(dressed(ana(1)), "6", "yes");
    check(laptop(1).device("other").agent(CHROME), "2", "no");
    // A stolen identifier on another device.
    check(laptop(1), "0", "no");
}

#[test]
fn hours_need_habit() {
    let check = |hours: &[i64], hour: i64, expected| {
        let at = |day: usize, hour: i64| {
            let mut act = laptop(i64::try_from(day).unwrap() * DAY_MS + hour * HOUR_MS);
            act.attempt.device.utc_offset_min = Some(0);
            act
        };
        let history: Vec<_> = hours.iter().enumerate().map(|(day, hour)| at(day, *hour)).collect();
        check(&history, &at(30, hour), &[("hour.distance", expected)]);
    };
    check(&[9, 9, 9], 3, "unknown (no_history)");
    check(&[9, 9, 9, 9], 3, "6 h 30 min");
    check(&[23, 0, 23, 0], 2, "2 h");
    check(&[0, 6, 12, 18], 3, "unknown (no_history)");
}

#[test]
fn failures_in_a_row_end_with_a_success_only() {
    let scene = Scene::new(Vec::new());
    let check = |act: Act, verdict, expected: &str| {
        let seen = scene.play(&act, verdict);
        assert_eq!(seen.text("user.failures_consecutive"), expected);
    };
    check(ana(1).wrong(), Verdict::StepUp, "1");
    check(ana(2).wrong(), Verdict::Allow, "2");
    check(ana(400 * DAY_MS).wrong(), Verdict::StepUp, "3");
    // Nobody looks at what was denied, so it is no failure for those that follow.
    check(ana(400 * DAY_MS + 1).wrong(), Verdict::Deny, "4");
    // A right guess that was denied ends nothing, and the success still sees what came before it.
    check(ana(401 * DAY_MS).right(), Verdict::Deny, "3");
    check(ana(402 * DAY_MS).right(), Verdict::StepUp, "3");
    check(ana(403 * DAY_MS), Verdict::Allow, "0");
}

#[test]
fn failures_in_a_row_are_counted_for_each_method() {
    let scene = Scene::new(Vec::new());
    let check = |act: Act, [row, age]: [&str; 2]| {
        let seen = scene.play(&act, Verdict::Allow);
        let texts = ["user.failures_consecutive", "user.last_failure_age"];
        assert_eq!(texts.map(|name| seen.text(name)), [row, age]);
    };
    let (password, totp) = (Method::Password, Method::Totp);
    check(ana(0).wrong().method(password), ["1", "unknown (no_history)"]);
    check(ana(MINUTE_MS).wrong().method(password), ["2", "1 min"]);
    check(ana(HOUR_MS).wrong().method(totp), ["1", "unknown (no_history)"]);
    check(ana(2 * HOUR_MS).right().method(totp), ["1", "1 h"]);
    check(ana(2 * HOUR_MS + 1).right(), ["0", "unknown (no_history)"]);
    check(ana(3 * HOUR_MS + MINUTE_MS).right().method(password), ["2", "3 h"]);
    check(ana(4 * HOUR_MS).method(password), ["0", "unknown (no_history)"]);
}

#[test]
fn a_failed_challenge_is_a_failure_with_its_own_method() {
    let scene = Scene::new(Vec::new());
    let act = laptop(0).method(Method::Password);
    scene.play(&act, Verdict::StepUp);
    let check = |method, expected: &str| {
        let seen = scene.observe(&ana(HOUR_MS).method(method));
        assert_eq!(seen.text("user.failures_consecutive"), expected);
    };
    scene.report_by(&act, Verdict::StepUp, OutcomeKind::ChallengeFailed, Some(Method::Totp));
    check(Method::Totp, "1");
    check(Method::Password, "0");
    scene.report_by(&act, Verdict::StepUp, OutcomeKind::ChallengePassed, Some(Method::Totp));
    check(Method::Totp, "0");
}

#[test]
fn a_passed_challenge_is_remembered_on_its_device() {
    let scene = Scene::new(Vec::new());
    let first = laptop(0);
    scene.play(&first, Verdict::StepUp);
    assert_eq!(scene.observe(&laptop(1)).text("user.trusted_logins"), "0");
    scene.report(&first, Verdict::StepUp, OutcomeKind::ChallengePassed);
    let check = |act: Act, expected: &str| {
        assert_eq!(scene.observe(&act).text("challenge.passed_age"), expected);
    };
    check(laptop(2 * HOUR_MS), "2 h");
    check(laptop(3 * HOUR_MS).device("phone"), "unknown (no_history)");
    for n in 1..30 {
        scene.play(&laptop(n * DAY_MS), Verdict::Allow);
    }
    check(laptop(30 * DAY_MS), "30 d");
}

#[test]
fn a_passed_challenge_is_remembered_with_its_method() {
    let check = |method, later_logins: i64, expected: &str| {
        let scene = Scene::new(Vec::new());
        let first = laptop(0);
        scene.play(&first, Verdict::StepUp);
        scene.report_by(&first, Verdict::StepUp, OutcomeKind::ChallengePassed, method);
        for n in 1..=later_logins {
            scene.play(&laptop(n * DAY_MS), Verdict::Allow);
        }
        let seen = scene.observe(&laptop((later_logins + 1) * DAY_MS));
        assert_eq!(seen.text("challenge.method"), expected);
    };
    for later_logins in [0, 3, 30] {
        check(Some(Method::Passkey), later_logins, "passkey");
        check(None, later_logins, "unknown (missing_input)");
    }
}

#[test]
fn fraud_beats_good_in_any_order() {
    let check = |kinds: &[OutcomeKind], verdict, trusted: &str| {
        let scene = Scene::new(Vec::new());
        let act = laptop(0);
        scene.play(&act, verdict);
        kinds.iter().for_each(|kind| scene.report(&act, verdict, *kind));
        let seen = scene.observe(&laptop(1));
        assert_eq!(seen.text("user.trusted_logins"), trusted, "{verdict} {kinds:?}");
    };
    use OutcomeKind::*;
    check(&[], Verdict::Allow, "1");
    check(&[], Verdict::StepUp, "0");
    check(&[ChallengePassed], Verdict::StepUp, "1");
    check(&[ChallengeFailed], Verdict::StepUp, "0");
    check(&[ChallengeFailed], Verdict::Allow, "0");
    check(&[ChallengeAbandoned], Verdict::Allow, "0");
    check(&[ChallengePassed, ChallengeAbandoned], Verdict::Allow, "1");
    check(&[ChallengeFailed, ConfirmedGood], Verdict::Allow, "1");
    check(&[ChallengePassed], Verdict::Deny, "0");
    check(&[ConfirmedGood], Verdict::Deny, "1");
    check(&[ConfirmedGood, ConfirmedFraud], Verdict::Deny, "0");
    check(&[ConfirmedFraud, ConfirmedGood], Verdict::Deny, "0");
    check(&[NotMe], Verdict::Allow, "0");
    check(&[CredentialWrong], Verdict::Allow, "0");
}

fn stranger() -> impl Strategy<Value = (Act, Verdict)> {
    let act = (0..4u8, 1..100i64, any::<bool>()).prop_map(|(host, hours, right)| {
        let act = ana(hours * HOUR_MS).device(&format!("d{host}")).in_lagos().agent("curl/8.5");
        let act = act.ip(&format!("198.51.100.{host}")).asn(u32::from(host));
        if right { act.right() } else { act.wrong() }
    });
    (act, select(&[Verdict::StepUp, Verdict::Deny][..]))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn who_is_not_trusted_teaches_nothing(strangers in prop::collection::vec(stranger(), 1..30)) {
        let scene = Scene::new(Vec::new());
        scene.play(&laptop(0).agent(CHROME), Verdict::Allow);
        let probes = [laptop(100 * HOUR_MS).agent(CHROME), stranger_probe()];
        let before = probes.clone().map(|act| scene.observe(&act).profile());
        for (act, verdict) in &strangers {
            scene.play(act, *verdict);
        }
        prop_assert_eq!(before, probes.map(|act| scene.observe(&act).profile()));
    }

    /// The owner's next login is held against the owner's last one, not against the thief's.
    #[test]
    fn what_fraud_taught_is_taken_back(
        thieves in prop::collection::vec(stranger(), 1..8),
        kind in select(&[OutcomeKind::ConfirmedFraud, OutcomeKind::NotMe][..]),
    ) {
        let scene = Scene::new(Vec::new());
        scene.play(&laptop(0).agent(CHROME), Verdict::Allow);
        let probes = [laptop(100 * HOUR_MS).agent(CHROME), stranger_probe()];
        let before = probes.clone().map(|act| scene.observe(&act).profile());
        let thieves: Vec<_> = thieves.into_iter().enumerate().map(|(n, (act, _))| {
            act.right().event(&format!("theft {n}"))
        }).collect();
        for act in &thieves {
            scene.play(act, Verdict::Allow);
        }
        prop_assert_ne!(&before, &probes.clone().map(|act| scene.observe(&act).profile()));
        for act in &thieves {
            scene.report(act, Verdict::Allow, kind);
        }
        prop_assert_eq!(before, probes.map(|act| scene.observe(&act).profile()));
    }
}

fn stranger_probe() -> Act {
    ana(100 * HOUR_MS).device("d1").ip("198.51.100.1").asn(1).in_lagos().agent("curl/8.5")
}
