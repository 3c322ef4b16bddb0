//! A small world, with and without rules at its door.

use std::collections::BTreeSet;

use doorward_core::engine::Engine;
use doorward_core::store::Budget;

use super::*;
use crate::enrich::{Enricher, GeoData};
use crate::rules::RuleText;
use crate::simulate::attack::attacks;
use crate::simulate::label::Family;
use crate::simulate::span::Span;
use crate::simulate::traffic::Traffic;

/// What happened, in short.
#[derive(Clone, Debug, PartialEq)]
struct Told {
    at: Timestamp,
    /// The attempt, or the one that an outcome is about.
    event_id: String,
    /// The attempt's name in the simulation, or the kind of the outcome.
    name: String,
    verdict: Option<Verdict>,
}

fn run(door: Door, families: &[Family]) -> Vec<Told> {
    let traffic = Traffic::new(5, Span::new(2), 30, 6);
    let attacks = attacks(5, &traffic, families);
    let mut course = Course::default();
    traffic.plans.into_iter().flatten().chain(attacks).for_each(|intent| course.add(intent));
    let mut happened = Vec::new();
    let told = course.run(door, |event| {
        happened.push(match event {
            Happened::Attempt(intent, attempt, decision) => Told {
                at: attempt.occurred_at,
                event_id: attempt.event_id.to_string(),
                name: intent.draft.name.clone(),
                verdict: decision.map(|decision| decision.verdict),
            },
            Happened::Outcome(Report { outcome, about, .. }) => Told {
                at: outcome.occurred_at,
                event_id: match about {
                    About::Event(id) => id.to_string(),
                    About::Decision(id) => id.to_string(),
                },
                name: outcome.kind.word().to_owned(),
                verdict: None,
            },
        });
        Ok::<(), TextError>(())
    });
    told.unwrap();
    happened
}

fn guarded() -> Door {
    let (_, compiled) = RuleText::read(None).unwrap().compile();
    let geo = GeoData::embedded("world", &crate::simulate::world::World::default().geo_csv());
    let engine = Engine::new([0; 16], compiled.policy.unwrap(), Budget::default());
    Door::Guarded(Box::new(Playback::new([0; 16], engine, Enricher::new(geo.unwrap()))))
}

#[test]
fn time_never_goes_back() {
    let happened = run(Door::Open, Family::ALL);
    assert!(happened.len() > 1_000, "{}", happened.len());
    assert!(happened.array_windows().all(|[before, after]| before.at <= after.at));
}

#[test]
fn good_people_do_the_same_whoever_attacks() {
    let theirs = |mut happened: Vec<Told>| -> Vec<Told> {
        let good =
            |told: &&Told| told.name.starts_with("customer-") || told.name.starts_with("staff-");
        let good = happened.iter().filter(good).map(|told| told.event_id.clone());
        let good: BTreeSet<String> = good.collect();
        happened.retain(|told| good.contains(&told.event_id));
        happened
    };
    assert_eq!(theirs(run(Door::Open, Family::ALL)), theirs(run(Door::Open, &[])));
}

#[test]
fn who_is_stopped_goes_no_further() {
    let takeover = |happened: Vec<Told>| -> Vec<Told> {
        let entry = happened.iter().find(|told| told.name == "takeover-0-0").unwrap().clone();
        let theirs = happened
            .into_iter()
            .filter(|told| told.event_id == entry.event_id || told.name.starts_with("takeover-0-"));
        theirs.collect()
    };
    let stopped = takeover(run(guarded(), &[Family::Takeover]));
    let [entry, answer] = stopped.as_slice() else { panic!("{stopped:?}") };
    assert_eq!(entry.verdict, Some(Verdict::StepUp));
    assert!(["challenge_failed", "challenge_abandoned"].contains(&answer.name.as_str()));
    let open = takeover(run(Door::Open, &[Family::Takeover]));
    assert!(open.iter().any(|told| told.name == "takeover-0-1"), "nobody stops it here");
}
