//! A program applied to readings: what is true, what is not, and what cannot be said.

use std::cmp::Ordering;

use super::program::{Arithmetic, Atom, Condition, Formula, Mask, Program, Slot, Test, bits};
use super::question::{Question, Questions};
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Answers {
    truth: u64,
    known: u64,
    /// Unknown because something was not found that ought to be.
    failed: u64,
}

/// Answers to go on from when more is known.
#[derive(Debug, Default)]
pub(crate) struct Answered(Vec<Answers>);

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
        facts.answer_given();
        let mut left = program.questions.derived.iter().copied().peekable();
        for derived in &program.derived {
            while let Some(number) = left.next_if(|number| *number < derived.atoms_before) {
                facts.answer(number);
            }
            let reading = facts.compute(&derived.formula, derived.when.as_ref());
            facts.derived.push(reading);
        }
        left.for_each(|number| facts.answer(number));
        facts
    }

    /// Goes on from what was answered when the slots that `atoms` ask about were still unknown; nothing else has changed
    /// since, and nothing is derived.
    pub(crate) fn resume(
        program: &'a Program,
        readings: &'a [Reading],
        answered: Answered,
        atoms: &[usize],
    ) -> Self {
        let mut facts = Self { program, readings, derived: Vec::new(), answers: answered.0 };
        atoms.iter().for_each(|atom| facts.answer(*atom));
        facts
    }

    /// What was answered, for [`Facts::resume`].
    pub(crate) fn into_answered(self) -> Answered {
        Answered(self.answers)
    }

    /// What stands in `slot`.
    pub(crate) fn reading(&self, slot: Slot) -> &Reading {
        match slot {
            Slot::Given(index) => self.given(index),
            Slot::Derived(index) => self.derived.get(index).unwrap_or(ABSENT),
        }
    }

    /// The whole number or the milliseconds that stand in `slot`, if they are known.
    pub(crate) fn whole(&self, slot: Slot) -> Option<i64> {
        match self.reading(slot) {
            Reading::Known(Value::Int(number) | Value::Duration(number)) => Some(*number),
            Reading::Known(_) | Reading::Unknown(_) => None,
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
    pub(crate) fn doubts(&self, condition: &Condition, visit: &mut impl FnMut(Doubt)) {
        match condition {
            Condition::Masks(masks) => {
                let doubts = masks.iter().map(|it| self.doubt(it.word, it.hold | it.fail));
                doubts.filter(|doubt| doubt.unknown != 0).for_each(visit);
            }
            Condition::And(parts) | Condition::Or(parts) => parts
                .iter()
                .filter(|part| self.holds(part).is_none())
                .for_each(|part| self.doubts(part, visit)),
            Condition::Not(part) => self.doubts(part, visit),
        }
    }

    /// Those of the atoms of one word that are unknown.
    #[inline]
    pub(crate) fn doubt(&self, word: usize, atoms: u64) -> Doubt {
        let Answers { known, failed, .. } = self.answers(word);
        let unknown = atoms & !known;
        Doubt { word, unknown, failed: unknown & failed }
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

    /// Answers what asks about given readings only.
    fn answer_given(&mut self) {
        let Questions { flags, absences, words, numbers, others, .. } = &self.program.questions;
        for question in flags {
            self.answer_plain(question, |value, ()| Some(matches!(value, Value::Bool(true))));
        }
        for Question { slot, atom, .. } in absences {
            self.note(*atom, matches!(self.given(*slot), Reading::Unknown(_)));
        }
        for question in words {
            self.answer_plain(question, |value, with| match value {
                Value::Word(word) => Some(reckon::same_word(word, with)),
                _ => None,
            });
        }
        for question in numbers {
            self.answer_plain(question, |value, least| match value {
                Value::Int(number) => Some(*number >= least),
                _ => None,
            });
        }
        others.iter().for_each(|atom| self.answer(*atom));
    }

    /// Answers by `holds`, which says nothing of a value that is not of the usual kind.
    #[inline]
    fn answer_plain<T: Copy>(
        &mut self,
        Question { slot, atom, with }: &Question<T>,
        holds: impl Fn(&Value, T) -> Option<bool>,
    ) {
        match self.given(*slot) {
            Reading::Known(value) => match holds(value, *with) {
                Some(holds) => self.note(*atom, holds),
                None => self.answer(*atom),
            },
            Reading::Unknown(Cause::LookupFailed) => self.note_failed(*atom),
            Reading::Unknown(_) => {}
        }
    }

    /// Answers any atom.
    fn answer(&mut self, number: usize) {
        let Some(atom) = self.program.atoms.get(number) else { return };
        let holds = match self.reading(atom.slot) {
            Reading::Known(value) => self.test(value, &atom.test),
            Reading::Unknown(_) => matches!(atom.test, Test::Unknown).then_some(true),
        };
        let failed = |slot| matches!(self.reading(slot), Reading::Unknown(Cause::LookupFailed));
        match holds {
            Some(holds) => self.note(number, holds),
            None if failed(atom.slot) || atom.test.other().is_some_and(failed) => {
                self.note_failed(number);
            }
            None => {}
        }
    }

    #[inline]
    fn note(&mut self, atom: usize, holds: bool) {
        if let Some(answers) = self.answers.get_mut(atom / 64) {
            answers.known |= 1 << (atom % 64);
            answers.truth |= u64::from(holds) << (atom % 64);
        }
    }

    #[inline]
    fn note_failed(&mut self, atom: usize) {
        if let Some(answers) = self.answers.get_mut(atom / 64) {
            answers.failed |= 1 << (atom % 64);
        }
    }

    fn given(&self, slot: usize) -> &'a Reading {
        self.readings.get(slot).unwrap_or(ABSENT)
    }

    /// What the test says of a value.
    #[inline]
    fn test(&self, value: &Value, test: &Test) -> Option<bool> {
        match test {
            Test::Flag => Some(matches!(value, Value::Bool(true))),
            Test::Unknown => Some(false),
            Test::Equal(constant) => reckon::equal(value, constant),
            Test::Above(constant) => order(value, constant).map(Ordering::is_gt),
            Test::AtLeast(constant) => order(value, constant).map(Ordering::is_ge),
            Test::OneOf(members) => reckon::among(value, members),
            Test::EqualTo(slot) => reckon::equal(value, self.reading(*slot).known()?),
            Test::AboveOf(slot) => order(value, self.reading(*slot).known()?).map(Ordering::is_gt),
            Test::AtLeastOf(slot) => {
                order(value, self.reading(*slot).known()?).map(Ordering::is_ge)
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn values() -> Vec<Value> {
        let numbers = [i64::MIN, -1, 0, 7, 8, i64::MAX].map(Value::Int);
        let words = ["right", "wrong"].map(Value::Word);
        let others = [Value::Bool(true), Value::Bool(false), Value::Decimal(7.5)];
        let odd = [Value::Duration(7), Value::Text("right".into()), Value::Asn(7)];
        numbers.into_iter().chain(words).chain(others).chain(odd).collect()
    }

    fn tests() -> Vec<Test> {
        let compared = values().into_iter().flat_map(|value| {
            let (other, another) = (value.clone(), value.clone());
            [Test::Equal(value), Test::Above(other), Test::AtLeast(another)]
        });
        let slots = [0, 1].map(Slot::Given).into_iter();
        let against = slots.flat_map(|it| [Test::EqualTo(it), Test::AboveOf(it)]);
        [Test::Flag, Test::Unknown].into_iter().chain(compared).chain(against).collect()
    }

    /// Questions in rows are answered as they are one by one, whatever stands in the slots, as a record that
    /// somebody altered may hold anything.
    #[test]
    fn plain_questions_are_answered_like_any_other() {
        let mut program = Program::default();
        for (slot, test) in
            [0, 1, 2].into_iter().flat_map(|slot| tests().into_iter().map(move |test| (slot, test)))
        {
            let (slot, words) = (Slot::Given(slot), Arc::<str>::default());
            let (holds, fails) = (Arc::clone(&words), words);
            program.ask(Atom { slot, test, about: slot, holds, fails });
        }
        let others = (0..program.atoms.len()).collect();
        let plain =
            Program { questions: Questions { others, ..Questions::default() }, ..program.clone() };
        let known = values().into_iter().map(Reading::Known);
        let unknown = [Cause::LookupFailed, Cause::NoHistory].map(Reading::Unknown);
        let readings: Vec<Reading> = known.chain(unknown).collect();
        for pair in readings.iter().flat_map(|one| readings.iter().map(move |other| [one, other])) {
            let given = pair.map(Clone::clone);
            let answers = |program| Facts::new(program, &given).answers;
            assert_eq!(answers(&program), answers(&plain), "{given:?}");
        }
    }
}
