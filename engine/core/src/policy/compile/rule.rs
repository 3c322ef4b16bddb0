//! Rules: which block of a name defines it, which change it, and what each must say.

use std::cmp::Reverse;

use super::scope::tied;
use super::{Builder, code, names};
use crate::policy::ast::{self, RuleKind};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::plan::{Degraded, Rule, Variant};

impl<'a> Builder<'a> {
    /// Compiles all rules, in the order of their first blocks.
    pub(crate) fn rules(&mut self, degraded: &[Degraded]) -> Vec<Rule> {
        let rules = std::mem::take(&mut self.names.rules);
        let compiled =
            rules.iter().filter_map(|(name, blocks)| self.rule(name, blocks, &rules, degraded));
        let compiled = compiled.collect();
        self.names.rules = rules;
        compiled
    }

    fn rule(
        &mut self,
        name: &'a str,
        blocks: &[&'a ast::Rule],
        all: &[(&'a str, Vec<&'a ast::Rule>)],
        degraded: &[Degraded],
    ) -> Option<Rule> {
        let first = *blocks.first()?;
        let base = self.base(blocks);
        let mut variants: Vec<(Variant, &ast::Rule)> = Vec::new();
        for block in blocks {
            let base = base.filter(|base| !std::ptr::eq(*base, *block));
            if block.kind != first.kind {
                let message = format!("`{name}` is two kinds of rule");
                let problem = Diagnostic::error(code::TWICE, message);
                self.found.push(problem.at(block.kind_span, "").see(first.kind_span, "first here"));
                continue;
            }
            self.complete(block, base);
            if let Some(variant) = self.variant(block, base, all, degraded) {
                variants.push((variant, block));
            }
        }
        self.ties(&variants);
        variants.sort_by_key(|(variant, _)| Reverse(variant.scope.rank()));
        let variants = variants.into_iter().map(|(variant, _)| variant).collect();
        Some(Rule { name: name.into(), kind: first.kind, variants })
    }

    /// The block that defines the rule for everybody; two of them are an error.
    fn base(&mut self, blocks: &[&'a ast::Rule]) -> Option<&'a ast::Rule> {
        let everybody = |block: &&&ast::Rule| {
            block.scope.populations.is_empty() && block.scope.tenants.is_empty()
        };
        let mut bases = blocks.iter().filter(everybody);
        let base = *bases.next()?;
        for again in bases {
            self.found.push(names::twice("rule", &again.name, &base.name));
        }
        Some(base)
    }

    /// Reports what the block lacks, and what means nothing in it.
    fn complete(&mut self, block: &ast::Rule, base: Option<&ast::Rule>) {
        if block.damaged {
            return;
        }
        let mut missing = Vec::new();
        let mut need = |there: bool, field: &'static str| {
            if !there {
                missing.push(field);
            }
        };
        if base.is_none() {
            need(block.when.is_some(), "when");
            need(block.reason.is_some(), "reason");
            need(block.kind != RuleKind::Score || block.score.is_some(), "score");
            need(block.kind != RuleKind::Allow || !block.beats.is_empty(), "beats");
        }
        if base.is_some() || block.kind == RuleKind::Allow {
            need(block.until.is_some(), "until");
            need(block.owner.is_some(), "owner");
            need(block.because.is_some(), "because");
        }
        if !missing.is_empty() {
            let what = what(block.kind, base.is_some());
            let message = format!("{what} `{}` lacks {}", block.name.text, names::listed(&missing));
            let problem = Diagnostic::error(code::BLOCK, message).at(block.name.span, "");
            let advice = example(missing.first().copied().unwrap_or_default());
            self.found.push(problem.help(advice));
        }
        self.superfluous(block);
    }

    fn superfluous(&mut self, block: &ast::Rule) {
        let score = block.score.as_ref().map(|points| ("score", points.span));
        let group = block.group.as_ref().map(|group| ("group", group.span));
        let beats = block.beats.first().map(|pattern| ("beats", pattern.span));
        let wrong = match block.kind {
            RuleKind::Score => [beats, None, None],
            RuleKind::Deny => [score, group, beats],
            RuleKind::Allow => [score, group, None],
        };
        for (field, span) in wrong.into_iter().flatten() {
            let message = format!("{} has no `{field}`", with_article(block.kind));
            self.found.push(Diagnostic::error(code::BLOCK, message).at(span, ""));
        }
    }

    fn ties(&mut self, variants: &[(Variant, &ast::Rule)]) {
        for (index, (variant, block)) in variants.iter().enumerate() {
            let before = variants.iter().take(index);
            let mut same = before.filter(|(other, _)| tied(&other.scope, &variant.scope));
            let everybody = block.scope.populations.is_empty() && block.scope.tenants.is_empty();
            if let Some((_, other)) = same.next()
                && !everybody
            {
                let message = format!("two blocks of `{}` hold in the same place", block.name.text);
                self.found.push(
                    Diagnostic::error(code::TIE, message)
                        .at(block.scope.span.unwrap_or(block.name.span), "")
                        .see(other.scope.span.unwrap_or(other.name.span), "neither is narrower")
                        .help("add a block for the tenant and the population together"),
                );
            }
        }
    }
}

fn what(kind: RuleKind, changes: bool) -> &'static str {
    match (changes, kind) {
        (true, _) => "the override of",
        (false, RuleKind::Score) => "rule",
        (false, RuleKind::Deny) => "deny rule",
        (false, RuleKind::Allow) => "allow rule",
    }
}

fn with_article(kind: RuleKind) -> &'static str {
    match kind {
        RuleKind::Score => "a rule",
        RuleKind::Deny => "a deny rule",
        RuleKind::Allow => "an allow rule",
    }
}

fn example(field: &str) -> &'static str {
    match field {
        "when" => "say when it fires: `when device.new and country.new`",
        "reason" => "say why: `reason NEW_DEVICE \"{device.id} was never seen\"`",
        "score" => "say how much it weighs: `score +20`",
        "beats" => "say which rules it beats: `beats travel.*`",
        "until" => "exceptions end: `until 2027-03-31   owner \"j.doe\"   because \"SEC-4412\"`",
        "owner" => "somebody owns every exception: `owner \"j.doe\"`",
        _ => "say why the exception is there: `because \"SEC-4412\"`",
    }
}
