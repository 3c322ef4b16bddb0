//! The proof that was given.

use doorward_core::event::{Authenticator, Credential, CredentialResult};

use super::field;
use super::violations::Violations;
use crate::wire;

/// Longest tag of a secret, in bytes.
const SECRET_TAG_BYTES_MAX: usize = 64;
/// Longest name of a model of authenticators, in bytes.
const AAGUID_BYTES_MAX: usize = 64;

/// A credential that is absent reads as one that says nothing: not checked yet.
pub(super) fn credential(
    sent: Option<&wire::Credential>,
    violations: &mut Violations,
) -> Credential {
    let unchecked = Some(CredentialResult::NotChecked);
    let Some(sent) = sent else {
        return Credential { result: unchecked, ..Credential::default() };
    };
    let method =
        field::word::<wire::Method, _>("attempt.credential.method", sent.method, violations);
    let result = field::word::<wire::credential::Result, _>(
        "attempt.credential.result",
        sent.result,
        violations,
    );
    let failure =
        field::word::<wire::Failure, _>("attempt.credential.failure", sent.failure, violations);
    if sent.failure != 0 && result != Some(CredentialResult::Wrong) {
        violations.add("attempt.credential.failure", "is set, but `result` is not `RESULT_WRONG`");
    }
    let tag = &sent.secret_tag;
    Credential {
        method,
        result: result.or(unchecked),
        failure,
        secret_tag: field::text(
            "attempt.credential.secret_tag",
            tag,
            SECRET_TAG_BYTES_MAX,
            violations,
        ),
        breached: sent.breached,
        authenticator: sent
            .authenticator
            .as_ref()
            .map(|sent| Box::new(authenticator(sent, violations))),
    }
}

fn authenticator(sent: &wire::Authenticator, violations: &mut Violations) -> Authenticator {
    Authenticator {
        aaguid: field::text(
            "attempt.credential.authenticator.aaguid",
            &sent.aaguid,
            AAGUID_BYTES_MAX,
            violations,
        ),
        registered_at: field::time(
            "attempt.credential.authenticator.registered_at",
            sent.registered_at,
            violations,
        ),
        sign_count: sent.sign_count,
        sign_count_stored: sent.sign_count_stored,
        backed_up: sent.backed_up,
        backed_up_stored: sent.backed_up_stored,
        backup_eligible: sent.backup_eligible,
        backup_eligible_stored: sent.backup_eligible_stored,
        user_verified: sent.user_verified,
    }
}
