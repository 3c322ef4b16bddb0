//! A program applied to readings: what is true, what is not, and what cannot be said.

use super::program::{Arithmetic, Atom, Condition, Formula, Mask, Program, Slot, Test, bits};
use super::reckon::{self, order};
use crate::value::{Cause, Reading, Value};

/// Everything that conditions ask, answered once.
pub(crate) struct Facts<'a> {
    program: &'a Program,
    readings: &'a [Reading],
    derived: Vec<Reading>,
    answers: Vec<Answers>,
}

/// What 64 atoms came to, one bit each.
#[derive(Clone, Copy, Default)]
struct Answers {
    truth: u64,
    known: u64,
    /// Unknown because something was not found that ought to be.
    failed: u64,
}

/// Atoms of one word that are unknown.
#[derive(Clone, Copy)]
pub(crate) struct Doubt {
    /// Which word.
    pub(crate) word: usize,
    /// All of them.
    pub(crate) unknown: u64,
    /// Those that are because something was not found.
    pub(crate) failed: u64,
}

impl Doubt {
    fn atoms(self) -> impl Iterator<Item = usize> {
        bits(self.word, self.unknown)
    }
}

/// What a slot reads that is not given: the policy's layout promises that it does not happen.
const ABSENT: &Reading = &Reading::Unknown(Cause::LookupFailed);

impl<'a> Facts<'a> {
    /// Answers every atom of `program` from `readings`.
    pub(crate) fn new(program: &'a Program, readings: &'a [Reading]) -> Self {
        let derived = Vec::with_capacity(program.derived.len());
        let answers = vec![Answers::default(); program.atoms.len().div_ceil(64)];
        let mut facts = Self { program, readings, derived, answers };
        let mut answered = 0;
        for derived in &program.derived {
            facts.answer(answered, derived.atoms_before);
            answered = derived.atoms_before;
            let reading = facts.compute(&derived.formula, derived.when.as_ref());
            facts.derived.push(reading);
        }
        facts.answer(answered, program.atoms.len());
        facts
    }

    /// What stands in `slot`.
    pub(crate) fn reading(&self, slot: Slot) -> &Reading {
        match slot {
            Slot::Given(index) => self.readings.get(index).unwrap_or(ABSENT),
            Slot::Derived(index) => self.derived.get(index).unwrap_or(ABSENT),
        }
    }

    /// Whether the condition is true; `None` if that depends on something unknown.
    #[inline]
    pub(crate) fn holds(&self, condition: &Condition) -> Option<bool> {
        match condition {
            Condition::Masks(masks) => self.masks_hold(masks),
            Condition::And(_) | Condition::Or(_) | Condition::Not(_) => self.joint(condition),
        }
    }

    fn joint(&self, condition: &Condition) -> Option<bool> {
        match condition {
            Condition::Masks(masks) => self.masks_hold(masks),
            Condition::And(parts) => self.any(parts, false).map(|any| !any),
            Condition::Or(parts) => self.any(parts, true),
            Condition::Not(part) => self.holds(part).map(|holds| !holds),
        }
    }

    /// The slots that are unknown and because of which the condition is.
    pub(crate) fn blame(&self, condition: &Condition, visit: &mut impl FnMut(Slot)) {
        self.doubts(condition, &mut |doubt| {
            for atom in doubt.atoms().filter_map(|atom| self.program.atoms.get(atom)) {
                std::iter::once(atom.slot)
                    .chain(atom.test.other())
                    .filter(|slot| matches!(self.reading(*slot), Reading::Unknown(_)))
                    .for_each(&mut *visit);
            }
        });
    }

    /// The atoms that are unknown and because of which the condition is, word by word.
    pub(crate) fn doubts(&self, condition: &Condition, visit: &mut dyn FnMut(Doubt)) {
        match condition {
            Condition::Masks(masks) => {
                for Mask { word, hold, fail } in masks {
                    let answers = self.answers(*word);
                    let unknown = (hold | fail) & !answers.known;
                    if unknown != 0 {
                        visit(Doubt { word: *word, unknown, failed: unknown & answers.failed });
                    }
                }
            }
            Condition::And(parts) | Condition::Or(parts) => parts
                .iter()
                .filter(|part| self.holds(part).is_none())
                .for_each(|part| self.doubts(part, visit)),
            Condition::Not(part) => self.doubts(part, visit),
        }
    }

    /// The atoms because of which the condition is true (or false, if `wanted` is false), each with its
    /// truth. Conditions behind a derived signal are looked into.
    pub(crate) fn evidence(
        &self,
        condition: &Condition,
        wanted: bool,
        visit: &mut dyn FnMut(&'a Atom, bool),
    ) {
        match condition {
            Condition::Masks(masks) => masks.iter().for_each(|mask| {
                self.mask_evidence(*mask, wanted, visit);
            }),
            Condition::And(parts) | Condition::Or(parts) => parts
                .iter()
                .filter(|part| self.holds(part) == Some(wanted))
                .for_each(|part| self.evidence(part, wanted, visit)),
            Condition::Not(part) => self.evidence(part, !wanted, visit),
        }
    }

    #[inline]
    fn masks_hold(&self, masks: &[Mask]) -> Option<bool> {
        let mut certain = true;
        for Mask { word, hold, fail } in masks {
            let Answers { truth, known, .. } = self.answers(*word);
            if known & ((hold & !truth) | (fail & truth)) != 0 {
                return Some(false);
            }
            certain &= (hold | fail) & !known == 0;
        }
        certain.then_some(true)
    }

    /// Whether some part is `wanted`, which settles an `or` of truths and an `and` of falsehoods.
    fn any(&self, parts: &[Condition], wanted: bool) -> Option<bool> {
        let mut certain = true;
        for part in parts {
            match self.holds(part) {
                Some(holds) if holds == wanted => return Some(true),
                Some(_) => {}
                None => certain = false,
            }
        }
        certain.then_some(false)
    }

    fn mask_evidence(&self, mask: Mask, wanted: bool, visit: &mut dyn FnMut(&'a Atom, bool)) {
        let Answers { truth, known, .. } = self.answers(mask.word);
        let met = known & ((mask.hold & truth) | (mask.fail & !truth));
        let missed = known & (mask.hold | mask.fail) & !met;
        for index in bits(mask.word, if wanted { met } else { missed }) {
            if let Some(atom) = self.program.atoms.get(index) {
                self.atom_evidence(atom, truth >> (index % 64) & 1 == 1, visit);
            }
        }
    }

    fn atom_evidence(&self, atom: &'a Atom, held: bool, visit: &mut dyn FnMut(&'a Atom, bool)) {
        let behind = match (atom.slot, &atom.test) {
            (Slot::Derived(index), Test::Flag) => self.program.derived.get(index),
            _ => None,
        };
        match behind.map(|derived| &derived.formula) {
            Some(Formula::Condition(condition)) => self.evidence(condition, held, visit),
            Some(Formula::Number(_)) | None => visit(atom, held),
        }
    }

    fn answers(&self, word: usize) -> Answers {
        self.answers.get(word).copied().unwrap_or_default()
    }

    fn answer(&mut self, from: usize, to: usize) {
        let program = self.program;
        for (index, atom) in (from..to).zip(program.atoms.get(from..to).unwrap_or_default()) {
            let (holds, bit) = (self.ask(atom), 1 << (index % 64));
            let failed = holds.is_none() && self.failed(atom);
            let Some(answers) = self.answers.get_mut(index / 64) else { return };
            match holds {
                Some(true) => {
                    answers.known |= bit;
                    answers.truth |= bit;
                }
                Some(false) => answers.known |= bit,
                None if failed => answers.failed |= bit,
                None => {}
            }
        }
    }

    fn failed(&self, atom: &Atom) -> bool {
        let failed = |slot| matches!(self.reading(slot), Reading::Unknown(Cause::LookupFailed));
        failed(atom.slot) || atom.test.other().is_some_and(failed)
    }

    fn ask(&self, atom: &Atom) -> Option<bool> {
        let value = match self.reading(atom.slot) {
            Reading::Known(value) => value,
            Reading::Unknown(_) => return matches!(atom.test, Test::Unknown).then_some(true),
        };
        match &atom.test {
            Test::Flag => Some(matches!(value, Value::Bool(true))),
            Test::Unknown => Some(false),
            Test::Equal(constant) => reckon::equal(value, constant),
            Test::Above(constant) => order(value, constant).map(std::cmp::Ordering::is_gt),
            Test::AtLeast(constant) => order(value, constant).map(std::cmp::Ordering::is_ge),
            Test::OneOf(members) => reckon::among(value, members),
            Test::EqualTo(slot) => reckon::equal(value, self.reading(*slot).known()?),
            Test::AboveOf(slot) => {
                order(value, self.reading(*slot).known()?).map(std::cmp::Ordering::is_gt)
            }
            Test::AtLeastOf(slot) => {
                order(value, self.reading(*slot).known()?).map(std::cmp::Ordering::is_ge)
            }
        }
    }

    fn compute(&self, formula: &Formula, when: Option<&Condition>) -> Reading {
        match when.map(|when| (when, self.holds(when))) {
            None | Some((_, Some(true))) => {}
            Some((_, Some(false))) => return Reading::Unknown(Cause::NoHistory),
            Some((when, None)) => return Reading::Unknown(self.cause(when)),
        }
        match formula {
            Formula::Number(number) => self.reckon(number).into(),
            Formula::Condition(condition) => match self.holds(condition) {
                Some(holds) => Reading::Known(Value::Bool(holds)),
                None => Reading::Unknown(self.cause(condition)),
            },
        }
    }

    /// The first cause for which the condition is unknown.
    fn cause(&self, condition: &Condition) -> Cause {
        let mut first = None;
        self.blame(condition, &mut |slot| {
            if let (Reading::Unknown(cause), None) = (self.reading(slot), first) {
                first = Some(*cause);
            }
        });
        first.unwrap_or(Cause::NotApplicable)
    }

    fn reckon(&self, number: &Arithmetic) -> Result<Value, Cause> {
        match number {
            Arithmetic::Slot(slot) => match self.reading(*slot) {
                Reading::Known(value) => Ok(value.clone()),
                Reading::Unknown(cause) => Err(*cause),
            },
            Arithmetic::Constant(value) => Ok(value.clone()),
            Arithmetic::Negate(inner) => Ok(reckon::negate(&self.reckon(inner)?)),
            Arithmetic::Binary { op, left, right, kind } => {
                reckon::binary(*op, &self.reckon(left)?, &self.reckon(right)?, *kind)
            }
        }
    }
}
