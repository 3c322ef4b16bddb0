//! What becomes of an account as such, apart from any attempt.

use super::Id;
use crate::time::Timestamp;

/// An event that tells that an account, or the identifier that it is known by, is another from now on.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct AccountChange {
    /// Idempotency key, unique within the tenant.
    pub event_id: Id,
    /// From when on it holds: attempts before it are the account's as it was.
    pub occurred_at: Timestamp,
    /// Whose account it is.
    pub tenant: Id,
    /// The user id before.
    pub user: Id,
    /// What happened.
    pub kind: AccountChangeKind,
}

/// What happened to an account.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum AccountChangeKind {
    /// It has this user id now and keeps its history; whoever has the old id is somebody else.
    Renamed(Id),
    /// It is part of the account with this user id now, which keeps the history of both; either id stands for it.
    Merged(Id),
    /// Its history is to be forgotten; it begins anew.
    Purged,
    /// Its user id belongs to somebody else now.
    Recycled,
}
