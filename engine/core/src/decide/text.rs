//! Reasons as people read them.

use std::fmt::Write;
use std::sync::Arc;

use super::effect::Effect;
use super::proof::Proof;
use super::tally::Tally;
use super::{CHALLENGE_SATISFIED, COUNTS_ESTIMATED, DEGRADED, Guard, OWNER_PROTECTED};
use crate::decision::{Evidence, Reason, Undecided, Verdict};
use crate::policy::Policy;
use crate::policy::ast::RuleKind;
use crate::policy::facts::Facts;
use crate::policy::plan::Part;
use crate::policy::program::Slot;
use crate::value::Value;

/// Room for the text of most reasons.
const REASON_BYTES: usize = 96;

/// The reason of a rule that acts. Points that an `allow` took away are shown as none.
pub(super) fn reason(
    policy: &Policy,
    facts: &Facts<'_>,
    effect: &Effect<'_>,
    tally: &Tally,
) -> Reason {
    let said = effect.reason;
    let rule = policy.rules.get(effect.rule);
    let group = effect.group.and_then(|group| policy.groups.get(group));
    let points = if tally.beats(effect.rule) { 0 } else { effect.points };
    Reason {
        code: Arc::clone(&said.code),
        rule: rule.map_or_else(Arc::default, |rule| Arc::clone(&rule.name)),
        text: filled(&said.template, facts),
        tell: said.tell.clone(),
        points: (effect.kind == RuleKind::Score).then_some(points),
        group: group.map(|group| Arc::clone(&group.name)),
        verdict: match effect.kind {
            RuleKind::Score => None,
            RuleKind::Deny => Some(Verdict::Deny),
            RuleKind::Allow => Some(Verdict::Allow),
        },
        evidence: if effect.fired {
            held(policy, facts, effect)
        } else {
            lacking(policy, facts, effect)
        },
        tags: Arc::clone(&said.tags),
    }
}

/// The template with what was read in its places.
fn filled(template: &[Part], facts: &Facts<'_>) -> String {
    let mut text = String::with_capacity(REASON_BYTES);
    for part in template {
        // Writing to a string never fails.
        let _ = match part {
            Part::Text(part) => text.write_str(part),
            Part::Reading(slot) => write!(text, "{}", facts.reading(*slot)),
        };
    }
    text
}

/// Missing data hardened the verdict.
pub(super) fn missing((verdict, _): (Verdict, bool), undecided: &[Undecided]) -> Reason {
    let open: Vec<String> =
        undecided.iter().map(|it| format!("{} ({})", it.signal, it.cause)).collect();
    let text = format!("without {} the answer is {verdict}", open.join(", "));
    own(DEGRADED, text, Some(verdict))
}

/// The guard softened the verdict.
pub(super) fn guarded(guard: Guard, denied: Verdict) -> Reason {
    let (code, why) = match guard {
        Guard::Owner => (
            OWNER_PROTECTED,
            "a known device on a known network: what strangers did is not held against the owner",
        ),
        Guard::Estimated => {
            (COUNTS_ESTIMATED, "memory was short, so what is counted here may be what others did")
        }
    };
    own(code, format!("{why} ({denied} became step_up)"), Some(Verdict::StepUp))
}

/// A throttle denies.
pub(super) fn denied(code: &str, text: String, tell: &str) -> Reason {
    Reason { tell: Some(tell.into()), ..own(code, text, Some(Verdict::Deny)) }
}

/// The challenge was met before.
pub(super) fn satisfied(Proof { by, given, age_ms }: &Proof) -> Reason {
    let age = Value::Duration(*age_ms);
    let text = format!("{by} was proved {given} {age} ago: step_up became allow");
    own(CHALLENGE_SATISFIED, text, Some(Verdict::Allow))
}

fn own(code: &str, text: String, verdict: Option<Verdict>) -> Reason {
    Reason { code: code.into(), text, verdict, ..Reason::default() }
}

fn held(policy: &Policy, facts: &Facts<'_>, effect: &Effect<'_>) -> Vec<Evidence> {
    let mut all: Vec<Evidence> = Vec::new();
    facts.evidence(effect.condition, true, &mut |atom, held| {
        let threshold = Arc::clone(if held { &atom.holds } else { &atom.fails });
        let observed = facts.reading(atom.about).text();
        let evidence = Evidence { signal: policy.slot_name(atom.about), observed, threshold };
        if !all.contains(&evidence) {
            all.push(evidence);
        }
    });
    all
}

fn lacking(policy: &Policy, facts: &Facts<'_>, effect: &Effect<'_>) -> Vec<Evidence> {
    let mut slots: Vec<Slot> = Vec::new();
    facts.blame(effect.condition, &mut |slot| {
        if !slots.contains(&slot) {
            slots.push(slot);
        }
    });
    let evidence = |slot: Slot| Evidence {
        signal: policy.slot_name(slot),
        observed: facts.reading(slot).text(),
        threshold: Arc::from("is unknown"),
    };
    slots.into_iter().map(evidence).collect()
}
