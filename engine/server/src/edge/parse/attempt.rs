//! The attempt itself, its user, and what only its caller knows.

use std::collections::BTreeMap;

use bytes::Bytes;
use doorward_core::event::{
    ATTRIBUTE_NAME_BYTES_MAX, ATTRIBUTES_MAX, Attempt, Attribute, Change, ID_BYTES_MAX, Id,
    Journey, LABEL_BYTES_MAX, User,
};
use doorward_core::time::Timestamp;
use prost::Message as _;

use super::violations::{Violations, quote};
use super::{
    TENANT_BYTES_MAX, TENANT_DEFAULT, client, contact, credential, field, score, session,
    transaction,
};
use crate::wire;
use crate::wire::attribute_value::Value;

/// Most purposes on one event.
const PURPOSES_MAX: usize = 16;
/// Longest name of a purpose, in bytes.
const PURPOSE_BYTES_MAX: usize = 64;

/// The attempt of a request that has it encoded still; `None` where there is none.
///
/// # Errors
/// If it is no attempt: cut, or of another contract.
pub fn decoded(encoded: Option<Bytes>) -> Result<Option<wire::Attempt>, Violations> {
    encoded.map(|bytes| wire::Attempt::decode(&*bytes)).transpose().map_err(|error| {
        let mut violations = Violations::default();
        violations.add("attempt", format_args!("cannot be read: {error}"));
        violations
    })
}

/// Reads an attempt that arrived at `now`.
///
/// What strangers wrote (the headers) is cut to its limits in `sent` itself, so that the record
/// keeps what the rules saw.
///
/// # Errors
/// Every field that breaks a rule of the contract.
pub fn attempt(sent: Option<&mut wire::Attempt>, now: Timestamp) -> Result<Attempt, Violations> {
    Violations::none_in("attempt", sent, |sent, violations| {
        client::tame(sent);
        contact::tame(sent);
        session::tame(sent);
        fields(sent, now, violations)
    })
}

/// `None` only with a violation.
fn fields(sent: &wire::Attempt, now: Timestamp, violations: &mut Violations) -> Option<Attempt> {
    let event_id = field::required("attempt.event_id", &sent.event_id, ID_BYTES_MAX, violations);
    let occurred_at = field::occurred_at("attempt.occurred_at", sent.occurred_at, now, violations);
    let tenant = tenant("attempt.tenant", &sent.tenant, violations);
    let population = field::required_word::<wire::Population, _>(
        "attempt.population",
        sent.population,
        violations,
    );
    let journey =
        field::required_word::<wire::Journey, _>("attempt.journey", sent.journey, violations);
    let change = change(sent, journey, violations);
    let app = field::text("attempt.app", &sent.app, ID_BYTES_MAX, violations);
    let user = sent.user.as_ref().map(|sent| user(sent, violations)).unwrap_or_default();
    let credential = credential::credential(sent.credential.as_ref(), violations);
    let client = sent.client.as_ref().map(|sent| client::client(sent, violations));
    let device = sent.device.as_ref().map(|sent| client::device(sent, violations));
    let session = sent.session.as_ref().map(|sent| session::session(sent, violations));
    let transaction = sent.transaction.as_ref();
    let transaction = transaction.map(|sent| transaction::transaction(sent, violations));
    let contact = sent.contact.as_ref().map(|sent| contact::contact(sent, violations));
    let scores = score::scores(&sent.scores, violations);
    let attributes = attributes(&sent.attributes, violations);
    let purposes = purposes(&sent.purposes, violations);
    Some(Attempt {
        event_id: event_id?,
        occurred_at,
        tenant: tenant?,
        population: population?,
        journey: journey?,
        change,
        app,
        user,
        credential,
        client: client.unwrap_or_default(),
        device: device.unwrap_or_default(),
        session,
        transaction,
        contact,
        scores,
        attributes,
        purposes,
    })
}

/// The tenant, [`TENANT_DEFAULT`] if none is named.
pub(super) fn tenant(path: &str, sent: &str, violations: &mut Violations) -> Option<Id> {
    let name = if sent.is_empty() { TENANT_DEFAULT } else { sent };
    field::required(path, name, TENANT_BYTES_MAX, violations)
}

/// What is changed; nothing else is in any other journey.
fn change(
    sent: &wire::Attempt,
    journey: Option<Journey>,
    violations: &mut Violations,
) -> Option<Change> {
    let changes = |journey| matches!(journey, Journey::CredentialChange | Journey::ProfileChange);
    if sent.change != 0 && journey.is_some_and(|journey| !changes(journey)) {
        violations
            .add("attempt.change", "is set, but `journey` is no change of a credential or profile");
    }
    field::word::<wire::Change, _>("attempt.change", sent.change, violations)
}

fn user(sent: &wire::User, violations: &mut Violations) -> User {
    User {
        id: field::text("attempt.user.id", &sent.id, ID_BYTES_MAX, violations),
        exists: sent.exists,
        created_at: field::time("attempt.user.created_at", sent.created_at, violations),
        privileged: sent.privileged,
    }
}

fn attributes(
    sent: &BTreeMap<String, wire::AttributeValue>,
    violations: &mut Violations,
) -> Vec<(Id, Attribute)> {
    if sent.len() > ATTRIBUTES_MAX {
        let text = format!("has {} entries, at most {ATTRIBUTES_MAX} are allowed", sent.len());
        violations.add("attempt.attributes", text);
        return Vec::new();
    }
    sent.iter().filter_map(|(name, value)| attribute(name, value, violations)).collect()
}

fn attribute(
    name: &str,
    sent: &wire::AttributeValue,
    violations: &mut Violations,
) -> Option<(Id, Attribute)> {
    let Some(id) = Attribute::name(name) else {
        let name = quote(name);
        let rule = format!("1 to {ATTRIBUTE_NAME_BYTES_MAX} of a-z, 0-9 and _, a letter first");
        violations.add("attempt.attributes", format!("has the name {name}, allowed are {rule}"));
        return None;
    };
    let path = format!("attempt.attributes.{name}");
    let value = match sent.value.as_ref()? {
        Value::Text(text) => {
            Attribute::Text(field::text(&path, text, LABEL_BYTES_MAX, violations)?)
        }
        Value::Number(number) if number.is_finite() => Attribute::Number(*number),
        Value::Number(_) => {
            violations.add(path, "is not a finite number");
            return None;
        }
        Value::Flag(flag) => Attribute::Flag(*flag),
    };
    Some((id, value))
}

/// `None` if none are stated, which is not the same as none agreed.
fn purposes(sent: &[String], violations: &mut Violations) -> Option<Vec<Id>> {
    let purposes = list("attempt.purposes", sent, (PURPOSES_MAX, PURPOSE_BYTES_MAX), violations);
    (!purposes.is_empty()).then_some(purposes)
}

/// A list of at most `limits.0` texts of 1 to `limits.1` bytes each.
pub(super) fn list(
    path: &str,
    sent: &[String],
    (entries_max, bytes_max): (usize, usize),
    violations: &mut Violations,
) -> Vec<Id> {
    if sent.len() > entries_max {
        let text = format!("has {} entries, at most {entries_max} are allowed", sent.len());
        violations.add(path, text);
        return Vec::new();
    }
    let entry = |(index, text): (usize, &String)| {
        field::required(format_args!("{path}[{index}]"), text, bytes_max, violations)
    };
    sent.iter().enumerate().filter_map(entry).collect()
}
