//! One entity: the state of all windows kept for one user, address, device or other key.

use crate::few;
use crate::keyed::Keyed;
use crate::signal::SIGNALS;
use crate::time::Timestamp;
use crate::value::{Cause, Reading};
use crate::window::{EntitySpec, Operand, Tally, WindowIndex, WindowSpec, Windows};

/// The windows of a policy and which of them an attempt is part of.
pub(super) struct Counted<'a> {
    pub(super) windows: &'a Windows,
    pub(super) counted: &'a [bool],
    pub(super) at: Timestamp,
}

impl<'a> Counted<'a> {
    /// Whether the attempt is part of any window of the entity.
    pub(super) fn any(&self, spec: &EntitySpec) -> bool {
        spec.windows.iter().any(|window| self.holds(*window))
    }

    /// Marks every window of an entity that the attempt cannot name as unknown.
    pub(super) fn skip(&self, spec: &EntitySpec, cause: Cause, readings: &mut [Reading]) {
        for window in &spec.windows {
            put(readings, *window, Reading::Unknown(cause));
        }
    }

    fn holds(&self, window: WindowIndex) -> bool {
        self.counted.get(window).copied().unwrap_or(false)
    }

    fn specs(&self, spec: &EntitySpec) -> impl Iterator<Item = (WindowIndex, &'a WindowSpec)> {
        let windows = self.windows;
        spec.windows.iter().filter_map(|window| Some((*window, windows.specs.get(*window)?)))
    }
}

/// All windows of one entity, by the identity of their definitions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Entity {
    /// Sorted by identity: a window that two policies share keeps its state.
    tallies: Vec<(u64, Tally)>,
}

impl Entity {
    /// Counts the attempt in every window it is part of.
    pub(super) fn count(
        &mut self,
        spec: &EntitySpec,
        counted: &Counted<'_>,
        readings: &[Reading],
        keyed: &Keyed,
    ) {
        for (_, window) in counted.specs(spec).filter(|(index, _)| counted.holds(*index)) {
            let operand = Operand::read(window, readings, keyed);
            if let (Ok(operand), Some(tally)) = (operand, self.tally(window)) {
                tally.count(window, counted.at, operand);
            }
        }
    }

    /// Reads every window of the entity as the attempt sees it.
    pub(super) fn read(&self, spec: &EntitySpec, counted: &Counted<'_>, readings: &mut [Reading]) {
        for (index, window) in counted.specs(spec) {
            let kept = self.position(window.identity).ok().and_then(|at| self.tallies.get(at));
            let reading = match kept {
                Some((_, tally)) => tally.read(window, counted.at, readings),
                None => Tally::new(window.aggregate).read(window, counted.at, readings),
            };
            put(readings, index, reading);
        }
    }

    /// The state of a window, empty if it is new.
    fn tally(&mut self, window: &WindowSpec) -> Option<&mut Tally> {
        let at = match self.position(window.identity) {
            Ok(at) => at,
            Err(at) => {
                let new = (window.identity, Tally::new(window.aggregate));
                few::insert(&mut self.tallies, at, new);
                at
            }
        };
        self.tallies.get_mut(at).map(|(_, tally)| tally)
    }

    fn position(&self, identity: u64) -> Result<usize, usize> {
        self.tallies.binary_search_by_key(&identity, |(identity, _)| *identity)
    }
}

/// Windows follow the native signals.
fn put(readings: &mut [Reading], window: WindowIndex, reading: Reading) {
    if let Some(slot) = readings.get_mut(SIGNALS.len() + window) {
        *slot = reading;
    }
}
