//! Attempts pipelined on one stream.

use std::collections::HashMap;
use std::time::Instant;

use bytes::Bytes;
use http::uri::PathAndQuery;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::client::Grpc;
use tonic::{Request, Status};

use crate::codec::{Sized, Streamed, Wire};
use crate::messages::{Messages, number};
use crate::round::Caller;
use crate::stopwatch;
use crate::tally::{Tally, check};

const PATH: PathAndQuery = PathAndQuery::from_static("/doorward.v1.DecisionService/EvaluateStream");

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
    let mut pipeline = Pipeline { messages: &caller.messages, requests, sent };
    for _ in 0..in_flight {
        pipeline.send(stopwatch::now())?;
    }
    let mut client = Grpc::new(caller.channel.clone());
    client.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
    let requests = Request::new(ReceiverStream::new(receiver));
    let mut answers = client.streaming(requests, PATH, Wire::new()).await?.into_inner();
    while !pipeline.sent.is_empty() {
        let answer =
            answers.message().await?.ok_or_else(|| Status::aborted("stream ended early"))?;
        let answered_at = stopwatch::now();
        pipeline.receive(&answer, answered_at, &mut caller.tally);
        if answered_at < caller.end {
            pipeline.send(answered_at)?;
        }
    }
    drop(pipeline);
    match answers.message().await? {
        None => Ok(()),
        Some(Sized { message, .. }) => {
            Err(Status::aborted(format!("`{}` answered twice", message.event_id)))
        }
    }
}

struct Pipeline<'a> {
    messages: &'a Messages,
    requests: mpsc::Sender<Bytes>,
    /// When the unanswered attempts were sent, by their place in the sequence.
    sent: HashMap<u64, Instant>,
}

impl Pipeline<'_> {
    fn send(&mut self, now: Instant) -> Result<(), Status> {
        let message = self.messages.take();
        self.sent.insert(message.number, now);
        self.requests
            .try_send(message.bytes)
            .map_err(|error| Status::aborted(format!("request stream: {error}")))
    }

    fn receive(&mut self, answer: &Sized<Streamed>, now: Instant, tally: &mut Tally) {
        let Sized { message: Streamed { event_id, decision, refusal, duplicate }, bytes } = answer;
        let sent = number(event_id)
            .and_then(|number| self.sent.remove(&number).map(|sent_at| (number, sent_at)));
        let Some((number, sent_at)) = sent else {
            return tally.fail(format!("`{event_id}` was not asked or answered twice"));
        };
        let checked = match refusal {
            Some(refusal) => Err(format!("refused: {}", refusal.message)),
            None => check(number, decision.as_ref(), *duplicate),
        };
        tally.count(now - sent_at, *bytes, checked);
    }
}
