//! Who is flooded with prompts is sent none by the shipped rules, and nobody is locked out by it.

use std::sync::Arc;

use doorward_core::decision::{Decision, Verdict};
use doorward_core::engine::Engine;
use doorward_core::event::{Failure, Method, Outcome, OutcomeKind, Population};
use doorward_core::record::DecisionId;
use doorward_core::time::{DAY_MS, MINUTE_MS};

use crate::engine::SHIPPED;
use crate::scene::{Act, engine_of, id};

/// When somebody who knows the password begins.
const BEGIN_MS: i64 = 100 * DAY_MS;

struct Door(Engine);

impl Door {
    /// The account has been entered from one device in one network for five days.
    fn new(population: Population) -> Self {
        let door = Self(engine_of(Arc::clone(&SHIPPED)));
        for days in 1..=5 {
            let known = door.decide(owner(BEGIN_MS - days * DAY_MS), population);
            assert_eq!(known.verdict, Verdict::Allow);
        }
        door
    }

    fn decide(&self, act: Act, population: Population) -> Decision {
        let Act { mut attempt, enrichment } = act;
        attempt.population = population;
        self.0.evaluate(DecisionId(0), attempt.occurred_at, attempt, enrichment).decision
    }

    /// Somebody is asked for a prompt, and the owner denies it.
    fn denied(&self, minute: i64, population: Population) -> Decision {
        let mut act = stranger(minute);
        act.attempt.population = population;
        let Act { attempt, enrichment } = act.clone();
        let decision = self.decide(act, population);
        let (event_id, occurred_at) = (id(&format!("denied {minute}")), attempt.occurred_at);
        let (failure, method) = (Some(Failure::DeniedByUser), Some(Method::Push));
        let kind = OutcomeKind::ChallengeFailed;
        let outcome = Outcome { event_id, occurred_at, kind, failure, method };
        self.0.report(&attempt, &enrichment, decision.verdict, &outcome);
        decision
    }
}

fn owner(at_ms: i64) -> Act {
    Act::new("ana", at_ms).right().device("laptop").ip("198.51.100.20").asn(64_500).in_paris()
}

fn stranger(minute: i64) -> Act {
    let act = Act::new("ana", BEGIN_MS + minute * MINUTE_MS).right();
    act.device("thief").ip("203.0.113.7").asn(64_511).in_lagos()
}

fn prompts(decision: &Decision) -> bool {
    decision.challenge.as_ref().is_some_and(|challenge| {
        challenge.methods.contains(&Method::Push)
            && !challenge.methods_forbidden.contains(&Method::Push)
    })
}

#[test]
fn after_two_denials_no_prompt_is_sent() {
    let door = Door::new(Population::Customer);
    assert!(prompts(&door.denied(0, Population::Customer)));
    assert!(prompts(&door.denied(1, Population::Customer)));
    let third = door.denied(2, Population::Customer);
    assert_eq!(third.verdict, Verdict::StepUp);
    let challenge = third.challenge.unwrap();
    assert_eq!(*challenge.methods, [Method::Passkey, Method::HardwareKey, Method::Totp]);
    assert!(challenge.methods_forbidden.contains(&Method::Push));
}

/// The thresholds of a population stay its own when its methods are narrowed.
#[test]
fn staff_are_asked_at_their_own_threshold() {
    let door = Door::new(Population::Workforce);
    (0..2).for_each(|minute| drop(door.denied(minute, Population::Workforce)));
    let third = door.denied(2, Population::Workforce);
    assert_eq!(third.verdict, Verdict::Deny, "too much at once for staff: {third:?}");
    let home = door.decide(owner(BEGIN_MS + 3 * MINUTE_MS), Population::Workforce);
    assert_eq!((home.verdict, home.score), (Verdict::Allow, 0));
}

#[test]
fn the_owner_at_home_is_let_in_all_the_while() {
    let door = Door::new(Population::Customer);
    for minute in 0..9 {
        door.denied(2 * minute, Population::Customer);
        let home =
            door.decide(owner(BEGIN_MS + (2 * minute + 1) * MINUTE_MS), Population::Customer);
        assert_eq!(home.verdict, Verdict::Allow, "after {} denials: {home:?}", minute + 1);
    }
}

/// Prompts come back once it has been quiet.
#[test]
fn an_hour_later_prompts_are_sent_again() {
    let door = Door::new(Population::Customer);
    (0..3).for_each(|minute| drop(door.denied(minute, Population::Customer)));
    assert!(prompts(&door.denied(75, Population::Customer)));
}
