//! The session in which an attempt is made.

use doorward_core::event::{
    ID_BYTES_MAX, LABEL_BYTES_MAX, Session, SessionStart, USER_AGENT_BYTES_MAX,
};

use super::violations::Violations;
use super::{attempt, client, field};
use crate::wire;

/// Longest authentication context class, in bytes.
const ACR_BYTES_MAX: usize = 128;
/// Most authentication methods of one session, and the longest of them in bytes.
const AMR_MAX: (usize, usize) = (16, 32);

/// Cuts the header that a stranger wrote when the session began.
pub(super) fn tame(sent: &mut wire::Attempt) {
    let session = sent.session.as_mut();
    if let Some(start) = session.and_then(|session| session.start.as_mut()) {
        field::tame(&mut start.user_agent, USER_AGENT_BYTES_MAX);
    }
}

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
        start: sent.start.as_ref().map(|sent| Box::new(start(sent, violations))),
        token_reused: sent.token_reused,
    }
}

fn start(sent: &wire::SessionStart, violations: &mut Violations) -> SessionStart {
    SessionStart {
        address: client::address("attempt.session.start.address", &sent.address, violations),
        asn: Some(sent.asn).filter(|asn| *asn != 0),
        country: field::country("attempt.session.start.country", &sent.country, violations),
        ja4: client::ja4("attempt.session.start.ja4", &sent.ja4, violations),
        user_agent: field::text(
            "attempt.session.start.user_agent",
            &sent.user_agent,
            USER_AGENT_BYTES_MAX,
            violations,
        ),
        device_id: field::text(
            "attempt.session.start.device_id",
            &sent.device_id,
            ID_BYTES_MAX,
            violations,
        ),
    }
}
