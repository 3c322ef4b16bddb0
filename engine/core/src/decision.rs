//! The answer: a verdict, a score, its reasons and, for a step-up, its challenge.

use std::sync::Arc;

use crate::event::Method;
use crate::value::Cause;
use crate::words::words;

words! {
    /// What the caller should do, in order of hardness.
    Verdict {
        /// Let it happen.
        Allow = "allow",
        /// Ask for an extra proof first.
        StepUp = "step_up",
        /// Do not let it happen.
        Deny = "deny",
    }
}

words! {
    /// How the score lies against the journey's thresholds, whatever the verdict.
    Level {
        /// Below the step-up threshold.
        Low = "low",
        /// From the step-up threshold up to the deny threshold.
        Medium = "medium",
        /// From the deny threshold on.
        High = "high",
    }
}

/// What was decided and why. A pure function of the readings and the policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// What the caller should do.
    pub verdict: Verdict,
    /// The sum of the clamped groups' points, never below zero.
    pub score: i32,
    /// The score against the journey's thresholds.
    pub level: Level,
    /// Why, the weightiest first.
    pub reasons: Vec<Reason>,
    /// The extra proof, for a step-up.
    pub challenge: Option<Challenge>,
    /// The class or the method that was proved already, where that is why a step-up became an allow.
    pub satisfied_by: Option<Arc<str>>,
    /// How long to wait before the next try, in milliseconds; `None` if there is no need to.
    pub retry_after_ms: Option<i64>,
    /// Failures in a row that are left; `None` if no limit holds here or the count is unknown.
    pub attempts_remaining: Option<u32>,
    /// Data that was missing and could have mattered.
    pub degraded: Vec<Degraded>,
    /// Rules whose condition was unknown and that said nothing about it firing otherwise.
    pub undecided: Vec<Undecided>,
    /// What shadows would have done.
    pub shadows: Vec<ShadowVerdict>,
}

/// One rule's contribution.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reason {
    /// A stable code, such as `CREDENTIAL_STUFFING`.
    pub code: Arc<str>,
    /// The rule that gave it.
    pub rule: Arc<str>,
    /// For analysts, with numbers.
    pub text: String,
    /// For the person at the door, without numbers.
    pub tell: Option<Arc<str>>,
    /// Points added, before the group's clamp; `None` where the rule demands a verdict instead.
    pub points: Option<i32>,
    /// The group whose clamp the points fall under.
    pub group: Option<Arc<str>>,
    /// The verdict it demands, for `deny` and `allow` rules.
    pub verdict: Option<Verdict>,
    /// What was seen and what it was held against.
    pub evidence: Vec<Evidence>,
    /// Taxonomy tags.
    pub tags: Arc<[Arc<str>]>,
}

/// A signal that took part in a reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The signal's name.
    pub signal: Arc<str>,
    /// Its value, as text with unit.
    pub observed: String,
    /// What it was held against, with the comparison: `>= 12`, `not in corp_egress`.
    pub threshold: Arc<str>,
}

/// The extra proof that a step-up asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Challenge {
    /// Authentication context classes, any of which satisfies it (RFC 9470).
    pub acr_values: Arc<[Arc<str>]>,
    /// Methods that count; empty means any.
    pub methods: Arc<[Method]>,
    /// Methods that do not count.
    pub methods_forbidden: Arc<[Method]>,
    /// How old the proof may be, in milliseconds.
    pub max_age_ms: Option<i64>,
}

/// Something that was missing when it was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Degraded {
    /// The data or the signal.
    pub what: Arc<str>,
    /// Why.
    pub cause: Cause,
}

/// A rule that could not be decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// The rule.
    pub rule: Arc<str>,
    /// The signal that was unknown.
    pub signal: Arc<str>,
    /// Why.
    pub cause: Cause,
}

/// What a rule under trial would have done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShadowVerdict {
    /// The shadow's name.
    pub name: Arc<str>,
    /// The verdict with the shadow in force.
    pub verdict: Verdict,
    /// The score with the shadow in force.
    pub score: i32,
}
