//! The same calls as JSON over HTTP, as curl sends them.

use doorward::edge::MESSAGE_BYTES_MAX;
use doorward::wire;
use prost::Message;
use serde_json::{Value, json};
use tonic_types::pb::BadRequest;

use super::server::Server;
use super::{WRONG, wrong_attempt};

const JSON: &str = "content-type: application/json\r\n";
const CURL: &str = "content-type: application/x-www-form-urlencoded\r\n";
const ATTEMPT: &str = r#"{"attempt": {"eventId": "e1", "population": "POPULATION_CUSTOMER",
    "journey": "JOURNEY_LOGIN", "occurredAt": "2025-11-22T11:30:00+01:00"}}"#;

/// Posts to Evaluate; gives the status line's code and the JSON answered.
async fn evaluate(headers: &str, body: &str) -> (u16, Value) {
    let (head, body) = Server::start().await.post("Evaluate", headers, body).await;
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(&body).expect(&body))
}

#[tokio::test]
async fn an_attempt_is_answered() {
    for headers in [JSON, CURL, "", "content-type: Application/JSON; charset=utf-8\r\n"] {
        let (status, answer) = evaluate(headers, ATTEMPT).await;
        assert_eq!(status, 200, "{headers}: {answer}");
        let decision = &answer["decision"];
        assert_eq!(decision["eventId"], "e1");
        assert_eq!(decision["verdict"], "VERDICT_ALLOW");
        assert_eq!(decision["decidedAt"], "2025-11-22T10:30:00.250Z");
        assert_eq!(decision["timeTaken"], "0s");
    }
}

#[tokio::test]
async fn protobuf_is_answered_with_protobuf() {
    let server = Server::start().await;
    let request = wire::EvaluateRequest { attempt: Some(super::attempt("e1")) };
    let body = String::from_utf8(request.encode_to_vec()).unwrap();
    let headers = "content-type: application/proto\r\n";
    let (head, body) = server.post("Evaluate", headers, &body).await;
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
    assert!(head.contains("content-type: application/proto"), "{head}");
    assert!(body.contains("e1"));
}

#[tokio::test]
async fn every_violated_field_is_named() {
    let request = wire::EvaluateRequest { attempt: Some(wrong_attempt("e1")) };
    let (status, answer) = evaluate(JSON, &serde_json::to_string(&request).unwrap()).await;
    assert_eq!((status, &answer["code"]), (400, &json!("invalid_argument")));
    let message = answer["message"].as_str().unwrap();
    assert!(message.starts_with("3 fields are wrong: attempt.journey must be set; "), "{message}");

    let detail = &answer["details"][0];
    assert_eq!(detail["type"], "google.rpc.BadRequest");
    let wrong =
        WRONG.map(|(field, description)| json!({"field": field, "description": description}));
    assert_eq!(detail["debug"], json!({"fieldViolations": wrong}));
    let bytes = unpadded(detail["value"].as_str().unwrap());
    let named = BadRequest::decode(bytes.as_slice()).unwrap().field_violations;
    assert!(
        named.iter().map(|violation| violation.field.as_str()).eq(WRONG.map(|(field, _)| field))
    );
}

fn unpadded(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD_NO_PAD.decode(text).unwrap()
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_its_place() {
    let check = async |body: &str, part: &str| {
        let (status, answer) = evaluate(JSON, body).await;
        assert_eq!((status, &answer["code"]), (400, &json!("invalid_argument")), "{body}");
        let message = answer["message"].as_str().unwrap();
        assert!(message.contains(part), "{message}");
    };
    check(r#"{"attempt": {"evnetId": "e1"}}"#, "unknown field `evnetId`, expected one of").await;
    check(r#"{"attempt": {"journey": "LOGIN"}}"#, "unknown variant `LOGIN`").await;
    check(r#"{"attempt": {"occurredAt": "yesterday"}}"#, "`yesterday` is not a time like").await;
    check(r#"{"attempt": {"eventId": "a", "eventId": "b"}}"#, "duplicate field").await;
    check(r#"{"attempt": "#, "at line 1 column 12").await;
    check("{}", "a field is wrong: attempt must be set").await;
}

#[tokio::test]
async fn what_is_no_call_is_refused() {
    let check = async |request: &str, line: &str, header: &str| {
        let answer = Server::start().await.exchange(request).await;
        assert!(answer.starts_with(line), "{answer}");
        assert!(answer.contains(header), "{answer}");
    };
    const PATH: &str = "/doorward.v1.DecisionService/Evaluate";
    let ends = "HTTP/1.1\r\nhost: door\r\nconnection: close\r\n";
    check(&format!("GET / {ends}\r\n"), "HTTP/1.1 404 ", "unimplemented").await;
    check(&format!("GET {PATH} {ends}\r\n"), "HTTP/1.1 405 ", "allow: POST").await;
    check(&format!("POST {PATH}Stream {ends}\r\n"), "HTTP/1.1 404 ", "a stream needs gRPC").await;
    let text = "content-type: text/plain\r\n";
    let accepted = "accept-post: application/json, application/proto";
    check(&format!("POST {PATH} {ends}{text}\r\n"), "HTTP/1.1 415 ", accepted).await;
    // A page in a browser posts a form to any host, without asking first.
    let form = format!("{CURL}origin: https://elsewhere.example\r\n");
    check(&format!("POST {PATH} {ends}{form}\r\n"), "HTTP/1.1 415 ", accepted).await;
    let gzip = format!("{JSON}content-encoding: gzip\r\n");
    check(&format!("POST {PATH} {ends}{gzip}\r\n"), "HTTP/1.1 501 ", "unimplemented").await;
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let (status, answer) = evaluate(JSON, &" ".repeat(MESSAGE_BYTES_MAX + 1)).await;
    assert_eq!((status, &answer["code"]), (400, &json!("out_of_range")));
}

#[tokio::test]
async fn the_callers_deadline_holds() {
    let check = async |timeout: &str, line: &str| {
        let request = format!(
            "POST /doorward.v1.DecisionService/Evaluate HTTP/1.1\r\nhost: door\r\n{JSON}\
             connect-timeout-ms: {timeout}\r\ncontent-length: 2\r\n\r\n{{"
        );
        let answer = Server::start().await.exchange(&request).await;
        assert!(answer.starts_with(line), "{answer}");
    };
    check("50", "HTTP/1.1 504 ").await;
    check("0", "HTTP/1.1 504 ").await;
    check("soon", "HTTP/1.1 400 ").await;
}
