//! The answers of one stream: decided as requests come in, answered as records reach the disk.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::Stream;
use tokio::sync::watch;
use tokio::time::{Sleep, sleep};
use tonic::{Status, Streaming};

use super::deadline;
use super::limits::PIPELINE_MAX;
use super::parse;
use super::refusal::Refusal;
use crate::desk::{Desk, Pending};
use crate::wire;
use crate::wire::answered::{EvaluateResponse, EvaluateStreamResponse};
use crate::wire::asked;

/// Takes a request as soon as it is there and decides on it at once; only answers wait.
///
/// Records reach the disk in the order of their requests, so waiting for the oldest is waiting for
/// all: the rest of its batch is ready when it is.
pub(super) struct Answers {
    desk: Arc<Desk>,
    /// `None` once the caller has said its last word.
    requests: Option<Streaming<asked::EvaluateStreamRequest>>,
    waiting: VecDeque<Waiting>,
    ends: Ends,
    /// How the stream ends once nothing waits any more.
    end: Option<Status>,
}

/// An attempt whose answer is due.
struct Waiting {
    event_id: String,
    outcome: Result<Pending<EvaluateResponse>, Refusal>,
}

impl Answers {
    pub(super) fn new(
        desk: Arc<Desk>,
        requests: Streaming<asked::EvaluateStreamRequest>,
        ends: Ends,
    ) -> Self {
        Self { desk, requests: Some(requests), waiting: VecDeque::new(), ends, end: None }
    }

    /// Decides on what has arrived, as far as there is room.
    fn take(&mut self, context: &mut Context<'_>) {
        while let Some(requests) = &mut self.requests
            && self.waiting.len() < PIPELINE_MAX
        {
            match Pin::new(requests).poll_next(context) {
                Poll::Pending => return,
                Poll::Ready(Some(Ok(request))) => self.waiting.push_back(self.start(request)),
                Poll::Ready(Some(Err(status))) => self.close(Some(status)),
                Poll::Ready(None) => self.close(None),
            }
        }
    }

    fn start(&self, request: asked::EvaluateStreamRequest) -> Waiting {
        match parse::decoded(request.attempt) {
            Ok(attempt) => {
                let event_id = attempt.as_ref().map(|attempt| attempt.event_id.clone());
                let outcome = self.desk.evaluate(wire::EvaluateRequest { attempt });
                Waiting { event_id: event_id.unwrap_or_default(), outcome }
            }
            Err(violations) => Waiting { event_id: String::new(), outcome: Err(violations.into()) },
        }
    }

    /// Takes nothing more.
    fn close(&mut self, end: Option<Status>) {
        self.requests = None;
        self.end = end;
    }

    /// Ends the stream if it is time to: at its deadline at once, for our stop once all that was
    /// taken is answered.
    fn check_ends(&mut self, context: &mut Context<'_>) {
        let deadline = self.ends.deadline.as_mut();
        if deadline.is_some_and(|deadline| deadline.as_mut().poll(context).is_ready()) {
            self.ends.deadline = None;
            self.waiting.clear();
            self.close(Some(deadline::expired()));
        } else if self.requests.is_some() && self.ends.closing.as_mut().poll(context).is_ready() {
            let text = "the service is stopping, send what was not answered again";
            self.close(Some(Status::unavailable(text)));
        }
    }
}

/// What ends a stream besides its caller.
pub(super) struct Ends {
    /// `None` without one, or once it has passed.
    deadline: Option<Pin<Box<Sleep>>>,
    closing: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Ends {
    /// The caller's deadline, if it has one, and `closing` turning true.
    pub(super) fn new(left: Option<Duration>, mut closing: watch::Receiver<bool>) -> Self {
        let closing = async move { drop(closing.wait_for(|closing| *closing).await) };
        Self { deadline: left.map(|left| Box::pin(sleep(left))), closing: Box::pin(closing) }
    }
}

impl Stream for Answers {
    type Item = Result<EvaluateStreamResponse, Status>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.check_ends(context);
        self.take(context);
        if let Some(oldest) = self.waiting.front_mut() {
            let outcome = ready!(oldest.poll(context));
            let event_id = std::mem::take(&mut oldest.event_id);
            self.waiting.pop_front();
            return Poll::Ready(Some(Ok(answer(event_id, outcome))));
        }
        match self.requests {
            Some(_) => Poll::Pending,
            None => Poll::Ready(self.end.take().map(Err)),
        }
    }
}

impl Waiting {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<EvaluateResponse, Refusal>> {
        match &mut self.outcome {
            Ok(pending) => Pin::new(pending).poll(context),
            Err(refusal) => Poll::Ready(Err(refusal.clone())),
        }
    }
}

fn answer(event_id: String, outcome: Result<EvaluateResponse, Refusal>) -> EvaluateStreamResponse {
    let blank = EvaluateStreamResponse { event_id, ..EvaluateStreamResponse::default() };
    match outcome {
        Ok(EvaluateResponse { decision, duplicate }) => {
            EvaluateStreamResponse { decision, duplicate, ..blank }
        }
        Err(refusal) => EvaluateStreamResponse { refusal: Some(refusal.into()), ..blank },
    }
}
