//! `test` blocks.

use super::{Parsed, Parser, Reported, block::Block};
use crate::policy::{
    ast::{
        Expectation, Expr, ExprKind, Given, Literal, Test, TestEvent, TestField, TestStep,
        TestValue,
    },
    diagnostic::{Code, Diagnostic},
    token::{Symbol, TokenKind},
};

const STEPS: [&str; 4] = ["given", "after", "event", "expect"];

/// How an expectation may begin, conditions aside.
const EXPECTATIONS: [&str; 4] = ["fires", "not", "verdict", "reason"];

impl Parser<'_> {
    pub(super) fn test(&mut self) -> Parsed<Test> {
        let begin = self.at;
        let opened = self.bump().span;
        let title = self.text("a title in quotes")?;
        let rule = if self.eat_word("for") { Some(self.name("the name of a rule")?) } else { None };
        let mut steps = Vec::new();
        let block = Block { what: "a test", opened, fields: &STEPS, repeated: &STEPS };
        let damaged = self.body(&block, |p, step| {
            steps.push(p.step(step)?);
            Ok(())
        })?;
        let mut test = Test { title, rule, steps, damaged, span: self.span_from(begin) };
        if !damaged {
            test.damaged = self.tests_nothing(&test);
        }
        Ok(test)
    }

    /// Reports a test that could not fail.
    fn tests_nothing(&mut self, test: &Test) -> bool {
        let event = test.steps.iter().position(|step| matches!(step, TestStep::Event(_)));
        let expect = test.steps.iter().rposition(|step| matches!(step, TestStep::Expect(_)));
        let (message, help) = match (event, expect) {
            (Some(event), Some(expect)) if event < expect => return false,
            (_, None) => ("a test expects nothing", "add `expect fires` or `expect not fires`"),
            (None, Some(_)) => {
                ("a test has no event to decide", "add `event { … }` before `expect`")
            }
            (Some(_), Some(_)) => {
                ("a test expects before its event", "move `event { … }` before `expect`")
            }
        };
        self.report(Diagnostic::error(Code::MISSING, message).at(test.title.span, "").help(help));
        true
    }

    fn step(&mut self, step: &str) -> Parsed<TestStep> {
        let begin = self.at;
        self.bump();
        match step {
            "given" => self.given(begin).map(TestStep::Given),
            "after" => self.duration().map(TestStep::After),
            "event" => self.test_event().map(TestStep::Event),
            _ => self.expectations().map(TestStep::Expect),
        }
    }

    /// `given` is taken.
    fn given(&mut self, begin: usize) -> Parsed<Given> {
        let attempts = self.attempts()?;
        let every = if self.eat_word("every") { Some(self.duration()?) } else { None };
        let event = self.test_event()?;
        Ok(Given { attempts, every, event, span: self.span_from(begin) })
    }

    /// `14 attempts`, `1 attempt`, `attempt`
    fn attempts(&mut self) -> Parsed<u32> {
        let place = self.span();
        let mut attempts = Some(1);
        if let TokenKind::Literal(Literal::Int(number)) = *self.kind() {
            self.bump();
            attempts = u32::try_from(number).ok().filter(|number| *number > 0);
        }
        if !(self.eat_word("attempts") || self.eat_word("attempt")) {
            return Err(self.expected_with("`attempts`", |problem| {
                problem.help("for example `given 14 attempts every 20s { user \"u{n}\" }`")
            }));
        }
        attempts.ok_or(()).map_err(|()| {
            let problem = Diagnostic::error(Code::NUMBER, "this many attempts cannot be given");
            self.report(problem.at(place, "").help("a test gives at least 1"))
        })
    }

    /// `{ field value … }`; a field that cannot be read costs the event, not the test.
    fn test_event(&mut self) -> Parsed<TestEvent> {
        let begin = self.at;
        self.expect(Symbol::OpenBrace, "`{`")?;
        let mut fields = Vec::new();
        while !self.eat(Symbol::CloseBrace) {
            match self.test_field() {
                Ok(field) => fields.push(field),
                Err(Reported) => {
                    self.skip_to_field(&[]);
                    self.eat(Symbol::CloseBrace);
                    return Err(Reported);
                }
            }
        }
        Ok(TestEvent { fields, span: self.span_from(begin) })
    }

    fn test_field(&mut self) -> Parsed<TestField> {
        let field = self.name("a field of the event or `}`")?;
        Ok(TestField { field, value: self.test_value()? })
    }

    fn test_value(&mut self) -> Parsed<TestValue> {
        match self.kind().clone() {
            TokenKind::Name => self.name("a value").map(TestValue::Name),
            TokenKind::Text => self.template("a value").map(TestValue::Text),
            TokenKind::Literal(literal) => {
                let span = self.bump().span;
                Ok(TestValue::Constant(Expr { kind: ExprKind::Literal(literal), span }))
            }
            TokenKind::Symbol(Symbol::Minus) => {
                let begin = self.at;
                self.bump();
                let TokenKind::Literal(literal) = self.kind().clone() else {
                    return Err(self.expected("a number"));
                };
                let number = Expr { kind: ExprKind::Literal(literal), span: self.bump().span };
                let kind = ExprKind::Negate(Box::new(number));
                Ok(TestValue::Constant(Expr { kind, span: self.span_from(begin) }))
            }
            TokenKind::Symbol(_) | TokenKind::Damaged | TokenKind::End => {
                Err(self.expected("the value of the field"))
            }
        }
    }

    fn expectations(&mut self) -> Parsed<Vec<Expectation>> {
        let all = self.comma_list(Self::expectation)?;
        if !EXPECTATIONS.contains(&self.word()) {
            return Ok(all);
        }
        Err(self.expected_with("`,`", |problem| {
            problem.help("commas stand between what is expected: `expect fires, verdict deny`")
        }))
    }

    fn expectation(&mut self) -> Parsed<Expectation> {
        let begin = self.at;
        let negated = self.word() == "not" && matches!(self.word_ahead(1), "fires" | "reason");
        if negated {
            self.bump();
        }
        match self.word() {
            "fires" => {
                self.bump();
                let named = *self.kind() == TokenKind::Name && self.same_line();
                let rule = if named && !EXPECTATIONS.contains(&self.word()) {
                    Some(self.name("the name of a rule")?)
                } else {
                    None
                };
                Ok(Expectation::Fires { negated, rule, span: self.span_from(begin) })
            }
            "reason" => {
                self.bump();
                let code = self.reason_code()?;
                Ok(Expectation::Reason { negated, code, span: self.span_from(begin) })
            }
            "verdict" => {
                self.bump();
                let (verdict, _) = self.verdict()?;
                Ok(Expectation::Verdict { verdict, span: self.span_from(begin) })
            }
            _ => {
                self.score_named = true;
                let holds = self.condition();
                self.score_named = false;
                holds.map(Expectation::Holds)
            }
        }
    }
}
