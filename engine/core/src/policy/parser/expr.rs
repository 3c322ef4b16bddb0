//! Conditions: `or`, `and`, `not` by descent, comparisons and arithmetic by binding power.

use super::{BLOCKS, Parsed, Parser, RESERVED, Reported};
use crate::policy::{
    ast::{ArithmeticOp, CompareOp, Expr, ExprKind, Literal, Name, Set},
    diagnostic::{Code, Diagnostic},
    limits::DEPTH_MAX,
    span::Span,
    token::{Gap, Symbol, TokenKind},
};

const COMPARISONS: [(Symbol, CompareOp); 6] = [
    (Symbol::Equal, CompareOp::Equal),
    (Symbol::NotEqual, CompareOp::NotEqual),
    (Symbol::Less, CompareOp::Less),
    (Symbol::AtMost, CompareOp::AtMost),
    (Symbol::Greater, CompareOp::Greater),
    (Symbol::AtLeast, CompareOp::AtLeast),
];

/// Operators with their binding power.
const OPERATIONS: [(Symbol, ArithmeticOp, u8); 4] = [
    (Symbol::Plus, ArithmeticOp::Add, 1),
    (Symbol::Minus, ArithmeticOp::Subtract, 1),
    (Symbol::Star, ArithmeticOp::Multiply, 2),
    (Symbol::Slash, ArithmeticOp::Divide, 2),
];

impl Parser<'_> {
    /// A condition or number that stands for itself: no `...`.
    pub(super) fn condition(&mut self) -> Parsed<Expr> {
        let condition = self.any()?;
        self.refuse_rest(&condition)?;
        Ok(condition)
    }

    /// The condition of a rule or shadow: one `...` may be among its outermost `and`.
    pub(super) fn condition_of_rule(&mut self) -> Parsed<Expr> {
        let condition = self.any()?;
        let alone = std::slice::from_ref(&condition);
        let members = if let ExprKind::And(members) = &condition.kind { members } else { alone };
        let (rests, others): (Vec<_>, Vec<_>) =
            members.iter().partition(|member| member.kind == ExprKind::Rest);
        if let [first, again, ..] = rests.as_slice() {
            return Err(self.rest_twice(again.span, first.span));
        }
        others.into_iter().try_for_each(|member| self.refuse_rest(member))?;
        Ok(condition)
    }

    /// Stands for a condition that was reported, until a readable one takes its place.
    pub(super) fn damaged(&self) -> Expr {
        Expr { kind: ExprKind::Damaged, span: self.span() }
    }

    fn any(&mut self) -> Parsed<Expr> {
        let depth = self.depth;
        let result = self.or();
        self.depth = depth;
        result
    }

    fn or(&mut self) -> Parsed<Expr> {
        let begin = self.at;
        let (first, mut and) = self.and()?;
        let mut members = vec![first];
        let mut or = None;
        while self.word() == "or" || self.at_symbol(Symbol::Or) {
            or = or.or(Some(self.span()));
            self.bump();
            let (member, more) = self.and()?;
            members.push(member);
            and = and.or(more);
        }
        if let (Some(or), Some(and)) = (or, and) {
            return Err(self.mixed(or, and));
        }
        Ok(self.joined(begin, members, ExprKind::Or))
    }

    /// Operands joined with `and`, and where the first `and` stands if there is one.
    fn and(&mut self) -> Parsed<(Expr, Option<Span>)> {
        let begin = self.at;
        let mut members = vec![self.not()?];
        let mut and = None;
        while self.word() == "and" || self.at_symbol(Symbol::And) {
            and = and.or(Some(self.span()));
            self.bump();
            members.push(self.not()?);
        }
        Ok((self.joined(begin, members, ExprKind::And), and))
    }

    fn joined(
        &self,
        begin: usize,
        mut members: Vec<Expr>,
        join: fn(Vec<Expr>) -> ExprKind,
    ) -> Expr {
        match (members.pop(), members.is_empty()) {
            (Some(only), true) => only,
            (last, _) => {
                members.extend(last);
                Expr { kind: join(members), span: self.span_from(begin) }
            }
        }
    }

    fn not(&mut self) -> Parsed<Expr> {
        let begin = self.at;
        if !(self.eat_word("not") || self.eat(Symbol::Not)) {
            return self.comparison();
        }
        let operand = self.nested(Self::not)?;
        Ok(Expr { kind: ExprKind::Not(Box::new(operand)), span: self.span_from(begin) })
    }

    fn comparison(&mut self) -> Parsed<Expr> {
        let begin = self.at;
        let left = Box::new(self.arithmetic(0)?);
        let op = self.at;
        let kind = if let Some(compare) = self.compare_op() {
            self.bump();
            self.refuse_arrow(op)?;
            let right = Box::new(self.arithmetic(0)?);
            let op_span = self.tokens.get(op).unwrap_or(&self.end).span;
            ExprKind::Compare { op: compare, op_span, left, right }
        } else if self.eat_word("is") {
            let negated = self.eat_word("not") || self.eat(Symbol::Not);
            let op_span = self.span_from(op);
            ExprKind::Is { subject: left, negated, op_span, value: self.enum_value()? }
        } else if self.word() == "in" || self.word() == "not" {
            let negated = self.eat_word("not");
            self.expect_word("in")?;
            let op_span = self.span_from(op);
            ExprKind::In { item: left, negated, op_span, set: self.set()? }
        } else {
            return Ok(*left);
        };
        self.refuse_chain(op)?;
        Ok(Expr { kind, span: self.span_from(begin) })
    }

    fn enum_value(&mut self) -> Parsed<Name> {
        if self.at_operand_name() {
            return self.name("a value");
        }
        Err(self.expected_with("the name of a value after `is`", |problem| {
            problem.help("numbers and texts are compared with `=`, lists with `in`")
        }))
    }

    fn set(&mut self) -> Parsed<Set> {
        if self.at_operand_name() {
            return self.name("a list").map(Set::List);
        }
        let begin = self.at;
        if !self.at_symbol(Symbol::OpenBracket) {
            return Err(self.expected_with("a list after `in`", |problem| {
                problem.help("write the name of a list, or values in brackets: `[GB, FR]`")
            }));
        }
        let members = self.bracket_list(Self::prefix)?;
        Ok(Set::Inline { members, span: self.span_from(begin) })
    }

    fn compare_op(&self) -> Option<CompareOp> {
        COMPARISONS.iter().find(|(symbol, _)| self.at_symbol(*symbol)).map(|(_, op)| *op)
    }

    /// The operator at the current token and how strongly it binds.
    fn arithmetic_op(&self) -> Option<(ArithmeticOp, u8)> {
        let row = OPERATIONS.iter().find(|(symbol, ..)| self.at_symbol(*symbol));
        row.map(|(_, op, power)| (*op, *power))
    }

    /// Operators that bind at least as strongly as `power`, to the left.
    fn arithmetic(&mut self, power: u8) -> Parsed<Expr> {
        let begin = self.at;
        let depth = self.depth;
        let mut left = self.prefix()?;
        while let Some((op, binds)) = self.arithmetic_op().filter(|(_, binds)| *binds >= power) {
            let op_span = self.bump().span;
            self.deepen(op_span)?;
            let right = Box::new(self.arithmetic(binds + 1)?);
            let kind = ExprKind::Arithmetic { op, op_span, left: Box::new(left), right };
            left = Expr { kind, span: self.span_from(begin) };
        }
        self.depth = depth;
        Ok(left)
    }

    fn prefix(&mut self) -> Parsed<Expr> {
        let begin = self.at;
        if self.eat(Symbol::Minus) {
            let operand = self.nested(Self::prefix)?;
            let kind = ExprKind::Negate(Box::new(operand));
            return Ok(Expr { kind, span: self.span_from(begin) });
        }
        if self.at_symbol(Symbol::OpenParen) {
            return self.parenthesised();
        }
        let kind = self.operand()?;
        Ok(Expr { kind, span: self.span_from(begin) })
    }

    fn parenthesised(&mut self) -> Parsed<Expr> {
        let open = self.bump().span;
        let inside = self.nested(Self::or)?;
        if self.eat(Symbol::CloseParen) {
            return Ok(inside);
        }
        Err(self.expected_with("`)`", |problem| problem.see(open, "opened here")))
    }

    fn operand(&mut self) -> Parsed<ExprKind> {
        match self.kind().clone() {
            TokenKind::Literal(literal) => {
                self.bump();
                Ok(ExprKind::Literal(literal))
            }
            TokenKind::Text => {
                self.text("a text").map(|text| ExprKind::Literal(Literal::Text(text.value)))
            }
            TokenKind::Symbol(Symbol::Rest) => {
                self.bump();
                Ok(ExprKind::Rest)
            }
            TokenKind::Damaged => {
                self.bump();
                Ok(ExprKind::Damaged)
            }
            TokenKind::Name if self.at_operand_name() => self.named(),
            TokenKind::Name | TokenKind::Symbol(_) | TokenKind::End => {
                Err(self.expected("a signal or a value"))
            }
        }
    }

    /// What stands behind `chance`.
    fn chance(&mut self, op_span: Span) -> Parsed<ExprKind> {
        self.bump();
        let left = Box::new(self.arithmetic(0)?);
        self.expect(Symbol::Comma, "`,` and how many are expected")?;
        let right = Box::new(self.arithmetic(0)?);
        self.expect(Symbol::CloseParen, "`)`")?;
        Ok(ExprKind::Arithmetic { op: ArithmeticOp::Chance, op_span, left, right })
    }

    /// A name, `unknown(name)` or `chance(…, …)`.
    fn named(&mut self) -> Parsed<ExprKind> {
        let name = self.name("a name")?;
        if !self.at_symbol(Symbol::OpenParen) {
            return Ok(ExprKind::Name(name));
        }
        if name.text == "unknown" {
            self.bump();
            let signal = self.name("the name of a signal")?;
            self.expect(Symbol::CloseParen, "`)`")?;
            return Ok(ExprKind::Unknown(signal));
        }
        if name.text == ArithmeticOp::Chance.symbol() {
            return self.nested(|parser| parser.chance(name.span));
        }
        let message = format!("`{}` cannot be called", name.text);
        let problem = Diagnostic::error(Code::CALL, message).at(name.span, "");
        Err(self.report(problem.help(
            "only `unknown(…)` and `chance(…, …)` take parentheses; whatever else is computed is a signal or window",
        )))
    }

    /// At a name that does not rather begin what follows the condition.
    fn at_operand_name(&self) -> bool {
        let word = self.word();
        let reserved = RESERVED.contains(&word) && !(self.score_named && word == "score");
        let block = BLOCKS.contains(&word) && self.token().gap == Gap::Margin;
        !word.is_empty() && !reserved && !block
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let depth = self.depth;
        self.deepen(self.previous())?;
        let result = read(self);
        self.depth = depth;
        result
    }

    fn deepen(&mut self, place: Span) -> Parsed<()> {
        self.depth += 1;
        if self.depth <= DEPTH_MAX {
            return Ok(());
        }
        let message = format!("a condition nests deeper than {DEPTH_MAX}");
        let problem = Diagnostic::error(Code::DEPTH, message).at(place, "");
        Err(self.report(problem.help("give a part of it a name: `signal … = …`")))
    }

    fn refuse_chain(&mut self, first: usize) -> Parsed<()> {
        if self.compare_op().is_none() && !matches!(self.word(), "is" | "in") {
            return Ok(());
        }
        let first = self.tokens.get(first).unwrap_or(&self.end).span;
        let problem = Diagnostic::error(Code::CHAIN, "comparisons do not chain")
            .at(self.span(), "a second comparison")
            .see(first, "of the result of this one");
        Err(self.report(problem.help("join two with `and`: `a < b and b < c`")))
    }

    /// `=>`, `=<` and `<>` of other languages.
    fn refuse_arrow(&mut self, first: usize) -> Parsed<()> {
        let written = self.slice(self.tokens.get(first).unwrap_or(&self.end).span.to(self.span()));
        let meant = match written {
            "=>" => ">=",
            "=<" => "<=",
            "<>" => "!=",
            _ => return Ok(()),
        };
        let place = self.previous().to(self.span());
        let problem = Diagnostic::error(Code::EXPECTED, format!("`{written}` is no comparison"))
            .at(place, "");
        Err(self.report(problem.help(format!("write `{meant}`"))))
    }

    fn mixed(&mut self, or: Span, and: Span) -> Reported {
        let message = "`and` and `or` stand side by side without parentheses";
        let problem = Diagnostic::error(Code::MIXED, message).at(or, "").see(and, "");
        self.report(problem.help("say which belongs together: `(a and b) or c`"))
    }

    fn rest_twice(&mut self, again: Span, first: Span) -> Reported {
        self.report(
            Diagnostic::error(Code::FIELD_TWICE, "`...` stands twice")
                .at(again, "again here")
                .see(first, "first here")
                .help("once keeps all other conditions: delete one"),
        )
    }

    fn refuse_rest(&mut self, expr: &Expr) -> Parsed<()> {
        let Some(place) = rest_in(expr) else { return Ok(()) };
        let problem = Diagnostic::error(Code::REST, "`...` has no other conditions to keep here")
            .at(place, "");
        Err(self.report(problem.help(
            "it stands in the `when` of a rule's override or shadow, joined with `and`: \
             `when … and ...`",
        )))
    }
}

/// Where a `...` stands in `expr`.
fn rest_in(expr: &Expr) -> Option<Span> {
    match &expr.kind {
        ExprKind::Rest => Some(expr.span),
        ExprKind::Or(members)
        | ExprKind::And(members)
        | ExprKind::In { set: Set::Inline { members, .. }, .. } => members.iter().find_map(rest_in),
        ExprKind::Not(inside) | ExprKind::Negate(inside) => rest_in(inside),
        ExprKind::Compare { left, right, .. } | ExprKind::Arithmetic { left, right, .. } => {
            rest_in(left).or_else(|| rest_in(right))
        }
        ExprKind::In { item, set: Set::List(_), .. } => rest_in(item),
        ExprKind::Is { subject, .. } => rest_in(subject),
        ExprKind::Name(_) | ExprKind::Literal(_) | ExprKind::Unknown(_) | ExprKind::Damaged => None,
    }
}
