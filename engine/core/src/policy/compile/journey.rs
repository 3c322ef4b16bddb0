//! How scores become verdicts: groups, journeys, and what is answered when data is missing.

use std::sync::Arc;

use super::names::{listed, not_among};
use super::scope::{overlap, tied};
use super::{Builder, Stage, code};
use crate::event::{Journey, Method};
use crate::policy::ast::{self, Document, Item, Name};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::limits::GROUPS_MAX;
use crate::policy::plan::{Degraded, Group, Scope, Thresholds};
use crate::policy::span::Span;

impl<'a> Builder<'a> {
    /// The bounds of all groups.
    pub(crate) fn groups(&mut self) -> Vec<Group> {
        if let Some(extra) = self.names.groups.get(GROUPS_MAX) {
            let message = format!("a policy has at most {GROUPS_MAX} groups");
            self.found.push(Diagnostic::error(code::LIMIT, message).at(extra.name.span, ""));
        }
        let mut groups = Vec::new();
        for group in self.names.groups.clone() {
            let at_least = group.at_least.map_or(i32::MIN, |points| points.value);
            let at_most = group.at_most.map_or(i32::MAX, |points| points.value);
            if at_least > at_most {
                let message = format!("group `{}` is at least more than at most", group.name.text);
                self.found
                    .push(Diagnostic::error(code::THRESHOLDS, message).at(group.name.span, ""));
            }
            let name = group.name.text.as_str().into();
            groups.push(Group { name, at_least, at_most });
        }
        groups
    }

    /// All thresholds, the narrowest scope first.
    pub(crate) fn journeys(&mut self, document: &Document) -> Vec<Thresholds> {
        let mut all: Vec<(Thresholds, Span)> = Vec::new();
        for item in document.items() {
            let Item::Journey(journey) = item else { continue };
            let bits = self.journey_bits(&journey.journeys);
            let scope = self.scope(&journey.scope);
            let (Some(bits), Some(scope)) = (bits, scope) else { continue };
            self.judged |= bits;
            let scope = Scope { journeys: bits, ..scope };
            let span =
                journey.scope.span.unwrap_or_else(|| first_span(&journey.journeys, journey.span));
            all.extend(self.thresholds(&scope, &journey.thresholds).map(|it| (it, span)));
            for block in &journey.overrides {
                let Some(inner) = self.scope(&block.scope) else { continue };
                let span = block.scope.span.unwrap_or(block.span);
                match narrowed(&scope, inner) {
                    Some(scope) => {
                        all.extend(self.thresholds(&scope, &block.thresholds).map(|it| (it, span)));
                    }
                    None => {
                        let message = "this block cannot narrow the one around it";
                        self.found.push(Diagnostic::error(code::THRESHOLDS, message).at(span, ""));
                    }
                }
            }
        }
        self.threshold_ties(&all);
        self.unjudged(&all);
        all.sort_by_key(|(thresholds, _)| std::cmp::Reverse(thresholds.scope.rank()));
        all.into_iter().map(|(thresholds, _)| thresholds).collect()
    }

    /// All degraded lines, the narrowest scope first.
    pub(crate) fn degraded(&mut self, document: &Document) -> Vec<Degraded> {
        let mut all: Vec<(Degraded, Span)> = Vec::new();
        for item in document.items() {
            let Item::Degraded(block) = item else { continue };
            let Some(scope) = self.scope(&block.scope) else { continue };
            for entry in &block.entries {
                let journeys = self.journey_bits(std::slice::from_ref(&entry.journey));
                let unless = entry.unless.as_ref().map(|it| self.condition(Stage::Decision, it));
                let Some(journeys) = journeys else { continue };
                let scope = Scope { journeys, ..scope.clone() };
                let same = |(other, _): &&(Degraded, Span)| tied(&other.scope, &scope);
                if let Some((_, first)) = all.iter().find(same) {
                    let message = format!("two lines for journey `{}`", entry.journey.text);
                    let problem = Diagnostic::error(code::TIE, message).at(entry.journey.span, "");
                    self.found.push(problem.see(*first, "first here"));
                }
                let unless = unless.flatten();
                let (verdict, at_least) = (entry.verdict.into(), entry.at_least);
                all.push((Degraded { scope, verdict, at_least, unless }, entry.journey.span));
            }
        }
        all.sort_by_key(|(line, _)| std::cmp::Reverse(line.scope.rank()));
        all.into_iter().map(|(line, _)| line).collect()
    }

    fn thresholds(&mut self, scope: &Scope, written: &ast::Thresholds) -> Option<Thresholds> {
        let step_up = written.step_up.as_ref();
        let methods = self.methods(step_up.map_or(&[], |it| &it.with));
        let forbidden = self.methods(step_up.map_or(&[], |it| &it.not));
        let step_up_from = step_up.and_then(|it| it.from);
        if let (Some(step_up), Some(deny)) = (step_up_from, written.deny_from)
            && step_up.value >= deny.value
        {
            let message = "this step-up can never happen";
            self.found.push(
                Diagnostic::error(code::THRESHOLDS, message)
                    .at(step_up.span, "")
                    .see(deny.span, "denied from here on"),
            );
        }
        let given = |methods: Arc<[Method]>| (!methods.is_empty()).then_some(methods);
        let classes = step_up.map_or(&[][..], |it| &it.acr);
        let acr_values: Arc<[Arc<str>]> =
            classes.iter().map(|class| class.value.as_str().into()).collect();
        Some(Thresholds {
            scope: scope.clone(),
            step_up_from: step_up_from.map(|points| points.value),
            deny_from: written.deny_from.map(|points| points.value),
            methods: given(methods?),
            methods_forbidden: given(forbidden?),
            acr_values: (!acr_values.is_empty()).then_some(acr_values),
            max_age_ms: step_up.and_then(|it| it.max_age).map(|age| age.ms),
        })
    }

    fn methods(&mut self, names: &[Name]) -> Option<Arc<[Method]>> {
        let methods: Vec<_> = names
            .iter()
            .map(|name| {
                Method::parse(&name.text).or_else(|| {
                    let problem = not_among("method", &name.text, name.span, Method::WORDS);
                    self.report(problem)
                })
            })
            .collect();
        methods.into_iter().collect()
    }

    /// Two blocks that say the same of the same attempts, unless a narrower one settles it.
    fn threshold_ties(&mut self, all: &[(Thresholds, Span)]) {
        for (index, (block, span)) in all.iter().enumerate() {
            for (other, first) in all.iter().take(index) {
                let tied = block.scope.rank().0 == other.scope.rank().0
                    && (block.scope.custom != 0) == (other.scope.custom != 0)
                    && overlap(&block.scope, &other.scope)
                    && contradict(block, other)
                    && !all.iter().any(|(third, _)| settles(third, block, other));
                if tied {
                    let message = "two blocks hold in the same place and neither is narrower";
                    self.found.push(
                        Diagnostic::error(code::TIE, message)
                            .at(*span, "")
                            .see(*first, "first here")
                            .help("add a block for the population and the tenant together"),
                    );
                }
            }
        }
    }

    fn unjudged(&mut self, all: &[(Thresholds, Span)]) {
        let Some((_, first)) = all.first() else { return };
        let named = Journey::WORDS.iter().enumerate();
        let missing: Vec<&str> =
            named.filter(|(at, _)| self.judged & (1 << at) == 0).map(|(_, word)| *word).collect();
        if !missing.is_empty() && self.readable {
            let message = format!("no thresholds for {}", listed(&missing));
            self.found.push(
                Diagnostic::warning(code::NO_JOURNEY, message)
                    .at(*first, "other journeys have some")
                    .help("there only `deny` rules can change a verdict"),
            );
        }
    }
}

/// The part of `outer` that `inner` names; `None` if both name populations or both name tenants.
fn narrowed(outer: &Scope, inner: Scope) -> Option<Scope> {
    let everyone = |scope: &Scope| scope.populations == 0 && scope.custom == 0;
    let populations = everyone(outer) || everyone(&inner);
    let tenants = outer.tenants.is_empty() || inner.tenants.is_empty();
    (populations && tenants).then(|| Scope {
        journeys: outer.journeys,
        populations: outer.populations | inner.populations,
        custom: outer.custom | inner.custom,
        tenants: if inner.tenants.is_empty() { outer.tenants.clone() } else { inner.tenants },
    })
}

fn contradict(a: &Thresholds, b: &Thresholds) -> bool {
    let differ = |a: Option<i32>, b: Option<i32>| matches!((a, b), (Some(a), Some(b)) if a != b);
    let methods = matches!((&a.methods, &b.methods), (Some(a), Some(b)) if a != b);
    let forbidden = matches!(
        (&a.methods_forbidden, &b.methods_forbidden), (Some(a), Some(b)) if a != b);
    let classes = matches!((&a.acr_values, &b.acr_values), (Some(a), Some(b)) if a != b);
    let ages = matches!((a.max_age_ms, b.max_age_ms), (Some(a), Some(b)) if a != b);
    let same_place = a.scope == b.scope;
    let custom = a.scope.custom != 0 && b.scope.custom != 0 && !same_place;
    let points = differ(a.step_up_from, b.step_up_from) || differ(a.deny_from, b.deny_from);
    (points || methods || forbidden || classes || ages) && !custom
}

/// Whether `third` is narrower than both and says itself what they disagree about.
fn settles(third: &Thresholds, a: &Thresholds, b: &Thresholds) -> bool {
    let narrower = third.scope.rank().0 > a.scope.rank().0;
    let inside = overlap(&third.scope, &a.scope) && overlap(&third.scope, &b.scope);
    let step_up = a.step_up_from == b.step_up_from || third.step_up_from.is_some();
    let deny = a.deny_from == b.deny_from || third.deny_from.is_some();
    narrower && inside && step_up && deny
}

fn first_span(names: &[Name], otherwise: Span) -> Span {
    names.first().map_or(otherwise, |name| name.span)
}
