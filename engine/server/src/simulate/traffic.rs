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
