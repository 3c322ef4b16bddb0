//! The messages of `proto/`, generated: what callers send and get, and what the log keeps.

pub mod answered;
pub mod asked;
mod attempt;
mod fields;
pub mod google;
mod sources;

use doorward_core::record::DecisionId;
use uuid::Uuid;
use uuid::fmt::Hyphenated;

pub(crate) use fields::Fields;
pub use sources::Sources;

/// What the log keeps: package `doorward.log.v1`.
pub mod log {
    pub use v1::*;

    #[expect(
        clippy::allow_attributes,
        clippy::allow_attributes_without_reason,
        clippy::too_many_lines,
        reason = "generated, and its comments are written for another reader"
    )]
    mod v1 {
        include!(concat!(env!("OUT_DIR"), "/doorward.log.v1.rs"));
        include!(concat!(env!("OUT_DIR"), "/doorward.log.v1.serde.rs"));
    }
}

#[expect(
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::doc_lazy_continuation,
    clippy::large_enum_variant,
    clippy::too_many_lines,
    reason = "generated, and its comments are written for another reader"
)]
mod v1 {
    include!(concat!(env!("OUT_DIR"), "/doorward.v1.rs"));
    include!(concat!(env!("OUT_DIR"), "/doorward.v1.serde.rs"));
}

pub use v1::*;

/// The descriptors of package `doorward.v1`, for reflection.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/service.bin"));

/// The id of a decision that a text spells; `None` if it is no UUID.
pub(crate) fn decision_id(text: &str) -> Option<DecisionId> {
    Uuid::try_parse(text).ok().map(|id| DecisionId(id.as_u128()))
}

/// A decision's id as messages spell it.
pub(crate) struct IdText([u8; Hyphenated::LENGTH]);

impl IdText {
    pub(crate) fn new(id: DecisionId) -> Self {
        let mut text = [0; Hyphenated::LENGTH];
        Uuid::from_u128(id.0).hyphenated().encode_lower(&mut text);
        Self(text)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}
