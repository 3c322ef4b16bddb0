//! The sum of the points, and what it comes to.

use super::effect::Effect;
use crate::decision::{Level, Verdict};
use crate::policy::Policy;
use crate::policy::ast::RuleKind;
use crate::policy::limits::{GROUPS_MAX, RULES_MAX};
use crate::policy::plan::{Thresholds, Who};

/// What acting rules add up to.
#[derive(Clone, Copy)]
pub(super) struct Tally {
    /// The clamped groups and the points outside of any, never below zero.
    pub(super) score: i32,
    denied: bool,
    /// Rules whose points an `allow` took away, one bit each.
    beaten: [u64; RULES_MAX.div_ceil(64)],
}

impl Tally {
    /// Adds up what acts.
    pub(super) fn of<'e, 'p: 'e>(
        policy: &Policy,
        effects: impl Iterator<Item = &'e Effect<'p>> + Clone,
    ) -> Self {
        let mut tally = Self { score: 0, denied: false, beaten: [0; RULES_MAX.div_ceil(64)] };
        for effect in effects.clone().filter(|effect| effect.kind == RuleKind::Allow) {
            effect.beats.iter().for_each(|rule| tally.beat(*rule));
        }
        let mut groups = [0_i32; GROUPS_MAX];
        let mut sum = 0_i32;
        for effect in effects {
            tally.denied |= effect.kind == RuleKind::Deny;
            if tally.beats(effect.rule) {
                continue;
            }
            let total = effect.group.and_then(|group| groups.get_mut(group)).unwrap_or(&mut sum);
            *total = total.saturating_add(effect.points);
        }
        for (group, total) in policy.groups.iter().zip(groups) {
            sum = sum.saturating_add(total.max(group.at_least).min(group.at_most));
        }
        tally.score = sum.max(0);
        tally
    }

    /// Whether an `allow` took that rule's points away.
    pub(super) fn beats(&self, rule: usize) -> bool {
        self.beaten.get(rule / 64).is_some_and(|word| word >> (rule % 64) & 1 == 1)
    }

    fn beat(&mut self, rule: usize) {
        if let Some(word) = self.beaten.get_mut(rule / 64) {
            *word |= 1 << (rule % 64);
        }
    }
}

/// The thresholds that hold for one attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// The score from which the verdict is at least a step-up.
    pub step_up_from: Option<i32>,
    /// The score from which the verdict is deny.
    pub deny_from: Option<i32>,
}

impl Limits {
    /// The narrowest of each kind; of two equally narrow ones, which only populations of the policy's own
    /// can be, the harder.
    pub(super) fn of(journeys: &[Thresholds], who: &Who<'_>) -> Self {
        let (mut step_up, mut deny) = (None, None);
        for block in journeys.iter().filter(|block| block.scope.covers(who)) {
            narrow(&mut step_up, block, block.step_up_from);
            narrow(&mut deny, block, block.deny_from);
        }
        let points = |narrowest: Option<(Rank, i32)>| narrowest.map(|(_, points)| points);
        Self { step_up_from: points(step_up), deny_from: points(deny) }
    }

    /// The verdict on what acts, with what is answered for missing data.
    pub(super) fn verdict(self, tally: Tally, degraded: Option<(Verdict, bool)>) -> Verdict {
        let reached = |from: Option<i32>| from.is_some_and(|from| tally.score >= from);
        let scored = if reached(self.deny_from) {
            Verdict::Deny
        } else if reached(self.step_up_from) {
            Verdict::StepUp
        } else {
            Verdict::Allow
        };
        let answered = match degraded {
            Some((verdict, true)) => scored.max(verdict),
            Some((verdict, false)) => verdict,
            None => scored,
        };
        if tally.denied { Verdict::Deny } else { answered }
    }

    /// How near the score is to them.
    pub(super) fn level(self, score: i32) -> Level {
        let reached = |from: Option<i32>| from.is_some_and(|from| score >= from);
        if reached(self.deny_from) {
            Level::High
        } else if reached(self.step_up_from) {
            Level::Medium
        } else {
            Level::Low
        }
    }
}

/// How narrow a block is.
type Rank = (usize, bool, u32);

/// Takes in what the next block says; none is narrower than those before it.
fn narrow(narrowest: &mut Option<(Rank, i32)>, block: &Thresholds, said: Option<i32>) {
    let Some(said) = said else { return };
    match narrowest {
        None => *narrowest = Some((block.scope.rank(), said)),
        Some((rank, points)) if *rank == block.scope.rank() => *points = said.min(*points),
        Some(_) => {}
    }
}
