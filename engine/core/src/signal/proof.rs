//! Signals of proofs that may have left the hands they were given into: authenticators and sessions.

use super::event::{age, flag, given, row, text};
use super::{Seen, Signal};
use crate::address::{Network, bogus};
use crate::agent::Agent;
use crate::event::{Authenticator, Method, SessionStart};
use crate::value::{Cause, Reading, Type, Value};

pub(super) const SIGNALS: &[Signal] = &[
    row("authenticator", Type::Text, "The model (AAGUID) of the authenticator.", |seen| {
        authenticator(seen, |it| text(it.aaguid.as_ref()))
    }),
    row(
        "authenticator.age",
        Type::Duration,
        "How long the authenticator has been registered with the account.",
        |seen| authenticator(seen, |it| age(seen, it.registered_at)),
    ),
    row(
        "authenticator.count_regressed",
        Type::Bool,
        "Its signature counter did not grow: there are two of it (WebAuthn Level 3, 6.1.1).",
        |seen| authenticator(seen, count_regressed),
    ),
    row(
        "authenticator.backup_changed",
        Type::Bool,
        "Its credential is backed up and was not before, or the other way round.",
        |seen| authenticator(seen, |it| differ(it.backed_up, it.backed_up_stored)),
    ),
    row(
        "authenticator.eligibility_changed",
        Type::Bool,
        "Its credential may be backed up and might not before, or the other way round, which honest ones never do.",
        |seen| authenticator(seen, |it| differ(it.backup_eligible, it.backup_eligible_stored)),
    ),
    row(
        "authenticator.user_verified",
        Type::Bool,
        "It verified the person, by a PIN or a finger.",
        |seen| authenticator(seen, |it| flag(it.user_verified)),
    ),
    row(
        "session.token_reused",
        Type::Bool,
        "The refresh token was exchanged for a newer one before.",
        |seen| flag(seen.attempt.session.as_ref().and_then(|session| session.token_reused)),
    ),
    row(
        "session.subnet_changed",
        Type::Bool,
        "The session began in another subnet; in a neutral network never true.",
        subnet_changed,
    ),
    row(
        "session.asn_changed",
        Type::Bool,
        "The session began in another autonomous system.",
        |seen| {
            let now = seen.enrichment.network.as_ref().map(|network| network.asn);
            changed(seen, |start| start.asn, now.map_err(|cause| *cause))
        },
    ),
    row("session.country_changed", Type::Bool, "The session began in another country.", |seen| {
        let place = seen.enrichment.place.as_ref().map_err(|cause| *cause);
        let now = place.and_then(|place| place.country.ok_or(Cause::LookupFailed));
        changed(seen, |start| start.country, now)
    }),
    row(
        "session.ja4_changed",
        Type::Bool,
        "The session began with another fingerprint of the TLS hello.",
        |seen| {
            let now = seen.attempt.client.ja4.as_ref().ok_or(Cause::MissingInput);
            changed(seen, |start| start.ja4.as_ref(), now)
        },
    ),
    row(
        "session.agent_changed",
        Type::Bool,
        "The session began with other software: another agent family, system or kind of device.",
        agent_changed,
    ),
    row("session.device_changed", Type::Bool, "The session began on another device.", |seen| {
        let now = seen.attempt.device.id.as_ref().ok_or(Cause::MissingInput);
        changed(seen, |start| start.device_id.as_ref(), now)
    }),
];

/// Where no method has an authenticator, nothing about one is missing.
fn authenticator(seen: &Seen<'_>, read: impl Fn(&Authenticator) -> Reading) -> Reading {
    let credential = &seen.attempt.credential;
    match (&credential.authenticator, credential.method) {
        (Some(authenticator), _) => read(authenticator),
        (None, Some(Method::Passkey | Method::HardwareKey)) => {
            Reading::Unknown(Cause::MissingInput)
        }
        (None, Some(_) | None) => Reading::Unknown(Cause::NotApplicable),
    }
}

/// One that does not count tells nothing.
fn count_regressed(authenticator: &Authenticator) -> Reading {
    match authenticator.sign_count.zip(authenticator.sign_count_stored) {
        Some((0, 0)) => Reading::Unknown(Cause::NotApplicable),
        Some((now, stored)) => Reading::Known(Value::Bool(now <= stored)),
        None => Reading::Unknown(Cause::MissingInput),
    }
}

fn differ<T: PartialEq>(now: Option<T>, before: Option<T>) -> Reading {
    given(now.zip(before).map(|(now, before)| Value::Bool(now != before)))
}

fn start<'a>(seen: &Seen<'a>) -> Result<&'a SessionStart, Cause> {
    let session = seen.attempt.session.as_ref();
    session.and_then(|session| session.start.as_deref()).ok_or(Cause::MissingInput)
}

/// Whether what the session began with is not what is there now. Asks for the beginning first: most callers do not
/// tell it.
fn changed<'a, T: PartialEq>(
    seen: &Seen<'a>,
    before: impl Fn(&'a SessionStart) -> Option<T>,
    now: Result<T, Cause>,
) -> Reading {
    let before = start(seen).and_then(|start| before(start).ok_or(Cause::MissingInput));
    before.and_then(|before| now.map(|now| Value::Bool(now != before))).into()
}

fn subnet_changed(seen: &Seen<'_>) -> Reading {
    let public = |address: &std::net::IpAddr| !bogus(*address);
    let now = seen.attempt.client.address.filter(public).map(Network::subnet);
    let before = |start: &SessionStart| start.address.filter(public).map(Network::subnet);
    let reading = changed(seen, before, now.ok_or(Cause::MissingInput));
    let neutral = seen.enrichment.classes.neutral() == Ok(true);
    if neutral && reading == Reading::Known(Value::Bool(true)) {
        return Reading::Unknown(Cause::Excluded);
    }
    reading
}

fn agent_changed(seen: &Seen<'_>) -> Reading {
    let features = |agent: &Agent| (agent.family, agent.os, agent.device);
    let now = seen.enrichment.agent.as_ref().map(features).map_err(|cause| *cause);
    let parsed =
        |start: &SessionStart| start.user_agent.as_ref().map(|text| Agent::parse(text.as_str()));
    changed(seen, |start| parsed(start).as_ref().map(features), now)
}
