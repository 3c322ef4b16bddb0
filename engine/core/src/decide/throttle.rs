//! Throttling: what failures in a row cost.

use super::{FAILURE_LIMIT, THROTTLED, text};
use crate::decision::Reason;
use crate::event::CredentialResult;
use crate::policy::Policy;
use crate::policy::facts::Facts;
use crate::policy::plan::Who;
use crate::value::{Reading, Value};

/// What the user is told, without numbers.
const LIMIT_TELL: &str = "This account is paused after too many failed attempts. Use a device you have used before, or recover the account.";
const WAIT_TELL: &str = "There were too many failed attempts. Please wait before you try again.";

/// What a throttle says of an attempt.
#[derive(Default)]
pub(super) struct Throttled {
    /// Why the attempt is denied, if it is.
    pub(super) reason: Option<Reason>,
    pub(super) retry_after_ms: Option<i64>,
    pub(super) attempts_remaining: Option<u32>,
}

/// Holds the failures in a row against the narrowest throttle. An attempt counts for the wait that follows it, and
/// only those before it for whether it may be made.
pub(super) fn throttled(policy: &Policy, facts: &Facts<'_>, who: &Who<'_>) -> Throttled {
    let throttle = policy.throttles.iter().find(|throttle| throttle.scope.covers(who));
    let failures = facts.whole(policy.places.failures).and_then(|it| u32::try_from(it).ok());
    let Some((throttle, failures)) = throttle.zip(failures) else { return Throttled::default() };
    if throttle.unless.as_ref().is_some_and(|unless| facts.holds(unless) == Some(true)) {
        return Throttled::default();
    }
    let result = facts.reading(policy.places.credential);
    let told = |result: CredentialResult| Reading::Known(Value::Word(result.word()));
    let wrong = *result == told(CredentialResult::Wrong);
    let before = failures.saturating_sub(u32::from(wrong));
    let at_most = throttle.at_most;
    if before >= at_most {
        let said =
            format!("{before} failures in a row for this account, at most {at_most} are allowed");
        let reason = text::denied(FAILURE_LIMIT, said, LIMIT_TELL);
        return Throttled {
            reason: Some(reason),
            retry_after_ms: None,
            attempts_remaining: Some(0),
        };
    }
    let since_ms = facts.whole(policy.places.failure_age);
    let left_ms = since_ms.map_or(0, |since_ms| throttle.wait_ms(before) - since_ms);
    let wait_ms = if wrong { throttle.wait_ms(failures) } else { left_ms };
    let reason = (left_ms > 0).then(|| {
        let left = Value::Duration(left_ms);
        let said = format!("{left} too soon after {before} failures in a row for this account");
        text::denied(THROTTLED, said, WAIT_TELL)
    });
    let over = reason.is_none() && *result == told(CredentialResult::Right);
    let counted = if over { 0 } else { failures };
    Throttled {
        reason,
        retry_after_ms: Some(wait_ms).filter(|wait_ms| *wait_ms > 0),
        attempts_remaining: Some(at_most.saturating_sub(counted)),
    }
}
