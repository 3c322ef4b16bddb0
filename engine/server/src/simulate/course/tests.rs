use doorward_core::engine::Engine;

use super::*;
use crate::enrich::{Enricher, GeoData};
use crate::rules::RuleText;
use crate::simulate::attack::attacks;
use crate::simulate::label::Family;
use crate::simulate::span::Span;
use crate::simulate::traffic::Traffic;

/// What happened, in short: when, which event, what was answered.
fn run(door: Door, families: &[Family]) -> Vec<(Timestamp, String, Option<Verdict>)> {
    let traffic = Traffic::new(5, Span::new(2), 30, 6);
    let attacks = attacks(5, &traffic, families);
    let mut course = Course::default();
    traffic.plans.into_iter().flatten().chain(attacks).for_each(|intent| course.add(intent));
    let mut happened = Vec::new();
    let told = course.run(door, |event| {
        happened.push(match event {
            Happened::Attempt(_, attempt, decision) => {
                let verdict = decision.map(|decision| decision.verdict);
                (attempt.occurred_at, attempt.event_id.to_string(), verdict)
            }
            Happened::Outcome(Report { outcome, .. }) => {
                (outcome.occurred_at, outcome.event_id.to_string(), None)
            }
        });
        Ok::<(), TextError>(())
    });
    told.unwrap();
    happened
}

fn guarded() -> Door {
    let (_, compiled) = RuleText::read(None).unwrap().compile();
    let geo = GeoData::embedded("world", &crate::simulate::world::World::default().geo_csv());
    let engine = Engine::new([0; 16], compiled.policy.unwrap());
    Door::Guarded(Box::new(Playback::new([0; 16], engine, Enricher::new(geo.unwrap()))))
}

#[test]
fn time_never_goes_back() {
    let happened = run(Door::Open, Family::ALL);
    assert!(happened.len() > 1_000, "{}", happened.len());
    assert!(happened.array_windows().all(|[(before, ..), (after, ..)]| before <= after));
}

#[test]
fn good_people_do_the_same_whoever_attacks() {
    let theirs = |happened: Vec<(Timestamp, String, Option<Verdict>)>| -> Vec<_> {
        let mut theirs = happened;
        theirs.retain(|(_, id, _)| id.starts_with("customer-") || id.starts_with("staff-"));
        theirs
    };
    assert_eq!(theirs(run(Door::Open, Family::ALL)), theirs(run(Door::Open, &[])));
}

#[test]
fn who_is_stopped_goes_no_further() {
    let happened = run(guarded(), &[Family::Takeover]);
    let takeover = happened.iter().filter(|(_, id, _)| id.starts_with("takeover-0-"));
    let takeover: Vec<_> = takeover.collect();
    let (_, entry, verdict) = takeover.first().unwrap();
    assert_eq!((entry.as_str(), *verdict), ("takeover-0-0", Some(Verdict::StepUp)));
    let rest: Vec<&str> = takeover.iter().skip(1).map(|(_, id, _)| id.as_str()).collect();
    let answers = ["takeover-0-0-challenge_failed", "takeover-0-0-challenge_abandoned"];
    assert!(rest.len() == 1 && answers.contains(&rest[0]), "{rest:?}");
    let open = run(Door::Open, &[Family::Takeover]);
    assert!(open.iter().any(|(_, id, _)| id == "takeover-0-2"), "nobody stops it here");
}
