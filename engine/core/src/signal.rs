//! The signal table: each row names a signal, its type and meaning, and reads it.
//!
//! Checker, reference, record and console read this table; a signal is added by adding a row.

mod contact;
mod declared;
mod egress;
mod ending;
mod event;
mod familiarity;
mod proof;
mod traffic;

use std::collections::HashMap;
use std::sync::LazyLock;

pub use declared::AttributeSpec;
pub(crate) use event::primary_language;
pub use familiarity::{LOGINS_MIN, SIMILARITY_MIN};

use crate::decision::Verdict;
use crate::egress::Regulars;
use crate::enrichment::Enrichment;
use crate::event::{Attempt, Outcome};
use crate::place::Point;
use crate::profile::Familiarity;
use crate::traffic::Climate;
use crate::value::{Reading, Type, Value};

/// What the readers of signals look at.
pub struct Seen<'a> {
    /// What the caller told.
    pub attempt: &'a Attempt,
    /// What was looked up.
    pub enrichment: &'a Enrichment,
    /// What the profile knew before this attempt; `None` until it has been asked, or if nobody is named.
    pub familiarity: Option<&'a Familiarity>,
    /// What everybody's attempts show of this one; `None` until they have been asked.
    pub climate: Option<&'a Climate>,
    /// Who is regularly at the address; `None` until that has been asked, or without an address.
    pub regulars: Option<&'a Regulars>,
    /// What became of it, as far as that is known.
    pub ending: Ending<'a>,
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ending<'a> {
    /// What was answered; `None` until it was decided.
    pub verdict: Option<Verdict>,
    /// The outcome that is being told; an attempt may have several, of which each is seen alone.
    pub outcome: Option<&'a Outcome>,
}

impl<'a> Seen<'a> {
    /// The event alone, before any memory has been asked.
    pub fn event(attempt: &'a Attempt, enrichment: &'a Enrichment) -> Self {
        let ending = Ending::default();
        Self { attempt, enrichment, familiarity: None, climate: None, regulars: None, ending }
    }
}

/// Where a signal comes from, which decides when it can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The event and what was looked up for it: usable in a window's `where` and `by`.
    Event,
    /// The profile, as it was before the attempt.
    Profile,
    /// What the trusted logins of everybody taught of the address, as it was before the attempt.
    Egress,
    /// What everybody's attempts show, this one included: strangers can bring it about.
    Traffic,
    /// What became of the attempt: usable in a window's `where`, which counts it once that is known.
    Ending,
}

/// One row of the table.
pub struct Signal {
    /// The name in rule files and records; never reused for another meaning.
    pub name: &'static str,
    /// Its type and unit.
    pub kind: Type,
    /// Where it comes from.
    pub origin: Origin,
    /// What it means, in one sentence that an analyst can act on.
    pub doc: &'static str,
    /// Reads it.
    pub read: Read,
}

/// How a signal is read.
pub type Read = fn(&Seen<'_>) -> Reading;

/// The number of a row, the same for the life of the process.
pub type SignalId = usize;

/// The rows that the event tells, which come first.
pub(crate) const EVENT_SIGNALS: [&[Signal]; 3] = [event::SIGNALS, proof::SIGNALS, contact::SIGNALS];

/// How many rows the event tells.
pub(crate) const EVENT_SIGNAL_COUNT: usize =
    event::SIGNALS.len() + proof::SIGNALS.len() + contact::SIGNALS.len();

/// The rows that memory adds, which follow.
pub(crate) fn memory_signals() -> impl Iterator<Item = &'static Signal> {
    familiarity::SIGNALS.iter().chain(egress::SIGNALS).chain(traffic::SIGNALS)
}

/// The rows of what became of the attempt, which come last.
pub(crate) const ENDING_SIGNALS: &[Signal] = ending::SIGNALS;

/// The number of the first of them.
pub(crate) const ENDING_FIRST: SignalId = EVENT_SIGNAL_COUNT
    + familiarity::SIGNALS.len()
    + egress::SIGNALS.len()
    + traffic::SIGNALS.len();

/// All rows in order: what the event tells, what memory adds, what becomes of it.
pub static SIGNALS: LazyLock<Vec<&'static Signal>> = LazyLock::new(|| {
    let event = EVENT_SIGNALS.into_iter().flatten();
    event.chain(memory_signals()).chain(ENDING_SIGNALS).collect()
});

static BY_NAME: LazyLock<HashMap<&'static str, SignalId>> =
    LazyLock::new(|| SIGNALS.iter().enumerate().map(|(id, signal)| (signal.name, id)).collect());

/// The row that says that counts are estimated: what the store found out while it read the windows.
pub(crate) static COUNTS_ESTIMATED: LazyLock<SignalId> =
    LazyLock::new(|| find("counts.estimated").unwrap_or(SignalId::MAX));

/// The rows that say where the attempt was, as far as that tells where a person was.
static PLACE: LazyLock<[SignalId; 3]> = LazyLock::new(|| {
    ["geo.latitude", "geo.longitude", "geo.accuracy"]
        .map(|name| find(name).unwrap_or(SignalId::MAX))
});

/// Where readings say that the attempt was.
pub(crate) fn told_place(readings: &[Reading]) -> Option<Point> {
    let number = |row| match readings.get(row)? {
        Reading::Known(Value::Decimal(number) | Value::Distance(number)) => Some(*number),
        Reading::Known(_) | Reading::Unknown(_) => None,
    };
    let [latitude, longitude, accuracy_km] = PLACE.map(number);
    let (latitude, longitude, accuracy_km) = (latitude?, longitude?, accuracy_km?);
    Some(Point { latitude, longitude, accuracy_km })
}

/// The row with this name.
pub fn find(name: &str) -> Option<SignalId> {
    BY_NAME.get(name).copied()
}
