//! Events become messages here: the inverse of [`parse`](super::parse), for callers of our own.
//!
//! What the contract cannot say reads back as what it can: a credential without a result as one that
//! is not checked yet, an empty list of purposes as none stated.

mod client;
mod contact;
mod proof;

use std::time::Duration;

use doorward_core::event::{
    Attempt, Attribute, Credential, ExternalScore, Id, Outcome, Session, Transaction, User,
};
use doorward_core::text::Text;

use super::parse::About;
use crate::wire;
use crate::wire::attribute_value::Value;

/// The message of an attempt.
pub fn attempt(attempt: &Attempt) -> wire::Attempt {
    wire::Attempt {
        event_id: attempt.event_id.to_string(),
        occurred_at: Some(attempt.occurred_at.into()),
        tenant: attempt.tenant.to_string(),
        population: wire::Population::from(attempt.population).into(),
        journey: wire::Journey::from(attempt.journey).into(),
        user: Some(user(&attempt.user)),
        credential: Some(credential(&attempt.credential)),
        client: Some(client::client(&attempt.client)),
        device: Some(client::device(&attempt.device)),
        session: attempt.session.as_ref().map(session),
        transaction: attempt.transaction.as_ref().map(transaction),
        contact: attempt.contact.as_deref().map(contact::contact),
        scores: attempt.scores.iter().map(score).collect(),
        attributes: attempt.attributes.iter().map(attribute).collect(),
        purposes: attempt.purposes.iter().flatten().map(Id::to_string).collect(),
        app: text(attempt.app.as_ref()),
        change: attempt.change.map_or(wire::Change::Unspecified, Into::into).into(),
    }
}

/// The message of an outcome of the attempt that is named, of a tenant.
pub fn report(tenant: &Id, about: &About, outcome: &Outcome) -> wire::Outcome {
    let failure = outcome.failure.map_or(wire::Failure::Unspecified, Into::into);
    let method = outcome.method.map_or(wire::Method::Unspecified, Into::into);
    let attempt = match about {
        About::Decision(id) => wire::outcome::Attempt::DecisionId(id.to_string()),
        About::Event(id) => wire::outcome::Attempt::AttemptEventId(id.to_string()),
    };
    wire::Outcome {
        event_id: outcome.event_id.to_string(),
        occurred_at: Some(outcome.occurred_at.into()),
        tenant: tenant.to_string(),
        attempt: Some(attempt),
        kind: wire::outcome::Kind::from(outcome.kind).into(),
        failure: failure.into(),
        method: method.into(),
        note: String::new(),
    }
}

fn user(user: &User) -> wire::User {
    wire::User {
        id: text(user.id.as_ref()),
        exists: user.exists,
        created_at: user.created_at.map(Into::into),
        privileged: user.privileged,
    }
}

fn credential(credential: &Credential) -> wire::Credential {
    let method = credential.method.map_or(wire::Method::Unspecified, Into::into);
    let result = credential.result.map_or(wire::credential::Result::Unspecified, Into::into);
    let failure = credential.failure.map_or(wire::Failure::Unspecified, Into::into);
    wire::Credential {
        method: method.into(),
        result: result.into(),
        failure: failure.into(),
        secret_tag: text(credential.secret_tag.as_ref()),
        breached: credential.breached,
        authenticator: credential.authenticator.as_deref().map(proof::authenticator),
    }
}

fn session(session: &Session) -> wire::Session {
    wire::Session {
        id: text(session.id.as_ref()),
        started_at: session.started_at.map(Into::into),
        acr: text(session.acr.as_ref()),
        amr: session.amr.iter().map(Id::to_string).collect(),
        authenticated_at: session.authenticated_at.map(Into::into),
        identity_provider: text(session.identity_provider.as_ref()),
        start: session.start.as_deref().map(proof::start),
        token_reused: session.token_reused,
    }
}

fn transaction(transaction: &Transaction) -> wire::Transaction {
    let amount = transaction.amount;
    let country = transaction.payee_country.map(|country| country.to_string());
    wire::Transaction {
        amount_minor: amount.map(|amount| amount.minor),
        currency: amount.map(|amount| amount.currency().to_owned()).unwrap_or_default(),
        payee: text(transaction.payee.as_ref()),
        payee_country: country.unwrap_or_default(),
    }
}

fn score(score: &ExternalScore) -> wire::ExternalScore {
    wire::ExternalScore {
        source: score.source.to_string(),
        name: score.name.to_string(),
        risk: Some(score.risk),
        observed_at: score.observed_at.map(Into::into),
        ttl: score.ttl_ms.map(span),
    }
}

fn attribute((name, value): &(Id, Attribute)) -> (String, wire::AttributeValue) {
    let value = match value {
        Attribute::Text(text) => Value::Text(text.to_string()),
        Attribute::Number(number) => Value::Number(*number),
        Attribute::Flag(flag) => Value::Flag(*flag),
    };
    (name.to_string(), wire::AttributeValue { value: Some(value) })
}

/// Absent is empty.
fn text<const BYTES_MAX: usize>(text: Option<&Text<BYTES_MAX>>) -> String {
    text.map(Text::to_string).unwrap_or_default()
}

fn span(ms: i64) -> wire::google::Duration {
    Duration::from_millis(ms.unsigned_abs()).into()
}
