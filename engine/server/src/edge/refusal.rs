//! Why a call was refused: one list for gRPC, streams and JSON.

use std::fmt;
use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

use super::parse::Violations;
use crate::wire;

/// Why a call was refused, sorted by who can do something about it. Nothing was counted.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The caller: fields break rules.
    Invalid(Violations),
    /// The caller: the event id was used before with other content.
    AlreadyExists {
        /// The event id, as sent.
        event_id: String,
    },
    /// The caller: an outcome of an attempt that is not on record.
    NotFound {
        /// The decision id or event id that names the attempt.
        attempt: String,
    },
    /// The caller: an account is to have the user id of another.
    Occupied {
        /// The user id, as sent.
        user_id: String,
    },
    /// We: there is no room to record the event now.
    Unavailable {
        /// When the same event may be sent again.
        retry_after: Duration,
    },
}

impl Refusal {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(_) => Code::InvalidArgument,
            Self::AlreadyExists { .. } => Code::AlreadyExists,
            Self::NotFound { .. } => Code::NotFound,
            Self::Occupied { .. } => Code::FailedPrecondition,
            Self::Unavailable { .. } => Code::Unavailable,
        }
    }

    fn violations(&self) -> &[wire::Violation] {
        match self {
            Self::Invalid(violations) => violations.named(),
            Self::AlreadyExists { .. } | Self::NotFound { .. } => &[],
            Self::Occupied { .. } | Self::Unavailable { .. } => &[],
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Unavailable { retry_after } => Some(*retry_after),
            Self::Invalid(_) | Self::AlreadyExists { .. } => None,
            Self::NotFound { .. } | Self::Occupied { .. } => None,
        }
    }
}

/// Says nothing about our insides: what a disk has to say is for the log of the operator.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(violations) => violations.fmt(f),
            Self::AlreadyExists { event_id } => {
                write!(f, "event id `{event_id}` was used before with other content, send a new id")
            }
            Self::NotFound { attempt } => write!(f, "no attempt `{attempt}` is on record"),
            Self::Occupied { user_id } => write!(
                f,
                "an account with trusted logins has the user id `{user_id}` already, first tell what became of that one"
            ),
            Self::Unavailable { .. } => {
                f.write_str("there is no room to record the event now, send the same event again")
            }
        }
    }
}

impl std::error::Error for Refusal {}

impl From<Violations> for Refusal {
    fn from(violations: Violations) -> Self {
        Self::Invalid(violations)
    }
}

/// As a call of its own is refused.
impl From<Refusal> for Status {
    fn from(refusal: Refusal) -> Self {
        let mut details = ErrorDetails::new();
        let violations = refusal.violations();
        if !violations.is_empty() {
            let field = |violation: &wire::Violation| {
                FieldViolation::new(&violation.field, &violation.description)
            };
            details.set_bad_request(violations.iter().map(field).collect::<Vec<_>>());
        }
        if let Some(wait) = refusal.retry_after() {
            details.set_retry_info(Some(wait));
        }
        Self::with_error_details(refusal.code(), refusal.to_string(), details)
    }
}

/// As one attempt of a stream is refused.
impl From<Refusal> for wire::Refusal {
    fn from(refusal: Refusal) -> Self {
        Self {
            code: refusal.code().into(),
            message: refusal.to_string(),
            violations: refusal.violations().to_vec(),
            retry_after: refusal.retry_after().map(Into::into),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_the_same_in_a_stream_and_alone() {
        let wait = Duration::from_millis(250);
        for (refusal, code) in [
            (Refusal::AlreadyExists { event_id: "e1".into() }, Code::AlreadyExists),
            (Refusal::NotFound { attempt: "e1".into() }, Code::NotFound),
            (Refusal::Unavailable { retry_after: wait }, Code::Unavailable),
        ] {
            let (alone, streamed) = (Status::from(refusal.clone()), wire::Refusal::from(refusal));
            assert_eq!((alone.code(), streamed.code), (code, i32::from(code)));
            assert_eq!(alone.message(), streamed.message);
            let retry = alone.get_details_retry_info().and_then(|retry| retry.retry_delay);
            assert_eq!(retry.map(Into::into), streamed.retry_after);
            assert_eq!(retry, (code == Code::Unavailable).then_some(wait));
        }
    }
}
