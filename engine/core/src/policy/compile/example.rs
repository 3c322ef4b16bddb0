//! Tests in the rule files: their events and expectations, checked like everything else.

use super::names::{Meaning, not_among};
use super::operand::Operand;
use super::{Builder, Stage, code, kind_noun};
use crate::policy::ast::{
    self, CompareOp, Document, Expr, ExprKind, Item, Literal, Name, TemplatePart, TestEvent,
    TestStep, TestValue,
};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::examples::draft::{self, Event, Given, Target};
use crate::policy::examples::{Example, Expectation, Expected, Step};
use crate::policy::program::Arithmetic;
use crate::policy::reckon;
use crate::policy::span::Span;
use crate::value::{Type, Value};

impl<'a> Builder<'a> {
    /// Compiles all tests.
    pub(crate) fn examples(&mut self, document: &'a Document) -> Vec<Example> {
        let mut all: Vec<Example> = Vec::new();
        for item in document.items() {
            let Item::Test(test) = item else { continue };
            let rule = test.rule.as_ref().map(|name| self.rule_index(name));
            let steps: Vec<_> =
                test.steps.iter().map(|step| self.step(step, rule.flatten(), test)).collect();
            let steps: Option<Vec<_>> = steps.into_iter().collect();
            let (title, span) = (test.title.value.clone(), test.title.span);
            let rule = test.rule.as_ref().map(|name| name.text.clone());
            all.extend(steps.map(|steps| Example { title, rule, span, steps }));
        }
        all
    }

    fn rule_index(&mut self, name: &Name) -> Option<usize> {
        let rules: Vec<&str> = self.names.rules.iter().map(|(name, _)| *name).collect();
        let index = rules.iter().position(|rule| *rule == name.text);
        if index.is_none() {
            let problem = not_among("rule", &name.text, name.span, &rules);
            self.found.push(problem);
        }
        index
    }

    fn step(&mut self, step: &TestStep, rule: Option<usize>, test: &ast::Test) -> Option<Step> {
        Some(match step {
            TestStep::Given(given) => Step::Given {
                attempts: given.attempts,
                every_ms: given.every.map_or(0, |every| every.ms),
                event: self.event(&given.event)?,
            },
            TestStep::After(duration) => Step::After(duration.ms),
            TestStep::Event(event) => Step::Event(self.event(event)?),
            TestStep::Expect(expectations) => {
                let expectations: Vec<_> =
                    expectations.iter().map(|it| self.expectation(it, rule, test)).collect();
                Step::Expect(expectations.into_iter().collect::<Option<_>>()?)
            }
        })
    }

    fn expectation(
        &mut self,
        expectation: &ast::Expectation,
        tested: Option<usize>,
        test: &ast::Test,
    ) -> Option<Expectation> {
        let (what, span) = match expectation {
            ast::Expectation::Fires { negated, rule, span } => {
                let rule = match rule {
                    Some(name) => self.rule_index(name)?,
                    None if test.rule.is_some() => tested?,
                    None => {
                        let message = "the test does not say which rule fires";
                        let problem = Diagnostic::error(code::BLOCK, message).at(*span, "");
                        let advice = "write `fires travel.impossible`, or `test \"…\" for travel.impossible`";
                        return self.report(problem.help(advice));
                    }
                };
                (Expected::Fires { rule, negated: *negated }, *span)
            }
            ast::Expectation::Verdict { verdict, span } => {
                (Expected::Verdict((*verdict).into()), *span)
            }
            ast::Expectation::Reason { negated, code, span } => {
                (Expected::Reason { code: code.text.clone(), negated: *negated }, *span)
            }
            ast::Expectation::Holds(expr) => (self.holds(expr)?, expr.span),
        };
        Some(Expectation { what, span })
    }

    /// `score >= 40` speaks of the decision, everything else of signals.
    fn holds(&mut self, expr: &Expr) -> Option<Expected> {
        if let ExprKind::Compare { op, left, right, .. } = &expr.kind
            && matches!(&left.kind, ExprKind::Name(name) if name.text == "score")
        {
            return self.score(*op, right);
        }
        self.condition(Stage::Decision, expr).map(Expected::Holds)
    }

    fn score(&mut self, op: CompareOp, points: &Expr) -> Option<Expected> {
        let points = match &points.kind {
            ExprKind::Literal(Literal::Int(points)) => *points,
            _ => {
                let message = "a score is compared with a whole number";
                return self.report(Diagnostic::error(code::COMPARE, message).at(points.span, ""));
            }
        };
        Some(Expected::Score { op, points })
    }

    fn event(&mut self, event: &TestEvent) -> Option<Event> {
        let fields: Vec<_> = event.fields.iter().map(|field| self.field_of(field)).collect();
        let named = |name: &str| event.fields.iter().find(|field| field.field.text == name);
        let detail = named("outcome.method").or(named("outcome.failure"));
        if let (Some(detail), None) = (detail, named(draft::OUTCOME)) {
            let message =
                format!("`{}` says more of an outcome, and there is none", detail.field.text);
            let problem = Diagnostic::error(code::BLOCK, message).at(detail.field.span, "");
            return self.report(problem.help("add one, for example `outcome challenge_failed`"));
        }
        Some(Event { fields: fields.into_iter().collect::<Option<_>>()?, span: event.span })
    }

    fn field_of(&mut self, written: &ast::TestField) -> Option<(Target, Given)> {
        let name = &written.field;
        let field = self.target(name)?;
        let given = match &written.value {
            TestValue::Name(word) => {
                Given::Value(self.spelled(field.kind(), word, name.span, name.span)?)
            }
            TestValue::Constant(expr) => {
                let Operand { number, kind, span } = self.operand(Stage::Event, expr)?;
                if !reckon::comparable(field.kind(), kind) {
                    return self.report(wrong(&field, kind, span));
                }
                match number {
                    Arithmetic::Constant(value) => Given::Value(value),
                    Arithmetic::Slot(_) | Arithmetic::Negate(_) | Arithmetic::Binary { .. } => {
                        return None;
                    }
                }
            }
            TestValue::Text(template) => {
                if !reckon::comparable(field.kind(), Type::Text) {
                    return self.report(wrong(&field, Type::Text, template.span));
                }
                self.template(&template.parts)?
            }
        };
        Some((field, given))
    }

    /// A field that every event has, or an attribute that the rules declare.
    fn target(&mut self, name: &Name) -> Option<Target> {
        if let Some(field) = draft::field(&name.text) {
            return Some(Target::Field(field));
        }
        if let Some(Meaning::Attribute(index)) = self.names.meaning(&name.text) {
            return self.attributes.get(index)?.clone().map(Target::Attribute);
        }
        let mut names = draft::names();
        names.extend(self.names.attributes.iter().map(|attribute| attribute.name.text.as_str()));
        let problem = not_among("field of an event", &name.text, name.span, &names);
        self.report(problem)
    }

    fn template(&mut self, parts: &[TemplatePart]) -> Option<Given> {
        let mut texts = vec![String::new()];
        for part in parts {
            match part {
                TemplatePart::Text(text) => {
                    if let Some(last) = texts.last_mut() {
                        last.push_str(text);
                    }
                }
                TemplatePart::Placeholder(name) if name.text == "n" => texts.push(String::new()),
                TemplatePart::Placeholder(name) => {
                    let message = format!("an event has no `{{{}}}`", name.text);
                    let problem = Diagnostic::error(code::MISPLACED, message).at(name.span, "");
                    return self
                        .report(problem.help("`{n}` counts the attempts of a `given` from 1"));
                }
            }
        }
        Some(match <[String; 1]>::try_from(texts) {
            Ok([text]) => Given::Value(Value::Text(text.into())),
            Err(texts) => Given::Numbered(texts),
        })
    }
}

fn wrong(field: &Target, kind: Type, span: Span) -> Diagnostic {
    let (wanted, given) = (kind_noun(field.kind()), kind_noun(kind));
    let message = format!("`{}` is {wanted}, not {given}", field.name());
    Diagnostic::error(code::COMPARE, message).at(span, kind.name())
}
