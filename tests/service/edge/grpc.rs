//! gRPC, as its clients see it.

use std::convert::Infallible;

use bytes::Bytes;
use doorward::edge::MESSAGE_BYTES_MAX;
use doorward::wire;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio_stream::StreamExt;
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1 as reflection;
use tonic_types::StatusExt;

use super::server::{NOW, Server};
use super::{WRONG, attempt, wrong_attempt};

#[tokio::test]
async fn an_attempt_is_answered() {
    let server = Server::start().await;
    let request = wire::EvaluateRequest { attempt: Some(attempt("e1")) };
    let answer = server.client().await.evaluate(request).await.unwrap().into_inner();
    let decision = answer.decision.unwrap();
    assert_eq!(decision.event_id, "e1");
    assert_eq!(decision.verdict(), wire::Verdict::Allow);
    assert_eq!(decision.decided_at, Some(NOW.into()));
}

#[tokio::test]
async fn every_violated_field_is_named() {
    let server = Server::start().await;
    let request = wire::EvaluateRequest { attempt: Some(wrong_attempt("e1")) };
    let status = server.client().await.evaluate(request).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(status.message().starts_with("3 fields are wrong: attempt.journey must be set; "));
    let named = status.get_details_bad_request().unwrap().field_violations;
    let named: Vec<_> = named.iter().map(|v| (v.field.as_str(), v.description.as_str())).collect();
    assert_eq!(named, WRONG);
}

#[tokio::test]
async fn an_outcome_of_nothing_is_not_found() {
    let server = Server::start().await;
    let outcome = wire::Outcome {
        event_id: "o1".to_owned(),
        attempt: Some(wire::outcome::Attempt::AttemptEventId("e1".to_owned())),
        kind: wire::outcome::Kind::ConfirmedGood.into(),
        ..wire::Outcome::default()
    };
    let request = wire::ReportRequest { outcome: Some(outcome) };
    let status = server.client().await.report(request).await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::NotFound, "no attempt `e1` is on record"));
}

#[tokio::test]
async fn a_message_that_is_too_large_is_refused() {
    let server = Server::start().await;
    let purposes = vec!["x".repeat(MESSAGE_BYTES_MAX)];
    let attempt = wire::Attempt { purposes, ..attempt("e1") };
    let request = wire::EvaluateRequest { attempt: Some(attempt) };
    let status = server.client().await.evaluate(request).await.unwrap_err();
    assert_eq!(status.code(), Code::OutOfRange);
}

#[tokio::test]
async fn the_callers_deadline_holds() {
    let server = Server::start().await;
    // One whose request never ends, and one that has no time at all.
    assert_eq!(status_of_endless_call(&server, "50m").await, "4");
    assert_eq!(status_of_endless_call(&server, "0n").await, "4");
    assert_eq!(status_of_endless_call(&server, "soon").await, "3");
}

/// The `grpc-status` of a call whose request body never ends.
async fn status_of_endless_call(server: &Server, timeout: &str) -> String {
    let answer = endless_call(server, ("grpc-timeout", timeout)).await.await.unwrap();
    answer.headers()["grpc-status"].to_str().unwrap().to_owned()
}

/// Begins a call whose request body never ends; gives its answer to come.
pub(super) async fn endless_call(
    server: &Server,
    (header, value): (&str, &str),
) -> impl Future<Output = hyper::Result<http::Response<Incoming>>> + use<> {
    let io = TokioIo::new(server.socket().await);
    let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), io);
    let (mut sender, connection) = handshake.await.unwrap();
    tokio::spawn(connection);
    let endless = tokio_stream::pending::<Result<hyper::body::Frame<Bytes>, Infallible>>();
    let request = http::Request::post("http://door/doorward.v1.DecisionService/Evaluate")
        .header("content-type", "application/grpc")
        .header(header, value)
        .body(StreamBody::new(endless).boxed())
        .unwrap();
    sender.send_request(request)
}

#[tokio::test]
async fn a_compressed_call_is_refused() {
    let server = Server::start().await;
    let answer = endless_call(&server, ("grpc-encoding", "gzip")).await.await.unwrap();
    assert_eq!(answer.headers()["grpc-status"], "12");
}

#[tokio::test]
async fn health_says_serving_until_the_stop() {
    let server = Server::start().await;
    let mut health = HealthClient::new(server.channel().await);
    let request = || HealthCheckRequest { service: "doorward.v1.DecisionService".to_owned() };
    let status = health.check(request()).await.unwrap().into_inner().status();
    assert_eq!(status, ServingStatus::Serving);

    let mut watch = health.watch(request()).await.unwrap().into_inner();
    let mut seen = vec![watch.next().await.unwrap().unwrap().status()];
    let ending = server.stop();
    seen.push(watch.next().await.unwrap().unwrap().status());
    assert_eq!(seen, [ServingStatus::Serving, ServingStatus::NotServing]);
    drop((watch, health));
    ending.ended().await;
}

#[tokio::test]
async fn reflection_lists_the_service() {
    use reflection::server_reflection_request::MessageRequest;
    use reflection::server_reflection_response::MessageResponse;
    let server = Server::start().await;
    let mut client =
        reflection::server_reflection_client::ServerReflectionClient::new(server.channel().await);
    let question = MessageRequest::ListServices(String::new());
    let question = reflection::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(question),
    };
    let request = tokio_stream::once(question);
    let mut answers = client.server_reflection_info(request).await.unwrap().into_inner();
    let answer = answers.next().await.unwrap().unwrap().message_response.unwrap();
    let MessageResponse::ListServicesResponse(list) = answer else { panic!("{answer:?}") };
    let names: Vec<_> = list.service.iter().map(|service| service.name.as_str()).collect();
    assert!(names.contains(&"doorward.v1.DecisionService"), "{names:?}");
    assert!(names.contains(&"grpc.health.v1.Health"), "{names:?}");
}

#[tokio::test]
async fn an_unknown_service_says_so() {
    let server = Server::start().await;
    let mut grpc = tonic::client::Grpc::new(server.channel().await);
    grpc.ready().await.unwrap();
    let codec = tonic_prost::ProstCodec::<wire::EvaluateRequest, wire::EvaluateResponse>::default();
    let path = http::uri::PathAndQuery::from_static("/doorward.v1.Nothing/Evaluate");
    let request = tonic::Request::new(wire::EvaluateRequest::default());
    let status = grpc.unary(request, path, codec).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
}
