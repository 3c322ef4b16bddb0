//! The windows of a policy as one store keeps them.

use std::sync::{Mutex, PoisonError};

use crate::signal::SignalId;
use crate::window::{EntitySpec, Tally, WindowIndex, WindowNumber, Windows};

/// The windows of a policy under the numbers that a store gave them; made by [`Store::keep`](super::Store::keep).
#[derive(Debug)]
pub struct KeptWindows {
    /// The signals that name entities or are told apart: each is hashed once for an attempt.
    pub(super) parts: Box<[SignalId]>,
    pub(super) entities: Box<[KeptEntity]>,
}

/// What is kept under one name.
#[derive(Debug)]
pub(super) struct KeptEntity {
    /// Which parts name it.
    pub(super) keys: Box<[usize]>,
    /// By number.
    pub(super) windows: Box<[KeptWindow]>,
}

/// A definition, whatever it is called.
#[derive(Debug)]
pub(super) struct KeptWindow {
    /// Which windows of the policy it is the definition of; most often one.
    pub(super) indexes: Vec<WindowIndex>,
    pub(super) tally: Tally,
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
        let mut parts = Vec::new();
        let entities = windows.entities.iter();
        let entities = entities.map(|spec| KeptEntity::new(spec, windows, numbers, &mut parts));
        Self { entities: entities.collect(), parts: parts.into() }
    }
}

impl KeptEntity {
    fn new(
        spec: &EntitySpec,
        windows: &Windows,
        numbers: &Numbers,
        parts: &mut Vec<SignalId>,
    ) -> Self {
        let keys = spec.keys.iter().map(|signal| part(parts, *signal)).collect();
        let mut kept: Vec<KeptWindow> = Vec::new();
        for (index, window) in windows.of(spec) {
            let Some(number) = numbers.of(window.identity) else { continue };
            let tally = Tally::new(number, window);
            match kept.iter_mut().find(|kept| kept.tally.number == number) {
                Some(kept) => {
                    kept.indexes.push(index);
                    kept.tally.widen(tally);
                }
                None => {
                    let of = tally.told_apart().map(|signal| part(parts, signal));
                    kept.push(KeptWindow { indexes: vec![index], tally, of });
                }
            }
        }
        kept.sort_unstable_by_key(|window| window.tally.number);
        Self { keys, windows: kept.into() }
    }
}

/// The index of a signal among the parts.
fn part(parts: &mut Vec<SignalId>, signal: SignalId) -> usize {
    parts.iter().position(|known| *known == signal).unwrap_or_else(|| {
        parts.push(signal);
        parts.len() - 1
    })
}
