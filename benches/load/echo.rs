//! The stock echo: tonic as its first example starts it, answering everything with one decision.

use std::error::Error;
use std::net::SocketAddr;
use std::pin::Pin;

use doorward::wire::decision_service_server::{DecisionService, DecisionServiceServer};
use doorward::wire::evaluate_stream_response::Answer;
use doorward::wire::google::{Duration, Timestamp};
use doorward::wire::{
    Attempt, Cause, DataVersion, Decision, EvaluateRequest, EvaluateResponse,
    EvaluateStreamRequest, EvaluateStreamResponse, Level, PolicyVersion, ReportRequest,
    ReportResponse, Unknown, Verdict,
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
        let decision = Some(decision(event_id(request.into_inner().attempt)));
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
            let answer = Some(Answer::Decision(decision(event_id.clone())));
            Ok(EvaluateStreamResponse { event_id, answer, duplicate: false })
        });
        Ok(Response::new(Box::pin(answers)))
    }

    async fn report(&self, _: Request<ReportRequest>) -> Result<Response<ReportResponse>, Status> {
        Err(Status::unimplemented("the echo takes attempts only"))
    }
}

fn event_id(attempt: Option<Attempt>) -> String {
    attempt.map(|attempt| attempt.event_id).unwrap_or_default()
}

/// As large as a decision on an ordinary sign-in, about 300 bytes.
fn decision(event_id: String) -> Decision {
    let unknown = |name: &str, rule: &str| Unknown {
        name: name.to_owned(),
        cause: Cause::NoHistory.into(),
        rules: vec![rule.to_owned()],
    };
    let data = |name: &str, version: &str| DataVersion {
        name: name.to_owned(),
        version: version.to_owned(),
    };
    Decision {
        decision_id: "019a9d3c-5b0e-7c41-9d0a-3f2b6c1e8d57".to_owned(),
        event_id,
        verdict: Verdict::Allow.into(),
        score: 5,
        level: Level::Low.into(),
        attempts_remaining: Some(100),
        policy: Some(PolicyVersion {
            name: "rules".to_owned(),
            version: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        }),
        unknowns: vec![
            unknown("travel.speed_min", "travel.impossible"),
            unknown("hour.unusual", "habit.hour"),
        ],
        data_versions: vec![data("place", "2026-11-01"), data("asn", "2026-11-01")],
        decided_at: Some(Timestamp { seconds: 1_795_000_000, nanos: 123_000_000 }),
        time_taken: Some(Duration { seconds: 0, nanos: 41_000 }),
        ..Decision::default()
    }
}
