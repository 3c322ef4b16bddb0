//! One call for each attempt.

use std::time::Instant;

use doorward::wire::EvaluateRequest;
use doorward::wire::decision_service_client::DecisionServiceClient;
use tonic::Response;
use tonic::transport::Channel;

use crate::clock;
use crate::round::Caller;
use crate::tally::{Tally, check};

/// Calls again as soon as the answer is there, until the end.
pub(crate) async fn call(mut caller: Caller) -> Tally {
    let mut client = DecisionServiceClient::new(caller.channel.clone());
    while one(&mut client, &mut caller).await < caller.end {}
    caller.tally
}

/// Sends one attempt and tells when the answer came.
async fn one(client: &mut DecisionServiceClient<Channel>, caller: &mut Caller) -> Instant {
    let attempt = caller.attempts.take();
    let event_id = attempt.event_id.clone();
    let sent_at = clock::now();
    let answer = client.evaluate(EvaluateRequest { attempt: Some(attempt) }).await;
    let answered_at = clock::now();
    match answer.map(Response::into_inner) {
        Ok(answer) => {
            let checked = check(&event_id, answer.decision.as_ref(), answer.duplicate);
            caller.tally.sample(&answer);
            caller.tally.count(answered_at - sent_at, checked);
        }
        Err(status) => caller.tally.fail(status.to_string()),
    }
    answered_at
}
