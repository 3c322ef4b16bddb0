//! What the rules make of the facts: which act, which cannot be decided, which are on trial.

use std::fmt::{self, Write};
use std::hash::Hasher;
use std::sync::Arc;

use siphasher::sip::SipHasher13;

use super::failed;
use crate::decision::Undecided;
use crate::policy::Policy;
use crate::policy::ast::RuleKind;
use crate::policy::facts::Facts;
use crate::policy::plan::{Asked, Line, Reason, Rollout, Rule, Shadow, Variant, Who};
use crate::policy::program::{Condition, Slot};
use crate::value::{Cause, Reading};

/// Everything that the rules came to.
#[derive(Default)]
pub(super) struct Effects<'p> {
    pub(super) acting: Vec<Effect<'p>>,
    pub(super) undecided: Vec<Undecided>,
    pub(super) trials: Vec<Trial<'p>>,
    /// Data was missing that a rule needed, and the rule does not say what then.
    pub(super) missing: bool,
    /// Something was not found that a rule needed, and the rule does say what then.
    pub(super) lookup_failed: bool,
}

/// One rule that acts.
#[derive(Clone, Copy)]
pub(super) struct Effect<'p> {
    pub(super) rule: usize,
    pub(super) kind: RuleKind,
    pub(super) points: i32,
    pub(super) group: Option<usize>,
    pub(super) beats: &'p [usize],
    pub(super) reason: &'p Reason,
    /// What it fired on; where it acts because something is unknown, that is it.
    pub(super) condition: &'p Condition,
    /// Its condition is true, as opposed to unknown.
    pub(super) fired: bool,
    /// It reads what strangers can bring about.
    pub(super) strangers: bool,
}

/// A shadow with the rule that it stands for, one of which fires.
pub(super) struct Trial<'p> {
    pub(super) rule: usize,
    pub(super) shadow: &'p Shadow,
    pub(super) fires: bool,
    kind: RuleKind,
    variant: &'p Variant,
}

impl<'p> Trial<'p> {
    /// The effect if the shadow were the rule.
    pub(super) fn effect(&self) -> Effect<'p> {
        let (points, condition) = (self.shadow.points, &self.shadow.condition);
        Effect { points, condition, ..Effect::of(self.rule, self.kind, self.variant) }
    }
}

impl<'p> Effect<'p> {
    fn of(rule: usize, kind: RuleKind, variant: &'p Variant) -> Self {
        Self {
            rule,
            kind,
            points: variant.points,
            group: variant.group,
            beats: &variant.beats,
            reason: &variant.reason,
            condition: &variant.condition,
            fired: true,
            strangers: variant.reads_strangers,
        }
    }
}

/// Asks every rule.
pub(super) fn gather<'p>(policy: &'p Policy, facts: &Facts<'_>, who: &Who<'_>) -> Effects<'p> {
    let mut effects = Effects::default();
    for (index, rule) in policy.rules.iter().enumerate() {
        let Some(variant) = rule.variant(who) else { continue };
        if variant.rollout.is_some_and(|rollout| !included(rollout, &rule.name, facts)) {
            continue;
        }
        let holds = facts.holds(&variant.condition);
        match holds {
            Some(true) => effects.acting.push(Effect::of(index, rule.kind, variant)),
            Some(false) => {}
            None => undecided(policy, facts, (index, rule, variant), &mut effects),
        }
        for shadow in
            variant.shadows.iter().filter(|it| it.since <= who.time && who.time < it.until)
        {
            let fires = facts.holds(&shadow.condition) == Some(true);
            if fires || holds == Some(true) {
                effects.trials.push(Trial { rule: index, kind: rule.kind, variant, shadow, fires });
            }
        }
    }
    effects
}

/// A rule that cannot be decided does what it says itself; what it does not speak of is told.
fn undecided<'p>(
    policy: &'p Policy,
    facts: &Facts<'_>,
    (index, rule, variant): (usize, &'p Rule, &'p Variant),
    effects: &mut Effects<'p>,
) {
    if let Some(failed) = skipped(variant, facts, effects.lookup_failed) {
        effects.lookup_failed |= failed;
        return;
    }
    let mut open: Option<(Slot, Cause)> = None;
    let mut said: Option<&Line> = None;
    facts.blame(&variant.condition, &mut |slot| {
        let answers = variant.lines.iter().filter(|line| line.answers(slot, facts));
        match answers.max_by_key(|line| line.points.unwrap_or(0)) {
            Some(line) => {
                effects.lookup_failed |=
                    *facts.reading(slot) == Reading::Unknown(Cause::LookupFailed);
                let most = said.is_none_or(|said| line.points > said.points);
                said = if most { Some(line) } else { said };
            }
            None => {
                if let Reading::Unknown(cause) = facts.reading(slot) {
                    let worse = open.is_none_or(|(_, known)| !failed(known) && failed(*cause));
                    open = if worse { Some((slot, *cause)) } else { open };
                }
            }
        }
    });
    if let Some(line) = said
        && let Some(points) = line.points
    {
        let effect = Effect::of(index, RuleKind::Score, variant);
        let reason = line.reason.as_ref().unwrap_or(effect.reason);
        effects.acting.push(Effect { points, reason, fired: false, ..effect });
    }
    if let Some((slot, cause)) = open {
        let hardens = rule.kind == RuleKind::Deny || variant.points > 0;
        effects.missing |= hardens && failed(cause);
        let (rule, signal) = (Arc::clone(&rule.name), policy.slot_name(slot));
        effects.undecided.push(Undecided { rule, signal, cause });
    }
}

/// Whether something was not found, of a rule whose lines skip it whatever of it is unknown now; `None` for
/// a rule that needs a closer look. Where something was not found before, it does not matter and is not asked.
fn skipped(variant: &Variant, facts: &Facts<'_>, lookup_failed: bool) -> Option<bool> {
    let (mut open, mut failed) = (false, false);
    for Asked { word, skipped, open: others } in &variant.asked {
        let doubt = facts.doubt(*word, skipped | others);
        open |= doubt.unknown & others != 0;
        failed |= doubt.failed != 0;
    }
    // The condition need not be unknown because of all of these.
    if !open && (!failed || lookup_failed) {
        return Some(failed);
    }
    let (mut all, mut failed) = (true, false);
    facts.doubts(&variant.condition, &mut |doubt| {
        let asked = variant.asked.iter().find(|asked| asked.word == doubt.word);
        all &= asked.is_some_and(|asked| doubt.unknown & asked.open == 0);
        failed |= doubt.failed != 0;
    });
    all.then_some(failed)
}

impl Line {
    /// Whether it says what happens when this slot, which has no value, has none.
    fn answers(&self, slot: Slot, facts: &Facts<'_>) -> bool {
        let unknown = |slot: Slot| matches!(facts.reading(slot), Reading::Unknown(_));
        self.named.contains(&slot)
            || self.through.iter().any(|(read, root)| *read == slot && unknown(*root))
    }
}

/// Whether the value is in the share. The same value is always on the same side of the same rule, and
/// stays in as the share grows.
fn included(rollout: Rollout, rule: &str, facts: &Facts<'_>) -> bool {
    let Reading::Known(value) = facts.reading(rollout.by) else { return false };
    let mut hash = Hashed(SipHasher13::new());
    let written = write!(hash, "{rule} {value}");
    let part = u32::try_from(hash.0.finish() >> 32).unwrap_or(u32::MAX);
    written.is_ok() && f64::from(part) < rollout.share * f64::from(u32::MAX)
}

/// Hashes what is written to it, without keeping it.
struct Hashed(SipHasher13);

impl fmt::Write for Hashed {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}
