//! What becomes of an attempt counts in windows: at the attempt's own time, once for each kind of outcome, and in
//! whatever order it is told.

use std::sync::{Arc, LazyLock};

use doorward_core::decision::Verdict;
use doorward_core::engine::Engine;
use doorward_core::event::{CredentialResult, Failure, Method, Outcome, OutcomeKind};
use doorward_core::policy::{Policy, Sources, compile, parse};
use doorward_core::record::DecisionId;
use doorward_core::time::{HOUR_MS, MINUTE_MS, Timestamp};
use doorward_core::value::{Reading, Value};
use proptest::prelude::*;
use proptest::sample::select;

use crate::scene::{Act, engine_of, id};

const RULES: &str = r#"
window denied  = count          where outcome is challenge_failed and outcome.failure is denied_by_user  by user  over 10m
window pushed  = count          where outcome.method is push          by user       over 1d
window frauds  = distinct user  where outcome is confirmed_fraud      by ip         over 30d
window named   = count          where outcome in [not_me, confirmed_fraud]  by device.id  over 30d
window asked   = count          where verdict is step_up              by user       over 1d
window entered = count          where credential is right and verdict is not deny  by user  over 1d
window refused = count          where verdict is deny and outcome is credential_right  by user  over 1d
window known   = last time      where outcome is confirmed_good       by user       over 1d
window met     = count          where method is push or outcome is challenge_passed  by user  over 1d
journey login { step_up from 40  deny from 90 }
"#;

static POLICY: LazyLock<Arc<Policy>> = LazyLock::new(|| {
    let sources = Sources::new(vec![("a.rules".to_owned(), RULES.to_owned())]);
    let (document, found) = parse(&sources);
    let compiled = compile(&sources, &document, found, &[]);
    Arc::new(compiled.policy.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics)))
});

/// An attempt as it was answered, or one thing that became of it.
#[derive(Clone, Debug)]
struct Told {
    act: Act,
    verdict: Verdict,
    outcome: Option<Outcome>,
}

impl Told {
    fn restore(&self, engine: &Engine) {
        let Self { act: Act { attempt, enrichment }, verdict, outcome } = self;
        match outcome {
            None => engine.restore(attempt, enrichment, *verdict),
            Some(outcome) => engine.report(attempt, enrichment, *verdict, outcome),
        }
    }
}

fn engine() -> Engine {
    engine_of(Arc::clone(&*POLICY))
}

fn act(at_ms: i64) -> Act {
    Act::new("ana", at_ms).right().device("laptop").ip("203.0.113.7")
}

fn outcome(kind: OutcomeKind) -> Outcome {
    let (event_id, occurred_at) = (id("told"), Timestamp::from_ms(0));
    Outcome { event_id, occurred_at, kind, failure: None, method: None }
}

/// The windows as the next attempt sees them, each as it is written in a decision.
fn seen(engine: &Engine, act: &Act) -> Vec<(String, Reading)> {
    let Act { attempt, enrichment } = act.clone();
    let record = engine.evaluate(DecisionId(0), attempt.occurred_at, attempt, enrichment);
    let slots = POLICY.slots().into_iter().map(|slot| slot.name.to_string());
    slots.zip(record.readings).skip(POLICY.window_slot()).collect()
}

/// What one window says to somebody who comes at `at_ms` and presents nothing.
fn check(engine: &Engine, at_ms: i64, window: &str, expected: &str) {
    let act = act(at_ms).credential(CredentialResult::NotChecked);
    let seen = seen(engine, &act);
    let (_, reading) = seen.iter().find(|(name, _)| name == window).unwrap();
    assert_eq!(reading.text(), expected, "{window} at {at_ms}");
}

fn tell(engine: &Engine, act: &Act, verdict: Verdict, outcomes: &[Outcome]) {
    let Act { attempt, enrichment } = act;
    engine.restore(attempt, enrichment, verdict);
    outcomes.iter().for_each(|outcome| engine.report(attempt, enrichment, verdict, outcome));
}

#[test]
fn an_outcome_counts_when_its_attempt_was() {
    let engine = engine();
    let failed = outcome(OutcomeKind::ChallengeFailed);
    let denied = Outcome { failure: Some(Failure::DeniedByUser), ..failed.clone() };
    tell(&engine, &act(0), Verdict::StepUp, &[denied]);
    tell(&engine, &act(1).event("typo"), Verdict::StepUp, &[failed]);
    check(&engine, 9 * MINUTE_MS, "denied", "1");
    check(&engine, 12 * MINUTE_MS, "denied", "0");
    let good = outcome(OutcomeKind::ConfirmedGood);
    tell(&engine, &act(HOUR_MS), Verdict::Allow, &[good]);
    check(&engine, 3 * HOUR_MS, "known", "2 h");
}

#[test]
fn each_kind_of_outcome_counts_once() {
    let engine = engine();
    let kinds = [OutcomeKind::NotMe, OutcomeKind::NotMe, OutcomeKind::ConfirmedFraud];
    tell(&engine, &act(0), Verdict::Allow, &kinds.map(outcome));
    check(&engine, HOUR_MS, "named", "2");
    check(&engine, HOUR_MS, "frauds", "1");
}

#[test]
fn a_verdict_counts_from_the_next_attempt_on() {
    let engine = engine();
    let verdicts = [Verdict::StepUp, Verdict::StepUp, Verdict::Allow, Verdict::Deny];
    for (at_ms, verdict) in (0..).zip(verdicts) {
        tell(&engine, &act(at_ms), verdict, &[]);
    }
    check(&engine, HOUR_MS, "asked", "2");
    check(&engine, HOUR_MS, "entered", "3");
}

/// The credential that is told later meets the verdict that was given before.
#[test]
fn verdict_and_outcome_meet() {
    let engine = engine();
    let open = |at_ms| act(at_ms).credential(CredentialResult::NotChecked);
    let right = [outcome(OutcomeKind::CredentialRight)];
    tell(&engine, &open(0), Verdict::Deny, &right);
    tell(&engine, &open(1), Verdict::StepUp, &right);
    check(&engine, HOUR_MS, "refused", "1");
    check(&engine, HOUR_MS, "entered", "1");
}

/// An attempt that counted as it was sent does not count again for what became of it.
#[test]
fn what_counted_as_sent_counts_once() {
    let engine = engine();
    let passed = [outcome(OutcomeKind::ChallengePassed)];
    tell(&engine, &act(0).method(Method::Push), Verdict::StepUp, &passed);
    tell(&engine, &act(1), Verdict::StepUp, &passed);
    check(&engine, HOUR_MS, "met", "2");
}

#[test]
fn the_record_of_a_decision_does_not_know_its_ending() {
    let act = act(0);
    let record =
        engine().evaluate(DecisionId(0), act.attempt.occurred_at, act.attempt, act.enrichment);
    let slot = doorward_core::signal::find("verdict").unwrap();
    assert_eq!(record.readings[slot].text(), "unknown (not_applicable)");
}

fn log() -> impl Strategy<Value = Vec<Told>> {
    let told =
        (select(OutcomeKind::ALL), prop::option::of(select(vec![Method::Push, Method::Totp])));
    let told = (told, prop::option::of(select(vec![Failure::DeniedByUser, Failure::TimedOut])));
    let outcomes = prop::collection::vec(told, 0..4);
    let attempt = (0..3_u8, 0..3_u8, 0..20 * MINUTE_MS, select(CredentialResult::ALL));
    let attempt = (attempt, select(Verdict::ALL), outcomes);
    prop::collection::vec(attempt, 1..24).prop_map(|attempts| {
        let mut log = Vec::new();
        for (number, ((user, ip, at_ms, result), verdict, outcomes)) in
            attempts.into_iter().enumerate()
        {
            let act = Act::new(&format!("u{user}"), at_ms).event(&number.to_string());
            let ip = format!("203.0.113.{ip}");
            let act = act.credential(result).device(&format!("d{user}")).ip(&ip);
            log.push(Told { act: act.clone(), verdict, outcome: None });
            for ((kind, method), failure) in outcomes {
                let outcome = Some(Outcome { failure, method, ..outcome(kind) });
                log.push(Told { act: act.clone(), verdict, outcome });
            }
        }
        log
    })
}

/// The plain list: what counts in a window of a day, by what holds of an attempt, its verdict and each kind of outcome
/// as it was first told.
fn counted(log: &[Told], user: &str, holds: impl Fn(&Told) -> bool) -> i64 {
    let mut kinds = Vec::new();
    let first = |told: &&Told| {
        let kind = told.outcome.as_ref().map(|outcome| outcome.kind);
        let named = (told.act.attempt.event_id.clone(), kind);
        let new = !kinds.contains(&named);
        kinds.push(named);
        new
    };
    let of_user = |told: &&Told| told.act.attempt.user.id == Some(id(user));
    let counted = log.iter().filter(of_user).filter(first).filter(|told| holds(told)).count();
    i64::try_from(counted).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_leaves_the_same_state((log, other) in log().prop_flat_map(|mut log| {
        // Of two outcomes of one kind the first counts, so which is first must not change.
        let mut kinds = Vec::new();
        log.retain(|told| {
            let kind = (told.act.attempt.event_id.clone(), told.outcome.as_ref().map(|it| it.kind));
            let new = !kinds.contains(&kind);
            kinds.push(kind);
            new
        });
        (Just(log.clone()), Just(log).prop_shuffle())
    })) {
        let play = |log: &[Told]| {
            let engine = engine();
            log.iter().for_each(|told| told.restore(&engine));
            engine.store().digest()
        };
        prop_assert_eq!(play(&log), play(&other));
    }

    #[test]
    fn agrees_with_the_plain_list(log in log()) {
        let engine = engine();
        log.iter().for_each(|told| told.restore(&engine));
        for user in ["u0", "u1", "u2"] {
            let act = Act::new(user, HOUR_MS).device("other").ip("198.51.100.1");
            let seen = seen(&engine, &act);
            let window = |name: &str| {
                let found = seen.iter().find(|(known, _)| known == name).map(|(_, it)| it.clone());
                match found {
                    Some(Reading::Known(Value::Int(number))) => number,
                    other => panic!("{name} is {other:?}"),
                }
            };
            let is = |kind| move |told: &Told| told.outcome.as_ref().is_some_and(|it| it.kind == kind);
            prop_assert_eq!(window("asked"), counted(&log, user, |told| {
                told.outcome.is_none() && told.verdict == Verdict::StepUp
            }));
            prop_assert_eq!(window("pushed"), counted(&log, user, |told| {
                told.outcome.as_ref().is_some_and(|it| it.method == Some(Method::Push))
            }));
            prop_assert_eq!(window("met"), counted(&log, user, is(OutcomeKind::ChallengePassed)));
            prop_assert_eq!(window("refused"), counted(&log, user, |told| {
                told.verdict == Verdict::Deny && is(OutcomeKind::CredentialRight)(told)
            }));
        }
    }
}
