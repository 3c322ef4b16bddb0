//! How scores become verdicts: `journey`, `group`, `degraded`, `throttle`.

use super::{Parsed, Parser, Reported, block::Block};
use crate::policy::{
    ast::{
        Degraded, DegradedEntry, Group, Journey, JourneyOverride, Scope, StepUp, Thresholds,
        Throttle, VerdictWord, Wait,
    },
    diagnostic::{Code, Diagnostic},
    span::Span,
    token::{Symbol, TokenKind},
};

const JOURNEY_FIELDS: [&str; 3] = ["step_up", "deny", "for"];
const OVERRIDE_FIELDS: [&str; 2] = ["step_up", "deny"];

impl Parser<'_> {
    pub(super) fn journey(&mut self) -> Parsed<Journey> {
        let begin = self.at;
        let opened = self.bump().span;
        let journeys = self.comma_list(|p| p.name("the name of a journey"))?;
        let (scope, header_damaged) = self.header_scope();
        self.refuse_journeys(&scope);
        let mut journey = Journey {
            journeys,
            scope: Scope { journeys: Vec::new(), ..scope },
            thresholds: Thresholds::default(),
            overrides: Vec::new(),
            damaged: false,
            span: opened,
        };
        let block =
            Block { what: "a journey", opened, fields: &JOURNEY_FIELDS, repeated: &["for"] };
        let body_damaged = self.body(&block, |p, field| match field {
            "for" => {
                journey.overrides.push(p.journey_override()?);
                Ok(())
            }
            _ => p.threshold(&mut journey.thresholds, field),
        })?;
        journey.damaged = header_damaged || body_damaged;
        journey.span = self.span_from(begin);
        Ok(journey)
    }

    fn journey_override(&mut self) -> Parsed<JourneyOverride> {
        let begin = self.at;
        let opened = self.span();
        let (scope, header_damaged) = self.header_scope();
        self.refuse_journeys(&scope);
        let mut thresholds = Thresholds::default();
        let block = Block {
            what: "an override of a journey",
            opened,
            fields: &OVERRIDE_FIELDS,
            repeated: &[],
        };
        let body_damaged = self.body(&block, |p, field| p.threshold(&mut thresholds, field))?;
        Ok(JourneyOverride {
            scope: Scope { journeys: Vec::new(), ..scope },
            thresholds,
            damaged: header_damaged || body_damaged,
            span: self.span_from(begin),
        })
    }

    fn threshold(&mut self, thresholds: &mut Thresholds, field: &str) -> Parsed<()> {
        if field == "step_up" {
            thresholds.step_up = Some(self.step_up()?);
        } else {
            self.bump();
            self.expect_word("from")?;
            thresholds.deny_from = Some(self.points()?);
        }
        Ok(())
    }

    fn step_up(&mut self) -> Parsed<StepUp> {
        let begin = self.at;
        let keyword = self.bump().span;
        let method = |p: &mut Self| p.name("a method, as in `passkey`");
        let mut step_up = StepUp {
            from: None,
            with: Vec::new(),
            not: Vec::new(),
            acr: Vec::new(),
            max_age: None,
            span: keyword,
        };
        if self.eat_word("from") {
            step_up.from = Some(self.points()?);
        }
        if self.eat_word("with") {
            step_up.with = self.bracket_list(method)?;
        }
        if self.eat_word("not") {
            step_up.not = self.bracket_list(method)?;
        }
        if self.eat_word("acr") {
            step_up.acr = self.bracket_list(|p| p.text("a class in quotes, as in `\"phr\"`"))?;
        }
        if self.eat_word("max_age") {
            step_up.max_age = Some(self.duration()?);
        }
        step_up.span = self.span_from(begin);
        if step_up.span == keyword {
            return Err(self.expected_with(
                "`from`, `with`, `not`, `acr` or `max_age`",
                |problem| {
                    problem
                        .help("for example `step_up from 40 with [passkey, totp]`, in this order")
                },
            ));
        }
        Ok(step_up)
    }

    /// A journey is named by the block, not by a `for` on it.
    fn refuse_journeys(&mut self, scope: &Scope) {
        if let Some(name) = scope.journeys.first() {
            let message = "a journey is not narrowed by a journey";
            let problem = Diagnostic::error(Code::EXPECTED, message).at(name.span, "");
            self.report(problem.help("write `for population …` or `for tenant \"…\"` here"));
        }
    }

    pub(super) fn group(&mut self) -> Parsed<Group> {
        let begin = self.at;
        let opened = self.bump().span;
        let mut group = Group {
            name: self.new_name("a name for the group")?,
            at_most: None,
            at_least: None,
            damaged: false,
            span: opened,
        };
        let block = Block { what: "a group", opened, fields: &["at"], repeated: &["at"] };
        group.damaged = self.body(&block, |p, _| p.bound(&mut group))?;
        group.span = self.span_from(begin);
        Ok(group)
    }

    fn bound(&mut self, group: &mut Group) -> Parsed<()> {
        self.bump();
        let place = self.span();
        let bound = match self.word() {
            "most" => &mut group.at_most,
            "least" => &mut group.at_least,
            _ => return Err(self.expected("`most` or `least` after `at`")),
        };
        let first = bound.map(|points| points.span);
        self.bump();
        *bound = Some(self.points()?);
        let Some(first) = first else { return Ok(()) };
        let problem = Diagnostic::error(Code::FIELD_TWICE, "a bound stands twice")
            .at(place, "again here")
            .see(first, "first here");
        Err(self.report(problem))
    }

    pub(super) fn degraded(&mut self) -> Parsed<Degraded> {
        let begin = self.at;
        let opened = self.bump().span;
        let (scope, mut damaged) = self.header_scope();
        self.refuse_journeys(&scope);
        let brace = self.expect(Symbol::OpenBrace, "`{`")?;
        let mut entries = Vec::new();
        while !self.eat(Symbol::CloseBrace) {
            if self.at_end() {
                self.report(unclosed(opened.to(brace), self.previous().after()));
                damaged = true;
                break;
            }
            match self.degraded_entry() {
                Ok(entry) => entries.push(entry),
                Err(Reported) => {
                    damaged = true;
                    self.skip_to_entry();
                }
            }
        }
        let scope = Scope { journeys: Vec::new(), ..scope };
        Ok(Degraded { scope, entries, damaged, span: self.span_from(begin) })
    }

    fn degraded_entry(&mut self) -> Parsed<DegradedEntry> {
        let begin = self.at;
        let journey = self.name("the name of a journey")?;
        self.expect(Symbol::Colon, "`:` after the journey")?;
        let (verdict, verdict_span) = self.verdict()?;
        let at_least = self.eat_word("at");
        if at_least {
            self.expect_word("least")?;
        }
        let unless = if self.eat_word("unless") { Some(self.condition()?) } else { None };
        let span = self.span_from(begin);
        Ok(DegradedEntry { journey, verdict, verdict_span, at_least, unless, span })
    }

    pub(super) fn throttle(&mut self) -> Parsed<Throttle> {
        let begin = self.at;
        let opened = self.bump().span;
        let (scope, header_damaged) = self.header_scope();
        let (at_most, wait, unless) = (None, None, None);
        let mut throttle = Throttle { scope, at_most, wait, unless, damaged: false, span: opened };
        let block =
            Block { what: "a throttle", opened, fields: &["at", "wait", "unless"], repeated: &[] };
        let body_damaged = self.body(&block, |p, field| {
            p.bump();
            match field {
                "at" => {
                    p.expect_word("most")?;
                    throttle.at_most = Some(p.count("how many failures in a row")?);
                }
                "wait" => throttle.wait = Some(p.wait()?),
                _ => throttle.unless = Some(p.condition()?),
            }
            Ok(())
        })?;
        throttle.damaged = header_damaged || body_damaged;
        throttle.span = self.span_from(begin);
        Ok(throttle)
    }

    /// `wait` is taken.
    fn wait(&mut self) -> Parsed<Wait> {
        let shortest = self.duration()?;
        self.expect_word("to")?;
        let longest = self.duration()?;
        self.expect_word("from")?;
        let from = self.count("the first failure in a row that has a wait")?;
        Ok(Wait { shortest, longest, from })
    }

    pub(super) fn verdict(&mut self) -> Parsed<(VerdictWord, Span)> {
        let verdict = match self.inner_word() {
            "allow" => VerdictWord::Allow,
            "step_up" => VerdictWord::StepUp,
            "deny" => VerdictWord::Deny,
            _ => return Err(self.expected("a verdict: `allow`, `step_up` or `deny`")),
        };
        Ok((verdict, self.bump().span))
    }

    /// Goes to the next `journey:`, to the closing brace or to the next block.
    fn skip_to_entry(&mut self) {
        let colon = TokenKind::Symbol(Symbol::Colon);
        let starts = |p: &Self| *p.kind() == TokenKind::Name && p.ahead(1).kind == colon;
        while !self.at_end() && !self.at_symbol(Symbol::CloseBrace) && !starts(self) {
            self.bump();
        }
    }
}

fn unclosed(opened: Span, end: Span) -> Diagnostic {
    Diagnostic::error(Code::UNCLOSED, "the degraded block is not closed")
        .at(end, "`}` is missing")
        .see(opened, "the block starts here")
}
