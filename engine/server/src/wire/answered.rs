//! Answers whose decision is encoded already: what is recorded of it and what is sent are written once.
//!
//! On the wire they are the messages of the same name: there, a message inside another is its bytes.

use bytes::Bytes;
use prost::{DecodeError, Message as _};

use super::Refusal;

pub use generated::*;

#[expect(
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::too_many_lines,
    reason = "generated"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/doorward.v1.DecisionService.rs"));
}

/// [`super::EvaluateResponse`], with its decision encoded.
#[derive(Clone, PartialEq, prost::Message)]
pub struct EvaluateResponse {
    /// A [`super::Decision`].
    #[prost(bytes = "bytes", tag = "1")]
    pub decision: Bytes,
    /// Whether it is the answer of an earlier time.
    #[prost(bool, tag = "2")]
    pub duplicate: bool,
}

/// [`super::EvaluateStreamResponse`], with its decision encoded.
#[derive(Clone, PartialEq, prost::Message)]
pub struct EvaluateStreamResponse {
    /// The event id of the attempt that is answered.
    #[prost(string, tag = "1")]
    pub event_id: String,
    /// A [`super::Decision`]; empty if there is a refusal.
    #[prost(bytes = "bytes", tag = "2")]
    pub decision: Bytes,
    /// Why there is no decision.
    #[prost(message, optional, tag = "3")]
    pub refusal: Option<Refusal>,
    /// Whether it is the answer of an earlier time.
    #[prost(bool, tag = "4")]
    pub duplicate: bool,
}

impl TryFrom<EvaluateResponse> for super::EvaluateResponse {
    type Error = DecodeError;

    fn try_from(answer: EvaluateResponse) -> Result<Self, DecodeError> {
        let decision = Some(super::Decision::decode(answer.decision)?);
        Ok(Self { decision, duplicate: answer.duplicate })
    }
}
