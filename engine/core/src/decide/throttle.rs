//! Throttling: what failures in a row cost.

use super::{FAILURE_LIMIT, THROTTLED, text};
use crate::decision::{Reason, Verdict};
use crate::event::CredentialResult;
use crate::policy::Policy;
use crate::policy::facts::Facts;
use crate::policy::plan::{Throttle, Who};
use crate::value::{Reading, Value};

/// What the user is told, without numbers.
const LIMIT_TELL: &str = "This account is paused after too many failed attempts. Use a device you have used before, or recover the account.";
const WAIT_TELL: &str = "There were too many failed attempts. Please wait before you try again.";

/// The failures in a row that came before an attempt, held against the narrowest throttle.
pub(super) struct Row<'a> {
    throttle: &'a Throttle,
    before: u32,
    /// How long the attempt would still have had to wait.
    left_ms: i64,
    /// Whether the attempt fails itself, or ends the row.
    result: Option<CredentialResult>,
}

impl<'a> Row<'a> {
    /// `None` where nothing is known of failures, and where no throttle applies.
    pub(super) fn of(policy: &'a Policy, facts: &Facts<'_>, who: &Who<'_>) -> Option<Self> {
        let throttle = policy.throttles.iter().find(|throttle| throttle.scope.covers(who))?;
        let failures = u32::try_from(facts.whole(policy.places.failures)?).ok()?;
        if throttle.unless.as_ref().is_some_and(|unless| facts.holds(unless) == Some(true)) {
            return None;
        }
        let told = facts.reading(policy.places.credential);
        let is = |result: &CredentialResult| *told == Reading::Known(Value::Word(result.word()));
        let result = [CredentialResult::Right, CredentialResult::Wrong].into_iter().find(is);
        let before = failures.saturating_sub(u32::from(result == Some(CredentialResult::Wrong)));
        let since_ms = facts.whole(policy.places.failure_age);
        let left_ms = since_ms.map_or(0, |since_ms| throttle.wait_ms(before) - since_ms);
        Some(Self { throttle, before, left_ms, result })
    }

    fn at_limit(&self) -> bool {
        self.before >= self.throttle.at_most
    }

    /// Why the attempt may not be made, if it may not.
    pub(super) fn denies(&self) -> Option<Reason> {
        let Self { before, left_ms, .. } = *self;
        if self.at_limit() {
            let at_most = self.throttle.at_most;
            let said = format!(
                "{before} failures in a row for this account, at most {at_most} are allowed"
            );
            return Some(text::denied(FAILURE_LIMIT, said, LIMIT_TELL));
        }
        (left_ms > 0).then(|| {
            let left = Value::Duration(left_ms);
            let said = format!("{left} too soon after {before} failures in a row for this account");
            text::denied(THROTTLED, said, WAIT_TELL)
        })
    }

    /// How long the next try has to wait, in milliseconds, and how many may still fail once this one was answered: what is
    /// denied is no try.
    pub(super) fn left(&self, verdict: Verdict) -> (Option<i64>, u32) {
        if self.at_limit() {
            return (None, 0);
        }
        let Self { throttle, before, left_ms, .. } = *self;
        let (wait_ms, failures) = match self.result.filter(|_| verdict != Verdict::Deny) {
            Some(CredentialResult::Wrong) => (throttle.wait_ms(before + 1), before + 1),
            Some(CredentialResult::Right) => (0, 0),
            Some(CredentialResult::NotChecked) | None => (left_ms, before),
        };
        (Some(wait_ms).filter(|wait_ms| *wait_ms > 0), throttle.at_most - failures)
    }
}
