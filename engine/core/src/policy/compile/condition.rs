//! Conditions: from the tree to atoms and masks, with types and units checked.

use super::names::Meaning;
use super::operand::Operand;
use super::{Builder, Stage, code, kind_noun};
use crate::policy::ast::{CompareOp, Expr, ExprKind, Literal, Name};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::program::{Arithmetic, Condition, Slot};
use crate::policy::reckon;
use crate::policy::span::Span;
use crate::signal::{Origin, SIGNALS, SignalId};
use crate::value::{Type, Value};

impl<'a> Builder<'a> {
    /// Compiles a condition; `None` if something in it is wrong, which has been reported.
    pub(crate) fn condition(&mut self, stage: Stage, expr: &Expr) -> Option<Condition> {
        match &expr.kind {
            ExprKind::Literal(Literal::Bool(true)) => Some(Condition::always()),
            ExprKind::Literal(Literal::Bool(false)) => Some(Condition::always().negate()),
            ExprKind::And(parts) => self.parts(stage, parts).map(Condition::all),
            ExprKind::Or(parts) => {
                self.parts(stage, parts).map(|parts| Condition::Or(parts.into()))
            }
            ExprKind::Not(inner) => self.condition(stage, inner).map(Condition::negate),
            ExprKind::Name(name) => self.named(stage, name),
            ExprKind::Compare { op, op_span, left, right } => {
                self.comparison(stage, (*op, *op_span), left, right)
            }
            ExprKind::In { item, negated, op_span, set } => {
                self.membership(stage, item, *negated, *op_span, set)
            }
            ExprKind::Is { subject, negated, op_span, value } => {
                self.word(stage, subject, *negated, *op_span, value)
            }
            ExprKind::Unknown(name) => self.asked_unknown(stage, name),
            ExprKind::Damaged => None,
            ExprKind::Rest => {
                let message = "there are no other conditions to keep";
                self.report(Diagnostic::error(code::BLOCK, message).at(
                    expr.span,
                    "`...` stands for the conditions of the rule that an override or a shadow changes",
                ))
            }
            ExprKind::Literal(_) | ExprKind::Arithmetic { .. } | ExprKind::Negate(_) => {
                let kind = self.operand(stage, expr)?.kind;
                self.report(no_condition(kind, expr.span))
            }
        }
    }

    /// Every part, all of them looked at even if one is wrong.
    fn parts(&mut self, stage: Stage, parts: &[Expr]) -> Option<Vec<Condition>> {
        let parts: Vec<_> = parts.iter().map(|part| self.condition(stage, part)).collect();
        parts.into_iter().collect()
    }

    fn named(&mut self, stage: Stage, name: &Name) -> Option<Condition> {
        let (slot, kind) = self.slot(stage, name)?;
        if kind == Type::Bool {
            return Some(self.flag(stage, slot, false));
        }
        self.report(no_condition(kind, name.span))
    }

    fn comparison(
        &mut self,
        stage: Stage,
        (op, op_span): (CompareOp, Span),
        left: &Expr,
        right: &Expr,
    ) -> Option<Condition> {
        let equality = matches!(op, CompareOp::Equal | CompareOp::NotEqual);
        if let (ExprKind::Name(subject), ExprKind::Name(word)) = (&left.kind, &right.kind)
            && self.names.meaning(&word.text).is_none()
            && let Some(kind) = self.worded_signal(subject)
        {
            return if equality {
                self.word(stage, left, op == CompareOp::NotEqual, op_span, word)
            } else {
                self.report(no_order(kind, op_span))
            };
        }
        let (left, right) = (self.operand(stage, left), self.operand(stage, right));
        let (left, right) = (left?, right?);
        if !reckon::comparable(left.kind, right.kind) {
            let problem = self.mismatch(op_span, &left, &right);
            return self.report(problem);
        }
        if !equality && !left.kind.ordered() {
            return self.report(no_order(left.kind, op_span));
        }
        self.compare(stage, op, left, right)
    }

    fn compare(
        &mut self,
        stage: Stage,
        op: CompareOp,
        left: Operand,
        right: Operand,
    ) -> Option<Condition> {
        let span = left.span.to(right.span);
        match (left.number, right.number) {
            (Arithmetic::Constant(_), Arithmetic::Constant(_)) => {
                let message = "two constants are compared: the answer is always the same";
                self.report(Diagnostic::error(code::CONSTANT, message).at(span, ""))
            }
            (number, Arithmetic::Constant(value)) => {
                let slot = self.place(Operand { number, ..left })?;
                Some(self.against(stage, slot, op, value))
            }
            (Arithmetic::Constant(value), number) => {
                let slot = self.place(Operand { number, ..right })?;
                Some(self.against(stage, slot, flip(op), value))
            }
            (number, other) => {
                let slot = self.place(Operand { number, ..left })?;
                let other = self.place(Operand { number: other, ..right })?;
                Some(self.against_slot(stage, slot, op, other))
            }
        }
    }

    /// `unknown(travel)`: any of the family.
    fn asked_unknown(&mut self, stage: Stage, name: &Name) -> Option<Condition> {
        let meaning = self.names.meaning(&name.text);
        if let Some(Meaning::Signal(_) | Meaning::Window(_) | Meaning::Derived(_)) = meaning {
            let (slot, _) = self.slot(stage, name)?;
            if matches!(slot, Slot::Given(id) if ended(id)) {
                return self.report(never_known(name));
            }
        }
        let slots = self.family_slots(name)?;
        let mut asked: Vec<_> =
            slots.into_iter().map(|slot| self.is_unknown(stage, slot)).collect();
        match asked.pop() {
            Some(only) if asked.is_empty() => Some(only),
            Some(last) => Some(Condition::Or(asked.into_iter().chain([last]).collect())),
            None => None,
        }
    }

    /// The type, if the name is that of a signal whose values are words: `method`, `country`.
    fn worded_signal(&self, name: &Name) -> Option<Type> {
        let Some(Meaning::Signal(id)) = self.names.meaning(&name.text) else { return None };
        let kind = SIGNALS.get(id).map(|signal| signal.kind);
        kind.filter(|kind| matches!(kind, Type::Word(_) | Type::Country))
    }

    fn mismatch(&self, op_span: Span, left: &Operand, right: &Operand) -> Diagnostic {
        let message =
            format!("{} is compared with {}", kind_noun(left.kind), kind_noun(right.kind));
        let error = Diagnostic::error(code::COMPARE, message)
            .at(op_span, "")
            .see(left.span, left.kind.name())
            .see(right.span, right.kind.name());
        let advice = match (&left.number, &right.number) {
            (_, Arithmetic::Constant(value)) => self.advice(left.kind, value, right.span),
            (Arithmetic::Constant(value), _) => self.advice(right.kind, value, left.span),
            _ => None,
        };
        match advice {
            Some(advice) => error.help(advice),
            None => error,
        }
    }

    /// What was probably meant by a constant of the wrong unit.
    fn advice(&self, wanted: Type, constant: &Value, span: Span) -> Option<String> {
        let written = self.sources.text(span);
        let number: String =
            written.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        match (wanted, constant) {
            (Type::Speed, Value::Duration(_)) => {
                Some(format!("write `{number} m/s` for metres per second"))
            }
            (Type::Distance, Value::Duration(_)) => {
                let km = number.parse::<f64>().ok()? / 1_000.0;
                Some(format!("write `{km} km` for {number} metres: `m` stands for minutes"))
            }
            (Type::Ratio, Value::Int(_)) => Some(format!("write `{number}%`")),
            (Type::Ratio, Value::Decimal(share)) => Some(format!("write `{}%`", share * 100.0)),
            (Type::Speed, Value::Int(_) | Value::Decimal(_)) => {
                Some(format!("write the unit: `{number} km/h`"))
            }
            (Type::Distance, Value::Int(_) | Value::Decimal(_)) => {
                Some(format!("write the unit: `{number} km`"))
            }
            (Type::Duration, Value::Int(_) | Value::Decimal(_)) => {
                Some(format!("write the unit: `{number}m` for minutes, `{number}d` for days"))
            }
            (Type::Money, Value::Int(_) | Value::Decimal(_)) => {
                Some(format!("write the currency: `{number} EUR`"))
            }
            (Type::Ip, Value::Cidr(_)) => Some(format!("write `in [{written}]`")),
            (Type::Word(_) | Type::Country, Value::Text(text)) => {
                Some(format!("write `is {text}`, without quotes"))
            }
            (Type::Asn, Value::Int(_)) => Some(format!("write `AS{number}`")),
            _ => None,
        }
    }
}

/// The operator when its sides change places.
fn flip(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Equal | CompareOp::NotEqual => op,
        CompareOp::Less => CompareOp::Greater,
        CompareOp::AtMost => CompareOp::AtLeast,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::AtLeast => CompareOp::AtMost,
    }
}

/// Whether it is a signal of what became of the attempt.
fn ended(id: SignalId) -> bool {
    SIGNALS.get(id).is_some_and(|signal| signal.origin == Origin::Ending)
}

fn never_known(name: &Name) -> Diagnostic {
    let message = format!("`{}` is unknown of every attempt at first", name.text);
    Diagnostic::error(code::CONSTANT, message)
        .at(name.span, "an attempt is counted once more of this is known, and never taken back")
}

fn no_order(kind: Type, op_span: Span) -> Diagnostic {
    let message = format!("{} is neither more nor less than another", kind_noun(kind));
    Diagnostic::error(code::NO_ORDER, message).at(op_span, "").help("`=`, `!=` and `in` work")
}

fn no_condition(kind: Type, span: Span) -> Diagnostic {
    let message = format!("{} is neither true nor false", kind_noun(kind));
    Diagnostic::error(code::NOT_A_CONDITION, message)
        .at(span, kind.name())
        .help("compare it with something")
}
