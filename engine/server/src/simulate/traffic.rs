//! All that good people do, planned before any of it happens.

use doorward_core::event::Journey;
use doorward_core::time::MINUTE_MS;

use super::calendar::Calendar;
use super::chance::Chance;
use super::errand::Errands;
use super::intent::Intent;
use super::people::people;
use super::person::Person;
use super::span::Span;
use super::visit::visits;
use super::world::World;

/// Good people, what they mean to do, and the world they do it in.
#[derive(Debug)]
pub struct Traffic {
    /// What the world is made of.
    pub world: World,
    /// When it takes place.
    pub span: Span,
    /// Customers, then staff.
    pub people: Vec<Person>,
    /// By person: what they mean to do, in order of time.
    pub plans: Vec<Vec<Intent>>,
}

impl Traffic {
    /// Draws everybody's life.
    pub fn new(seed: u64, span: Span, customers: usize, staff: usize) -> Self {
        let world = World::default();
        let people = people(seed, span, customers, staff);
        let plans = people.iter().map(|person| plan(seed, person, &world, span)).collect();
        Self { world, span, people, plans }
    }

    /// The sign-ins of a person that an attacker may know of.
    pub fn sign_ins(&self, person: &Person) -> impl DoubleEndedIterator<Item = &Intent> {
        let plan = self.plans.get(person.number).map(Vec::as_slice).unwrap_or_default();
        plan.iter().filter(|intent| {
            let right = intent.draft.proof.as_ref().is_some_and(|proof| proof.failure.is_none());
            intent.draft.journey == Journey::Login && right
        })
    }
}

fn plan(seed: u64, person: &Person, world: &World, span: Span) -> Vec<Intent> {
    // By name: the number of a member of staff depends on how many customers there are.
    let mut chance = Chance::stream(seed, &person.account.user, 0);
    let calendar = Calendar::new(person, span, &mut chance);
    let visits = visits(person, world, span, &calendar, &mut chance);
    let mut errands = Errands::new(person);
    let mut plan = Vec::new();
    let joins = person.account.created_at.filter(|at| *at >= span.day(0));
    if let Some((at, first)) = joins.zip(visits.first()) {
        plan.push(errands.join(first, at, &mut chance));
        let again = super::visit::Visit { at: at.plus(3 * MINUTE_MS), ..first.clone() };
        plan.extend(errands.visit(&again, &mut chance));
    }
    for visit in &visits {
        plan.extend(errands.visit(visit, &mut chance));
    }
    plan
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::net::IpAddr;

    use doorward_core::place::Point;
    use doorward_core::time::HOUR_MS;

    use super::*;
    use crate::enrich::GeoData;
    use crate::simulate::label::{Life, Maker};

    fn traffic() -> Traffic {
        Traffic::new(3, Span::new(14), 400, 60)
    }

    #[test]
    fn the_same_seed_gives_the_same_lives_and_another_gives_others() {
        let told = |seed| format!("{:?}", Traffic::new(seed, Span::new(2), 20, 5).plans);
        assert_eq!(told(3), told(3));
        assert_ne!(told(3), told(4));
    }

    #[test]
    fn everything_happens_to_somebody_and_no_name_is_used_twice() {
        let traffic = traffic();
        let lives: BTreeSet<Life> = traffic
            .plans
            .iter()
            .flatten()
            .filter_map(|intent| match intent.maker {
                Maker::Good(life) => Some(life),
                Maker::Attacker { .. } => None,
            })
            .collect();
        assert_eq!(lives, Life::ALL.iter().copied().collect());
        let mut names = BTreeSet::new();
        let mut coming: Vec<&Intent> = traffic.plans.iter().flatten().collect();
        while let Some(intent) = coming.pop() {
            assert!(names.insert(intent.draft.name.clone()), "{}", intent.draft.name);
            coming.extend(&intent.then);
        }
    }

    /// But for VPNs and carriers, which put people where they are not.
    #[test]
    fn nobody_is_in_two_places_at_once() {
        let traffic = traffic();
        let geo = GeoData::embedded("world", &traffic.world.geo_csv()).unwrap();
        let point = |intent: &Intent| -> Point {
            let (place, _) = geo.look(Some(IpAddr::V4(intent.draft.origin.address)));
            place.unwrap().point.unwrap()
        };
        let there = |intent: &&Intent| match intent.maker {
            Maker::Good(Life::Vpn | Life::Mobile) | Maker::Attacker { .. } => false,
            Maker::Good(_) => point(intent).accuracy_km < 50.0,
        };
        let (mut journeys, mut impossible) = (0, 0);
        for person in &traffic.people {
            let mut visits: Vec<&Intent> = traffic.sign_ins(person).filter(there).collect();
            visits.sort_by_key(|intent| intent.draft.at);
            for [from, to] in visits.array_windows() {
                let km = point(from).distance_km(&point(to));
                let hours = to.draft.at.since(from.draft.at) as f64 / HOUR_MS as f64;
                journeys += usize::from(km > 300.0);
                impossible += usize::from(km > 300.0 && km / hours > 1_000.0);
            }
        }
        assert!(journeys > 100, "{journeys}");
        assert!(impossible * 50 < journeys, "{impossible} of {journeys}");
    }
}
