//! The rule language: from the text of a rule directory to a policy.
//!
//! ```text
//! Sources ── parse ──▶ Document (tree with spans) ── compile ──▶ Policy
//!              └──────── Vec<Diagnostic> ────────────┘
//! ```
//!
//! Every stage reports all of its problems at once and hands on what it understood, so that one
//! run tells an analyst everything that is wrong.

pub mod ast;
mod chance;
pub mod compile;
pub mod compiled;
pub mod diagnostic;
pub mod examples;
pub(crate) mod facts;
mod lexer;
pub mod limits;
pub mod list;
pub mod parser;
pub(crate) mod plan;
pub(crate) mod program;
pub(crate) mod question;
pub(crate) mod reckon;
pub mod sources;
pub mod span;
pub mod suggest;
mod token;

pub use ast::Document;
pub use compile::{Compiled, compile, list_paths};
pub use compiled::{Bill, ListVersion, Policy, SlotSpec, Version};
pub use diagnostic::{Code, Diagnostic, Severity, render};
pub use list::ListFile;
pub use parser::parse;
pub use sources::Sources;
pub use span::Span;
