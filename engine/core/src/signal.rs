//! The signal table: each row names a signal, its type and meaning, and reads it.
//!
//! Checker, reference, record and console read this table; a signal is added by adding a row.

mod egress;
mod event;
mod familiarity;
mod traffic;

use std::collections::HashMap;
use std::sync::LazyLock;

pub(crate) use event::primary_language;
pub use familiarity::{LOGINS_MIN, SIMILARITY_MIN};

use crate::egress::Regulars;
use crate::enrichment::Enrichment;
use crate::event::Attempt;
use crate::profile::Familiarity;
use crate::traffic::Climate;
use crate::value::{Reading, Type};

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
}

impl<'a> Seen<'a> {
    /// The event alone, before any memory has been asked.
    pub fn event(attempt: &'a Attempt, enrichment: &'a Enrichment) -> Self {
        Self { attempt, enrichment, familiarity: None, climate: None, regulars: None }
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
    pub read: fn(&Seen<'_>) -> Reading,
}

/// The number of a row, the same for the life of the process.
pub type SignalId = usize;

/// The rows that the event tells, which come first.
pub(crate) const EVENT_SIGNALS: &[Signal] = event::SIGNALS;

/// The rows that memory adds, which follow.
pub(crate) fn memory_signals() -> impl Iterator<Item = &'static Signal> {
    familiarity::SIGNALS.iter().chain(egress::SIGNALS).chain(traffic::SIGNALS)
}

/// All rows in order: what the event tells, then what memory adds.
pub static SIGNALS: LazyLock<Vec<&'static Signal>> =
    LazyLock::new(|| EVENT_SIGNALS.iter().chain(memory_signals()).collect());

static BY_NAME: LazyLock<HashMap<&'static str, SignalId>> =
    LazyLock::new(|| SIGNALS.iter().enumerate().map(|(id, signal)| (signal.name, id)).collect());

/// The row with this name.
pub fn find(name: &str) -> Option<SignalId> {
    BY_NAME.get(name).copied()
}
