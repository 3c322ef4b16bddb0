//! The windows of a policy as one store keeps them.

use std::sync::{Mutex, PoisonError};

use crate::profile::{Familiarity, Trait};
use crate::signal::{SIGNALS, SignalId};
use crate::value::Reading;
use crate::window::{
    Aggregate, Cells, EntitySpec, Span, Tally, WindowIndex, WindowNumber, WindowSpec, Windows,
};

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
    /// Whether it names the account, which can change its name.
    pub(super) account: bool,
}

/// What is kept under one name.
#[derive(Debug)]
pub(super) struct KeptEntity {
    /// Which parts name it.
    pub(super) keys: Vec<usize>,
    /// By what an account knows each of them.
    ties: Vec<Tie>,
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

/// How an account can know a key of an entity before an attempt.
#[derive(Clone, Copy, Debug)]
enum Tie {
    /// The account itself, once it is trusted.
    User,
    Trait(Trait),
    /// Nothing that a profile learns.
    None,
}

/// What the memory of a window depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Definition {
    pub(super) identity: u64,
    pub(super) span_ms: i64,
    pub(super) span: Span,
    /// Whether its cells count attempts; those of other windows are counted themselves.
    pub(super) counts: bool,
}

impl Definition {
    pub(super) fn new(identity: u64, span_ms: i64, counts: bool) -> Self {
        Self { identity, span_ms, span: Span::new(span_ms), counts }
    }
}

/// The definitions that have a number, for good: a window that two policies share keeps its state.
#[derive(Default)]
pub(super) struct Numbers(Mutex<Vec<Definition>>);

impl Numbers {
    /// The number of a definition, a new one if it has none yet and there are any left.
    fn of(&self, window: &WindowSpec) -> Option<WindowNumber> {
        let counts = window.aggregate == Aggregate::Count;
        self.number(Definition::new(window.identity, window.span_ms, counts))
    }

    /// The number of a definition that may come from elsewhere.
    pub(super) fn number(&self, definition: Definition) -> Option<WindowNumber> {
        let mut definitions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = definitions.iter().position(|known| known.identity == definition.identity);
        let number = WindowNumber::after(known.unwrap_or(definitions.len()))?;
        if known.is_none() {
            definitions.push(definition);
        }
        Some(number)
    }

    /// The definitions by number.
    pub(super) fn definitions(&self) -> Vec<Definition> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Tie {
    fn of(signal: SignalId) -> Self {
        match SIGNALS.get(signal).map_or("", |signal| signal.name) {
            "user" => Self::User,
            "device.id" => Self::Trait(Trait::Device),
            "ip" => Self::Trait(Trait::Ip),
            "subnet" => Self::Trait(Trait::Subnet),
            "asn" => Self::Trait(Trait::Asn),
            "country" => Self::Trait(Trait::Country),
            "region" => Self::Trait(Trait::Region),
            "city" => Self::Trait(Trait::City),
            _ => Self::None,
        }
    }

    fn holds(self, familiarity: &Familiarity) -> bool {
        match self {
            Self::User => familiarity.trusted_logins > 0,
            Self::Trait(which) => matches!(familiarity.traits.get(which), Ok(Some(_))),
            Self::None => false,
        }
    }
}

impl KeptEntity {
    /// Whether the account knew every key of the entity before the attempt. What only strangers use, and what anybody
    /// can make up together with an account that he guesses at, is never tied.
    pub(super) fn tied(&self, familiarity: Option<&Familiarity>) -> bool {
        let holds = |known| self.ties.iter().all(|tie| tie.holds(known));
        self.ties.is_empty() || familiarity.is_some_and(holds)
    }

    /// Whether the account is among the keys.
    pub(super) fn of_account(&self) -> bool {
        self.ties.iter().any(|tie| matches!(tie, Tie::User))
    }

    /// Adds what another entity of the same keys remembers.
    pub(super) fn join(&self, cells: &mut Cells, others: &Cells) {
        let mut others = others.in_turn();
        for window in &self.windows {
            window.tally.join(cells, others(window.tally.number));
        }
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
            let Some(number) = numbers.of(window) else { continue };
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
        let ties = spec.keys.iter().map(|signal| Tie::of(*signal)).collect();
        KeptEntity { keys, ties, windows: kept }
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
        let account = matches!(Tie::of(signal), Tie::User);
        place(&mut self.parts, Part { signal, tag: windows.tag(signal), account })
    }
}

/// Where the thing stands among those that are kept once, from now on if it was not there.
fn place<T: PartialEq>(kept: &mut Vec<T>, thing: T) -> usize {
    kept.iter().position(|known| *known == thing).unwrap_or_else(|| {
        kept.push(thing);
        kept.len() - 1
    })
}
