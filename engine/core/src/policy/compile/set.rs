//! `is` and `in`: words of closed sets, lists, and sets written in place.

use std::sync::Arc;

use super::names::{Meaning, not_among};
use super::{Builder, Stage, code, kind_noun};
use crate::country::Country;
use crate::policy::ast::{Expr, ExprKind, Name, Set};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::plan::Lookup;
use crate::policy::program::{Arithmetic, Atom, Condition, Slot, Test};
use crate::policy::reckon;
use crate::policy::span::Span;
use crate::value::{Type, Value};

impl<'a> Builder<'a> {
    /// `credential is wrong`
    pub(crate) fn word(
        &mut self,
        stage: Stage,
        subject: &Expr,
        negated: bool,
        op_span: Span,
        word: &Name,
    ) -> Option<Condition> {
        let operand = self.operand(stage, subject)?;
        let value = self.spelled(operand.kind, word, op_span, operand.span)?;
        let slot = self.place(operand)?;
        let words = [format!("is {value}"), format!("is not {value}")];
        let [holds, fails] = &words;
        Some(self.worded(stage, slot, Test::Equal(value), [holds, fails], negated))
    }

    /// `ip in corp_egress`, `country not in [GB, FR]`
    pub(crate) fn membership(
        &mut self,
        stage: Stage,
        item: &Expr,
        negated: bool,
        op_span: Span,
        set: &Set,
    ) -> Option<Condition> {
        let operand = self.operand(stage, item);
        match set {
            Set::List(list) => {
                let operand = operand?;
                let Arithmetic::Slot(Slot::Given(index)) = operand.number else {
                    return self.report(not_listed(item.span));
                };
                let lookup = self.listed(index, operand.kind, (item.span, op_span), list)?;
                let about = Slot::Given(index);
                let (holds, fails) = (format!("in {}", list.text), format!("not in {}", list.text));
                let (holds, fails) = (Arc::from(holds), Arc::from(fails));
                let atom = Atom { slot: lookup, test: Test::Flag, about, holds, fails };
                Some(self.intern(stage, atom, negated))
            }
            Set::Inline { members, .. } => {
                let operand = operand?;
                let members: Vec<_> = members
                    .iter()
                    .map(|member| self.member(stage, operand.kind, operand.span, op_span, member))
                    .collect();
                let members: Box<[Value]> = members.into_iter().collect::<Option<_>>()?;
                let shown: Vec<String> = members.iter().map(Value::to_string).collect();
                let words = [
                    format!("in [{}]", shown.join(", ")),
                    format!("not in [{}]", shown.join(", ")),
                ];
                let slot = self.place(operand)?;
                let [holds, fails] = &words;
                Some(self.worded(stage, slot, Test::OneOf(members), [holds, fails], negated))
            }
        }
    }

    /// The slot of the answer whether that reading is in the list.
    fn listed(
        &mut self,
        operand: usize,
        kind: Type,
        (item, op_span): (Span, Span),
        list: &Name,
    ) -> Option<Slot> {
        let index = match self.names.meaning(&list.text) {
            Some(Meaning::List(index)) => index,
            Some(other) => {
                let message = format!("`{}` is {}, not a list", list.text, other.one());
                return self.report(Diagnostic::error(code::MISPLACED, message).at(list.span, ""));
            }
            None => {
                let lists = self.names.lists.iter().map(|list| list.name.text.as_str());
                let lists: Vec<&str> = lists.collect();
                let problem = not_among("list", &list.text, list.span, &lists);
                return self.report(problem);
            }
        };
        if operand >= self.window_slot(0) {
            return self.report(not_listed(item));
        }
        let entries = self.list_kinds.get(index).copied().flatten()?;
        let network = matches!(entries, Type::Cidr | Type::Ip);
        let fits = if network { kind == Type::Ip } else { kind == entries };
        if !fits {
            let message = format!("the list `{}` holds no {}", list.text, kind.name());
            return self.report(
                Diagnostic::error(code::COMPARE, message)
                    .at(op_span, "")
                    .see(item, kind.name())
                    .see(list.span, format!("entries: {}", entries.name())),
            );
        }
        let name = format!("{} in {}", self.given_name(operand), list.text);
        Some(self.lookup(Lookup { name: name.into(), operand, list: index, attribute: None }))
    }

    /// The slot of the look-up; equal ones share it.
    pub(crate) fn lookup(&mut self, lookup: Lookup) -> Slot {
        let index = self.lookups.iter().position(|known| *known == lookup).unwrap_or_else(|| {
            self.lookups.push(lookup);
            self.lookups.len() - 1
        });
        Slot::Given(self.lookup_slot(index))
    }

    fn member(
        &mut self,
        stage: Stage,
        kind: Type,
        subject: Span,
        op_span: Span,
        member: &Expr,
    ) -> Option<Value> {
        if let ExprKind::Name(word) = &member.kind {
            return self.spelled(kind, word, op_span, subject);
        }
        let operand = self.operand(stage, member)?;
        let network = kind == Type::Ip && operand.kind == Type::Cidr;
        if !network && !reckon::comparable(kind, operand.kind) {
            let (a, b) = (kind_noun(kind), kind_noun(operand.kind));
            return self.report(
                Diagnostic::error(code::COMPARE, format!("{a} is compared with {b}"))
                    .at(member.span, operand.kind.name())
                    .see(subject, kind.name()),
            );
        }
        match operand.number {
            Arithmetic::Constant(value) => Some(value),
            Arithmetic::Slot(_) | Arithmetic::Negate(_) | Arithmetic::Binary { .. } => {
                let message = "a set holds constants";
                self.report(Diagnostic::error(code::MISPLACED, message).at(member.span, ""))
            }
        }
    }

    /// The word as a value of that type.
    pub(crate) fn spelled(
        &mut self,
        kind: Type,
        word: &Name,
        op_span: Span,
        subject: Span,
    ) -> Option<Value> {
        match kind {
            Type::Word(words) => match words.iter().find(|known| **known == word.text) {
                Some(known) => Some(Value::Word(known)),
                None => {
                    let what = self.sources.text(subject).to_owned();
                    let problem = not_among(&what, &word.text, word.span, words);
                    self.report(problem)
                }
            },
            Type::Country => match Country::parse(&word.text) {
                Ok(country) => Some(Value::Country(country)),
                Err(error) => {
                    let message = format!("`{}` is not an ISO 3166-1 country code", word.text);
                    let problem = Diagnostic::error(code::UNKNOWN_WORD, message).at(word.span, "");
                    self.report(match error.suggestion() {
                        Some(code) => problem.help(format!("did you mean `{code}`?")),
                        None => problem,
                    })
                }
            },
            _ => {
                let message = format!("{} is not one of a closed set of words", kind_noun(kind));
                self.report(
                    Diagnostic::error(code::COMPARE, message)
                        .at(op_span, "")
                        .see(subject, kind.name())
                        .help("write a constant, such as `= \"text\"` or `in [...]`"),
                )
            }
        }
    }
}

fn not_listed(span: Span) -> Diagnostic {
    Diagnostic::error(code::MISPLACED, "only what the event or the profile tells can be in a list")
        .at(span, "")
}
