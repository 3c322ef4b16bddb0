//! What works but was probably not meant so: definitions that nothing uses, rules that cannot matter.

use std::collections::BTreeSet;

use super::{Builder, code};
use crate::event::Journey;
use crate::policy::ast::RuleKind;
use crate::policy::diagnostic::{Diagnostic, Severity};
use crate::policy::plan::{Group, Part, Rule, Thresholds};
use crate::policy::program::{Formula, Program, Slot};

impl Builder<'_> {
    /// Warns of what has no effect. Says nothing as long as there are errors.
    pub(crate) fn lint(&mut self, rules: &[Rule], journeys: &[Thresholds], groups: &[Group]) {
        if self.found.iter().any(|problem| problem.severity == Severity::Error) {
            return;
        }
        self.unused(rules);
        for (index, rule) in rules.iter().enumerate() {
            if rule.kind == RuleKind::Score && points_max(rule) > 0 {
                self.powerless(index, rules, journeys, groups);
            }
        }
    }

    fn unused(&mut self, rules: &[Rule]) {
        let mut used = used(&self.program);
        used.extend(rules.iter().flat_map(shown));
        let derived = self.program.derived.iter().enumerate();
        let derived: BTreeSet<&str> = derived
            .filter(|(at, _)| used.contains(&Slot::Derived(*at)))
            .map(|(_, it)| &*it.name)
            .collect();
        let windows = self.names.windows.iter().enumerate();
        let windows = windows
            .filter(|(index, _)| !used.contains(&Slot::Given(self.window_slot(*index))))
            .map(|(_, window)| ("window", &window.name));
        let signals = self.names.derived.iter();
        let signals = signals
            .filter(|signal| !derived.contains(signal.name.text.as_str()))
            .map(|signal| ("signal", &signal.name));
        let lists = self.names.lists.iter().enumerate();
        let lists = lists
            .filter(|(index, _)| self.lookups.iter().all(|lookup| lookup.list != *index))
            .map(|(_, list)| ("list", &list.name));
        let variants = || rules.iter().flat_map(|rule| &rule.variants);
        let groups = self.names.groups.iter().enumerate();
        let groups = groups
            .filter(|(index, _)| variants().all(|variant| variant.group != Some(*index)))
            .map(|(_, group)| ("group", &group.name));
        let unused = windows.chain(signals).chain(lists).chain(groups).map(|(what, name)| {
            let message = format!("{what} `{}` is never used", name.text);
            Diagnostic::warning(code::UNUSED, message).at(name.span, "")
        });
        let unused: Vec<_> = unused.collect();
        self.found.extend(unused);
    }

    /// Warns if all rules together stay below every threshold in every journey where this one applies.
    fn powerless(
        &mut self,
        index: usize,
        rules: &[Rule],
        journeys: &[Thresholds],
        groups: &[Group],
    ) {
        let Some(rule) = rules.get(index) else { return };
        let mut nearest: Option<(i32, i32, &str)> = None;
        for (at, word) in Journey::WORDS.iter().enumerate() {
            let bit = 1 << at;
            let Some(first) = lowest(journeys, bit).filter(|_| applies(rule, bit)) else {
                continue;
            };
            let rest = sum_max(rules, index, bit, groups);
            if rest.saturating_add(points_max(rule)) >= first {
                return;
            }
            if nearest.is_none_or(|(_, known, _)| first < known) {
                nearest = Some((rest, first, word));
            }
        }
        let place = self.names.rules.get(index).and_then(|(_, blocks)| blocks.first());
        if let (Some((rest, first, journey)), Some(block)) = (nearest, place) {
            let points = points_max(rule);
            let note = format!(
                "+{points}, with at most {rest} from the rest of journey `{journey}`; its thresholds start at {first}"
            );
            let message = "this rule can never change a verdict";
            self.found.push(
                Diagnostic::warning(code::POWERLESS, message).at(block.name.span, "").note(note),
            );
        }
    }
}

fn used(program: &Program) -> BTreeSet<Slot> {
    let mut used: BTreeSet<Slot> = BTreeSet::new();
    for atom in &program.atoms {
        used.extend([atom.slot].into_iter().chain(atom.test.other()));
    }
    for derived in &program.derived {
        if let Formula::Number(number) = &derived.formula {
            number.slots(&mut |slot| {
                used.insert(slot);
            });
        }
    }
    used
}

/// The slots that the rule's reasons show.
fn shown(rule: &Rule) -> impl Iterator<Item = Slot> {
    let reasons = rule.variants.iter().flat_map(|variant| {
        let lines = variant.lines.iter().filter_map(|line| line.reason.as_ref());
        std::iter::once(&variant.reason).chain(lines)
    });
    reasons.flat_map(|reason| &reason.template).filter_map(|part| match part {
        Part::Text(_) => None,
        Part::Reading(slot) => Some(*slot),
    })
}

fn points_max(rule: &Rule) -> i32 {
    let points = rule.variants.iter().flat_map(|variant| {
        let lines = variant.lines.iter().filter_map(|line| line.points);
        std::iter::once(variant.points).chain(lines)
    });
    points.max().unwrap_or(0)
}

fn applies(rule: &Rule, journey: u64) -> bool {
    let covers = |bits: u64| bits == 0 || bits & journey != 0;
    rule.variants.iter().any(|variant| covers(variant.scope.journeys))
}

/// The lowest score that changes a verdict somewhere in the journey.
fn lowest(journeys: &[Thresholds], journey: u64) -> Option<i32> {
    let blocks = journeys.iter().filter(|block| block.scope.journeys & journey != 0);
    blocks.flat_map(|block| [block.step_up_from, block.deny_from]).flatten().min()
}

/// The most that all other rules can add up to in the journey.
fn sum_max(rules: &[Rule], except: usize, journey: u64, groups: &[Group]) -> i32 {
    let others = rules.iter().enumerate();
    let others = others.filter(|(at, rule)| {
        *at != except && rule.kind == RuleKind::Score && applies(rule, journey)
    });
    let mut sums = vec![0_i32; groups.len()];
    let mut sum = 0_i32;
    for (_, rule) in others {
        let group = rule.variants.first().and_then(|variant| variant.group);
        let total = group.and_then(|group| sums.get_mut(group)).unwrap_or(&mut sum);
        *total = total.saturating_add(points_max(rule).max(0));
    }
    let clamped = groups.iter().zip(sums).map(|(group, total)| total.min(group.at_most));
    clamped.fold(sum, i32::saturating_add)
}
