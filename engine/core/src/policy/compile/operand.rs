//! Numbers in conditions: names, constants and arithmetic, with their types.

use std::sync::Arc;

use super::names::Meaning;
use super::{Builder, Stage, code, kind_noun};
use crate::policy::ast::{ArithmeticOp, Expr, ExprKind, Name};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::limits::DERIVED_MAX;
use crate::policy::program::{Arithmetic, Condition, Derived, Formula, Slot};
use crate::policy::reckon;
use crate::policy::span::Span;
use crate::signal::{Origin, SIGNALS};
use crate::value::{Type, Value};

/// A number, or whatever else can be compared, with its type.
pub(crate) struct Operand {
    pub(crate) number: Arithmetic,
    pub(crate) kind: Type,
    pub(crate) span: Span,
}

impl<'a> Builder<'a> {
    /// Reads what stands on one side of a comparison.
    pub(crate) fn operand(&mut self, stage: Stage, expr: &Expr) -> Option<Operand> {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Name(name) => {
                let (slot, kind) = self.slot(stage, name)?;
                Some(Operand { number: Arithmetic::Slot(slot), kind, span })
            }
            ExprKind::Literal(literal) => {
                let (value, kind) = self.literal(literal, span)?;
                Some(Operand { number: Arithmetic::Constant(value), kind, span })
            }
            ExprKind::Negate(inner) => self.negation(stage, inner, span),
            ExprKind::Arithmetic { op, op_span, left, right } => {
                let (left, right) = (self.operand(stage, left), self.operand(stage, right));
                self.arithmetic(*op, *op_span, left?, right?)
            }
            ExprKind::Damaged => None,
            ExprKind::Or(_) | ExprKind::And(_) | ExprKind::Not(_) | ExprKind::Compare { .. } => {
                self.report(not_a_value(span))
            }
            ExprKind::In { .. } | ExprKind::Is { .. } | ExprKind::Unknown(_) | ExprKind::Rest => {
                self.report(not_a_value(span))
            }
        }
    }

    /// The slot and type of a named signal or window, as far as this stage sees it.
    pub(crate) fn slot(&mut self, stage: Stage, name: &Name) -> Option<(Slot, Type)> {
        let Some(meaning) = self.names.meaning(&name.text) else {
            let problem = self.names.unknown(name);
            return self.report(problem);
        };
        match meaning {
            Meaning::Signal(id) => {
                let signal = SIGNALS.get(id)?;
                match (stage, signal.origin) {
                    (_, Origin::Event)
                    | (Stage::Decision, Origin::Profile | Origin::Egress | Origin::Traffic)
                    | (Stage::Event, Origin::Ending) => Some((Slot::Given(id), signal.kind)),
                    (Stage::Event, Origin::Profile) => {
                        self.report(unseen(name, "compares with the profile"))
                    }
                    (Stage::Event, Origin::Egress | Origin::Traffic) => {
                        self.report(unseen(name, "tells what others did"))
                    }
                    (Stage::Decision, Origin::Ending) => self.report(too_early(name)),
                }
            }
            Meaning::Attribute(index) => {
                let kind = self.attribute_kind(index)?;
                Some((Slot::Given(self.attribute_slot(index)), kind))
            }
            Meaning::List(_) => {
                let message = format!("`{}` is a list", name.text);
                let problem = Diagnostic::error(code::MISPLACED, message)
                    .at(name.span, "a list has no value of its own")
                    .help(format!("ask for what is in it: `ip in {}`", name.text));
                self.report(problem)
            }
            Meaning::Window(_) if stage == Stage::Event => {
                self.report(unseen(name, "is counted after the event was seen"))
            }
            Meaning::Derived(_) if stage == Stage::Event => {
                self.report(unseen(name, "is computed after the event was seen"))
            }
            Meaning::Window(index) => {
                let kind = self.window_kinds.get(index).copied().flatten()?;
                Some((Slot::Given(self.window_slot(index)), kind))
            }
            Meaning::Derived(signal) => {
                let slot = self.derived(signal)?;
                Some((slot, self.slot_kind(slot)))
            }
        }
    }

    /// The slot that holds the number: its own, or that of an unnamed derived signal.
    pub(crate) fn place(&mut self, operand: Operand) -> Option<Slot> {
        if let Arithmetic::Slot(slot) = operand.number {
            return Some(slot);
        }
        let name: Arc<str> = self.formula_text(&operand.number).into();
        let known = self.program.derived.iter().position(|derived| derived.name == name);
        if let Some(index) = known {
            return Some(Slot::Derived(index));
        }
        let formula = Formula::Number(operand.number);
        self.derive(name, operand.kind, formula, None, operand.span)
    }

    /// Adds a derived signal, which may ask for all atoms up to here.
    pub(crate) fn derive(
        &mut self,
        name: Arc<str>,
        kind: Type,
        formula: Formula,
        when: Option<Condition>,
        span: Span,
    ) -> Option<Slot> {
        let index = self.program.derived.len();
        if index == DERIVED_MAX {
            let message = format!("a policy has at most {DERIVED_MAX} computed signals");
            return self.report(Diagnostic::error(code::LIMIT, message).at(span, "one too many"));
        }
        let atoms_before = self.program.atoms.len();
        self.program.derived.push(Derived { name, kind, formula, when, atoms_before });
        Some(Slot::Derived(index))
    }

    fn negation(&mut self, stage: Stage, inner: &Expr, span: Span) -> Option<Operand> {
        let Operand { number, kind, .. } = self.operand(stage, inner)?;
        if !reckon::quantity(kind) {
            let message = format!("{} has no opposite", kind_noun(kind));
            return self.report(Diagnostic::error(code::UNITS, message).at(span, kind.name()));
        }
        let number = match number {
            Arithmetic::Constant(value) => Arithmetic::Constant(reckon::negate(&value)),
            other => Arithmetic::Negate(Box::new(other)),
        };
        Some(Operand { number, kind, span })
    }

    fn arithmetic(
        &mut self,
        op: ArithmeticOp,
        op_span: Span,
        left: Operand,
        right: Operand,
    ) -> Option<Operand> {
        let span = left.span.to(right.span);
        let Some(kind) = reckon::result(op, left.kind, right.kind) else {
            return self.report(no_result(op, op_span, &left, &right));
        };
        // A count divided by a constant is still a number: only two counts make a share.
        let halved = op == ArithmeticOp::Divide
            && matches!(
                (left.kind, &right.number),
                (Type::Int | Type::Decimal, Arithmetic::Constant(_))
            );
        let kind = if halved && kind == Type::Ratio { Type::Decimal } else { kind };
        let number = match (left.number, right.number) {
            (Arithmetic::Constant(left), Arithmetic::Constant(right)) => {
                match reckon::binary(op, &left, &right, kind) {
                    Ok(value) => Arithmetic::Constant(value),
                    Err(_) => {
                        let message = "these two constants have no result";
                        return self
                            .report(Diagnostic::error(code::CONSTANT, message).at(span, ""));
                    }
                }
            }
            (left, right) => {
                Arithmetic::Binary { op, left: Box::new(left), right: Box::new(right), kind }
            }
        };
        Some(Operand { number, kind, span })
    }

    /// The number as an analyst would write it, the same for the same computation.
    fn formula_text(&self, number: &Arithmetic) -> String {
        match number {
            Arithmetic::Slot(slot) => self.slot_name(*slot).to_string(),
            Arithmetic::Constant(Value::Decimal(number)) => number.to_string(),
            Arithmetic::Constant(value) => value.to_string(),
            Arithmetic::Negate(inner) => format!("-{}", self.formula_text(inner)),
            Arithmetic::Binary { op, left, right, .. } => {
                let side = |number: &Arithmetic| match number {
                    Arithmetic::Binary { .. } => format!("({})", self.formula_text(number)),
                    _ => self.formula_text(number),
                };
                match op {
                    ArithmeticOp::Chance => {
                        let [left, right] = [left, right].map(|part| self.formula_text(part));
                        format!("{}({left}, {right})", op.symbol())
                    }
                    _ => format!("{} {} {}", side(left), op.symbol(), side(right)),
                }
            }
        }
    }
}

fn not_a_value(span: Span) -> Diagnostic {
    Diagnostic::error(code::NOT_A_CONDITION, "a value is needed here, not a condition").at(span, "")
}

fn unseen(name: &Name, why: &str) -> Diagnostic {
    let message = format!("a window cannot ask for `{}`", name.text);
    Diagnostic::error(code::MISPLACED, message)
        .at(name.span, why)
        .help("`where` sees what the event tells and what lists say about it")
}

/// Whoever decides cannot know what becomes of it.
fn too_early(name: &Name) -> Diagnostic {
    let message = format!("`{}` is not known yet when an attempt is decided on", name.text);
    let window = "`window frauds = count where outcome is confirmed_fraud by user over 30d`";
    Diagnostic::error(code::MISPLACED, message)
        .at(name.span, "only a window can ask for it, in its `where`")
        .help(format!("count what became of earlier attempts: {window}"))
}

fn no_result(op: ArithmeticOp, op_span: Span, left: &Operand, right: &Operand) -> Diagnostic {
    let (a, b) = (kind_noun(left.kind), kind_noun(right.kind));
    let message = match op {
        ArithmeticOp::Add => format!("{a} and {b} do not add up"),
        ArithmeticOp::Subtract => format!("{b} cannot be taken from {a}"),
        ArithmeticOp::Multiply => format!("{a} times {b} means nothing"),
        ArithmeticOp::Divide => format!("{a} divided by {b} means nothing"),
        ArithmeticOp::Chance => format!("there is no chance of {a} where {b} is expected"),
    };
    let problem = Diagnostic::error(code::UNITS, message)
        .at(op_span, "")
        .see(left.span, left.kind.name())
        .see(right.span, right.kind.name());
    match op {
        ArithmeticOp::Chance => problem.help(
            "it takes how often something happened, a whole number, and how often it is expected, any number",
        ),
        _ => problem,
    }
}
