//! Signals that tell who else signs in from the attempt's address.

use super::{Origin, Read, Seen, Signal};
use crate::egress::{Regulars, USERS_MAX};
use crate::value::{Cause, Type, Value};

/// Users that make an address more than a household.
const SHARED_USERS_MIN: u32 = 8;
/// The share of good attempts without which an address is not that of ordinary people, who mistype one time in ten.
const SHARED_SUCCESS_MIN: f64 = 0.8;

const _: () = {
    // The texts below say these numbers to analysts.
    assert!(USERS_MAX == 32);
    assert!(SHARED_USERS_MIN == 8);
};

const fn row(name: &'static str, kind: Type, doc: &'static str, read: Read) -> Signal {
    Signal { name, kind, origin: Origin::Egress, doc, read }
}

pub(super) const SIGNALS: &[Signal] = &[
    row(
        "ip.trusted_users",
        Type::Int,
        "How many users had a trusted login from this address in about a month; 32 is 32 or more.",
        |seen| regulars(seen).map(|regulars| Value::Int(i64::from(regulars.users))).into(),
    ),
    row(
        "ip.success_share",
        Type::Ratio,
        "The share of trusted logins among these and all failures from this address in about a month.",
        |seen| success_share(seen).map(Value::Ratio).into(),
    ),
    row(
        "net.shared",
        Type::Bool,
        "The address is one that many people share, an office or a carrier: at least 8 users with a trusted login in about a month, and at most one attempt in five failed.",
        |seen| shared(seen).map(Value::Bool).into(),
    ),
];

fn regulars<'a>(seen: &Seen<'a>) -> Result<&'a Regulars, Cause> {
    seen.regulars.ok_or(Cause::MissingInput)
}

fn success_share(seen: &Seen<'_>) -> Result<f64, Cause> {
    regulars(seen)?.success_share.ok_or(Cause::NoHistory)
}

/// An address without any history is nobody's office.
fn shared(seen: &Seen<'_>) -> Result<bool, Cause> {
    let Regulars { users, success_share } = *regulars(seen)?;
    let succeeds = success_share.is_some_and(|share| share >= SHARED_SUCCESS_MIN);
    Ok(users >= SHARED_USERS_MIN && succeeds)
}
