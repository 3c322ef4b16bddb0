//! The records of the log: what the core made, as messages of `doorward.log.v1` and back.
//!
//! A frame of the log holds one message; its kind says which.

mod again;
mod columns;
mod enrichment;
mod error;
mod message;
mod policy;
pub(crate) mod reading;
pub(crate) mod slot;
mod told;

pub use again::{answer_again, decide_again, readings};
pub use error::RecordError;
pub use message::read;
pub(crate) use message::{Sent, account, asked, decision, outcome, time};
pub(crate) use policy::{data_versions, policy, policy_version, same_policy};

/// A frame with a `DecisionRecord`.
pub const KIND_DECISION: u8 = 1;
/// A frame with an `OutcomeRecord`.
pub const KIND_OUTCOME: u8 = 2;
/// A frame with a `PolicyRecord`.
pub const KIND_POLICY: u8 = 3;
/// A frame with an `AccountRecord`.
pub const KIND_ACCOUNT: u8 = 4;
