//! Definitions: lists, attributes, windows, signals, populations.

use super::{Duration, Expr, Name, Text};
use crate::policy::span::Span;

/// `use "shared/lists.rules"`: the names of that file are needed here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// Path of the other file, relative to the rule directory.
    pub path: Text,
    /// The whole line.
    pub span: Span,
}

/// `list burned_device device from "lists/burned_device.csv" stale after 7d entries expire`
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// Its name.
    pub name: Name,
    /// What its entries are: `cidr`, `ip`, `device`, `user`, `country`, … (not yet checked).
    pub entries: Name,
    /// The file with the entries, relative to the rule directory. `None` only if damaged.
    pub from: Option<Text>,
    /// `stale after 7d`: how old the file may get before its answer is unknown.
    pub stale_after: Option<Duration>,
    /// `entries expire`: each entry carries its own end.
    pub entries_expire: Option<Span>,
    /// A part was unreadable and has been reported.
    pub damaged: bool,
    /// The whole definition.
    pub span: Span,
}

/// `attribute merchant text "who is paid in the shop"`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The name that callers send it by (not yet checked).
    pub name: Name,
    /// What it is read as: `text`, `int`, `decimal`, `bool` or `risk` (not yet checked).
    pub kind: Name,
    /// What it means, if that was written.
    pub doc: Option<Text>,
    /// The whole definition.
    pub span: Span,
}

/// `window users_failing_per_ip = distinct user where credential is wrong by ip over 10m`
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// Its name.
    pub name: Name,
    /// What it computes. `None` only if damaged.
    pub aggregate: Option<Aggregate>,
    /// `where …`: which events count; all if absent. Has no [`ExprKind::Rest`](super::ExprKind::Rest).
    pub filter: Option<Expr>,
    /// `by user, ip`: the key, in order of writing. Empty only if damaged.
    pub by: Vec<Name>,
    /// `over 10m`. `None` only if damaged.
    pub over: Option<Duration>,
    /// A part was unreadable or missing and has been reported.
    pub damaged: bool,
    /// The whole definition.
    pub span: Span,
}

/// What a [`Window`] computes from its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aggregate {
    /// Which computation.
    pub kind: AggregateKind,
    /// The field it reads: absent for `count`, `spread` and `regularity`, present for all others.
    pub field: Option<Name>,
    /// Keyword and field.
    pub span: Span,
}

/// The computations that a window knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AggregateKind {
    /// How many events.
    Count,
    /// How many different values of the field.
    Distinct,
    /// The sum of the field.
    Sum,
    /// The largest value of the field.
    Max,
    /// The mean of the field.
    Mean,
    /// How far the field scatters.
    Deviation,
    /// The value of the field in the earliest event.
    First,
    /// The value of the field in the latest event.
    Last,
    /// How far apart events are.
    Spread,
    /// How regularly events come.
    Regularity,
    /// How many values of the field follow each other.
    Run,
}

/// `signal failure_share_ip = failures_per_ip / attempts_per_ip when attempts_per_ip >= 10`
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    /// Its name.
    pub name: Name,
    /// What it computes. Has no [`ExprKind::Rest`](super::ExprKind::Rest).
    pub value: Expr,
    /// `when …`: otherwise the signal is unknown. Has no [`ExprKind::Rest`](super::ExprKind::Rest).
    pub when: Option<Expr>,
    /// The whole definition.
    pub span: Span,
}

/// `population new_account when user.age < 7d`
#[derive(Clone, Debug, PartialEq)]
pub struct Population {
    /// Its name.
    pub name: Name,
    /// Who belongs to it. Has no [`ExprKind::Rest`](super::ExprKind::Rest).
    pub when: Expr,
    /// The whole definition.
    pub span: Span,
}
