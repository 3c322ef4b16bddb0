//! The front: tells gRPC from everything else and hands each to its side.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, Request, Response};
use hyper::body::Incoming;
use tokio::sync::watch;
use tonic::Status;
use tonic::body::Body;
use tonic::server::NamedService;
use tonic::service::Routes;
use tonic_health::ServingStatus;
use tonic_health::server::{HealthReporter, health_reporter};
use tower::{Service, ServiceExt};

use super::connect;
use super::deadline;
use super::decisions::Decisions;
use super::limits::{Limits, MESSAGE_BYTES_MAX};
use super::unary;
use crate::desk::Desk;
use crate::wire;
use crate::wire::answered::decision_service_server::DecisionServiceServer;

type Server = DecisionServiceServer<Decisions>;

/// The path of the one rpc whose calls have no natural end.
const STREAM: &str = "/doorward.v1.DecisionService/EvaluateStream";

/// Answers every request of every connection. Cloning is cheap.
#[derive(Clone)]
pub struct Front(Arc<Parts>);

struct Parts {
    desk: Arc<Desk>,
    decisions: Server,
    others: Routes,
    health: HealthReporter,
    closing: watch::Sender<bool>,
    call: Duration,
}

impl Front {
    /// A front whose answers come from `desk`. Health is "serving" from here to the stop.
    ///
    /// # Errors
    /// None that can happen once the build has passed: the descriptors were compiled with it.
    pub async fn open(
        desk: Arc<Desk>,
        limits: Limits,
    ) -> Result<Self, tonic_reflection::server::Error> {
        let (closing, _) = watch::channel(false);
        let decisions = Server::new(Decisions::new(Arc::clone(&desk), closing.clone()))
            .max_decoding_message_size(MESSAGE_BYTES_MAX);
        let (health, health_server) = health_reporter();
        health.set_serving::<Server>().await;
        let reflection = tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(wire::DESCRIPTORS)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            .build_v1()?;
        let others = Routes::new(health_server).add_service(reflection).prepare();
        let call = limits.call;
        Ok(Self(Arc::new(Parts { desk, decisions, others, health, closing, call })))
    }

    /// Tells those who watch our health to go elsewhere, and streams to come to their end.
    pub(super) async fn close(&self) {
        self.0.closing.send_replace(true);
        for service in ["", Server::NAME] {
            self.0.health.set_service_status(service, ServingStatus::NotServing).await;
        }
    }

    /// Every unary call ends within [`Limits::call`]; a stream lives as long as its caller says.
    async fn grpc(self, mut request: Request<Incoming>) -> Response<Body> {
        let left = match deadline::grpc(request.headers()) {
            Ok(left) => left,
            Err(status) => return status.into_http(),
        };
        let Parts { desk, decisions, others, call, .. } = &*self.0;
        let path = request.uri().path();
        if path == STREAM {
            request.extensions_mut().insert(deadline::Left(left));
            return infallible(decisions.clone().call(request).await);
        }
        let ours = path.strip_prefix('/').is_some_and(|path| path.starts_with(Server::NAME));
        let left = left.map_or(*call, |left| left.min(*call));
        if path == unary::PATH {
            let answer = deadline::within(left, unary::evaluate(desk, request)).await;
            return answer.flatten().unwrap_or_else(Status::into_http);
        }
        let answer = async {
            match ours {
                true => infallible(decisions.clone().call(request).await),
                false => infallible(others.clone().oneshot(request).await),
            }
        };
        deadline::within(left, answer).await.unwrap_or_else(Status::into_http)
    }
}

fn infallible<T>(result: Result<T, Infallible>) -> T {
    match result {
        Ok(answer) => answer,
        Err(never) => match never {},
    }
}

/// `application/grpc`, alone or with a codec, but not gRPC-Web.
fn speaks_grpc(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map(http::HeaderValue::as_bytes);
    let rest = kind.and_then(|kind| kind.strip_prefix(b"application/grpc"));
    rest.is_some_and(|rest| matches!(rest.first(), None | Some(b'+' | b';')))
}

impl hyper::service::Service<Request<Incoming>> for Front {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        if speaks_grpc(request.headers()) {
            let front = self.clone();
            return Box::pin(async move { Ok(front.grpc(request).await) });
        }
        let Self(parts) = self.clone();
        Box::pin(async move { Ok(connect::answer(&parts.desk, request, parts.call).await) })
    }
}
