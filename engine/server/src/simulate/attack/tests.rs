//! Every kind of attack, planned against a small world.

use std::collections::BTreeMap;

use doorward_core::event::Journey;

use super::*;
use crate::simulate::label::{Maker, Phase};
use crate::simulate::span::Span;

fn traffic() -> Traffic {
    Traffic::new(7, Span::new(3), 80, 20)
}

/// How many attempts of each phase a family makes, those that depend on being let in included.
fn phases(intents: &[Intent]) -> BTreeMap<(Family, Phase), usize> {
    let mut counts = BTreeMap::new();
    for intent in intents.iter().chain(intents.iter().flat_map(|intent| &intent.then)) {
        if let Maker::Attacker { family, phase, .. } = intent.maker {
            *counts.entry((family, phase)).or_default() += 1;
        }
    }
    counts
}

#[test]
fn every_kind_of_attack_occurs_and_tries_to_get_in() {
    let traffic = traffic();
    let counts = phases(&attacks(7, &traffic, Family::ALL));
    let rarely = [Family::Spray, Family::BruteForce, Family::Stuffing, Family::SlowStuffing];
    for family in Family::ALL {
        let of = |phase| counts.get(&(*family, phase)).copied().unwrap_or(0);
        let guesses = rarely.contains(family);
        assert_eq!(of(Phase::Guess) > 0, guesses, "{family:?}");
        assert!(guesses || of(Phase::Entry) > 0, "{family:?}");
    }
}

#[test]
fn attackers_come_on_days_that_are_scored_and_an_attack_changes_no_other() {
    let traffic = traffic();
    let all = attacks(7, &traffic, Family::ALL);
    assert!(all.iter().all(|intent| intent.draft.at >= traffic.span.scored_at()));
    let alone = attacks(7, &traffic, &[Family::Spray]);
    let among = all
        .iter()
        .filter(|intent| matches!(intent.maker, Maker::Attacker { family: Family::Spray, .. }));
    let told = |intent: &Intent| format!("{intent:?}");
    assert_eq!(alone.iter().map(told).collect::<Vec<_>>(), among.map(told).collect::<Vec<_>>());
}

#[test]
fn every_plan_is_an_event_that_a_caller_can_tell() {
    let traffic = traffic();
    let attacks = attacks(7, &traffic, Family::ALL);
    let all = traffic.plans.iter().flatten().chain(&attacks);
    for intent in all.flat_map(|intent| [intent].into_iter().chain(&intent.then)) {
        let attempt = intent.draft.attempt().unwrap();
        assert_eq!(attempt.occurred_at, intent.draft.at);
        assert_eq!(attempt.transaction.is_some(), attempt.journey == Journey::Transaction);
    }
}
