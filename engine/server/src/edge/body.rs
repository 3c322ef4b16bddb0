//! The bodies of unary calls.

use bytes::Bytes;
use http::HeaderMap;
use http::header::AsHeaderName;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use tonic::{Code, Status};

/// What the caller of a compressed call hears.
pub(super) const COMPRESSED: &str =
    "the request is compressed, which is not supported: send it plain";

/// Refuses a body that `header` says is compressed.
pub(super) fn plain(headers: &HeaderMap, header: impl AsHeaderName) -> Result<(), Status> {
    match headers.get(header) {
        Some(coding) if coding != "identity" => Err(Status::unimplemented(COMPRESSED)),
        Some(_) | None => Ok(()),
    }
}

/// All of a request's body, at most `bytes_max`.
pub(super) async fn collect(body: Incoming, bytes_max: usize) -> Result<Bytes, Status> {
    match Limited::new(body, bytes_max).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Status::new(
            Code::OutOfRange,
            format!("the request is larger than {bytes_max} bytes"),
        )),
        Err(_) => Err(Status::cancelled("the request broke off")),
    }
}
