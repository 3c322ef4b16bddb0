//! Requests whose attempt is encoded still: thirty bytes to pass on instead of a thousand.
//!
//! On the wire they are the messages of the same name: there, a message inside another is its bytes.

use bytes::Bytes;

/// [`super::EvaluateRequest`], with its attempt encoded.
#[derive(Clone, PartialEq, prost::Message)]
pub struct EvaluateRequest {
    /// A [`super::Attempt`].
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub attempt: Option<Bytes>,
}

/// [`super::EvaluateStreamRequest`], with its attempt encoded.
#[derive(Clone, PartialEq, prost::Message)]
pub struct EvaluateStreamRequest {
    /// A [`super::Attempt`].
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub attempt: Option<Bytes>,
}
