//! Tests written beside the rules.

use super::{Duration, Expr, Name, Template, Text, VerdictWord};
use crate::policy::span::Span;

/// `test "the window slides" for stuffing.fan_out { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// What it shows, a sentence.
    pub title: Text,
    /// The rule under test.
    pub rule: Option<Name>,
    /// What happens, in order. Holds at least one event and one expectation unless damaged.
    pub steps: Vec<TestStep>,
    /// A part was unreadable and has been reported.
    pub damaged: bool,
    /// From the keyword to the closing brace.
    pub span: Span,
}

/// One line of a [`Test`].
#[derive(Clone, Debug, PartialEq)]
pub enum TestStep {
    /// `given 14 attempts every 20s { … }`
    Given(Given),
    /// `after 11m`: time passes.
    After(Duration),
    /// `event { … }`: the attempt whose decision the following expectations look at.
    Event(TestEvent),
    /// `expect fires, verdict step_up`
    Expect(Vec<Expectation>),
}

/// Attempts that went before.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// How many, at least 1 (`given attempt { … }` is one).
    pub attempts: u32,
    /// `every 20s`: time between them; they follow each other at once if absent.
    pub every: Option<Duration>,
    /// What each carries; `{n}` in a text counts them from 1.
    pub event: TestEvent,
    /// From `given` to the closing brace.
    pub span: Span,
}

/// `{ user "u{n}"  ip 203.0.113.7  credential wrong }`
#[derive(Clone, Debug, PartialEq)]
pub struct TestEvent {
    /// Fields in order of writing; which exist is the checker's.
    pub fields: Vec<TestField>,
    /// From brace to brace.
    pub span: Span,
}

/// `credential wrong`
#[derive(Clone, Debug, PartialEq)]
pub struct TestField {
    /// The field.
    pub field: Name,
    /// Its value.
    pub value: TestValue,
}

/// A value in a test.
#[derive(Clone, Debug, PartialEq)]
pub enum TestValue {
    /// An enum value or a code: `wrong`, `login`, `GB`.
    Name(Name),
    /// A number, an address, a date, `true`; negative numbers are [`ExprKind::Negate`](super::ExprKind::Negate). Never a text.
    Constant(Expr),
    /// A text, with `{n}` in a `given`.
    Text(Template),
}

/// One thing that a test expects of the decision before it.
#[derive(Clone, Debug, PartialEq)]
pub enum Expectation {
    /// `fires`, `not fires`, `fires travel.impossible`
    Fires {
        /// Written `not fires`.
        negated: bool,
        /// Another rule than the one of the test's header.
        rule: Option<Name>,
        /// The words.
        span: Span,
    },
    /// `verdict step_up`
    Verdict {
        /// Expected verdict.
        verdict: VerdictWord,
        /// The words.
        span: Span,
    },
    /// `reason CREDENTIAL_STUFFING`, `not reason PLACE_UNKNOWN`
    Reason {
        /// Written `not reason`.
        negated: bool,
        /// The code.
        code: Name,
        /// The words.
        span: Span,
    },
    /// `users_failing_per_ip = 15`, `score >= 40`, `unknown(travel)`, `device.known`: a condition
    /// over signals and windows. Has no [`ExprKind::Rest`](super::ExprKind::Rest).
    Holds(Expr),
}
