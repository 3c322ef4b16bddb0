//! Rules: `rule`, `deny`, `allow`.

use super::{Date, Duration, Expr, Name, Points, Scope, Template, Text};
use crate::policy::span::Span;

/// What a [`Rule`] does when its condition is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleKind {
    /// `rule`: adds points.
    Score,
    /// `deny`: the verdict is deny.
    Deny,
    /// `allow`: the verdict is allow against the rules that it `beats`.
    Allow,
}

/// `rule stuffing.fan_out for tenant "acme" { … }`, also `deny …` and `allow …`.
///
/// Blocks of the same name are one rule: the one without `for population`/`for tenant` (or the only
/// one) defines it, the others override what differs. The checker decides which is which.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Which of the three keywords.
    pub kind: RuleKind,
    /// Where the keyword stands.
    pub kind_span: Span,
    /// Its name.
    pub name: Name,
    /// Where it applies.
    pub scope: Scope,
    /// `say "…"`: a title for people.
    pub say: Option<Text>,
    /// `when …`: may hold [`ExprKind::Rest`](super::ExprKind::Rest).
    pub when: Option<Expr>,
    /// `score +45`
    pub score: Option<Points>,
    /// `group stuffing`
    pub group: Option<Name>,
    /// `reason CODE "…"`
    pub reason: Option<Reason>,
    /// `tell "…"`: what the person who signs in may read.
    pub tell: Option<Text>,
    /// `tags OAT-008, T1110.004`: names as written, without dots' meaning.
    pub tags: Vec<Name>,
    /// `if unknown(x) …`: several for different signals.
    pub if_unknown: Vec<IfUnknown>,
    /// `beats travel.*, stuffing.fan_out`
    pub beats: Vec<Pattern>,
    /// `until 2027-03-31`: the last day (UTC) on which the block applies.
    pub until: Option<Date>,
    /// `owner "j.doe"`
    pub owner: Option<Text>,
    /// `because "…"`
    pub because: Option<Text>,
    /// `rollout 10% by user`
    pub rollout: Option<Rollout>,
    /// `shadow lower_bar { … }`: several under different names.
    pub shadows: Vec<Shadow>,
    /// A part was unreadable and has been reported.
    pub damaged: bool,
    /// From the keyword to the closing brace.
    pub span: Span,
}

/// `CREDENTIAL_STUFFING "{n} accounts failed from {ip}"`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Stable code: capitals, digits, underscores.
    pub code: Name,
    /// The analyst's text.
    pub template: Template,
    /// From the keyword `reason` to the end of the text.
    pub span: Span,
}

/// `if unknown(travel) score +5 reason PLACE_UNKNOWN "…"`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IfUnknown {
    /// The signals or families meant, at least one.
    pub signals: Vec<Name>,
    /// What then.
    pub then: UnknownAction,
    /// From `if` to the end.
    pub span: Span,
}

/// What an [`IfUnknown`] does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnknownAction {
    /// `skip`: the rule does not fire, knowingly.
    Skip,
    /// `score +5`, with its own reason if one stands on the same line, else the rule's.
    Score {
        /// Added instead of the rule's own points, in the rule's group.
        points: Points,
        /// Reason of its own.
        reason: Option<Reason>,
    },
}

/// A rule, or all rules of a family: `travel.impossible`, `travel.*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The name, without `.*`.
    pub name: Name,
    /// `.*` follows: every rule whose name starts with `name` and a dot.
    pub family: bool,
    /// Everything, `.*` included.
    pub span: Span,
}

/// `rollout 10% by user`
#[derive(Clone, Debug, PartialEq)]
pub struct Rollout {
    /// Share of keys for which the rule acts, 0 to 1.
    pub share: f64,
    /// Where the share stands.
    pub share_span: Span,
    /// The field whose hash decides.
    pub by: Name,
    /// From `rollout` to the end.
    pub span: Span,
}

/// `shadow lower_bar { when … since 2026-11-02 compare for 14d }`: evaluated and recorded, never acts.
#[derive(Clone, Debug, PartialEq)]
pub struct Shadow {
    /// Its name, unique within the rule.
    pub name: Name,
    /// May hold [`ExprKind::Rest`](super::ExprKind::Rest), the conditions of the rule around it.
    pub when: Option<Expr>,
    /// Points it would give, if others than the rule's.
    pub score: Option<Points>,
    /// `since 2026-11-02`
    pub since: Option<Date>,
    /// `compare for 14d`
    pub compare_for: Option<Duration>,
    /// A part was unreadable and has been reported.
    pub damaged: bool,
    /// From the keyword to the closing brace.
    pub span: Span,
}
