//! Everything that is wrong with a request, collected before any of it is refused.

use std::fmt;

use crate::wire::Violation;

/// Most violations that an answer names; the rest is counted. A gRPC error travels in headers, and
/// the strictest clients take 8 KiB of them.
const NAMED_MAX: usize = 24;
/// Most violations that the message for people spells out: it travels in the same headers.
const TOLD_MAX: usize = 8;
/// Longest piece of the caller's text that a description repeats, in characters.
const QUOTE_CHARS_MAX: usize = 32;

/// The fields of one request that break a rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Violations {
    named: Vec<Violation>,
    unnamed: usize,
}

impl Violations {
    /// What `read` makes of a message that must be there.
    ///
    /// # Errors
    /// Everything that `read` noted; it may give nothing only if it noted something.
    pub(super) fn none_in<S, T>(
        field: &str,
        sent: Option<S>,
        read: impl FnOnce(S, &mut Self) -> Option<T>,
    ) -> Result<T, Self> {
        let mut violations = Self::default();
        let Some(sent) = sent else {
            violations.add(field, "must be set");
            return Err(violations);
        };
        read(sent, &mut violations).filter(|_| violations.none()).ok_or(violations)
    }

    /// Those that are named, in the order of the request's fields.
    pub fn named(&self) -> &[Violation] {
        &self.named
    }

    /// Whether the request can be taken.
    fn none(&self) -> bool {
        self.named.is_empty()
    }

    /// Notes that `field` breaks a rule.
    pub(super) fn add(&mut self, field: impl fmt::Display, description: impl fmt::Display) {
        if self.named.len() < NAMED_MAX {
            let description = description.to_string();
            self.named.push(Violation { field: field.to_string(), description });
        } else {
            self.unnamed += 1;
        }
    }

    /// The value, or a note that `field` breaks the rule that the error tells.
    pub(super) fn check<T, E: fmt::Display>(
        &mut self,
        field: impl fmt::Display,
        result: Result<T, E>,
    ) -> Option<T> {
        result.map_err(|error| self.add(field, error)).ok()
    }
}

/// `2 fields are wrong: attempt.event_id is empty; attempt.client.address …`.
impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.named.len() + self.unnamed;
        match count {
            1 => f.write_str("a field is wrong: ")?,
            _ => write!(f, "{count} fields are wrong: ")?,
        }
        for (index, Violation { field, description }) in
            self.named.iter().take(TOLD_MAX).enumerate()
        {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{field} {description}")?;
        }
        match count.saturating_sub(TOLD_MAX) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

/// The caller's text as a message repeats it: in backticks, without control characters, not too long.
pub(super) fn quote(text: &str) -> String {
    let mut chars = text.chars();
    let tame = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
    let start: String = chars.by_ref().take(QUOTE_CHARS_MAX).map(tame).collect();
    match chars.next() {
        None => format!("`{start}`"),
        Some(_) => format!("`{start}…`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_stays_small() {
        let mut violations = Violations::default();
        for number in 0..100 {
            violations.add(format!("attempt.field_{number}"), quote(&"\u{1b}".repeat(1_000)));
        }
        assert_eq!(violations.named().len(), NAMED_MAX);
        let text = violations.to_string();
        assert!(text.starts_with("100 fields are wrong: attempt.field_0 `\u{fffd}"), "{text}");
        assert!(text.ends_with("…`; and 92 more"), "{text}");
        assert!(text.len() < 1_200, "{}", text.len());
    }
}
