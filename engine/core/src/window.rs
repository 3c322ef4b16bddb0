//! Windows as policies declare them: numbers over the last span of time, per entity.

mod amount;
mod buckets;
mod cells;
mod compare;
mod distinct;
mod tally;

use std::sync::Arc;

pub use buckets::{BUCKETS_LATE, BUCKETS_PER_SPAN};
pub(crate) use buckets::{Covered, Span};
pub(crate) use cells::{Cells, Note, WindowNumber};
pub(crate) use compare::packed_place;
pub(crate) use tally::{Operand, Tally, own_amount, value};

use crate::signal::{AttributeSpec, SIGNALS, SignalId};
use crate::value::Type;

/// What a window adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    /// Attempts.
    Count,
    /// Different values of a signal, exact up to `exact_max` and "at least" from there on.
    Distinct {
        /// The signal.
        of: SignalId,
        /// One beyond the largest number that any rule compares the count with.
        exact_max: u32,
    },
    /// The total of a signal: amounts of one currency each, or numbers.
    Sum {
        /// The signal.
        of: SignalId,
    },
    /// The largest value of a signal.
    Max {
        /// The signal.
        of: SignalId,
    },
    /// The mean of a signal, in the same way.
    Mean {
        /// The signal.
        of: SignalId,
    },
    /// The standard deviation of a signal, in the same way; unknown of fewer than two values.
    Deviation {
        /// The signal.
        of: SignalId,
    },
    /// How long ago the first counted attempt inside the span was.
    First,
    /// How long ago the last counted attempt inside the span was.
    Last,
    /// The greatest distance between the places of two attempts that their accuracies leave possible, of the newest 16 places.
    Spread,
    /// The share of gaps between attempts that are as long as the mean of all, of the newest 16 attempts; unknown of fewer
    /// than four.
    Regularity,
    /// How many values of a whole number follow each other without one missing, of the newest 16.
    Run {
        /// The signal.
        of: SignalId,
    },
}

impl Aggregate {
    /// The signal whose values are told apart or added up.
    pub const fn of(self) -> Option<SignalId> {
        match self {
            Self::Distinct { of, .. }
            | Self::Sum { of }
            | Self::Max { of }
            | Self::Mean { of }
            | Self::Deviation { of }
            | Self::Run { of } => Some(of),
            Self::Count | Self::First | Self::Last | Self::Spread | Self::Regularity => None,
        }
    }
}

/// One declared window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowSpec {
    /// The name in rule files.
    pub name: Arc<str>,
    /// A hash of the definition (aggregate, keys, condition, span), never of the name: state belongs
    /// to the definition, so renaming a window keeps it and editing one starts another.
    pub identity: u64,
    /// What it adds up.
    pub aggregate: Aggregate,
    /// Which entity it is kept for: the signals that name it, sorted. Always within the tenant.
    pub keys: Box<[SignalId]>,
    /// How far it looks back, in milliseconds.
    pub span_ms: i64,
}

/// The index of a window in its policy.
pub type WindowIndex = usize;

/// All windows that share one entity, and so one map entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntitySpec {
    /// The signals that name the entity, sorted.
    pub keys: Box<[SignalId]>,
    /// The windows kept for it.
    pub windows: Box<[WindowIndex]>,
}

/// Every window of a policy, grouped by entity, with the attributes that they may be made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Windows {
    /// The attributes in the order of their slots: their numbers as signals follow those of the table.
    pub attributes: Box<[AttributeSpec]>,
    /// The windows in the order of their slots.
    pub specs: Vec<WindowSpec>,
    /// The entities; every window is in exactly one.
    pub entities: Vec<EntitySpec>,
}

impl Windows {
    /// Groups windows by the entity they are kept for. None is made from attributes.
    pub fn new(specs: Vec<WindowSpec>) -> Self {
        let mut entities: Vec<(Box<[SignalId]>, Vec<WindowIndex>)> = Vec::new();
        for (index, spec) in specs.iter().enumerate() {
            match entities.iter_mut().find(|(keys, _)| *keys == spec.keys) {
                Some((_, windows)) => windows.push(index),
                None => entities.push((spec.keys.clone(), vec![index])),
            }
        }
        let spec = |(keys, windows): (_, Vec<_>)| EntitySpec { keys, windows: windows.into() };
        let entities = entities.into_iter().map(spec).collect();
        Self { attributes: Box::default(), entities, specs }
    }

    /// With the attributes that they may be made from.
    pub fn made_from(self, attributes: Vec<AttributeSpec>) -> Self {
        Self { attributes: attributes.into(), ..self }
    }

    /// The slot of the first window: they follow the attributes, and these the signals of the table.
    pub fn first_slot(&self) -> usize {
        SIGNALS.len() + self.attributes.len()
    }

    /// The type of a signal that windows may be made from.
    pub(crate) fn kind(&self, signal: SignalId) -> Type {
        let kind = match SIGNALS.get(signal) {
            Some(row) => Some(row.kind),
            None => self.attribute(signal).map(|attribute| attribute.kind),
        };
        kind.unwrap_or(Type::Int)
    }

    /// A number for the signal that is the same under every policy of this process.
    pub(crate) fn tag(&self, signal: SignalId) -> u64 {
        let number = || u64::try_from(signal).unwrap_or(u64::MAX);
        self.attribute(signal).map_or_else(number, AttributeSpec::tag)
    }

    fn attribute(&self, signal: SignalId) -> Option<&AttributeSpec> {
        self.attributes.get(signal.checked_sub(SIGNALS.len())?)
    }

    /// The windows of one entity.
    pub(crate) fn of(
        &self,
        entity: &EntitySpec,
    ) -> impl Iterator<Item = (WindowIndex, &WindowSpec)> {
        entity.windows.iter().filter_map(|index| Some((*index, self.specs.get(*index)?)))
    }
}
