//! The state as a whole: any order of arrival, outcomes included, leads to the same.

use std::ops::Range;

use doorward_core::decision::Verdict;
use doorward_core::event::{CredentialResult, OutcomeKind};
use doorward_core::likelihood::EPOCH_MS;
use doorward_core::profile::LOGINS_RECENT_MAX;
use doorward_core::seen::{Claim, SeenEvents};
use doorward_core::window::Aggregate;
use proptest::prelude::*;
use proptest::sample::select;

use crate::scene::{Act, Scene, always, failed, id, signal, window};

/// Something told: an attempt with what was answered, or an outcome of it.
#[derive(Clone, Debug)]
enum Step {
    Attempt(Act, Verdict),
    Outcome(Act, Verdict, OutcomeKind),
}

fn scene() -> Scene {
    Scene::new(vec![
        window("failures_per_ip", Aggregate::Count, &["ip"], 600_000, failed),
        window(
            "users_per_ip",
            Aggregate::Distinct { of: signal("user"), exact_max: 3 },
            &["ip"],
            60_000,
            always,
        ),
        window("last_failure", Aggregate::Last, &["user", "ip"], 600_000, failed),
    ])
}

fn play(scene: &Scene, steps: &[Step]) -> u128 {
    for step in steps {
        match step {
            Step::Attempt(act, verdict) => {
                scene.play(act, *verdict);
            }
            Step::Outcome(act, verdict, kind) => scene.report(act, *verdict, *kind),
        }
    }
    scene.store.digest()
}

/// Acts, each an event of its own.
fn acts(count: Range<usize>) -> impl Strategy<Value = Vec<(Act, Verdict)>> {
    prop::collection::vec(act(), count).prop_map(|acts| {
        let named = |(n, (act, verdict)): (usize, (Act, _))| (act.event(&n.to_string()), verdict);
        acts.into_iter().enumerate().map(named).collect()
    })
}

fn act() -> impl Strategy<Value = (Act, Verdict)> {
    let result = select(CredentialResult::ALL);
    let verdict = select(Verdict::ALL);
    let time = (0..1_000_000i64, 0..7i64).prop_map(|(at_ms, epoch)| at_ms + epoch * EPOCH_MS);
    (0..3u8, 0..3u8, 0..4u8, time, any::<bool>(), result, verdict).prop_map(
        |(user, device, ip, at_ms, paris, result, verdict)| {
            let agents = [None, Some("curl/8.5.0"), Some("okhttp/4.12")];
            let act = Act::new(&format!("u{user}"), at_ms);
            let act = match agents[usize::from(device)] {
                Some(agent) => act.agent(agent),
                None => act,
            };
            let act = act
                .credential(result)
                .device(&format!("d{device}"))
                .ip(&format!("203.0.113.{ip}"))
                .asn(64_500 + u32::from(ip));
            (if paris { act.in_paris() } else { act.in_lagos() }, verdict)
        },
    )
}

/// Attempts, each with some outcomes.
fn steps(attempts_max: usize) -> impl Strategy<Value = Vec<Step>> {
    let outcomes = prop::collection::vec(select(OutcomeKind::ALL), 0..4);
    let outcomes = prop::collection::vec(outcomes, attempts_max);
    (acts(1..attempts_max), outcomes).prop_map(|(acts, outcomes)| {
        let case = |((act, verdict), kinds): ((Act, Verdict), Vec<OutcomeKind>)| {
            let attempt = Step::Attempt(act.clone(), verdict);
            let outcome = move |kind| Step::Outcome(act.clone(), verdict, kind);
            std::iter::once(attempt).chain(kinds.into_iter().map(outcome))
        };
        acts.into_iter().zip(outcomes).flat_map(case).collect()
    })
}

fn shuffled<T: Clone + std::fmt::Debug>(
    list: impl Strategy<Value = Vec<T>>,
) -> impl Strategy<Value = (Vec<T>, Vec<T>)> {
    list.prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// Even an outcome that is told before its attempt; while all of them are among the recent ones.
    #[test]
    fn any_order_of_attempts_and_outcomes_leaves_the_same_state((told, other) in shuffled(steps(LOGINS_RECENT_MAX + 1))) {
        prop_assert_eq!(play(&scene(), &told), play(&scene(), &other));
    }

    /// Logins that are no longer kept one by one are summed up the same for any order.
    #[test]
    fn any_order_of_many_logins_leaves_the_same_state(
        (told, other) in shuffled(acts(40..120))
    ) {
        let steps = |acts: Vec<(Act, Verdict)>| -> Vec<Step> {
            acts.into_iter().map(|(act, _)| Step::Attempt(act.right(), Verdict::Allow)).collect()
        };
        prop_assert_eq!(play(&scene(), &steps(told)), play(&scene(), &steps(other)));
    }

    #[test]
    fn events_told_twice_change_nothing((told, again) in shuffled(steps(12))) {
        let seen = SeenEvents::new([3; 16], 10_000);
        let new = |step: &Step| {
            let event_id = match step {
                Step::Attempt(act, _) => act.attempt.event_id.clone(),
                Step::Outcome(act, _, kind) => id(&format!("{} {kind}", act.attempt.event_id)),
            };
            seen.claim(seen.key(&id("acme"), &event_id), 0) == Claim::New
        };
        let scene = scene();
        let first: Vec<_> = told.into_iter().filter(new).collect();
        let digest = play(&scene, &first);
        let second: Vec<_> = again.into_iter().filter(new).collect();
        prop_assert!(second.is_empty());
        prop_assert_eq!(play(&scene, &second), digest);
    }

    /// An outcome of the same kind counts once, whatever its event is called.
    #[test]
    fn an_outcome_counts_once_per_kind(told in steps(12)) {
        let repeated: Vec<Step> = told.iter().flat_map(|step| match step {
            Step::Attempt(..) => vec![step.clone()],
            Step::Outcome(..) => vec![step.clone(), step.clone()],
        }).collect();
        prop_assert_eq!(play(&scene(), &told), play(&scene(), &repeated));
    }
}

#[test]
fn the_digest_tells_states_apart() {
    let empty = scene().store.digest();
    let one = |act: Act| play(&scene(), &[Step::Attempt(act, Verdict::Allow)]);
    let failure = one(Act::new("ana", 1).wrong().ip("203.0.113.7"));
    let success = one(Act::new("ana", 1).right().ip("203.0.113.7"));
    assert!(empty != failure && failure != success && success != empty);
}

#[test]
fn a_failure_told_later_counts_when_it_happened() {
    let scene = scene();
    let act = |at_s: i64| {
        let act = Act::new("ana", at_s * 1_000).ip("203.0.113.7");
        act.credential(CredentialResult::NotChecked)
    };
    assert_eq!(scene.play(&act(0), Verdict::Allow).int(0), 0);
    scene.report(&act(0), Verdict::Allow, OutcomeKind::CredentialWrong);
    let seen = scene.play(&act(599), Verdict::Allow);
    assert_eq!(seen.int(0), 1);
    assert_eq!(seen.text("user.failures_consecutive"), "1");
    assert_eq!(scene.play(&act(700), Verdict::Allow).int(0), 0);
}

#[test]
fn an_attempt_that_names_nobody_has_no_profile() {
    let scene = scene();
    let mut act = Act::new("ana", 1).right().ip("203.0.113.7");
    act.attempt.user.id = None;
    scene.play(&act, Verdict::Allow);
    assert_eq!(scene.store.entities(), 0, "nothing was counted");
    let seen = scene.play(&act.wrong(), Verdict::Allow);
    assert_eq!(seen.text("user.failures_consecutive"), "unknown (missing_input)");
    assert_eq!(seen.text("ip.known"), "unknown (missing_input)");
    assert_eq!(scene.store.profiles(), 0);
    assert_eq!(scene.store.entities(), 1);
}
