//! Parts that several blocks share.

use super::{Name, Text};
use crate::policy::span::Span;

/// A span of time with its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    /// Milliseconds, at least 0.
    pub ms: i64,
    /// Where it stands.
    pub span: Span,
}

/// A calendar day with its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// The day.
    pub day: jiff::civil::Date,
    /// Where it stands.
    pub span: Span,
}

/// `for journey login, transaction`, `for population workforce for tenant "bank-a"`: where a
/// block applies. Each `for` narrows further, the values of one `for` are alternatives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Journeys; empty means all.
    pub journeys: Vec<Name>,
    /// Populations, named in the schema or by a `population` definition; empty means all.
    pub populations: Vec<Name>,
    /// Tenants; empty means all.
    pub tenants: Vec<Text>,
    /// From the first `for` to the last value; `None` if there is no `for`.
    pub span: Option<Span>,
}

/// How many of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// At least 1.
    pub value: u32,
    /// The number.
    pub span: Span,
}

/// Points with their sign: `+45`, `-10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Points {
    /// At most [`POINTS_MAX`](crate::policy::limits::POINTS_MAX) either way.
    pub value: i32,
    /// Sign and number.
    pub span: Span,
}
