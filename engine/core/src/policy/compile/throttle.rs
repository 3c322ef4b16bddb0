//! Throttling: how failures in a row slow an account down.

use super::scope::tied;
use super::{Builder, Stage, code};
use crate::policy::ast::{self, Document, Item};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::plan::{Throttle, Wait};
use crate::policy::span::Span;
use crate::profile::FAILURES_MAX;

/// NIST SP 800-63B-4, section 3.2.2: at most a hundred failures in a row on one account. Profiles tell no more apart.
const FAILURES_ALLOWED_MAX: u32 = 100;

const _: () = assert!(FAILURES_ALLOWED_MAX as usize + 1 == FAILURES_MAX);

impl Builder<'_> {
    /// All throttles, the narrowest scope first.
    pub(crate) fn throttles(&mut self, document: &Document) -> Vec<Throttle> {
        let mut all: Vec<(Throttle, Span)> = Vec::new();
        for item in document.items() {
            let Item::Throttle(block) = item else { continue };
            let Some(throttle) = self.throttle(block) else { continue };
            let same = |(other, _): &&(Throttle, Span)| tied(&other.scope, &throttle.scope);
            if let Some((_, first)) = all.iter().find(same) {
                let message = "two blocks hold in the same place and neither is narrower";
                let problem = Diagnostic::error(code::TIE, message).at(block.span, "");
                self.found.push(problem.see(*first, "first here"));
            }
            all.push((throttle, block.span));
        }
        all.sort_by_key(|(throttle, _)| std::cmp::Reverse(throttle.scope.rank()));
        all.into_iter().map(|(throttle, _)| throttle).collect()
    }

    fn throttle(&mut self, block: &ast::Throttle) -> Option<Throttle> {
        let scope = self.scope(&block.scope);
        let unless = block.unless.as_ref().map(|it| self.condition(Stage::Decision, it));
        let Some(at_most) = block.at_most else {
            if !block.damaged {
                let problem = Diagnostic::error(code::BLOCK, "the throttle has no limit");
                self.found.push(problem.at(block.span, "").help("write `at most 100`"));
            }
            return None;
        };
        if at_most.value > FAILURES_ALLOWED_MAX {
            let message = format!("at most {FAILURES_ALLOWED_MAX} failures in a row are counted");
            let problem = Diagnostic::error(code::LIMIT, message).at(at_most.span, "");
            self.found.push(problem.help("NIST SP 800-63B allows no more either"));
        }
        let wait = block.wait.map(|wait| self.wait(wait, at_most));
        Some(Throttle { scope: scope?, at_most: at_most.value, wait, unless: unless.flatten() })
    }

    fn wait(&mut self, wait: ast::Wait, at_most: ast::Count) -> Wait {
        let ast::Wait { shortest, longest, from } = wait;
        let mut contradict = |span, message, other, label| {
            let problem = Diagnostic::error(code::THRESHOLDS, message).at(span, "");
            self.found.push(problem.see(other, label));
        };
        if longest.ms < shortest.ms {
            let message = "the longest wait is shorter than the first";
            contradict(longest.span, message, shortest.span, "the first");
        }
        if from.value >= at_most.value {
            let message = "no failure ever has this wait";
            contradict(from.span, message, at_most.span, "the limit");
        }
        Wait { from: from.value, shortest_ms: shortest.ms, longest_ms: longest.ms }
    }
}
