//! One entity: what attempts bring to its windows, and what they see there.

use super::kept::{KeptEntity, KeptWindow, KeptWindows};
use super::lifecycle::Before;
use super::parts::Parts;
use super::remains::{Part, Remains};
use super::shelf::Shelf;
use crate::keyed::Name;
use crate::signal::told_place;
use crate::time::Timestamp;
use crate::value::{Cause, Reading, Value};
use crate::window::{Aggregate, Cells, Covered, Operand, Span, own_amount, packed_place, value};

/// An attempt as windows see it.
pub(super) struct Counted<'a> {
    /// Which windows of the policy it is part of.
    windows: &'a [bool],
    parts: &'a Parts,
    at: Timestamp,
    spans: &'a [Span],
    /// What each span covers up to its time.
    covered: Box<[Covered]>,
    estimated: bool,
}

/// What a shelf may have lost of an entity.
pub(super) struct Lost<'a> {
    pub(super) name: Name,
    pub(super) forgot_at: Option<Timestamp>,
    pub(super) remains: &'a Remains,
    /// Whether the account knew the entity before: what strangers had of it is not held against it.
    pub(super) tied: bool,
}

impl<'a> Lost<'a> {
    pub(super) fn of(shelf: &'a Shelf, name: Name, tied: bool) -> Self {
        Self { name, forgot_at: shelf.forgot_at, remains: &shelf.remains, tied }
    }

    /// Whether anything was evicted that windows may cover.
    pub(super) fn any(&self, at: Timestamp) -> bool {
        self.remains.since(at, self.tied).is_some()
    }

    /// The most that can have been evicted of a window.
    pub(super) fn of_window(&self, window: &KeptWindow, at: Timestamp) -> i64 {
        let part = Part::of_window(window.tally.number);
        self.remains.read(self.name, part, at, self.tied)
    }
}

impl<'a> Counted<'a> {
    pub(super) fn new(
        kept: &'a KeptWindows,
        windows: &'a [bool],
        parts: &'a Parts,
        at: Timestamp,
    ) -> Self {
        let covered = kept.spans.iter().map(|span| span.covered(at)).collect();
        Self { windows, parts, at, spans: &kept.spans, covered, estimated: false }
    }

    /// When the attempt was.
    pub(super) fn at(&self) -> Timestamp {
        self.at
    }

    /// Whether anything read so far may be too high.
    pub(super) fn estimated(&self) -> bool {
        self.estimated
    }

    /// Whether the attempt brings something to any window of the entity.
    pub(super) fn any(&self, entity: &KeptEntity, readings: &[Reading]) -> bool {
        entity.windows.iter().any(|window| self.operand(window, readings).is_some())
    }

    /// Counts the attempt in every window that it is part of.
    pub(super) fn count(&self, entity: &KeptEntity, cells: &mut Cells, readings: &[Reading]) {
        for window in &entity.windows {
            let covered = self.covered.get(window.span);
            if let Some((operand, covered)) = self.operand(window, readings).zip(covered) {
                window.tally.count(cells, self.at, *covered, operand);
            }
        }
    }

    /// Reads every window of the entity as the attempt sees it.
    pub(super) fn read(
        &mut self,
        entity: &KeptEntity,
        cells: &Cells,
        (lost, before): (&Lost<'_>, Option<&Before>),
        readings: &mut [Reading],
    ) {
        let perhaps_evicted = cells.note().late && lost.any(self.at);
        let since = cells.since();
        let forgot_at = lost.forgot_at.max(before.and_then(|before| before.forgot_at));
        let joined = before.map(|before| before.with(entity, cells));
        let mut cells = joined.as_ref().unwrap_or(cells).in_turn();
        for (place, window) in entity.windows.iter().enumerate() {
            let own = cells(window.tally.number);
            let Some(covered) = self.covered.get(window.span) else { continue };
            let mut read = window.tally.read(own, self.at, *covered, readings);
            let mut evicted = before.map_or(0, |before| before.evicted(place));
            if perhaps_evicted && !self.whole(window, *covered, since) {
                evicted = evicted.saturating_add(lost.of_window(window, self.at));
            }
            if self.forgotten(window, *covered, forgot_at) {
                read = Err(Cause::Incomplete);
            } else if evicted > 0 {
                read = self.with_evicted(window, read, evicted);
            }
            put(window, read.into(), readings);
        }
    }

    /// Whether the attempt is told so late that a shelf that was tidied meanwhile no longer has what it covers.
    fn forgotten(
        &self,
        window: &KeptWindow,
        covered: Covered,
        forgot_at: Option<Timestamp>,
    ) -> bool {
        let later = forgot_at.filter(|forgot_at| *forgot_at > self.at);
        let span = later.zip(self.spans.get(window.span));
        span.is_some_and(|(at, span)| covered.first < span.covered(at).last.oldest_kept())
    }

    /// Whether the entity has been there for the whole span, so that nothing of it was evicted.
    fn whole(&self, window: &KeptWindow, covered: Covered, since: Option<Timestamp>) -> bool {
        let there = self.spans.get(window.span).zip(since);
        there.is_some_and(|(span, since)| span.covered(since).last < covered.first)
    }

    /// Adds what may have been evicted of the entity, which is not nothing. Where that cannot be added, nothing is known.
    fn with_evicted(
        &mut self,
        window: &KeptWindow,
        read: Result<Value, Cause>,
        evicted: i64,
    ) -> Result<Value, Cause> {
        self.estimated = true;
        match (window.tally.aggregate, read?) {
            (Aggregate::Count, Value::Int(own)) => Ok(Value::Int(own.saturating_add(evicted))),
            (Aggregate::Distinct { exact_max, .. }, Value::Int(own)) => {
                let most = own.max(i64::from(exact_max));
                Ok(Value::Int(own.saturating_add(evicted).min(most)))
            }
            (Aggregate::Count | Aggregate::Distinct { .. }, _) => Err(Cause::Incomplete),
            (Aggregate::Sum { .. } | Aggregate::Max { .. }, _) => Err(Cause::Incomplete),
            (Aggregate::Mean { .. } | Aggregate::Deviation { .. }, _) => Err(Cause::Incomplete),
            (Aggregate::First | Aggregate::Last | Aggregate::Regularity, _) => {
                Err(Cause::Incomplete)
            }
            (Aggregate::Spread | Aggregate::Run { .. }, _) => Err(Cause::Incomplete),
        }
    }

    /// Marks every window of an entity that the attempt cannot name as unknown.
    pub(super) fn skip(&self, entity: &KeptEntity, cause: Cause, readings: &mut [Reading]) {
        for window in &entity.windows {
            put(window, Reading::Unknown(cause), readings);
        }
    }

    /// What the attempt brings to the window, if it is part of it.
    fn operand(&self, window: &KeptWindow, readings: &[Reading]) -> Option<Operand> {
        if !self.windows.get(window.index).copied().unwrap_or(false) {
            return None;
        }
        match window.tally.aggregate {
            Aggregate::Count | Aggregate::First | Aggregate::Last | Aggregate::Regularity => {
                Some(Operand::Nothing)
            }
            Aggregate::Distinct { .. } => self.parts.mark(window.of?).ok().map(Operand::Mark),
            Aggregate::Sum { of }
            | Aggregate::Max { of }
            | Aggregate::Mean { of }
            | Aggregate::Deviation { of } => own_amount(readings, of).ok().map(Operand::Amount),
            Aggregate::Spread => {
                told_place(readings).map(|place| Operand::Mark(packed_place(&place)))
            }
            Aggregate::Run { of } => match value(readings, of) {
                Ok(Value::Int(number)) => Some(Operand::Mark(number.cast_unsigned())),
                Ok(_) | Err(_) => None,
            },
        }
    }
}

fn put(window: &KeptWindow, reading: Reading, readings: &mut [Reading]) {
    if let Some(slot) = readings.get_mut(window.slot) {
        *slot = reading;
    }
}
