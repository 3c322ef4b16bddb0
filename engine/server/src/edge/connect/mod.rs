//! The same calls without gRPC: unary calls of the Connect protocol, in JSON or protobuf.
//!
//! `curl -d '{"attempt": {…}}' http://…/doorward.v1.DecisionService/Evaluate` is such a call. Errors
//! are JSON: `{"code", "message", "details"}`, with the HTTP status that belongs to the code.

mod codec;
mod error;

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use tonic::Status;
use tonic::body::Body;

use self::codec::Codec;
use self::error::Failure;
use super::body::{collect, plain};
use super::deadline;
use super::limits::MESSAGE_BYTES_MAX;
use super::unary::PATH as EVALUATE;
use crate::desk::Desk;
use crate::wire;

/// Answers one request, whatever it is, within `call`.
pub(super) async fn answer(
    desk: &Desk,
    request: Request<Incoming>,
    call: Duration,
) -> Response<Body> {
    unary(desk, request, call).await.unwrap_or_else(Failure::response)
}

async fn unary(
    desk: &Desk,
    request: Request<Incoming>,
    call: Duration,
) -> Result<Response<Body>, Failure> {
    let rpc = rpc(request.uri().path())?;
    if request.method() != Method::POST {
        return Err(Failure::Method);
    }
    let codec = codec::negotiate(request.headers())?;
    plain(request.headers(), CONTENT_ENCODING)?;
    let left = deadline::connect(request.headers())?.map_or(call, |left| left.min(call));
    let bytes = deadline::within(left, perform(desk, rpc, codec, request.into_body())).await??;
    Ok(success(codec, bytes))
}

/// The calls that have one request and one answer.
#[derive(Clone, Copy)]
enum Rpc {
    Evaluate,
    Report,
    ChangeAccount,
}

fn rpc(path: &str) -> Result<Rpc, Failure> {
    match path {
        EVALUATE => Ok(Rpc::Evaluate),
        "/doorward.v1.DecisionService/Report" => Ok(Rpc::Report),
        "/doorward.v1.DecisionService/ChangeAccount" => Ok(Rpc::ChangeAccount),
        "/doorward.v1.DecisionService/EvaluateStream" => {
            Err(Failure::Path("a stream needs gRPC, for single attempts there is `Evaluate`"))
        }
        _ => {
            Err(Failure::Path("no call is at this path, try /doorward.v1.DecisionService/Evaluate"))
        }
    }
}

async fn perform(desk: &Desk, rpc: Rpc, codec: Codec, body: Incoming) -> Result<Bytes, Status> {
    let bytes = collect(body, MESSAGE_BYTES_MAX).await?;
    match rpc {
        Rpc::Evaluate => {
            let answer = desk.evaluate(codec.decode(&bytes)?)?.await?;
            codec.encode(&wire::EvaluateResponse::try_from(answer).map_err(unreadable)?)
        }
        Rpc::Report => codec.encode(&desk.report(codec.decode(&bytes)?)?.await?),
        Rpc::ChangeAccount => codec.encode(&desk.change_account(codec.decode(&bytes)?)?.await?),
    }
}

fn unreadable(error: prost::DecodeError) -> Status {
    tracing::error!(%error, "an answer cannot be read back");
    Status::internal("the answer could not be written")
}

fn success(codec: Codec, bytes: Bytes) -> Response<Body> {
    let mut answer = Response::new(Body::new(Full::new(bytes)));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(codec.content_type()));
    answer
}
