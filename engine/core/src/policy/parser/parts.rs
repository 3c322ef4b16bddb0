//! Parts that several blocks share.

use super::{BLOCKS, Parsed, Parser, RESERVED};
use crate::policy::{
    ast::{Count, Date, Duration, Literal, Name, Points, Scope},
    diagnostic::{Code, Diagnostic},
    limits::POINTS_MAX,
    token::{Gap, Symbol, TokenKind},
};

impl Parser<'_> {
    /// Any name, a keyword too unless it opens the next block.
    pub(super) fn name(&mut self, what: &str) -> Parsed<Name> {
        if *self.kind() != TokenKind::Name || self.at_block() {
            return Err(self.expected(what));
        }
        let span = self.bump().span;
        Ok(Name { text: self.slice(span).to_owned(), span })
    }

    /// A name that is being given: no keyword, which nobody could use in a condition.
    pub(super) fn new_name(&mut self, what: &str) -> Parsed<Name> {
        let word = self.word();
        if RESERVED.contains(&word) || BLOCKS.contains(&word) {
            return Err(self.expected_with(what, |problem| {
                problem.help(format!("`{word}` is a word of the rule language: take another name"))
            }));
        }
        self.name(what)
    }

    /// `a, b, c`
    pub(super) fn comma_list<T>(
        &mut self,
        mut one: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        let mut all = vec![one(self)?];
        while self.eat(Symbol::Comma) {
            all.push(one(self)?);
        }
        Ok(all)
    }

    /// `[a, b, c]`, at least one; a comma may stand before the closing bracket.
    pub(super) fn bracket_list<T>(
        &mut self,
        mut one: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        let bare = if self.same_line() { self.word() } else { "" };
        if !self.eat(Symbol::OpenBracket) {
            return Err(self.expected_with("`[`", |problem| match bare {
                "" => problem,
                word => problem.help(format!("brackets stand around one value too: `[{word}]`")),
            }));
        }
        let mut all = vec![one(self)?];
        loop {
            let comma = self.eat(Symbol::Comma);
            if self.eat(Symbol::CloseBracket) {
                return Ok(all);
            }
            if !comma {
                return Err(self.expected("`,` or `]`"));
            }
            all.push(one(self)?);
        }
    }

    pub(super) fn duration(&mut self) -> Parsed<Duration> {
        let TokenKind::Literal(Literal::Duration { ms }) = *self.kind() else {
            return Err(self.expected_with("a duration", |problem| {
                problem.help("durations look like `20s`, `10m`, `24h` or `7d`")
            }));
        };
        Ok(Duration { ms, span: self.bump().span })
    }

    pub(super) fn date(&mut self) -> Parsed<Date> {
        let TokenKind::Literal(Literal::Date(day)) = *self.kind() else {
            return Err(self
                .expected_with("a date", |problem| problem.help("dates look like `2027-03-31`")));
        };
        Ok(Date { day, span: self.bump().span })
    }

    /// A whole number, at least 1.
    pub(super) fn count(&mut self, what: &str) -> Parsed<Count> {
        let TokenKind::Literal(Literal::Int(number)) = *self.kind() else {
            return Err(self.expected(what));
        };
        let span = self.bump().span;
        match u32::try_from(number).ok().filter(|number| *number > 0) {
            Some(value) => Ok(Count { value, span }),
            None => {
                let problem = Diagnostic::error(Code::NUMBER, format!("{number} is out of range"));
                Err(self.report(problem.at(span, "").help("write at least 1")))
            }
        }
    }

    /// `+45`, `-10`, `45`
    pub(super) fn points(&mut self) -> Parsed<Points> {
        let begin = self.at;
        let negative = self.at_symbol(Symbol::Minus);
        if negative || self.at_symbol(Symbol::Plus) {
            self.bump();
        }
        let TokenKind::Literal(Literal::Int(number)) = *self.kind() else {
            return Err(self.expected_with("points", |problem| {
                problem.help("points are whole numbers: `+45` or `-10`")
            }));
        };
        self.bump();
        let span = self.span_from(begin);
        match i32::try_from(number).ok().filter(|points| *points <= POINTS_MAX) {
            Some(points) => Ok(Points { value: if negative { -points } else { points }, span }),
            None => {
                let message = format!("{number} points are too many");
                let problem = Diagnostic::error(Code::NUMBER, message).at(span, "");
                Err(self.report(problem.help(format!("at most {POINTS_MAX} are allowed"))))
            }
        }
    }

    /// Any number of `for journey …`, `for population …`, `for tenant …`.
    pub(super) fn scope(&mut self) -> Parsed<Scope> {
        let begin = self.at;
        let mut scope = Scope::default();
        while self.word() == "for" {
            self.bump();
            match self.inner_word() {
                "journey" => {
                    self.bump();
                    scope.journeys.extend(self.comma_list(|p| p.name("the name of a journey"))?);
                }
                "population" => {
                    self.bump();
                    let one = |p: &mut Self| p.name("the name of a population");
                    scope.populations.extend(self.comma_list(one)?);
                }
                "tenant" => {
                    self.bump();
                    let one = |p: &mut Self| p.text("the name of a tenant in quotes");
                    scope.tenants.extend(self.comma_list(one)?);
                }
                _ => return Err(self.expected("`journey`, `population` or `tenant`")),
            }
            scope.span = Some(self.span_from(begin));
        }
        Ok(scope)
    }

    /// A scope in a header; what cannot be read is skipped up to the opening brace. Returns
    /// whether that happened.
    pub(super) fn header_scope(&mut self) -> (Scope, bool) {
        match self.scope() {
            Ok(scope) => (scope, false),
            Err(super::Reported) => {
                self.skip_to_brace();
                (Scope::default(), true)
            }
        }
    }

    /// Whether the current token stands on the line of the one before.
    pub(super) fn same_line(&self) -> bool {
        matches!(self.token().gap, Gap::None | Gap::Blank)
    }
}
