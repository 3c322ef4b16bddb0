//! One call for each attempt.

use std::time::Instant;

use http::uri::PathAndQuery;
use tonic::client::Grpc;
use tonic::transport::Channel;
use tonic::{Request, Status};

use crate::codec::{Sized, Unary, Wire};
use crate::messages::Message;
use crate::round::Caller;
use crate::stopwatch;
use crate::tally::check;

const PATH: PathAndQuery = PathAndQuery::from_static("/doorward.v1.DecisionService/Evaluate");

/// Calls again as soon as the answer is there, until the end.
pub(crate) async fn call(mut caller: Caller) -> crate::tally::Tally {
    let mut client = Grpc::new(caller.channel.clone());
    while one(&mut client, &mut caller).await < caller.end {}
    caller.tally
}

/// Sends one attempt and tells when the answer came.
async fn one(client: &mut Grpc<Channel>, caller: &mut Caller) -> Instant {
    let message = caller.messages.take();
    let number = message.number;
    let sent_at = stopwatch::now();
    let answer = send(client, message).await;
    let answered_at = stopwatch::now();
    match answer {
        Ok(Sized { message: Unary { decision, duplicate }, bytes }) => {
            let checked = check(number, decision.as_ref(), duplicate);
            caller.tally.count(answered_at - sent_at, bytes, checked);
        }
        Err(status) => caller.tally.fail(status.to_string()),
    }
    answered_at
}

async fn send(client: &mut Grpc<Channel>, message: Message) -> Result<Sized<Unary>, Status> {
    client.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
    let answer = client.unary(Request::new(message.bytes), PATH, Wire::new()).await?;
    Ok(answer.into_inner())
}
