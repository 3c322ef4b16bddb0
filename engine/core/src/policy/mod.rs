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
pub mod limits;
pub mod sources;
pub mod span;
pub mod suggest;
