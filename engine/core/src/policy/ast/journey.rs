//! How scores become verdicts: journeys, groups, the degraded answer, throttling.

use super::{Count, Duration, Expr, Name, Points, Scope, Text};
use crate::policy::span::Span;

/// `journey transaction for population workforce { step_up from 30 … deny from 80  for tenant "a" { … } }`
#[derive(Clone, Debug, PartialEq)]
pub struct Journey {
    /// The journeys it speaks of, at least one: `journey login, session { … }`.
    pub journeys: Vec<Name>,
    /// Populations and tenants of the header; `scope.journeys` is empty.
    pub scope: Scope,
    /// What holds there.
    pub thresholds: Thresholds,
    /// `for … { … }` inside: says only what differs, its scope narrows the header's.
    pub overrides: Vec<JourneyOverride>,
    /// A part was unreadable and has been reported.
    pub damaged: bool,
    /// From the keyword to the closing brace.
    pub span: Span,
}

/// `for population new_account { step_up from 10 }` inside a [`Journey`].
#[derive(Clone, Debug, PartialEq)]
pub struct JourneyOverride {
    /// Never empty; `scope.journeys` is.
    pub scope: Scope,
    /// What differs.
    pub thresholds: Thresholds,
    /// A part was unreadable and has been reported.
    pub damaged: bool,
    /// From `for` to the closing brace.
    pub span: Span,
}

/// How scores become verdicts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thresholds {
    /// `step_up from 40 with [passkey, totp] not [sms] max_age 5m`
    pub step_up: Option<StepUp>,
    /// `deny from 90`: the lowest score that is denied.
    pub deny_from: Option<Points>,
}

/// `step_up from 40 with [passkey, totp] not [sms] acr ["phr"] max_age 5m`; each part may be absent in an override.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepUp {
    /// The lowest score that is challenged.
    pub from: Option<Points>,
    /// `with [passkey, totp]`: methods that are enough, in order of preference; empty if not said.
    pub with: Vec<Name>,
    /// `not [sms]`: methods that are not enough; empty if not said.
    pub not: Vec<Name>,
    /// `acr ["phr"]`: authentication context classes, one of which is enough; empty if not said.
    pub acr: Vec<Text>,
    /// `max_age 5m`: how long ago an earlier proof may have been.
    pub max_age: Option<Duration>,
    /// The whole clause.
    pub span: Span,
}

/// `group stuffing { at most 80 }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: Name,
    /// `at most 80`: the sum of the group never exceeds it.
    pub at_most: Option<Points>,
    /// `at least -40`: the sum of the group never falls below it.
    pub at_least: Option<Points>,
    /// A part was unreadable and has been reported.
    pub damaged: bool,
    /// From the keyword to the closing brace.
    pub span: Span,
}

/// `degraded { login: step_up at least  transaction: deny unless device.known }`
#[derive(Clone, Debug, PartialEq)]
pub struct Degraded {
    /// Populations and tenants it holds for; `scope.journeys` is empty.
    pub scope: Scope,
    /// One line per journey.
    pub entries: Vec<DegradedEntry>,
    /// A part was unreadable and has been reported.
    pub damaged: bool,
    /// From the keyword to the closing brace.
    pub span: Span,
}

/// `transaction: deny unless device.known`
#[derive(Clone, Debug, PartialEq)]
pub struct DegradedEntry {
    /// The journey.
    pub journey: Name,
    /// What is answered when a signal that a rule needed is unknown.
    pub verdict: VerdictWord,
    /// Where the verdict stands.
    pub verdict_span: Span,
    /// `at least`: the verdict only hardens what the rules decide, it never softens it.
    pub at_least: bool,
    /// `unless …`: the exception. Has no [`ExprKind::Rest`](super::ExprKind::Rest).
    pub unless: Option<Expr>,
    /// The whole entry.
    pub span: Span,
}

/// `throttle for population workforce { at most 100  wait 30s to 1h from 10  unless device.known }`
#[derive(Clone, Debug, PartialEq)]
pub struct Throttle {
    /// Where it holds.
    pub scope: Scope,
    /// `at most 100`: failures in a row after which no further try is allowed.
    pub at_most: Option<Count>,
    /// `wait 30s to 1h from 10`: what a failure costs before that.
    pub wait: Option<Wait>,
    /// `unless …`: the exception. Has no [`ExprKind::Rest`](super::ExprKind::Rest).
    pub unless: Option<Expr>,
    /// A part was unreadable and has been reported.
    pub damaged: bool,
    /// From the keyword to the closing brace.
    pub span: Span,
}

/// `wait 30s to 1h from 10`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The wait after the first failure that has one.
    pub shortest: Duration,
    /// The wait after the last failure before the limit; it grows evenly up to here.
    pub longest: Duration,
    /// The first failure in a row that has a wait.
    pub from: Count,
}

/// A verdict as rule files spell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VerdictWord {
    /// `allow`
    Allow,
    /// `step_up`
    StepUp,
    /// `deny`
    Deny,
}
