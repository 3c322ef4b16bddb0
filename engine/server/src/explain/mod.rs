//! The receipt of a decision: everything that its record tells, for people.
//!
//! ```text
//! log ─ find ─▶ Dossier ─┬─ draw ─▶ text, with what deciding again gave
//!                        └─ json ─▶ one object
//! ```

mod draw;
mod find;
mod json;
mod recheck;

pub use draw::draw;
pub use find::{FindError, find};
pub use json::json;
pub use recheck::Recheck;

use crate::wire::log::{DecisionRecord, OutcomeRecord, PolicyRecord};

/// Everything on record about one decision.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dossier {
    /// The decision.
    pub record: DecisionRecord,
    /// How it ended, in the order in which that was told.
    pub outcomes: Vec<OutcomeRecord>,
    /// The policy that decided; absent only from a log whose beginning is lost.
    pub policy: Option<PolicyRecord>,
}
