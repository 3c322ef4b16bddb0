//! The tree of a rule directory: what was written, with positions, before names have a meaning.
//!
//! This is the interface between the parser and the checker. The parser promises structure
//! (bounded depth, resolved literals, no field twice in a block); what a name refers to, whether types and
//! units agree and which fields a block needs is the checker's. A block that could not be read
//! completely is kept with `damaged` set: report nothing as *missing* from it.

mod declare;
mod expr;
mod journey;
mod parts;
mod rule;
mod test;

pub use declare::{Aggregate, AggregateKind, Attribute, List, Population, Signal, Use, Window};
pub use expr::{
    ArithmeticOp, CompareOp, Expr, ExprKind, Literal, Money, Name, Set, Template, TemplatePart,
    Text,
};
pub use journey::{
    Degraded, DegradedEntry, Group, Journey, JourneyOverride, StepUp, Thresholds, Throttle,
    VerdictWord, Wait,
};
pub use parts::{Count, Date, Duration, Points, Scope};
pub use rule::{IfUnknown, Pattern, Reason, Rollout, Rule, RuleKind, Shadow, UnknownAction};
pub use test::{Expectation, Given, Test, TestEvent, TestField, TestStep, TestValue};

use super::span::Span;

/// All files of one rule directory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// In the order of the sources; index = [`FileId`](super::span::FileId).
    pub files: Vec<File>,
}

impl Document {
    /// All blocks of all files, in order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.files.iter().flat_map(|file| &file.items)
    }
}

/// One rule file. A file that is too large or is not readable at all has no items.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// The top-level blocks in order of writing.
    pub items: Vec<Item>,
    /// Every comment from its `#` to the end of its line, in order, for the formatter.
    pub comments: Vec<Span>,
}

/// A top-level block.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `use "shared/lists.rules"`
    Use(Use),
    /// `list …`
    List(List),
    /// `attribute …`
    Attribute(Attribute),
    /// `window …`
    Window(Window),
    /// `signal …`
    Signal(Signal),
    /// `rule …`, `deny …`, `allow …`
    Rule(Box<Rule>),
    /// `population …`
    Population(Population),
    /// `journey …`
    Journey(Journey),
    /// `group …`
    Group(Group),
    /// `degraded …`
    Degraded(Degraded),
    /// `throttle …`
    Throttle(Throttle),
    /// `test …`
    Test(Test),
}
