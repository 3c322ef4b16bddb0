//! The authenticator of a proof, and where a session began.

use doorward_core::event::{Authenticator, SessionStart};

use super::text;
use crate::wire;

pub(super) fn authenticator(authenticator: &Authenticator) -> wire::Authenticator {
    wire::Authenticator {
        aaguid: text(authenticator.aaguid.as_ref()),
        registered_at: authenticator.registered_at.map(Into::into),
        sign_count: authenticator.sign_count,
        sign_count_stored: authenticator.sign_count_stored,
        backed_up: authenticator.backed_up,
        backed_up_stored: authenticator.backed_up_stored,
        backup_eligible: authenticator.backup_eligible,
        backup_eligible_stored: authenticator.backup_eligible_stored,
        user_verified: authenticator.user_verified,
    }
}

pub(super) fn start(start: &SessionStart) -> wire::SessionStart {
    wire::SessionStart {
        address: start.address.map(|address| address.to_string()).unwrap_or_default(),
        asn: start.asn.unwrap_or_default(),
        country: start.country.map(|country| country.to_string()).unwrap_or_default(),
        ja4: text(start.ja4.as_ref()),
        user_agent: text(start.user_agent.as_ref()),
        device_id: text(start.device_id.as_ref()),
    }
}
