//! `rule`, `deny`, `allow` and the shadows inside.

use super::{Parsed, Parser, block::Block};
use crate::policy::{
    ast::{
        IfUnknown, Literal, Name, Pattern, Reason, Rollout, Rule, RuleKind, Scope, Shadow,
        UnknownAction,
    },
    diagnostic::{Code, Diagnostic},
    span::Span,
    token::{Gap, Symbol, TokenKind},
};

const RULE_FIELDS: [&str; 14] = [
    "say", "when", "score", "group", "reason", "tell", "tags", "if", "beats", "until", "owner",
    "because", "rollout", "shadow",
];
const SHADOW_FIELDS: [&str; 4] = ["when", "score", "since", "compare"];

impl Parser<'_> {
    pub(super) fn rule(&mut self, kind: RuleKind) -> Parsed<Rule> {
        let begin = self.at;
        let kind_span = self.bump().span;
        let name = self.new_name("a name for the rule")?;
        let (scope, header_damaged) = self.header_scope();
        let mut rule = empty_rule(kind, kind_span, name, scope);
        let block = Block {
            what: match kind {
                RuleKind::Score => "a rule",
                RuleKind::Deny => "a deny rule",
                RuleKind::Allow => "an allow rule",
            },
            opened: kind_span,
            fields: &RULE_FIELDS,
            repeated: &["if", "shadow"],
        };
        let body_damaged = self.body(&block, |p, field| p.rule_field(&mut rule, field))?;
        rule.damaged = header_damaged || body_damaged;
        rule.span = self.span_from(begin);
        Ok(rule)
    }

    fn rule_field(&mut self, rule: &mut Rule, field: &str) -> Parsed<()> {
        let begin = self.at;
        let keyword = self.bump().span;
        match field {
            "say" => rule.say = Some(self.text("a title in quotes")?),
            "when" => {
                rule.when = Some(self.damaged());
                rule.when = Some(self.condition_of_rule()?);
            }
            "score" => rule.score = Some(self.points()?),
            "group" => rule.group = Some(self.name("the name of a group")?),
            "reason" => rule.reason = Some(self.reason(keyword)?),
            "tell" => rule.tell = Some(self.text("a text in quotes")?),
            "tags" => rule.tags = self.comma_list(Self::tag)?,
            "if" => rule.if_unknown.push(self.if_unknown(begin)?),
            "beats" => rule.beats = self.comma_list(Self::pattern)?,
            "until" => rule.until = Some(self.date()?),
            "owner" => rule.owner = Some(self.text("a name in quotes")?),
            "because" => rule.because = Some(self.text("the ground in quotes")?),
            "rollout" => rule.rollout = Some(self.rollout(begin)?),
            _ => rule.shadows.push(self.shadow(begin)?),
        }
        Ok(())
    }

    fn reason(&mut self, keyword: Span) -> Parsed<Reason> {
        let code = self.reason_code()?;
        let template = self.template("the reason's text in quotes")?;
        Ok(Reason { span: keyword.to(template.span), code, template })
    }

    pub(super) fn reason_code(&mut self) -> Parsed<Name> {
        let help = "a code is written in capitals: `CREDENTIAL_STUFFING`";
        if *self.kind() != TokenKind::Name {
            return Err(self.expected_with("the reason's code", |problem| problem.help(help)));
        }
        let code = self.name("the reason's code")?;
        let allowed = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
        if code.text.bytes().all(allowed) {
            return Ok(code);
        }
        let message = format!("`{}` is no reason code", code.text);
        let problem = Diagnostic::error(Code::EXPECTED, message).at(code.span, "");
        let capitals = code.text.to_ascii_uppercase().replace('.', "_");
        Err(self.report(problem.help(format!("codes are written in capitals: `{capitals}`"))))
    }

    /// `OAT-008`, `T1110.004`: whatever stands together without a blank.
    fn tag(&mut self) -> Parsed<Name> {
        let first = self.name("a tag, as in `OAT-008`")?;
        let mut span = first.span;
        while self.token().gap == Gap::None && self.in_tag() {
            span = span.to(self.bump().span);
        }
        Ok(Name { text: self.slice(span).to_owned(), span })
    }

    fn in_tag(&self) -> bool {
        matches!(
            self.kind(),
            TokenKind::Name
                | TokenKind::Literal(_)
                | TokenKind::Symbol(Symbol::Minus | Symbol::Dot | Symbol::Colon)
        )
    }

    /// `if` is taken.
    fn if_unknown(&mut self, begin: usize) -> Parsed<IfUnknown> {
        if self.word() != "unknown" {
            return Err(self.expected_with("`unknown(…)`", |problem| {
                problem
                    .help("`if` only says what happens without a signal; conditions go to `when`")
            }));
        }
        self.bump();
        self.expect(Symbol::OpenParen, "`(`")?;
        let signals = self.comma_list(|p| p.name("the name of a signal"))?;
        self.expect(Symbol::CloseParen, "`)`")?;
        let then = if self.eat_word("skip") {
            UnknownAction::Skip
        } else if self.eat_word("score") {
            let points = self.points()?;
            let own_reason = self.word() == "reason" && self.same_line();
            let reason = if own_reason {
                let keyword = self.bump().span;
                Some(self.reason(keyword)?)
            } else {
                None
            };
            UnknownAction::Score { points, reason }
        } else {
            return Err(self.expected("`skip` or `score`"));
        };
        Ok(IfUnknown { signals, then, span: self.span_from(begin) })
    }

    /// `travel.impossible`, `travel.*`
    fn pattern(&mut self) -> Parsed<Pattern> {
        let begin = self.at;
        if self.at_symbol(Symbol::Star) {
            return Err(self.expected_with("the name of a rule", |problem| {
                problem.help("name what it beats: a rule, or a family of rules as in `travel.*`")
            }));
        }
        let name = self.name("the name of a rule, or a family as in `travel.*`")?;
        let family = self.at_symbol(Symbol::Dot);
        if family {
            self.bump();
            self.expect(Symbol::Star, "`*`")?;
        }
        Ok(Pattern { name, family, span: self.span_from(begin) })
    }

    /// `rollout` is taken.
    fn rollout(&mut self, begin: usize) -> Parsed<Rollout> {
        let TokenKind::Literal(Literal::Ratio(share)) = *self.kind() else {
            return Err(self.expected_with("a share", |problem| {
                problem.help("write it in percent: `rollout 10% by user`")
            }));
        };
        let share_span = self.bump().span;
        if share > 1.0 {
            let message = "a rollout reaches at most all";
            let problem = Diagnostic::error(Code::NUMBER, message).at(share_span, "");
            return Err(self.report(problem.help("write a share up to `100%`")));
        }
        self.expect_word("by")?;
        let by = self.name("a key, as in `user`")?;
        Ok(Rollout { share, share_span, by, span: self.span_from(begin) })
    }

    /// `shadow` is taken.
    fn shadow(&mut self, begin: usize) -> Parsed<Shadow> {
        let opened = self.previous();
        let mut shadow = Shadow {
            name: self.new_name("a name for the shadow")?,
            when: None,
            score: None,
            since: None,
            compare_for: None,
            damaged: false,
            span: opened,
        };
        let block = Block { what: "a shadow", opened, fields: &SHADOW_FIELDS, repeated: &[] };
        shadow.damaged = self.body(&block, |p, field| p.shadow_field(&mut shadow, field))?;
        shadow.span = self.span_from(begin);
        Ok(shadow)
    }

    fn shadow_field(&mut self, shadow: &mut Shadow, field: &str) -> Parsed<()> {
        self.bump();
        match field {
            "when" => {
                shadow.when = Some(self.damaged());
                shadow.when = Some(self.condition_of_rule()?);
            }
            "score" => shadow.score = Some(self.points()?),
            "since" => shadow.since = Some(self.date()?),
            _ => {
                self.expect_word("for")?;
                shadow.compare_for = Some(self.duration()?);
            }
        }
        Ok(())
    }
}

fn empty_rule(kind: RuleKind, kind_span: Span, name: Name, scope: Scope) -> Rule {
    Rule {
        kind,
        kind_span,
        name,
        scope,
        say: None,
        when: None,
        score: None,
        group: None,
        reason: None,
        tell: None,
        tags: Vec::new(),
        if_unknown: Vec::new(),
        beats: Vec::new(),
        until: None,
        owner: None,
        because: None,
        rollout: None,
        shadows: Vec::new(),
        damaged: false,
        span: kind_span,
    }
}
