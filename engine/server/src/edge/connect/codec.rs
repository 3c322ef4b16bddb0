//! How a message is written in a call's body.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, ORIGIN};
use prost::Message;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tonic::Status;

use super::error::Failure;

/// How a message is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codec {
    /// The JSON form of protobuf.
    Json,
    /// Protobuf.
    Proto,
}

const JSON: &str = "application/json";
const PROTO: &str = "application/proto";
/// What `curl -d` says when it is told nothing.
const FORM: &str = "application/x-www-form-urlencoded";

/// The codec that the request names.
///
/// Without a name, or with the one that curl makes up, it is JSON, so that the shortest command
/// works. A browser sends such a request to any host, without asking, on behalf of any page; it then
/// says where the page is from, and is refused.
pub(super) fn negotiate(headers: &HeaderMap) -> Result<Codec, Failure> {
    let header = headers.get(CONTENT_TYPE).map(|header| header.to_str().unwrap_or("?"));
    let kind = header.and_then(|header| header.split(';').next()).map(str::trim);
    match kind.map(str::to_ascii_lowercase).as_deref() {
        Some(JSON) => Ok(Codec::Json),
        Some(PROTO) => Ok(Codec::Proto),
        None | Some(FORM) if !headers.contains_key(ORIGIN) => Ok(Codec::Json),
        None | Some(_) => Err(Failure::ContentType),
    }
}

impl Codec {
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Json => JSON,
            Self::Proto => PROTO,
        }
    }

    /// Reads a request. An unknown field is an error in JSON, where it is a misspelling, and none in
    /// protobuf, where it is a newer caller.
    pub(super) fn decode<T: Message + DeserializeOwned + Default>(
        self,
        bytes: &[u8],
    ) -> Result<T, Status> {
        let wrong = |error: &dyn std::fmt::Display| {
            Status::invalid_argument(format!("the request cannot be read: {error}"))
        };
        match self {
            Self::Json => serde_json::from_slice(bytes).map_err(|error| wrong(&error)),
            Self::Proto => T::decode(bytes).map_err(|error| wrong(&error)),
        }
    }

    pub(super) fn encode<T: Message + Serialize>(self, answer: &T) -> Result<Bytes, Status> {
        let wrong = |error| {
            tracing::error!(%error, "an answer has no JSON form");
            Status::internal("the answer could not be written")
        };
        match self {
            Self::Json => serde_json::to_vec(answer).map(Bytes::from).map_err(wrong),
            Self::Proto => Ok(answer.encode_to_vec().into()),
        }
    }
}
