//! A flood of names, and those whom it must not harm.

use std::net::{IpAddr, Ipv6Addr};

use doorward_core::engine::Engine;
use doorward_core::record::DecisionRecord;
use doorward_core::value::{Reading, Value};

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
pub(crate) struct Victims(Vec<(u64, Vec<i64>)>);

/// How victims are seen after the flood.
#[derive(Default)]
pub(crate) struct Fate {
    /// Something is seen as less than it was, or as more and nobody is told.
    pub(crate) lost: usize,
    /// Something is seen as more than it was, and that is told.
    pub(crate) raised: usize,
    /// Is told that counts of something else may be too high.
    pub(crate) estimated: usize,
}

impl Victims {
    /// Guesses at users just before the flood.
    pub(crate) fn of(engine: &Engine, users: u32, begin: u32) -> Self {
        let victims = (0..VICTIMS.min(users)).map(u64::from);
        let guessed = victims.map(|user| {
            (0..GUESSES).for_each(|_| drop(evaluate(engine, Visit::of_attacker(user, begin))));
            (user, seen(engine, &visited(engine, user, begin), &LOOKED_AT))
        });
        Self(guessed.collect())
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// What became of them.
    pub(crate) fn fate(&self, engine: &Engine, end: u32) -> Fate {
        let mut fate = Fate::default();
        for (user, before) in &self.0 {
            let record = visited(engine, *user, end);
            let now = seen(engine, &record, &LOOKED_AT);
            let estimated = seen(engine, &record, &[ESTIMATED]) == [1];
            let some = |differs: fn(&i64, &i64) -> bool| {
                now.iter().zip(before).any(|(now, before)| differs(now, before))
            };
            let (lost, raised) =
                (some(|now, before| now < before), some(|now, before| now > before));
            fate.lost += usize::from(lost || raised && !estimated);
            fate.raised += usize::from(raised && estimated);
            fate.estimated += usize::from(estimated && !raised);
        }
        fate
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

/// Some of its readings: numbers as they are, yes as 1, no as 0, unknown as less.
fn seen(engine: &Engine, record: &DecisionRecord, wanted: &[&str]) -> Vec<i64> {
    let slots = engine.policy().slots();
    let own = slots.iter().zip(&record.readings).filter(|(slot, _)| wanted.contains(&&*slot.name));
    own.map(|(_, reading)| match reading {
        Reading::Known(Value::Int(number)) => *number,
        Reading::Known(Value::Bool(yes)) => i64::from(*yes),
        Reading::Known(_) | Reading::Unknown(_) => -1,
    })
    .collect()
}
