//! Attempts pipelined on one stream.

use std::collections::HashMap;
use std::time::Instant;

use doorward::wire::decision_service_client::DecisionServiceClient;
use doorward::wire::evaluate_stream_response::Answer;
use doorward::wire::{EvaluateStreamRequest, EvaluateStreamResponse};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use crate::attempts::Attempts;
use crate::clock;
use crate::round::Caller;
use crate::tally::{Tally, check};

/// Keeps `in_flight` attempts unanswered until the end, then waits for the last answer.
pub(crate) async fn call(mut caller: Caller, in_flight: usize) -> Tally {
    if let Err(error) = pipeline(&mut caller, in_flight).await {
        caller.tally.fail(error.to_string());
    }
    caller.tally
}

async fn pipeline(caller: &mut Caller, in_flight: usize) -> Result<(), Status> {
    let (requests, receiver) = mpsc::channel(in_flight);
    let sent = HashMap::with_capacity(in_flight);
    let mut pipeline = Pipeline { attempts: &caller.attempts, requests, sent };
    for _ in 0..in_flight {
        pipeline.send(clock::now())?;
    }
    let mut client = DecisionServiceClient::new(caller.channel.clone());
    let mut answers = client.evaluate_stream(ReceiverStream::new(receiver)).await?.into_inner();
    while !pipeline.sent.is_empty() {
        let answer =
            answers.message().await?.ok_or_else(|| Status::aborted("stream ended early"))?;
        let answered_at = clock::now();
        pipeline.receive(&answer, answered_at, &mut caller.tally);
        if answered_at < caller.end {
            pipeline.send(answered_at)?;
        }
    }
    drop(pipeline);
    match answers.message().await? {
        None => Ok(()),
        Some(answer) => Err(Status::aborted(format!("`{}` answered twice", answer.event_id))),
    }
}

struct Pipeline<'a> {
    attempts: &'a Attempts,
    requests: mpsc::Sender<EvaluateStreamRequest>,
    /// When the unanswered attempts were sent, by event id.
    sent: HashMap<String, Instant>,
}

impl Pipeline<'_> {
    fn send(&mut self, now: Instant) -> Result<(), Status> {
        let attempt = self.attempts.take();
        self.sent.insert(attempt.event_id.clone(), now);
        self.requests
            .try_send(EvaluateStreamRequest { attempt: Some(attempt) })
            .map_err(|error| Status::aborted(format!("request stream: {error}")))
    }

    fn receive(&mut self, answer: &EvaluateStreamResponse, now: Instant, tally: &mut Tally) {
        let event_id = &answer.event_id;
        let Some(sent_at) = self.sent.remove(event_id) else {
            return tally.fail(format!("`{event_id}` was not asked or answered twice"));
        };
        let checked = match &answer.answer {
            Some(Answer::Decision(decision)) => check(event_id, Some(decision), answer.duplicate),
            Some(Answer::Refusal(refusal)) => Err(format!("refused: {}", refusal.message)),
            None => check(event_id, None, answer.duplicate),
        };
        tally.sample(answer);
        tally.count(now - sent_at, checked);
    }
}
