//! The stock echo: tonic as its first example starts it, answering everything with one decision.

use std::error::Error;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::LazyLock;

use doorward::wire::decision_service_server::{DecisionService, DecisionServiceServer};
use doorward::wire::evaluate_stream_response::Answer;
use doorward::wire::{
    Attempt, ChangeAccountRequest, ChangeAccountResponse, Decision, EvaluateRequest,
    EvaluateResponse, EvaluateStreamRequest, EvaluateStreamResponse, ReportRequest, ReportResponse,
};
use tokio_stream::{Stream, StreamExt};
use tonic::transport::Server;
use tonic::{Request, Response, Status, Streaming};

/// Echoes at `address` until the process is ended.
pub(crate) async fn serve(address: SocketAddr) -> Result<(), Box<dyn Error>> {
    Server::builder().add_service(DecisionServiceServer::new(Echo)).serve(address).await?;
    Ok(())
}

struct Echo;

#[tonic::async_trait]
impl DecisionService for Echo {
    async fn evaluate(
        &self,
        request: Request<EvaluateRequest>,
    ) -> Result<Response<EvaluateResponse>, Status> {
        let decision = decision(event_id(request.into_inner().attempt));
        Ok(Response::new(EvaluateResponse { decision, duplicate: false }))
    }

    type EvaluateStreamStream =
        Pin<Box<dyn Stream<Item = Result<EvaluateStreamResponse, Status>> + Send>>;

    async fn evaluate_stream(
        &self,
        request: Request<Streaming<EvaluateStreamRequest>>,
    ) -> Result<Response<Self::EvaluateStreamStream>, Status> {
        let answers = request.into_inner().map(|request| {
            let event_id = event_id(request?.attempt);
            let answer = decision(event_id.clone()).map(Answer::Decision);
            Ok(EvaluateStreamResponse { event_id, answer, duplicate: false })
        });
        Ok(Response::new(Box::pin(answers)))
    }

    async fn report(&self, _: Request<ReportRequest>) -> Result<Response<ReportResponse>, Status> {
        Err(attempts_only())
    }

    async fn change_account(
        &self,
        _: Request<ChangeAccountRequest>,
    ) -> Result<Response<ChangeAccountResponse>, Status> {
        Err(attempts_only())
    }
}

fn attempts_only() -> Status {
    Status::unimplemented("the echo takes attempts only")
}

fn event_id(attempt: Option<Attempt>) -> String {
    attempt.map(|attempt| attempt.event_id).unwrap_or_default()
}

/// What Doorward answers to an ordinary sign-in of the sequence.
static ANSWER: LazyLock<Result<Decision, serde_json::Error>> =
    LazyLock::new(|| serde_json::from_str(include_str!("answer.json")));

fn decision(event_id: String) -> Option<Decision> {
    let answer = ANSWER.as_ref().ok()?;
    Some(Decision { event_id, ..answer.clone() })
}
