//! The rule language: from the text of a rule directory to a policy.
//!
//! ```text
//! Sources ── parse ──▶ Document (tree with spans) + Vec<Diagnostic>
//! ```
//!
//! Every stage reports all of its problems at once and hands on what it understood, so that one
//! run tells an analyst everything that is wrong.

pub mod ast;
pub mod diagnostic;
mod lexer;
pub mod limits;
pub mod parser;
pub mod sources;
pub mod span;
pub mod suggest;
mod token;

pub use ast::Document;
pub use diagnostic::{Code, Diagnostic, Severity, render};
pub use parser::parse;
pub use sources::Sources;
pub use span::Span;
