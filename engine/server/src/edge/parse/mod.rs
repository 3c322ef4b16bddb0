//! Bytes become events here: an `Attempt`, a `Report` or an `AccountChange` that exists is valid.
//!
//! Every rule that a comment in `proto/` states on a field is checked, and every violation is
//! named, not only the first.

mod account;
mod attempt;
mod client;
mod contact;
mod credential;
mod field;
mod outcome;
mod score;
mod session;
mod transaction;
mod violations;

pub use account::account_change;
pub use attempt::{attempt, decoded};
pub use field::AHEAD_MS_MAX;
pub use outcome::{About, Report, report};
pub use violations::Violations;

/// The tenant of an event that names none.
pub const TENANT_DEFAULT: &str = "default";
/// Longest name of a tenant, in bytes.
pub const TENANT_BYTES_MAX: usize = 64;
/// Longest remark, in bytes.
const NOTE_BYTES_MAX: usize = 512;
