//! Errors as the Connect protocol writes them, from the same status that gRPC sends.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use http::header::{ALLOW, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use http_body_util::Full;
use prost::Message as _;
use serde_json::{Value, json};
use tonic::body::Body;
use tonic::{Code, Status};
use tonic_types::{ErrorDetail, StatusExt as _};

/// Why a call failed.
pub(super) enum Failure {
    /// As gRPC would say it.
    Status(Status),
    /// The path names no unary call.
    Path(&'static str),
    /// The method is not POST.
    Method,
    /// The body is in no format that we read.
    ContentType,
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        Self::Status(status)
    }
}

impl Failure {
    /// The answer. What HTTP alone can tell has its own status and, where it helps, a header.
    pub(super) fn response(self) -> Response<Body> {
        let (status, http, header) = match self {
            Self::Status(status) => (status, None, None),
            Self::Path(hint) => (Status::unimplemented(hint), Some(StatusCode::NOT_FOUND), None),
            Self::Method => (
                Status::unimplemented("calls are sent with POST"),
                Some(StatusCode::METHOD_NOT_ALLOWED),
                Some((ALLOW, HeaderValue::from_static("POST"))),
            ),
            Self::ContentType => (
                Status::unknown(format!("the content type must be one of {CONTENT_TYPES}")),
                Some(StatusCode::UNSUPPORTED_MEDIA_TYPE),
                Some((ACCEPT_POST, HeaderValue::from_static(CONTENT_TYPES))),
            ),
        };
        let mut answer = response(&status);
        *answer.status_mut() = http.unwrap_or(answer.status());
        answer.headers_mut().extend(header);
        answer
    }
}

/// The content types of the two codecs.
const CONTENT_TYPES: &str = "application/json, application/proto";
const ACCEPT_POST: HeaderName = HeaderName::from_static("accept-post");

fn response(status: &Status) -> Response<Body> {
    let (code, http) = words(status.code());
    let body = match details(status) {
        details if details.is_empty() => json!({"code": code, "message": status.message()}),
        details => json!({"code": code, "message": status.message(), "details": details}),
    };
    let mut answer = Response::new(Body::new(Full::from(body.to_string())));
    *answer.status_mut() = http;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

/// Every detail twice: encoded for programs, and readable under `debug`.
fn details(status: &Status) -> Vec<Value> {
    let encoded = tonic_types::Status::decode(status.details()).unwrap_or_default().details;
    let readable = status.get_error_details_vec();
    let detail = |(any, detail): (&prost_types::Any, ErrorDetail)| {
        let kind = any.type_url.rsplit('/').next().unwrap_or_default();
        let value = STANDARD_NO_PAD.encode(&any.value);
        json!({"type": kind, "value": value, "debug": debug(detail)})
    };
    encoded.iter().zip(readable).map(detail).collect()
}

/// The JSON form of the details that [`Refusal`](crate::edge::Refusal) gives.
fn debug(detail: ErrorDetail) -> Value {
    match detail {
        ErrorDetail::BadRequest(bad) => {
            let fields = bad.field_violations.iter();
            let violation = |violation: &tonic_types::FieldViolation| json!({"field": violation.field, "description": violation.description});
            json!({"fieldViolations": fields.map(violation).collect::<Vec<_>>()})
        }
        ErrorDetail::RetryInfo(retry) => {
            let delay = retry.retry_delay.map(crate::wire::google::Duration::from);
            json!({"retryDelay": delay.map(|delay| delay.to_string())})
        }
        // Theirs, not ours: more kinds exist, and none of them is given.
        _ => Value::Null,
    }
}

/// The protocol's word and HTTP status for a code.
fn words(code: Code) -> (&'static str, StatusCode) {
    match code {
        Code::Ok | Code::Unknown => ("unknown", StatusCode::INTERNAL_SERVER_ERROR),
        Code::Cancelled => ("canceled", client_closed_request()),
        Code::InvalidArgument => ("invalid_argument", StatusCode::BAD_REQUEST),
        Code::DeadlineExceeded => ("deadline_exceeded", StatusCode::GATEWAY_TIMEOUT),
        Code::NotFound => ("not_found", StatusCode::NOT_FOUND),
        Code::AlreadyExists => ("already_exists", StatusCode::CONFLICT),
        Code::PermissionDenied => ("permission_denied", StatusCode::FORBIDDEN),
        Code::ResourceExhausted => ("resource_exhausted", StatusCode::TOO_MANY_REQUESTS),
        Code::FailedPrecondition => ("failed_precondition", StatusCode::BAD_REQUEST),
        Code::Aborted => ("aborted", StatusCode::CONFLICT),
        Code::OutOfRange => ("out_of_range", StatusCode::BAD_REQUEST),
        Code::Unimplemented => ("unimplemented", StatusCode::NOT_IMPLEMENTED),
        Code::Internal => ("internal", StatusCode::INTERNAL_SERVER_ERROR),
        Code::Unavailable => ("unavailable", StatusCode::SERVICE_UNAVAILABLE),
        Code::DataLoss => ("data_loss", StatusCode::INTERNAL_SERVER_ERROR),
        Code::Unauthenticated => ("unauthenticated", StatusCode::UNAUTHORIZED),
    }
}

/// 499, which no standard names.
fn client_closed_request() -> StatusCode {
    StatusCode::from_u16(499).unwrap_or(StatusCode::BAD_REQUEST)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http_body_util::BodyExt as _;

    use super::*;
    use crate::edge::Refusal;

    #[tokio::test]
    async fn a_delay_can_be_read_and_decoded() {
        let refusal = Refusal::Unavailable { retry_after: Duration::from_millis(250) };
        let answer = Failure::from(Status::from(refusal)).response();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["code"], "unavailable");
        assert_eq!(body["details"][0]["type"], "google.rpc.RetryInfo");
        assert_eq!(body["details"][0]["debug"]["retryDelay"], "0.250s");
        // Field 1 (retry_delay), 5 bytes, field 2 of it (nanos): 250,000,000.
        assert_eq!(body["details"][0]["value"], "CgUQgOWadw");
    }
}
