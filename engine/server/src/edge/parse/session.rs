//! The session in which an attempt is made.

use doorward_core::event::{ID_BYTES_MAX, LABEL_BYTES_MAX, Session};

use super::violations::Violations;
use super::{attempt, field};
use crate::wire;

/// Longest authentication context class, in bytes.
const ACR_BYTES_MAX: usize = 128;
/// Most authentication methods of one session, and the longest of them in bytes.
const AMR_MAX: (usize, usize) = (16, 32);

pub(super) fn session(sent: &wire::Session, violations: &mut Violations) -> Session {
    let provider = &sent.identity_provider;
    Session {
        id: field::text("attempt.session.id", &sent.id, ID_BYTES_MAX, violations),
        started_at: field::time("attempt.session.started_at", sent.started_at, violations),
        acr: field::text("attempt.session.acr", &sent.acr, ACR_BYTES_MAX, violations),
        amr: attempt::list("attempt.session.amr", &sent.amr, AMR_MAX, violations),
        authenticated_at: field::time(
            "attempt.session.authenticated_at",
            sent.authenticated_at,
            violations,
        ),
        identity_provider: field::text(
            "attempt.session.identity_provider",
            provider,
            LABEL_BYTES_MAX,
            violations,
        ),
    }
}
