//! The table of atoms: each question once, with the words that evidence shows.

use std::sync::Arc;

use super::{Builder, Stage, code};
use crate::policy::ast::CompareOp;
use crate::policy::diagnostic::Diagnostic;
use crate::policy::limits::CONDITIONS_MAX;
use crate::policy::program::{Atom, Condition, Slot, Test};
use crate::value::Value;

impl Builder<'_> {
    /// `slot op constant`
    pub(crate) fn against(
        &mut self,
        stage: Stage,
        slot: Slot,
        op: CompareOp,
        value: Value,
    ) -> Condition {
        let shown = value.to_string();
        if let Value::Bool(wanted) = value {
            let negated = wanted == (op == CompareOp::NotEqual);
            return self.flag(stage, slot, negated);
        }
        let test = match op {
            CompareOp::Equal | CompareOp::NotEqual => Test::Equal(value),
            CompareOp::AtLeast | CompareOp::Less => Test::AtLeast(value),
            CompareOp::Greater | CompareOp::AtMost => Test::Above(value),
        };
        self.compared(stage, slot, op, test, &shown)
    }

    /// `slot op slot`
    pub(crate) fn against_slot(
        &mut self,
        stage: Stage,
        slot: Slot,
        op: CompareOp,
        other: Slot,
    ) -> Condition {
        let test = match op {
            CompareOp::Equal | CompareOp::NotEqual => Test::EqualTo(other),
            CompareOp::AtLeast | CompareOp::Less => Test::AtLeastOf(other),
            CompareOp::Greater | CompareOp::AtMost => Test::AboveOf(other),
        };
        let shown = self.slot_name(other);
        self.compared(stage, slot, op, test, &shown)
    }

    /// Whether the slot is yes.
    pub(crate) fn flag(&mut self, stage: Stage, slot: Slot, negated: bool) -> Condition {
        self.worded(stage, slot, Test::Flag, ["is yes", "is no"], negated)
    }

    /// Whether the slot has no value.
    pub(crate) fn is_unknown(&mut self, stage: Stage, slot: Slot) -> Condition {
        self.worded(stage, slot, Test::Unknown, ["is unknown", "is known"], false)
    }

    /// An atom with the words for its two answers.
    pub(crate) fn worded(
        &mut self,
        stage: Stage,
        slot: Slot,
        test: Test,
        [holds, fails]: [&str; 2],
        negated: bool,
    ) -> Condition {
        let (holds, fails) = (Arc::from(holds), Arc::from(fails));
        self.intern(stage, Atom { slot, test, about: slot, holds, fails }, negated)
    }

    /// The atom's place in the table; equal questions share one.
    pub(crate) fn intern(&mut self, stage: Stage, atom: Atom, negated: bool) -> Condition {
        let index = self.program_mut(stage).ask(atom);
        if index == CONDITIONS_MAX {
            let message = format!("the rules ask more than {CONDITIONS_MAX} different conditions");
            self.found.push(Diagnostic::error(code::LIMIT, message));
        }
        Condition::atom(index, negated)
    }

    fn compared(
        &mut self,
        stage: Stage,
        slot: Slot,
        op: CompareOp,
        test: Test,
        shown: &str,
    ) -> Condition {
        let (asked, opposite, negated) = match op {
            CompareOp::Equal => ("=", "!=", false),
            CompareOp::NotEqual => ("=", "!=", true),
            CompareOp::AtLeast => (">=", "<", false),
            CompareOp::Less => (">=", "<", true),
            CompareOp::Greater => (">", "<=", false),
            CompareOp::AtMost => (">", "<=", true),
        };
        let words = [format!("{asked} {shown}"), format!("{opposite} {shown}")];
        let [holds, fails] = &words;
        self.worded(stage, slot, test, [holds, fails], negated)
    }
}
