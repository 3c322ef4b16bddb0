//! Conditions in their compiled form: a table of atoms that all rules share, and expressions over it.
//!
//! ```text
//! readings (given) ─▶ derived signals ─▶ atoms: two bitsets (true, known) ─▶ conditions
//! ```
//!
//! Every atom is looked at once per decision, however many rules ask for it. A negation is no atom of its
//! own: `x < 5` is `not (x >= 5)`, which holds in three-valued logic because what is unknown stays unknown.

use std::sync::Arc;

use super::ast::ArithmeticOp;
use super::question::Questions;
use crate::value::{Type, Value};

/// Where a value is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Slot {
    /// Among the readings that are given: signals, windows, list memberships.
    Given(usize),
    /// Among the derived signals.
    Derived(usize),
}

/// Atoms and derived signals, in an order in which each depends on earlier ones only.
#[derive(Clone, Debug, Default)]
pub(crate) struct Program {
    /// By number; [`Program::ask`] adds them.
    pub(crate) atoms: Vec<Atom>,
    pub(crate) derived: Vec<Derived>,
    /// The same atoms as they are answered.
    pub(crate) questions: Questions,
}

/// One question about one slot.
#[derive(Clone, Debug)]
pub(crate) struct Atom {
    pub(crate) slot: Slot,
    pub(crate) test: Test,
    /// What the evidence shows: the slot itself, or for a list membership what was looked for.
    pub(crate) about: Slot,
    /// The evidence's threshold when it holds: `>= 12`.
    pub(crate) holds: Arc<str>,
    /// The evidence's threshold when it does not: `< 12`.
    pub(crate) fails: Arc<str>,
}

/// What an [`Atom`] asks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Test {
    /// Is it yes?
    Flag,
    /// Has it no value? Never itself unknown.
    Unknown,
    /// Is it this?
    Equal(Value),
    /// Is it more than this?
    Above(Value),
    /// Is it at least this?
    AtLeast(Value),
    /// Is it one of these? An address may also lie inside one of them.
    OneOf(Box<[Value]>),
    /// Is it the same as the other?
    EqualTo(Slot),
    /// Is it more than the other?
    AboveOf(Slot),
    /// Is it at least the other?
    AtLeastOf(Slot),
}

impl Test {
    /// The other slot that it looks at.
    pub(crate) fn other(&self) -> Option<Slot> {
        match self {
            Self::EqualTo(slot) | Self::AboveOf(slot) | Self::AtLeastOf(slot) => Some(*slot),
            Self::Flag | Self::Unknown | Self::Equal(_) | Self::Above(_) => None,
            Self::AtLeast(_) | Self::OneOf(_) => None,
        }
    }
}

/// A signal computed from others.
#[derive(Clone, Debug)]
pub(crate) struct Derived {
    /// Its name, or its text where it stands unnamed inside a condition.
    pub(crate) name: Arc<str>,
    pub(crate) kind: Type,
    pub(crate) formula: Formula,
    /// Unknown (too little history) where this does not hold.
    pub(crate) when: Option<Condition>,
    /// It may ask for the atoms before this one.
    pub(crate) atoms_before: usize,
}

/// How a [`Derived`] signal is computed.
#[derive(Clone, Debug)]
pub(crate) enum Formula {
    Number(Arithmetic),
    Condition(Condition),
}

/// A number computed from numbers. Units were checked; `kind` is the result's.
#[derive(Clone, Debug)]
pub(crate) enum Arithmetic {
    Slot(Slot),
    Constant(Value),
    Negate(Box<Arithmetic>),
    Binary { op: ArithmeticOp, left: Box<Arithmetic>, right: Box<Arithmetic>, kind: Type },
}

/// A condition over atoms.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    /// Every one of these atoms is as demanded; no mask at all is always true.
    Masks(Box<[Mask]>),
    /// All of these.
    And(Box<[Condition]>),
    /// At least one of these.
    Or(Box<[Condition]>),
    /// Not this.
    Not(Box<Condition>),
}

/// What one word of the bitsets must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mask {
    /// Which word.
    pub(crate) word: usize,
    /// Atoms that must hold.
    pub(crate) hold: u64,
    /// Atoms that must not hold.
    pub(crate) fail: u64,
}

/// The atoms that the set bits of a word stand for.
pub(crate) fn bits(word: usize, mut rest: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = usize::try_from(rest.trailing_zeros()).ok().filter(|bit| *bit < 64)?;
        rest &= rest - 1;
        Some(word * 64 + bit)
    })
}

impl Condition {
    /// A condition that always holds.
    pub(crate) fn always() -> Self {
        Self::Masks(Box::default())
    }

    /// One atom, or its negation.
    pub(crate) fn atom(atom: usize, negated: bool) -> Self {
        let bit = 1_u64 << (atom % 64);
        let (hold, fail) = if negated { (0, bit) } else { (bit, 0) };
        Self::Masks([Mask { word: atom / 64, hold, fail }].into())
    }

    /// The opposite; a single atom stays a mask.
    pub(crate) fn negate(self) -> Self {
        match self {
            Self::Masks(masks) => match *masks {
                [Mask { word, hold, fail }] if hold.count_ones() + fail.count_ones() == 1 => {
                    Self::Masks([Mask { word, hold: fail, fail: hold }].into())
                }
                _ => Self::Not(Box::new(Self::Masks(masks))),
            },
            Self::Not(inner) => *inner,
            Self::And(_) | Self::Or(_) => Self::Not(Box::new(self)),
        }
    }

    /// All of `parts`: those that are plain atoms become masks.
    pub(crate) fn all(parts: Vec<Self>) -> Self {
        let mut masks: Vec<Mask> = Vec::new();
        let mut rest = Vec::new();
        for part in parts {
            match part {
                Self::Masks(more) => more.iter().for_each(|mask| merge(&mut masks, *mask)),
                Self::And(more) => {
                    for part in more {
                        match part {
                            Self::Masks(more) => {
                                more.iter().for_each(|mask| merge(&mut masks, *mask))
                            }
                            Self::And(_) | Self::Or(_) | Self::Not(_) => rest.push(part),
                        }
                    }
                }
                Self::Or(_) | Self::Not(_) => rest.push(part),
            }
        }
        if rest.is_empty() {
            return Self::Masks(masks.into());
        }
        if !masks.is_empty() {
            rest.insert(0, Self::Masks(masks.into()));
        }
        Self::And(rest.into())
    }

    /// Every atom it asks for, once for each time.
    pub(crate) fn atoms(&self, visit: &mut impl FnMut(usize)) {
        match self {
            Self::Masks(masks) => {
                let all = masks.iter().flat_map(|mask| bits(mask.word, mask.hold | mask.fail));
                all.for_each(visit);
            }
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.atoms(visit)),
            Self::Not(part) => part.atoms(visit),
        }
    }
}

fn merge(masks: &mut Vec<Mask>, more: Mask) {
    match masks.iter_mut().find(|mask| mask.word == more.word) {
        Some(mask) => {
            mask.hold |= more.hold;
            mask.fail |= more.fail;
        }
        None => masks.push(more),
    }
}

impl Program {
    /// The atom's number; equal questions share one.
    pub(crate) fn ask(&mut self, atom: Atom) -> usize {
        let same = |known: &Atom| known.slot == atom.slot && known.test == atom.test;
        self.atoms.iter().position(same).unwrap_or_else(|| {
            let number = self.atoms.len();
            self.questions.add(number, &atom);
            self.atoms.push(atom);
            number
        })
    }

    /// Every slot that the condition reads, itself or through derived signals, derived ones included.
    /// What stands in `unknown(…)` is asked about, not read.
    pub(crate) fn reads(&self, condition: &Condition, visit: &mut dyn FnMut(Slot)) {
        condition.atoms(&mut |atom| {
            if let Some(atom) = self.atoms.get(atom)
                && atom.test != Test::Unknown
            {
                std::iter::once(atom.slot)
                    .chain(atom.test.other())
                    .for_each(|slot| self.reads_slot(slot, visit));
            }
        });
    }

    /// The slot and, for a derived signal, every slot that it reads.
    fn reads_slot(&self, slot: Slot, visit: &mut dyn FnMut(Slot)) {
        visit(slot);
        let Slot::Derived(index) = slot else { return };
        let Some(derived) = self.derived.get(index) else { return };
        match &derived.formula {
            Formula::Number(number) => number.slots(&mut |slot| self.reads_slot(slot, visit)),
            Formula::Condition(condition) => self.reads(condition, visit),
        }
        if let Some(when) = &derived.when {
            self.reads(when, visit);
        }
    }
}

impl Arithmetic {
    /// Every slot in it.
    pub(crate) fn slots(&self, visit: &mut impl FnMut(Slot)) {
        match self {
            Self::Slot(slot) => visit(*slot),
            Self::Constant(_) => {}
            Self::Negate(inner) => inner.slots(visit),
            Self::Binary { left, right, .. } => {
                left.slots(visit);
                right.slots(visit);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_atom_and_its_opposite_do_not_cancel() {
        let both = Condition::all(vec![Condition::atom(3, false), Condition::atom(3, true)]);
        assert_eq!(both.clone().negate(), Condition::Not(Box::new(both)));
        assert_eq!(Condition::atom(3, false).negate(), Condition::atom(3, true));
    }

    #[test]
    fn a_conjunction_of_atoms_is_masks() {
        let parts = [(3, false), (70, true), (5, false)].map(|(at, not)| Condition::atom(at, not));
        let masks =
            [Mask { word: 0, hold: 0b10_1000, fail: 0 }, Mask { word: 1, hold: 0, fail: 64 }];
        assert_eq!(Condition::all(parts.into()), Condition::Masks(masks.into()));
    }
}
