//! Streams: pipelined, answered one by one, refused one by one.

use std::time::Duration;

use doorward::edge::Limits;
use doorward::wire;
use doorward::wire::evaluate_stream_response::Answer;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{StreamExt, iter};
use tonic::{Code, Request};

use super::server::Server;
use super::{WRONG, attempt, wrong_attempt};

fn request(attempt: wire::Attempt) -> wire::EvaluateStreamRequest {
    wire::EvaluateStreamRequest { attempt: Some(attempt) }
}

#[tokio::test]
async fn a_refused_attempt_does_not_end_the_stream() {
    let server = Server::start().await;
    let requests = [attempt("e1"), wrong_attempt("e2"), attempt("e3")].map(request);
    let answers = server.client().await.evaluate_stream(iter(requests)).await.unwrap();
    let answers: Vec<_> = answers.into_inner().map(Result::unwrap).collect().await;
    let ids: Vec<_> = answers.iter().map(|answer| answer.event_id.as_str()).collect();
    assert_eq!(ids, ["e1", "e2", "e3"]);
    assert!(matches!(&answers[0].answer, Some(Answer::Decision(d)) if d.event_id == "e1"));
    assert!(matches!(&answers[2].answer, Some(Answer::Decision(d)) if d.event_id == "e3"));
    let Some(Answer::Refusal(refusal)) = &answers[1].answer else { panic!("{:?}", answers[1]) };
    assert_eq!(refusal.code(), wire::refusal::Code::InvalidArgument);
    let named = refusal.violations.iter();
    let named: Vec<_> = named.map(|v| (v.field.as_str(), v.description.as_str())).collect();
    assert_eq!(named, WRONG);
}

#[tokio::test]
async fn many_attempts_need_no_answer_in_between() {
    let server = Server::start().await;
    let requests = (0..5_000).map(|number| request(attempt(&number.to_string())));
    let answers = server.client().await.evaluate_stream(iter(requests)).await.unwrap();
    let ids: Vec<_> = answers.into_inner().map(|answer| answer.unwrap().event_id).collect().await;
    let sent: Vec<_> = (0..5_000).map(|number| number.to_string()).collect();
    assert!(ids == sent, "{} answers", ids.len());
}

#[tokio::test]
async fn an_answer_does_not_wait_for_the_next_request() {
    let server = Server::start().await;
    let (sender, receiver) = mpsc::channel(1);
    sender.send(request(attempt("e1"))).await.unwrap();
    let receiver = ReceiverStream::new(receiver);
    let answers = server.client().await.evaluate_stream(receiver).await.unwrap();
    let mut answers = answers.into_inner();
    assert_eq!(answers.next().await.unwrap().unwrap().event_id, "e1");
    sender.send(request(attempt("e2"))).await.unwrap();
    assert_eq!(answers.next().await.unwrap().unwrap().event_id, "e2");
    drop(sender);
    assert!(answers.next().await.is_none());
}

#[tokio::test]
async fn the_callers_deadline_ends_a_stream() {
    let server = Server::start().await;
    let (_open, receiver) = mpsc::channel(1);
    let mut request = Request::new(ReceiverStream::new(receiver));
    request.set_timeout(Duration::from_millis(50));
    let mut answers = server.client().await.evaluate_stream(request).await.unwrap().into_inner();
    let status = answers.next().await.unwrap().unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
}

#[tokio::test]
async fn a_stop_ends_a_stream_by_itself() {
    let forever = Duration::from_secs(1_000_000);
    let server = Server::limited(Limits { grace: forever, ..Limits::default() }).await;
    let (sender, receiver) = mpsc::channel(1);
    sender.send(request(attempt("e1"))).await.unwrap();
    let receiver = ReceiverStream::new(receiver);
    let answers = server.client().await.evaluate_stream(receiver).await.unwrap();
    let mut answers = answers.into_inner();
    assert_eq!(answers.next().await.unwrap().unwrap().event_id, "e1");
    let ending = server.stop();
    let status = answers.next().await.unwrap().unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    drop((sender, answers));
    ending.ended().await;
}
