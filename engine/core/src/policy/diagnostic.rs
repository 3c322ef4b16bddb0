//! What is wrong with a rule file, said so that its author can put it right.

mod code;
mod render;

use super::{
    sources::{Location, Sources},
    span::Span,
};

pub use code::{Class, Code};
pub use render::render;

/// One problem in the rule files.
///
/// Messages are lower case without a full stop, user text in backticks; a help says what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable number of this kind of problem.
    pub code: Code,
    /// Whether the policy can be used all the same.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// Where; `None` for a problem of the whole policy.
    pub primary: Option<Label>,
    /// Other places that explain it.
    pub secondary: Vec<Label>,
    /// Facts that explain it, without a place.
    pub notes: Vec<String>,
    /// What to do about it.
    pub helps: Vec<Help>,
}

/// How bad a [`Diagnostic`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The policy works but probably not as meant.
    Warning,
    /// The policy cannot be used.
    Error,
}

/// A place with a word about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// Shown beside the underline; may be empty.
    pub text: String,
}

/// An advice, with the place that it speaks of if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    /// The advice.
    pub text: String,
    /// Shown below it.
    pub span: Option<Span>,
}

/// A [`Diagnostic`] for machines: JSON, annotations in a code review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `R0104`
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// The word beside the underline; may be empty.
    pub label: String,
    /// Where it starts; `None` for a problem of the whole policy.
    pub start: Option<Location>,
    /// Where it ends, the first character after it.
    pub end: Option<Location>,
    /// Facts and advices, one a line.
    pub help: String,
}

impl Diagnostic {
    /// A problem that forbids using the policy.
    #[must_use]
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message.into())
    }

    /// A problem that the policy can live with.
    #[must_use]
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message.into())
    }

    /// Says where it is; `label` stands beside the underline and may be empty.
    #[must_use]
    pub fn at(self, span: Span, label: impl Into<String>) -> Self {
        Self { primary: Some(Label { span, text: label.into() }), ..self }
    }

    /// Adds another place that explains it.
    #[must_use]
    pub fn see(mut self, span: Span, label: impl Into<String>) -> Self {
        self.secondary.push(Label { span, text: label.into() });
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds an advice.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.helps.push(Help { text: text.into(), span: None });
        self
    }

    /// Adds an advice that shows a place: "a similar name is defined here".
    #[must_use]
    pub fn help_at(mut self, text: impl Into<String>, span: Span) -> Self {
        self.helps.push(Help { text: text.into(), span: Some(span) });
        self
    }

    /// The same without layout, for machines.
    #[must_use]
    pub fn finding(&self, sources: &Sources) -> Finding {
        let span = self.primary.as_ref().map(|label| label.span);
        let helps = self.helps.iter().map(|help| help.text.as_str());
        Finding {
            code: self.code.to_string(),
            severity: self.severity,
            message: self.message.clone(),
            label: self.primary.as_ref().map(|label| label.text.clone()).unwrap_or_default(),
            start: span.and_then(|span| sources.location(span)),
            end: span.and_then(|span| sources.location(span.after())),
            help: self.notes.iter().map(String::as_str).chain(helps).collect::<Vec<_>>().join("\n"),
        }
    }

    fn new(code: Code, severity: Severity, message: String) -> Self {
        Self {
            code,
            severity,
            message,
            primary: None,
            secondary: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
        }
    }
}
