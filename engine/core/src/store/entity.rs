//! One entity: what attempts bring to its windows, and what they see there.

use super::kept::{KeptEntity, KeptWindow, KeptWindows};
use super::parts::Parts;
use crate::time::Timestamp;
use crate::value::{Cause, Reading};
use crate::window::{Aggregate, Cells, Covered, Operand, own_amount};

/// An attempt as windows see it.
pub(super) struct Counted<'a> {
    /// Which windows of the policy it is part of.
    windows: &'a [bool],
    parts: &'a Parts,
    at: Timestamp,
    /// What each span covers up to its time.
    covered: Box<[Covered]>,
}

impl<'a> Counted<'a> {
    pub(super) fn new(
        kept: &KeptWindows,
        windows: &'a [bool],
        parts: &'a Parts,
        at: Timestamp,
    ) -> Self {
        let covered = kept.spans.iter().map(|span| span.covered(at)).collect();
        Self { windows, parts, at, covered }
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
    pub(super) fn read(&self, entity: &KeptEntity, cells: &Cells, readings: &mut [Reading]) {
        let mut cells = cells.in_turn();
        for window in &entity.windows {
            let own = cells(window.tally.number);
            let Some(covered) = self.covered.get(window.span) else { continue };
            let read = window.tally.read(own, self.at, *covered, readings);
            put(window, read.into(), readings);
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
            Aggregate::Count | Aggregate::First | Aggregate::Last => Some(Operand::Nothing),
            Aggregate::Distinct { .. } => self.parts.mark(window.of?).ok().map(Operand::Mark),
            Aggregate::Sum { of } | Aggregate::Max { of } => {
                own_amount(readings, of).ok().map(Operand::Amount)
            }
        }
    }
}

fn put(window: &KeptWindow, reading: Reading, readings: &mut [Reading]) {
    if let Some(slot) = readings.get_mut(window.slot) {
        *slot = reading;
    }
}
