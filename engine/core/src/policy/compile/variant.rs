//! A rule in one scope: its block, with what an override leaves to the block it changes.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{listed, not_among};
use super::{Builder, Stage, code};
use crate::event::Journey;
use crate::policy::ast::{self, Expr, ExprKind, IfUnknown, RuleKind, Set, UnknownAction};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::list::midnight;
use crate::policy::plan::{Asked, Degraded, Line, Places, Reason, Rollout, Scope, Shadow, Variant};
use crate::policy::program::{Condition, Slot};
use crate::time::{DAY_MS, Timestamp};
use crate::value::Type;

impl<'a> Builder<'a> {
    /// Compiles one block; `base` is the one that it changes.
    pub(crate) fn variant(
        &mut self,
        block: &'a ast::Rule,
        base: Option<&'a ast::Rule>,
        all: &[(&'a str, Vec<&'a ast::Rule>)],
        degraded: &[Degraded],
    ) -> Option<Variant> {
        let scope = self.scope(&block.scope);
        let kept = base.and_then(|base| base.when.as_ref()).map(|when| merge(when, &[]));
        let parts = match (&block.when, kept) {
            (Some(when), kept) => merge(when, &kept.unwrap_or_default()),
            (None, Some(kept)) => kept,
            (None, None) => return None,
        };
        let condition = self.conjunction(&parts);
        let points =
            block.score.or(base.and_then(|base| base.score)).map_or(0, |points| points.value);
        let group = block.group.as_ref().or(base.and_then(|base| base.group.as_ref()));
        let group = group.map(|group| self.group(group));
        let beats = self.beaten(block, base, all);
        let rollout = block.rollout.as_ref().or(base.and_then(|base| base.rollout.as_ref()));
        let rollout = rollout.map(|rollout| self.rollout(rollout));
        let condition = condition?;
        let reason = self.rule_reason(block, base, &condition);
        let lines = self.lines(block, base, &condition);
        let shadows = self.shadows(block, base, &parts, points);
        let (scope, lines) = (scope?, lines?);
        let hardens = block.kind == RuleKind::Deny || (block.kind == RuleKind::Score && points > 0);
        if hardens {
            self.open(block, &condition, &lines, &scope, degraded);
        }
        let reads_strangers = self.reads_strangers(&condition);
        let asked = self.asked(&condition, &lines);
        let until = block.until.map(|until| midnight(until.day).plus(DAY_MS));
        Some(Variant {
            everywhere: scope == Scope::default() && until.is_none(),
            scope,
            until,
            rollout: match rollout {
                Some(rollout) => Some(rollout?),
                None => None,
            },
            condition,
            points,
            group: match group {
                Some(group) => Some(group?),
                None => None,
            },
            reason: reason?,
            lines: lines.into(),
            asked,
            beats: beats.into(),
            reads_strangers,
            shadows: shadows?.into(),
        })
    }

    /// Whether it reads a window or the row of failures, which anybody can fill in anybody's name.
    fn reads_strangers(&self, condition: &Condition) -> bool {
        let windows = self.window_slot(0)..self.lookup_slot(0);
        let failures = Places::find().failures;
        let mut found = false;
        self.program.reads(condition, &mut |slot| {
            found |= slot == failures;
            found |= matches!(slot, Slot::Given(index) if windows.contains(&index));
        });
        found
    }

    /// The atoms of the condition. Skipped are those whose slots are all named by lines that skip the rule, and
    /// by no other.
    fn asked(&self, condition: &Condition, lines: &[Line]) -> Box<[Asked]> {
        let skips = |slot: Slot| {
            let mut named = lines.iter().filter(|line| line.named.contains(&slot)).peekable();
            named.peek().is_some() && named.all(|line| line.points.is_none())
        };
        let mut words: BTreeMap<usize, Asked> = BTreeMap::new();
        condition.atoms(&mut |number| {
            let Some(atom) = self.program.atoms.get(number) else { return };
            let skipped = skips(atom.slot) && atom.test.other().is_none_or(skips);
            let word = number / 64;
            let asked = words.entry(word).or_insert(Asked { word, skipped: 0, open: 0 });
            let bits = if skipped { &mut asked.skipped } else { &mut asked.open };
            *bits |= 1 << (number % 64);
        });
        words.into_values().collect()
    }

    fn conjunction(&mut self, parts: &[&Expr]) -> Option<Condition> {
        let parts: Vec<_> =
            parts.iter().map(|part| self.condition(Stage::Decision, part)).collect();
        parts.into_iter().collect::<Option<_>>().map(Condition::all)
    }

    fn rule_reason(
        &mut self,
        block: &ast::Rule,
        base: Option<&ast::Rule>,
        condition: &Condition,
    ) -> Option<Reason> {
        let reason = block.reason.as_ref().or(base.and_then(|base| base.reason.as_ref()))?;
        let tell = block.tell.as_ref().or(base.and_then(|base| base.tell.as_ref()));
        let own = (!block.tags.is_empty()).then_some(&block.tags);
        let tags = own.or(base.map(|base| &base.tags));
        self.reason(reason, tell, tags.map_or(&[], |tags| tags), condition)
    }

    fn lines(
        &mut self,
        block: &ast::Rule,
        base: Option<&ast::Rule>,
        condition: &Condition,
    ) -> Option<Vec<Line>> {
        let own = (!block.if_unknown.is_empty()).then_some(&block.if_unknown);
        let lines = own.or(base.map(|base| &base.if_unknown));
        let lines: Vec<_> = lines
            .into_iter()
            .flatten()
            .map(|line| self.line(line, condition, (block, base)))
            .collect();
        lines.into_iter().collect()
    }

    fn line(
        &mut self,
        line: &IfUnknown,
        condition: &Condition,
        (block, base): (&ast::Rule, Option<&ast::Rule>),
    ) -> Option<Line> {
        let named = self.named_slots(&line.signals);
        let (points, reason) = match &line.then {
            UnknownAction::Skip => (None, None),
            UnknownAction::Score { points, reason } => {
                let reason = match reason {
                    Some(reason) => {
                        let tell = block.tell.as_ref().or(base.and_then(|base| base.tell.as_ref()));
                        Some(self.reason(reason, tell, &block.tags, condition)?)
                    }
                    None => None,
                };
                (Some(points.value), reason)
            }
        };
        let named = named?;
        let roots: BTreeSet<Slot> = named.iter().flat_map(|slot| self.roots(*slot)).collect();
        let mut through = Vec::new();
        self.program.reads(condition, &mut |slot| {
            let shared = self.roots(slot).into_iter().filter(|root| roots.contains(root));
            through.extend(shared.map(|root| (slot, root)));
        });
        through.sort_unstable();
        through.dedup();
        let mut asked = !through.is_empty();
        self.program.reads(condition, &mut |slot| asked |= named.contains(&slot));
        if !asked {
            let message = "the rule does not ask for what this line is about";
            self.found.push(Diagnostic::warning(code::IDLE_LINE, message).at(line.span, ""));
        }
        Some(Line { named: named.into(), through: through.into(), points, reason })
    }

    /// Reports a rule whose condition may be unknown without anybody saying what then.
    fn open(
        &mut self,
        block: &ast::Rule,
        condition: &Condition,
        lines: &[Line],
        scope: &Scope,
        degraded: &[Degraded],
    ) {
        let answered = lines.iter().flat_map(|line| line.named.iter());
        let answered: BTreeSet<Slot> =
            answered.flat_map(|slot| self.roots(*slot).into_iter().chain([*slot])).collect();
        let open = self.open_roots(condition);
        let open: Vec<_> = open.difference(&answered).map(|slot| self.slot_name(*slot)).collect();
        let applies = if scope.journeys == 0 { u64::MAX } else { scope.journeys };
        let exposed: Vec<&str> = Journey::WORDS
            .iter()
            .enumerate()
            .filter(|(at, _)| applies & self.judged & (1 << at) != 0)
            .filter(|(at, _)| !degraded.iter().any(|line| answers(&line.scope, scope, 1 << at)))
            .map(|(_, word)| *word)
            .collect();
        if open.is_empty() || exposed.is_empty() || !self.readable {
            return;
        }
        let verb = if open.len() == 1 { "may be unknown" } else { "may all be unknown" };
        let message = format!("nothing says what then: {} {verb}", listed(&open));
        let lines = format!("or a `degraded` line for {}", listed(&exposed));
        let span = block.when.as_ref().map_or(block.name.span, |when| when.span);
        self.found.push(
            Diagnostic::error(code::OPEN, message)
                .at(span, "unknown when one of them is")
                .see(block.name.span, "")
                .help(format!("write `if unknown({}) skip` in the rule, {lines}", open.join(", "))),
        );
    }

    fn group(&mut self, name: &ast::Name) -> Option<usize> {
        let groups = &self.names.groups;
        if let Some(index) = groups.iter().position(|group| group.name.text == name.text) {
            return Some(index);
        }
        let groups: Vec<&str> = groups.iter().map(|group| group.name.text.as_str()).collect();
        let problem = if groups.is_empty() {
            Diagnostic::error(code::UNKNOWN_WORD, format!("there is no group `{}`", name.text))
                .at(name.span, "")
                .help(format!("define it: `group {} {{ at most 80 }}`", name.text))
        } else {
            not_among("group", &name.text, name.span, &groups)
        };
        self.report(problem)
    }

    /// The rules that an `allow` beats.
    fn beaten(
        &mut self,
        block: &ast::Rule,
        base: Option<&ast::Rule>,
        all: &[(&'a str, Vec<&'a ast::Rule>)],
    ) -> Vec<usize> {
        let own = (!block.beats.is_empty()).then_some(&block.beats);
        let scores = |block: &&ast::Rule| block.kind == RuleKind::Score;
        let mut beaten = Vec::new();
        for pattern in own.or(base.map(|base| &base.beats)).into_iter().flatten() {
            let name = pattern.name.text.as_str();
            let of_family = |rule: &str| {
                rule.strip_prefix(name).is_some_and(|rest| pattern.family && rest.starts_with('.'))
            };
            let meant = |rule: &str| (!pattern.family && rule == name) || of_family(rule);
            let mut matched = false;
            for (index, (rule, blocks)) in all.iter().enumerate().filter(|(_, it)| meant(it.0)) {
                matched |= !pattern.family || blocks.first().is_some_and(scores);
                match blocks.first().map(|block| block.kind) {
                    Some(RuleKind::Score) => beaten.push(index),
                    Some(RuleKind::Deny) if !pattern.family => {
                        let message = format!("`{rule}` denies, and a deny is never beaten");
                        self.found
                            .push(Diagnostic::error(code::MISPLACED, message).at(pattern.span, ""));
                    }
                    Some(RuleKind::Deny | RuleKind::Allow) | None => {}
                }
            }
            if !matched {
                let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
                self.found.push(not_among("scoring rule", name, pattern.span, &names));
            }
        }
        beaten
    }

    fn rollout(&mut self, rollout: &ast::Rollout) -> Option<Rollout> {
        let (by, kind) = self.slot(Stage::Decision, &rollout.by)?;
        match kind {
            Type::Device | Type::User | Type::Text | Type::Ip | Type::Cidr | Type::Asn => {
                Some(Rollout { by, share: rollout.share })
            }
            _ => {
                let message = "a rollout goes by what names somebody";
                self.report(
                    Diagnostic::error(code::MISPLACED, message)
                        .at(rollout.by.span, kind.name())
                        .help("`rollout 10% by user` keeps everybody on one side"),
                )
            }
        }
    }

    fn shadows(
        &mut self,
        block: &'a ast::Rule,
        base: Option<&'a ast::Rule>,
        parts: &[&'a Expr],
        points: i32,
    ) -> Option<Vec<Shadow>> {
        let inherited = base.into_iter().flat_map(|base| &base.shadows);
        let shadows: Vec<_> = inherited
            .chain(&block.shadows)
            .map(|shadow| self.shadow(&block.name.text, shadow, parts, points))
            .collect();
        shadows.into_iter().collect()
    }

    fn shadow(
        &mut self,
        rule: &str,
        shadow: &ast::Shadow,
        parts: &[&Expr],
        points: i32,
    ) -> Option<Shadow> {
        let parts = match &shadow.when {
            Some(when) => merge(when, parts),
            None => parts.to_vec(),
        };
        let condition = self.conjunction(&parts)?;
        let since = shadow.since.map_or(Timestamp::from_ms(i64::MIN), |since| midnight(since.day));
        let until =
            shadow.compare_for.map_or(Timestamp::from_ms(i64::MAX), |over| since.plus(over.ms));
        let points = shadow.score.map_or(points, |points| points.value);
        Some(Shadow {
            name: format!("{rule}/{}", shadow.name.text).into(),
            since,
            until,
            condition,
            points,
        })
    }
}

/// Whether a degraded line speaks for that journey wherever the rule applies.
fn answers(line: &Scope, rule: &Scope, journey: u64) -> bool {
    let everyone = line.populations == 0 && line.custom == 0;
    let some = rule.populations != 0 || rule.custom != 0;
    let populations = everyone
        || (some && rule.populations & !line.populations == 0 && rule.custom & !line.custom == 0);
    let tenants = line.tenants.is_empty()
        || (!rule.tenants.is_empty() && rule.tenants.iter().all(|it| line.tenants.contains(it)));
    line.journeys & journey != 0 && populations && tenants
}

/// The conditions of a `when`; where it says `...`, those of `kept` that ask about signals which it does
/// not ask about itself.
fn merge<'e>(when: &'e Expr, kept: &[&'e Expr]) -> Vec<&'e Expr> {
    let parts: Vec<&Expr> = match &when.kind {
        ExprKind::And(parts) => parts.iter().collect(),
        _ => vec![when],
    };
    let rest = |part: &&Expr| matches!(part.kind, ExprKind::Rest);
    if kept.is_empty() || !parts.iter().any(rest) {
        return parts;
    }
    let said: Vec<_> = parts.iter().filter(|part| !rest(part)).map(|part| asks(part)).collect();
    let others = kept.iter().copied().filter(|part| !said.contains(&asks(part)));
    others.chain(parts.iter().copied().filter(|part| !rest(part))).collect()
}

/// The names that a condition asks about.
fn asks(expr: &Expr) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    collect(expr, &mut names);
    names
}

fn collect<'e>(expr: &'e Expr, names: &mut BTreeSet<&'e str>) {
    match &expr.kind {
        ExprKind::Name(name) | ExprKind::Unknown(name) => {
            names.insert(&name.text);
        }
        ExprKind::Or(parts) | ExprKind::And(parts) => {
            parts.iter().for_each(|part| collect(part, names));
        }
        ExprKind::Not(inner) | ExprKind::Negate(inner) => collect(inner, names),
        ExprKind::Compare { left, right, .. } | ExprKind::Arithmetic { left, right, .. } => {
            collect(left, names);
            collect(right, names);
        }
        ExprKind::In { item, set, .. } => {
            collect(item, names);
            if let Set::List(list) = set {
                names.insert(&list.text);
            }
        }
        ExprKind::Is { subject, .. } => collect(subject, names),
        ExprKind::Literal(_) | ExprKind::Rest | ExprKind::Damaged => {}
    }
}
