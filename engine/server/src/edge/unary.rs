//! `Evaluate` over gRPC: the call that is made for every login, without a framework's buffers around it.
//!
//! ```text
//! compressed  u8, 0
//! length      u32, big-endian
//! message     so many bytes
//! ```

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Request, Response};
use hyper::body::{Frame, Incoming};
use prost::Message as _;
use tonic::Status;
use tonic::body::Body;

use super::body::{COMPRESSED, collect, plain};
use super::limits::MESSAGE_BYTES_MAX;
use super::{Refusal, parse};
use crate::desk::{Desk, Pending};
use crate::wire;
use crate::wire::answered::EvaluateResponse;
use crate::wire::asked::EvaluateRequest;

/// Where the call is made.
pub(super) const PATH: &str = "/doorward.v1.DecisionService/Evaluate";

/// What stands before a message.
const PREFIX_BYTES: usize = 1 + 4;

/// Decides on the attempt of one call.
pub(super) async fn evaluate(
    desk: &Desk,
    request: Request<Incoming>,
) -> Result<Response<Body>, Status> {
    plain(request.headers(), "grpc-encoding")?;
    let body = collect(request.into_body(), PREFIX_BYTES + MESSAGE_BYTES_MAX).await?;
    let request = EvaluateRequest::decode(message(body)?).map_err(|error| {
        Status::invalid_argument(format!("the request cannot be read: {error}"))
    })?;
    let answer = decide(desk, request)?.await?;
    Ok(response(&answer))
}

/// Apart, so that the attempt is gone when the answer is waited for.
fn decide(desk: &Desk, request: EvaluateRequest) -> Result<Pending<EvaluateResponse>, Refusal> {
    let attempt = parse::decoded(request.attempt)?;
    desk.evaluate(wire::EvaluateRequest { attempt })
}

/// The one message of a request's body.
fn message(mut body: Bytes) -> Result<Bytes, Status> {
    let compressed = body.try_get_u8();
    let length = body.try_get_u32().ok().and_then(|length| usize::try_from(length).ok());
    match (compressed, length) {
        (Ok(0), Some(length)) if length == body.len() => Ok(body),
        (Ok(1), _) => Err(Status::internal(COMPRESSED)),
        _ => Err(Status::invalid_argument("the request is not one message with its length")),
    }
}

fn response(answer: &EvaluateResponse) -> Response<Body> {
    let length = answer.encoded_len();
    let mut message = BytesMut::with_capacity(PREFIX_BYTES + length);
    message.put_u8(0);
    message.put_u32(u32::try_from(length).unwrap_or(u32::MAX));
    answer.encode_raw(&mut message);
    let body = Answer { message: Some(message.freeze()), ended: false };
    let mut response = Response::new(Body::new(body));
    let content_type = HeaderValue::from_static("application/grpc");
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

/// One message, and that all went well.
struct Answer {
    message: Option<Bytes>,
    ended: bool,
}

impl hyper::body::Body for Answer {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if let Some(message) = self.message.take() {
            return Poll::Ready(Some(Ok(Frame::data(message))));
        }
        if self.ended {
            return Poll::Ready(None);
        }
        self.ended = true;
        let mut trailers = HeaderMap::with_capacity(1);
        trailers.insert(Status::GRPC_STATUS, HeaderValue::from_static("0"));
        Poll::Ready(Some(Ok(Frame::trailers(trailers))))
    }

    fn is_end_stream(&self) -> bool {
        self.ended
    }
}

#[cfg(test)]
mod tests {
    use tonic::Code;

    use super::*;

    #[test]
    fn a_body_is_one_plain_message() {
        let check = |body: &'static [u8], expected: Result<&[u8], Code>| {
            let message = message(Bytes::from_static(body));
            let message = message.as_deref().map_err(Status::code);
            assert_eq!(message, expected, "{body:?}");
        };
        check(&[0, 0, 0, 0, 0], Ok(b""));
        check(&[0, 0, 0, 0, 2, 7, 8], Ok(&[7, 8]));
        check(&[0, 0, 0, 0, 2, 7], Err(Code::InvalidArgument));
        check(&[0, 0, 0, 0, 2, 7, 8, 9], Err(Code::InvalidArgument));
        check(&[0, 0, 0, 0], Err(Code::InvalidArgument));
        check(&[], Err(Code::InvalidArgument));
        check(&[2, 0, 0, 0, 0], Err(Code::InvalidArgument));
        check(&[1, 0, 0, 0, 0], Err(Code::Internal));
    }
}
