//! The proof that was given.

use doorward_core::event::{Credential, CredentialResult};

use super::field;
use super::violations::Violations;
use crate::wire;

/// Longest tag of a secret, in bytes.
const SECRET_TAG_BYTES_MAX: usize = 64;

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
    }
}
