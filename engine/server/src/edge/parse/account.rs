//! What became of an account.

use doorward_core::event::{AccountChange, AccountChangeKind, ID_BYTES_MAX, Id};
use doorward_core::time::Timestamp;

use super::NOTE_BYTES_MAX;
use super::attempt::tenant;
use super::field;
use super::violations::{Violations, quote};
use crate::wire;
use crate::wire::account_change::Kind;

/// Reads a change of an account that arrived at `now`.
///
/// # Errors
/// Every field that breaks a rule of the contract.
pub fn account_change(
    sent: Option<&wire::AccountChange>,
    now: Timestamp,
) -> Result<AccountChange, Violations> {
    Violations::none_in("change", sent, |sent, violations| fields(sent, now, violations))
}

/// `None` only with a violation.
fn fields(
    sent: &wire::AccountChange,
    now: Timestamp,
    violations: &mut Violations,
) -> Option<AccountChange> {
    let event_id = field::required("change.event_id", &sent.event_id, ID_BYTES_MAX, violations);
    let occurred_at = field::occurred_at("change.occurred_at", sent.occurred_at, now, violations);
    let tenant = tenant("change.tenant", &sent.tenant, violations);
    let user = field::required("change.user_id", &sent.user_id, ID_BYTES_MAX, violations);
    let kind = kind(sent, violations);
    field::text::<NOTE_BYTES_MAX>("change.note", &sent.note, NOTE_BYTES_MAX, violations);
    Some(AccountChange {
        event_id: event_id?,
        occurred_at,
        tenant: tenant?,
        user: user?,
        kind: kind?,
    })
}

fn kind(sent: &wire::AccountChange, violations: &mut Violations) -> Option<AccountChangeKind> {
    if !matches!(sent.kind(), Kind::Renamed | Kind::Merged) && !sent.other_user_id.is_empty() {
        let text = "is set, but `kind` is neither `KIND_RENAMED` nor `KIND_MERGED`";
        violations.add("change.other_user_id", text);
    }
    match Kind::try_from(sent.kind) {
        Ok(Kind::Renamed) => other(sent, violations).map(AccountChangeKind::Renamed),
        Ok(Kind::Merged) => other(sent, violations).map(AccountChangeKind::Merged),
        Ok(Kind::Purged) => Some(AccountChangeKind::Purged),
        Ok(Kind::Recycled) => Some(AccountChangeKind::Recycled),
        Ok(Kind::Unspecified) => {
            violations.add("change.kind", "must be set");
            None
        }
        Err(_) => {
            violations.add("change.kind", format!("has no value {}", sent.kind));
            None
        }
    }
}

fn other(sent: &wire::AccountChange, violations: &mut Violations) -> Option<Id> {
    if sent.other_user_id == sent.user_id && !sent.user_id.is_empty() {
        let same = format!("is {}, which `user_id` is too", quote(&sent.user_id));
        violations.add("change.other_user_id", same);
        return None;
    }
    field::required("change.other_user_id", &sent.other_user_id, ID_BYTES_MAX, violations)
}
