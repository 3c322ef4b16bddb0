//! The extra proof that a step-up asks for, and whether it was given before.
//!
//! A session that has proved enough already, or a challenge that was passed on this device a short while ago, is not
//! asked for again (RFC 9470, section 4): asking twice for the same proof is a loop for the caller and a nuisance for
//! the person.

use std::sync::Arc;

use super::owner_at_door;
use crate::decision::Challenge;
use crate::event::Method;
use crate::policy::Policy;
use crate::policy::facts::Facts;
use crate::policy::plan::{Thresholds, Who};
use crate::policy::program::Slot;
use crate::time::{HOUR_MS, MINUTE_MS};
use crate::value::{Reading, Value};

/// How long a passed challenge is remembered where the journey does not say. NIST SP 800-63B, revision 3, section
/// 4.2.3: at its second level a session proves itself again after twelve hours.
const REMEMBERED_MS: i64 = 12 * HOUR_MS;

/// How fresh the proof of a session must be unless device and network are known: whoever stole the session brings its
/// proof along, and often the device's identifier.
const FRESH_MS: i64 = 5 * MINUTE_MS;

/// A proof that was given before.
pub(super) struct Proof {
    /// The class or the method.
    pub(super) by: Arc<str>,
    /// Where it was given.
    pub(super) given: &'static str,
    pub(super) age_ms: i64,
}

/// What the narrowest blocks ask for.
pub(super) fn challenge(journeys: &[Thresholds], who: &Who<'_>) -> Challenge {
    let mut challenge = Challenge::default();
    let (mut methods, mut forbidden, mut classes) = (None, None, None);
    for block in journeys.iter().filter(|block| block.scope.covers(who)) {
        methods = methods.or(block.methods.as_ref());
        forbidden = forbidden.or(block.methods_forbidden.as_ref());
        classes = classes.or(block.acr_values.as_ref());
        challenge.max_age_ms = challenge.max_age_ms.or(block.max_age_ms);
    }
    challenge.methods = methods.map(Arc::clone).unwrap_or_default();
    challenge.methods_forbidden = forbidden.map(Arc::clone).unwrap_or_default();
    challenge.acr_values = classes.map(Arc::clone).unwrap_or_default();
    challenge
}

/// The proof that meets the challenge, if one was given before.
pub(super) fn given(asked: &Challenge, policy: &Policy, facts: &Facts<'_>) -> Option<Proof> {
    of_session(asked, policy, facts).or_else(|| of_challenge(asked, policy, facts))
}

/// What the session proved. Away from a known device on a known network, only just now.
fn of_session(asked: &Challenge, policy: &Policy, facts: &Facts<'_>) -> Option<Proof> {
    let places = &policy.places;
    let age_ms = facts.whole(places.session_proof_age)?;
    let known = owner_at_door(policy, facts);
    let limit_ms = asked.max_age_ms.unwrap_or(i64::MAX);
    let limit_ms = if known { limit_ms } else { limit_ms.min(FRESH_MS) };
    let method = method(facts, places.session_method);
    if age_ms > limit_ms || method.is_some_and(|method| forbidden(asked, method)) {
        return None;
    }
    let by = if asked.acr_values.is_empty() {
        let enough = |method| meets(asked, method) && (extra(method) || !asked.methods.is_empty());
        Arc::from(method.filter(|method| enough(*method))?.word())
    } else {
        let Reading::Known(Value::Text(class)) = facts.reading(places.session_acr) else {
            return None;
        };
        Arc::clone(asked.acr_values.iter().find(|asked| ***asked == **class)?)
    };
    Some(Proof { by, given: "in this session", age_ms })
}

/// A challenge passed on this device, in a network that is known since. Which classes it reached nobody told, so it
/// meets no demand for one.
fn of_challenge(asked: &Challenge, policy: &Policy, facts: &Facts<'_>) -> Option<Proof> {
    let age_ms = facts.whole(policy.places.challenge_age)?;
    if !owner_at_door(policy, facts)
        || !asked.acr_values.is_empty()
        || age_ms > asked.max_age_ms.unwrap_or(REMEMBERED_MS)
    {
        return None;
    }
    let by = match method(facts, policy.places.challenge_method) {
        Some(method) => {
            (meets(asked, method) && !forbidden(asked, method)).then_some(method.word())
        }
        None => {
            (asked.methods.is_empty() && asked.methods_forbidden.is_empty()).then_some("challenge")
        }
    };
    Some(Proof { by: by?.into(), given: "on this device", age_ms })
}

/// Whether a proof by this method is among those that count. An authenticator that is a device of its own is a passkey too.
fn meets(asked: &Challenge, method: Method) -> bool {
    let named = |method| asked.methods.contains(&method);
    let key = method == Method::HardwareKey && named(Method::Passkey);
    asked.methods.is_empty() || named(method) || key
}

fn forbidden(asked: &Challenge, method: Method) -> bool {
    asked.methods_forbidden.contains(&method)
}

/// Whether the method is more than what a session is begun with anyway.
fn extra(method: Method) -> bool {
    match method {
        Method::Passkey | Method::HardwareKey | Method::Totp | Method::Sms | Method::Voice => true,
        Method::Email | Method::MagicLink | Method::Push | Method::RecoveryCode => true,
        Method::IdProofing | Method::Certificate | Method::KeyPair => true,
        Method::Password | Method::SecurityQuestion | Method::Federated | Method::ApiKey => false,
        Method::Token | Method::Ticket | Method::Other => false,
    }
}

fn method(facts: &Facts<'_>, slot: Slot) -> Option<Method> {
    match facts.reading(slot) {
        Reading::Known(Value::Word(word)) => Method::parse(word),
        Reading::Known(_) | Reading::Unknown(_) => None,
    }
}
