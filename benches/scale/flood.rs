//! A flood of names, and those whom it must not harm.

use std::net::{IpAddr, Ipv6Addr};

use doorward_core::engine::Engine;
use doorward_core::record::DecisionRecord;

use crate::evaluate;
use crate::visit::Visit;

/// Users that are guessed at before the flood.
const VICTIMS: u32 = 10_000;
/// Guesses at each.
const GUESSES: u32 = 7;
/// What is looked at of them.
const LOOKED_AT: [&str; 6] = [
    "user.failures_consecutive",
    "user.trusted_logins",
    "device.known",
    "network.known",
    "failures_user",
    "addresses_failing",
];
/// Whether other counts of the attempt may be too high.
const ESTIMATED: &str = "counts.estimated";

/// Users with failures in their windows, and what was seen of them before the flood.
pub(crate) struct Victims(Vec<(u64, Vec<String>)>);

impl Victims {
    /// Guesses at users just before the flood.
    pub(crate) fn of(engine: &Engine, users: u32, begin: u32) -> Self {
        let victims = (0..VICTIMS.min(users)).map(u64::from);
        let guessed = victims.map(|user| {
            (0..GUESSES).for_each(|_| drop(evaluate(engine, Visit::of_attacker(user, begin))));
            let before = visited(engine, user, begin);
            (user, told(engine, &before, |name| LOOKED_AT.contains(&name)))
        });
        Self(guessed.collect())
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// How many are seen as they were before, and of how many other counts may be too high now. What differs is told of
    /// the first that is not seen so.
    pub(crate) fn unharmed(&self, engine: &Engine, end: u32) -> (usize, usize) {
        let (mut harmed, mut estimated) = (Vec::new(), 0);
        for (user, before) in &self.0 {
            let record = visited(engine, *user, end);
            let now = told(engine, &record, |name| LOOKED_AT.contains(&name));
            let yes = told(engine, &record, |name| name == ESTIMATED);
            estimated += usize::from(yes.iter().any(|it| it.ends_with("yes")));
            let differ = before.iter().zip(now).filter(|(before, now)| *before != now);
            let differ: Vec<String> =
                differ.map(|(before, now)| format!("{before}, now {now}")).collect();
            harmed.extend((!differ.is_empty()).then_some(differ));
        }
        if let Some(first) = harmed.first() {
            println!("harmed: {}", first.join("; "));
        }
        (self.0.len() - harmed.len(), estimated)
    }
}

/// A /64 of its own for each number.
pub(crate) fn address(number: u32) -> IpAddr {
    let [a, b, c, d] = number.to_be_bytes();
    Ipv6Addr::new(0x2a02, 0xdb8, u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]), 0, 0, 0, 1)
        .into()
}

/// An attempt of the user at home that counts nowhere.
fn visited(engine: &Engine, user: u64, number: u32) -> DecisionRecord {
    let mut visit = Visit::of_owner(user, number);
    visit.attempt.credential.result = None;
    evaluate(engine, visit)
}

/// Some of its readings.
fn told(engine: &Engine, record: &DecisionRecord, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let slots = engine.policy().slots();
    let own = slots.iter().zip(&record.readings).filter(|(slot, _)| wanted(&slot.name));
    own.map(|(slot, reading)| format!("{}: {reading}", slot.name)).collect()
}
