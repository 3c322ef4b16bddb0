//! What can be wrong with a record that is intact.

use std::fmt;

use crate::edge::parse::Violations;
use crate::log::{Position, ReadError};

/// What can be wrong with a record that is intact.
#[derive(Debug)]
pub enum RecordError {
    /// Its kind is not one of ours.
    Kind {
        /// The kind.
        kind: u8,
    },
    /// Its bytes are not the message of its kind.
    Malformed(prost::DecodeError),
    /// A part that every record has is missing.
    Missing {
        /// Which part.
        part: &'static str,
    },
    /// The event in it breaks a rule that it kept when it was recorded.
    Invalid(Violations),
    /// It is an outcome of a decision whose record is not where it should be.
    NoDecision {
        /// The decision.
        decision_id: String,
        /// Where its record should be.
        position: Position,
    },
    /// The record that it speaks of cannot be read.
    Unreadable(ReadError),
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind { kind } => write!(f, "its kind is {kind}"),
            Self::Malformed(error) => write!(f, "{error}"),
            Self::Missing { part } => write!(f, "it has no {part}"),
            Self::Invalid(violations) => write!(f, "{violations}"),
            Self::NoDecision { decision_id, position } => {
                write!(f, "its decision `{decision_id}` is not in {position}")
            }
            Self::Unreadable(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for RecordError {}

impl From<prost::DecodeError> for RecordError {
    fn from(error: prost::DecodeError) -> Self {
        Self::Malformed(error)
    }
}
