//! The service as tonic calls it.

use std::sync::Arc;

use tokio::sync::watch;
use tonic::{Request, Response, Status, Streaming};

use super::answers::{Answers, Ends};
use super::deadline::Left;
use crate::desk::Desk;
use crate::wire;
use crate::wire::answered::decision_service_server::DecisionService;
use crate::wire::asked;

/// Hands calls to the desk: all but `Evaluate`, which does not come this way.
#[derive(Clone)]
pub(super) struct Decisions {
    desk: Arc<Desk>,
    closing: watch::Sender<bool>,
}

impl Decisions {
    /// Streams end when `closing` turns true.
    pub(super) fn new(desk: Arc<Desk>, closing: watch::Sender<bool>) -> Self {
        Self { desk, closing }
    }
}

#[tonic::async_trait]
impl DecisionService for Decisions {
    type EvaluateStreamStream = Answers;

    async fn evaluate_stream(
        &self,
        request: Request<Streaming<asked::EvaluateStreamRequest>>,
    ) -> Result<Response<Answers>, Status> {
        let left = request.extensions().get().and_then(|Left(left)| *left);
        let ends = Ends::new(left, self.closing.subscribe());
        Ok(Response::new(Answers::new(Arc::clone(&self.desk), request.into_inner(), ends)))
    }

    async fn report(
        &self,
        request: Request<wire::ReportRequest>,
    ) -> Result<Response<wire::ReportResponse>, Status> {
        let answer = self.desk.report(request.into_inner())?.await?;
        Ok(Response::new(answer))
    }

    async fn change_account(
        &self,
        request: Request<wire::ChangeAccountRequest>,
    ) -> Result<Response<wire::ChangeAccountResponse>, Status> {
        let answer = self.desk.change_account(request.into_inner())?.await?;
        Ok(Response::new(answer))
    }
}
