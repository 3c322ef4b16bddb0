//! How much a policy may hold, and what in it has no effect.

use super::{Builder, code};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::limits::{ATTRIBUTES_MAX, RULES_MAX, WINDOWS_MAX};
use crate::policy::plan::Rule;

impl Builder<'_> {
    /// Reports what goes beyond the limits, and rules without any journey to act in.
    pub(crate) fn limits(&mut self, rules: &[Rule]) {
        if rules.len() > RULES_MAX {
            let message =
                format!("a policy has at most {RULES_MAX} rules, this one has {}", rules.len());
            self.found.push(Diagnostic::error(code::LIMIT, message));
        }
        if let Some(extra) = self.names.attributes.get(ATTRIBUTES_MAX) {
            let message = format!("a policy declares at most {ATTRIBUTES_MAX} attributes");
            self.found
                .push(Diagnostic::error(code::LIMIT, message).at(extra.name.span, "one too many"));
        }
        if let Some(extra) = self.names.windows.get(WINDOWS_MAX) {
            let message = format!("a policy has at most {WINDOWS_MAX} windows");
            self.found
                .push(Diagnostic::error(code::LIMIT, message).at(extra.name.span, "one too many"));
        }
        if rules.iter().flat_map(|rule| &rule.variants).any(|variant| variant.points != 0)
            && self.judged == 0
            && self.readable
        {
            let message = "no journey has thresholds: points never become a verdict";
            self.found.push(
                Diagnostic::error(code::NO_JOURNEY, message)
                    .help("write `journey login { step_up from 40   deny from 90 }`"),
            );
        }
    }
}
