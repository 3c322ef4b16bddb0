//! Derived signals: `signal failure_share_ip = failures_per_ip / attempts_per_ip when …`.

use super::{Builder, Stage, code};
use crate::policy::ast::{self, Expr, ExprKind, Literal};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::program::{Formula, Slot};
use crate::value::Type;

/// How far a definition has been understood.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Progress {
    /// It is being looked at: meeting it again is a circle.
    Begun,
    /// Done; `None` if it is wrong.
    Done(Option<Slot>),
}

impl<'a> Builder<'a> {
    /// Compiles every derived signal, those that others need first.
    pub(crate) fn all_derived(&mut self) {
        for signal in self.names.derived.clone() {
            self.derived(signal);
        }
    }

    /// The slot of a derived signal, compiled when it is first needed.
    pub(crate) fn derived(&mut self, signal: &'a ast::Signal) -> Option<Slot> {
        match self.derived.get(&*signal.name.text) {
            Some(Progress::Done(slot)) => return *slot,
            Some(Progress::Begun) => {
                let message = format!("`{}` is defined by way of itself", signal.name.text);
                let problem = Diagnostic::error(code::CYCLE, message);
                return self.report(problem.at(signal.name.span, "needs its own value"));
            }
            None => {}
        }
        self.derived.insert(&signal.name.text, Progress::Begun);
        let slot = self.define(signal);
        self.derived.insert(&signal.name.text, Progress::Done(slot));
        slot
    }

    fn define(&mut self, signal: &'a ast::Signal) -> Option<Slot> {
        let when = signal.when.as_ref().map(|when| self.condition(Stage::Decision, when));
        let value = self.formula(&signal.value);
        let when = match when {
            Some(condition) => Some(condition?),
            None => None,
        };
        let (formula, kind) = value?;
        self.derive(signal.name.text.as_str().into(), kind, formula, when, signal.name.span)
    }

    fn formula(&mut self, value: &Expr) -> Option<(Formula, Type)> {
        if self.states(value) {
            let condition = self.condition(Stage::Decision, value)?;
            return Some((Formula::Condition(condition), Type::Bool));
        }
        let operand = self.operand(Stage::Decision, value)?;
        Some((Formula::Number(operand.number), operand.kind))
    }

    /// Whether the expression is a condition by its form.
    fn states(&self, value: &Expr) -> bool {
        match &value.kind {
            ExprKind::Or(_) | ExprKind::And(_) | ExprKind::Not(_) | ExprKind::Compare { .. } => {
                true
            }
            ExprKind::In { .. } | ExprKind::Is { .. } | ExprKind::Unknown(_) => true,
            ExprKind::Literal(Literal::Bool(_)) | ExprKind::Rest => true,
            ExprKind::Name(_) | ExprKind::Literal(_) | ExprKind::Arithmetic { .. } => false,
            ExprKind::Negate(_) | ExprKind::Damaged => false,
        }
    }
}
