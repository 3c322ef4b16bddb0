//! Campaigns that change their address with every try, and a tenant's attack mode.

use doorward_core::decision::Verdict;
use doorward_core::event::{CredentialResult, OutcomeKind};
use doorward_core::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};
use proptest::prelude::*;
use proptest::sample::select;

use crate::scene::{Act, Readings, Scene, id};

const BEGIN_MS: i64 = 20_000 * DAY_MS;

/// A week of a hundred sign-ins an hour, of which eight fail and one is for an account that does not exist.
fn ordinary(scene: &Scene) {
    for hour in -168..0 {
        for number in 0..100 {
            let at_ms = BEGIN_MS + hour * HOUR_MS + number * 30 * SECOND_MS;
            let act =
                Act::new(&format!("u{number}"), at_ms).ja4(&format!("browser-{}", number % 3));
            let act = match number % 12 {
                0 if number == 0 => act.stranger(),
                0 => act.wrong(),
                _ => act.right(),
            };
            scene.observe(&act.event(&format!("{hour} {number}")));
        }
    }
}

/// One try of a campaign: another account and another address each time.
fn tried(number: i64, at_ms: i64) -> Act {
    let act = Act::new(&format!("victim-{number}"), at_ms).asn(64_666);
    let ip = format!("203.{}.{}.7", number / 250 % 250, number % 250);
    let act = act.ip(&ip).ja4("tool").agent("Mozilla/5.0 (X11; Linux) tool");
    if number % 2 == 0 { act.stranger() } else { act.wrong() }
}

/// As many tries, one every ten seconds from then on.
fn campaign(scene: &Scene, from_ms: i64, count: i64) -> i64 {
    for number in 0..count {
        scene.observe(&tried(number, from_ms + number * 10 * SECOND_MS));
    }
    from_ms + count * 10 * SECOND_MS
}

/// A stranger's right password at that time, with the campaign's tool.
fn success(scene: &Scene, at_ms: i64) -> Readings {
    let act = tried(9_999, at_ms).event(&format!("success at {at_ms}"));
    scene.observe(&act.right())
}

fn check(seen: &Readings, expected: &[(&str, &str)]) {
    for (name, text) in expected {
        assert_eq!(seen.text(name), *text, "{name}");
    }
}

#[test]
fn one_try_at_each_address_is_one_campaign() {
    let scene = Scene::new(Vec::new());
    ordinary(&scene);
    let quiet = [("attack.mode", "no"), ("attack.since", "unknown (not_applicable)")];
    check(&success(&scene, BEGIN_MS), &quiet);
    let none = [("attack.keys", "0"), ("campaign.id", "unknown (not_applicable)")];
    check(&success(&scene, BEGIN_MS), &none);
    let at_ms = campaign(&scene, BEGIN_MS + MINUTE_MS, 300);
    let seen = success(&scene, at_ms);
    check(&seen, &[("attack.mode", "yes"), ("attack.since", "51 min")]);
    check(&seen, &[("attack.keys", "3"), ("campaign.keys", "ja4, agent, asn")]);
    check(
        &seen,
        &[("campaign.size", "303"), ("campaign.failures", "300"), ("campaign.age", "51 min")],
    );
    let accounts: f64 = seen.text("campaign.accounts").parse().unwrap();
    assert!((180.0..420.0).contains(&accounts), "{accounts} and not about 300");
    // Who shares nothing with it is only told of the attack on the tenant.
    let other = scene.observe(&Act::new("ana", at_ms).ja4("browser-1").asn(64_500).right());
    check(&other, &[("attack.keys", "0"), ("campaign.keys", "tenant"), ("attack.mode", "yes")]);
    assert_ne!(other.text("campaign.id"), seen.text("campaign.id"));
    assert_eq!(success(&scene, at_ms + MINUTE_MS).text("campaign.id"), seen.text("campaign.id"));
}

#[test]
fn what_is_over_is_over_and_what_comes_back_has_another_name() {
    let scene = Scene::new(Vec::new());
    ordinary(&scene);
    let at_ms = campaign(&scene, BEGIN_MS, 300);
    let first = success(&scene, at_ms).text("campaign.id");
    let check = |after_ms, mode, keys| {
        check(&success(&scene, at_ms + after_ms), &[("attack.mode", mode), ("attack.keys", keys)]);
    };
    check(10 * MINUTE_MS, "yes", "3");
    check(4 * HOUR_MS, "no", "0");
    let again_ms = campaign(&scene, at_ms + 5 * HOUR_MS, 100);
    assert_ne!(success(&scene, again_ms).text("campaign.id"), first);
}

#[test]
fn nobody_knows_what_is_usual_on_the_first_day() {
    let scene = Scene::new(Vec::new());
    let at_ms = campaign(&scene, BEGIN_MS, 100);
    let seen = success(&scene, at_ms);
    check(&seen, &[("attack.mode", "unknown (no_history)"), ("attack.keys", "3")]);
    check(&seen, &[("attack.failure_share", "99 %"), ("agent.share", "unknown (no_history)")]);
    let few = Scene::new(Vec::new());
    let at_ms = campaign(&few, BEGIN_MS, 20);
    check(&success(&few, at_ms), &[("attack.failure_share", "unknown (no_history)")]);
}

/// Five hundred letters and as many new accounts, none of which fails.
#[test]
fn a_day_of_many_new_customers_is_no_attack() {
    let scene = Scene::new(Vec::new());
    ordinary(&scene);
    for number in 0..500 {
        let act =
            Act::new(&format!("new-{number}"), BEGIN_MS + number * SECOND_MS).ja4("browser-1");
        let seen = scene.observe(&act.right());
        check(&seen, &[("attack.mode", "no"), ("attack.keys", "0")]);
    }
}

/// Everybody tries it three times at once, and nobody is let in.
#[test]
fn a_release_that_fails_for_everybody_is_no_attack() {
    let scene = Scene::new(Vec::new());
    ordinary(&scene);
    for number in 0..300 {
        let at_ms = BEGIN_MS + number * 5 * SECOND_MS;
        let act = Act::new(&format!("u{}", number / 3), at_ms).ja4("app").agent("App/7.0");
        let seen = scene.observe(&act.wrong());
        check(&seen, &[("attack.mode", "no")]);
        if number > 150 {
            check(&seen, &[("attack.keys", "0")]);
        }
    }
}

#[test]
fn one_password_on_many_accounts_is_a_campaign() {
    let scene = Scene::new(Vec::new());
    let act = |number: i64| {
        let act = Act::new(&format!("u{number}"), BEGIN_MS + number * 5 * MINUTE_MS);
        act.secret("b7e2").device("d").wrong()
    };
    (0..11).for_each(|number| drop(scene.observe(&act(number))));
    check(&scene.observe(&act(11)), &[("attack.keys", "2"), ("campaign.keys", "secret, device")]);
    // One account whose phone has an old password.
    let scene = Scene::new(Vec::new());
    let act = |number: i64| Act { attempt: act(number).attempt, ..act(0) };
    for number in 0..200 {
        let mut act = act(number / 20).event(&number.to_string());
        act.attempt.user.id = Some(id("ana"));
        check(&scene.observe(&act), &[("attack.keys", "0")]);
    }
}

#[test]
fn a_credential_told_later_counts_when_it_was_tried() {
    let scene = Scene::new(Vec::new());
    let acts: Vec<Act> = (0..60)
        .map(|number| {
            tried(number, BEGIN_MS + number * 10 * SECOND_MS)
                .credential(CredentialResult::NotChecked)
        })
        .collect();
    acts.iter().for_each(|act| drop(scene.play(act, Verdict::Allow)));
    check(&success(&scene, BEGIN_MS + 11 * MINUTE_MS), &[("attack.keys", "0")]);
    acts.iter().for_each(|act| scene.report(act, Verdict::Allow, OutcomeKind::CredentialWrong));
    let seen = success(&scene, BEGIN_MS + 12 * MINUTE_MS);
    check(&seen, &[("attack.keys", "3"), ("campaign.failures", "60")]);
}

#[test]
fn a_rare_client_is_told_from_a_common_one() {
    let scene = Scene::new(Vec::new());
    ordinary(&scene);
    let share = |ja4: &str| {
        scene.observe(&Act::new("ana", BEGIN_MS - MINUTE_MS).ja4(ja4)).text("ja4.share")
    };
    assert_eq!((share("browser-0"), share("tool")), ("34 %".to_owned(), "0 %".to_owned()));
    let seen = scene.observe(&Act::new("ana", BEGIN_MS));
    check(&seen, &[("ja4.share", "unknown (missing_input)")]);
}

#[test]
fn tenants_share_nothing() {
    let scene = Scene::new(Vec::new());
    let at_ms = campaign(&scene, BEGIN_MS, 100);
    let mut act = tried(7, at_ms);
    act.attempt.tenant = id("globex");
    check(&scene.observe(&act.right()), &[("attack.keys", "0")]);
}

/// An attempt of one of two small attacks, hours apart, or of nobody.
fn act() -> impl Strategy<Value = Act> {
    let result = select(CredentialResult::ALL);
    (0..40i64, 0..30i64, result, any::<bool>()).prop_map(|(number, quarter, result, stranger)| {
        let at_ms = BEGIN_MS + quarter * 15 * MINUTE_MS + number;
        let act = tried(number, at_ms).secret(&format!("s{}", number % 3)).device("d");
        if stranger { act } else { act.credential(result) }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_leaves_the_same_attack(
        (told, other) in prop::collection::vec(act(), 1..200).prop_map(|acts| {
            acts.into_iter().enumerate().map(|(n, act)| act.event(&n.to_string())).collect::<Vec<_>>()
        }).prop_flat_map(|acts| (Just(acts.clone()), Just(acts).prop_shuffle()))
    ) {
        let play = |acts: &[Act]| {
            let scene = Scene::new(Vec::new());
            for act in acts {
                scene.play(act, Verdict::StepUp);
                if act.attempt.credential.result == Some(CredentialResult::NotChecked) {
                    scene.report(act, Verdict::StepUp, OutcomeKind::CredentialWrong);
                }
            }
            let seen = success(&scene, BEGIN_MS + 8 * HOUR_MS);
            (seen, scene.store.digest())
        };
        prop_assert_eq!(play(&told), play(&other));
    }
}
