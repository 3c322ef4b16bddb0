//! The windows of a policy as one store keeps them.

use std::sync::{Mutex, PoisonError};

use crate::signal::SignalId;
use crate::value::Reading;
use crate::window::{EntitySpec, Span, Tally, WindowIndex, WindowNumber, Windows};

/// The windows of a policy under the numbers that a store gave them; made by [`Store::keep`](super::Store::keep).
#[derive(Debug, Default)]
pub struct KeptWindows {
    /// The signals that name entities or are told apart: each is hashed once for an attempt.
    pub(super) parts: Vec<Part>,
    pub(super) entities: Vec<KeptEntity>,
    /// How far windows look back, each length once: an attempt's time is cut into buckets once for each.
    pub(super) spans: Vec<Span>,
    /// Slots of windows that are defined as one before them, each behind the slot of that one.
    twins: Vec<(usize, usize)>,
}

/// A signal that names entities or is told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) signal: SignalId,
    /// What its values are hashed behind, the same under every policy.
    pub(super) tag: u64,
}

/// What is kept under one name.
#[derive(Debug)]
pub(super) struct KeptEntity {
    /// Which parts name it.
    pub(super) keys: Vec<usize>,
    /// By number, each once.
    pub(super) windows: Vec<KeptWindow>,
}

/// One window and its places in the policy.
#[derive(Debug)]
pub(super) struct KeptWindow {
    pub(super) index: WindowIndex,
    /// Where it is read to.
    pub(super) slot: usize,
    pub(super) tally: Tally,
    /// Which of the spans it looks back.
    pub(super) span: usize,
    /// Which part it tells apart.
    pub(super) of: Option<usize>,
}

/// The definitions that have a number, for good: a window that two policies share keeps its state.
#[derive(Default)]
pub(super) struct Numbers(Mutex<Vec<u64>>);

impl Numbers {
    /// The number of a definition, a new one if it has none yet and there are any left.
    fn of(&self, identity: u64) -> Option<WindowNumber> {
        let mut identities = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = identities.iter().position(|known| *known == identity);
        let number = WindowNumber::after(known.unwrap_or(identities.len()))?;
        if known.is_none() {
            identities.push(identity);
        }
        Some(number)
    }

    /// The definitions by number.
    pub(super) fn identities(&self) -> Vec<u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl KeptWindows {
    pub(super) fn new(windows: &Windows, numbers: &Numbers) -> Self {
        let mut kept = Self::default();
        for spec in &windows.entities {
            let entity = kept.entity(spec, windows, numbers);
            kept.entities.push(entity);
        }
        kept
    }

    fn entity(&mut self, spec: &EntitySpec, windows: &Windows, numbers: &Numbers) -> KeptEntity {
        let mut kept: Vec<KeptWindow> = Vec::new();
        for (index, window) in windows.of(spec) {
            let Some(number) = numbers.of(window.identity) else { continue };
            let tally = Tally::new(number, window, windows);
            let slot = windows.first_slot() + index;
            if let Some(first) = kept.iter_mut().find(|kept| kept.tally.number == number) {
                first.tally.widen(tally);
                self.twins.push((first.slot, slot));
            } else {
                let of = tally.told_apart().map(|signal| self.part(signal, windows));
                let span = place(&mut self.spans, Span::new(window.span_ms));
                kept.push(KeptWindow { index, slot, tally, span, of });
            }
        }
        kept.sort_unstable_by_key(|window| window.tally.number);
        let keys = spec.keys.iter().map(|signal| self.part(*signal, windows)).collect();
        KeptEntity { keys, windows: kept }
    }

    /// Writes what a window was read as under its other names too.
    pub(super) fn repeat(&self, readings: &mut [Reading]) {
        for (first, twin) in &self.twins {
            let first = readings.get(*first).cloned();
            if let Some((reading, slot)) = first.zip(readings.get_mut(*twin)) {
                *slot = reading;
            }
        }
    }

    /// The index of a signal among the parts.
    fn part(&mut self, signal: SignalId, windows: &Windows) -> usize {
        place(&mut self.parts, Part { signal, tag: windows.tag(signal) })
    }
}

/// Where the thing stands among those that are kept once, from now on if it was not there.
fn place<T: PartialEq>(kept: &mut Vec<T>, thing: T) -> usize {
    kept.iter().position(|known| *known == thing).unwrap_or_else(|| {
        kept.push(thing);
        kept.len() - 1
    })
}
