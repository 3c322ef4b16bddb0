//! Verdicts and reasons, counted.

use std::collections::BTreeMap;
use std::sync::Arc;

use doorward_core::decision::{Reason, Verdict};

use crate::terminal::{Cell, Ink, counted};
use crate::wire;

/// Columns of the bar that shows how verdicts share a row.
const BAR_COLUMNS: u64 = 16;

/// How many attempts got which verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Let in.
    pub allowed: u64,
    /// Asked for more.
    pub stepped_up: u64,
    /// Kept out.
    pub denied: u64,
}

/// A reason with how often it was given and what it last said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopReason {
    /// The stable code.
    pub code: Arc<str>,
    /// Attempts that had it.
    pub count: u64,
    /// The analyst's text of the last of them.
    pub text: String,
}

/// What is told of a reason, decided here or answered over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told<'a> {
    /// The stable code.
    pub code: &'a str,
    /// Its points; none where it demands a verdict.
    pub points: Option<i32>,
    /// The verdict that it demands.
    pub verdict: Option<Verdict>,
    /// The analyst's text.
    pub text: &'a str,
}

/// Counts the reasons of attempts that were not simply allowed.
#[derive(Clone, Debug, Default)]
pub struct Reasons(BTreeMap<Arc<str>, (u64, String)>);

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Allow => self.allowed += 1,
            Verdict::StepUp => self.stepped_up += 1,
            Verdict::Deny => self.denied += 1,
        }
    }

    /// All of them.
    pub fn total(self) -> u64 {
        self.allowed + self.stepped_up + self.denied
    }

    /// Those that were not simply allowed.
    pub fn stopped(self) -> u64 {
        self.stepped_up + self.denied
    }

    /// Every verdict with its count, the softest first.
    pub fn counts(self) -> [(Verdict, u64); 3] {
        [
            (Verdict::Allow, self.allowed),
            (Verdict::StepUp, self.stepped_up),
            (Verdict::Deny, self.denied),
        ]
    }

    /// The counts as cells of a table, in the order of [`Tally::counts`]; none is a quiet dot.
    pub(crate) fn cells(self) -> [Cell; 3] {
        self.counts().map(|(verdict, count)| match count {
            0 => Cell::new(Ink::Dim, "·"),
            _ => Cell::new(ink(verdict), counted(count)),
        })
    }

    /// The shares as a bar. A verdict that was given at all has at least one character, and what
    /// rounding leaves over goes to the softest of them.
    pub(crate) fn bar(self) -> Cell {
        let given: Vec<(Verdict, u64)> =
            self.counts().into_iter().filter(|(_, count)| *count > 0).collect();
        let mut softer = u64::try_from(given.len()).unwrap_or(0);
        let mut left = BAR_COLUMNS;
        let mut stretches = Vec::new();
        for (verdict, count) in given.iter().rev() {
            softer = softer.saturating_sub(1);
            let share = count.saturating_mul(BAR_COLUMNS).checked_div(self.total()).unwrap_or(0);
            let room = left.saturating_sub(softer);
            let columns = if softer == 0 { left } else { share.max(1).min(room) };
            left -= columns;
            stretches.push((ink(*verdict), repeated(glyph(*verdict), columns)));
        }
        stretches.reverse();
        Cell::stretches(stretches)
    }
}

impl Reasons {
    /// Counts the reasons for a verdict that made somebody wait or stay outside.
    pub fn add<'a>(&mut self, verdict: Verdict, reasons: impl Iterator<Item = Told<'a>>) {
        if verdict == Verdict::Allow {
            return;
        }
        for reason in reasons.filter(|reason| reason.against()) {
            if let Some((count, text)) = self.0.get_mut(reason.code) {
                *count += 1;
                reason.text.clone_into(text);
            } else {
                self.0.insert(reason.code.into(), (1, reason.text.to_owned()));
            }
        }
    }

    /// The `wanted` most frequent ones, the most frequent first.
    pub fn top(&self, wanted: usize) -> Vec<TopReason> {
        let mut top: Vec<TopReason> = self
            .0
            .iter()
            .map(|(code, (count, text))| TopReason {
                code: Arc::clone(code),
                count: *count,
                text: text.clone(),
            })
            .collect();
        top.sort_by_key(|reason| std::cmp::Reverse(reason.count));
        top.truncate(wanted);
        top
    }
}

impl Told<'_> {
    /// Whether it speaks against the attempt.
    fn against(self) -> bool {
        self.points > Some(0) || self.verdict.is_some_and(|verdict| verdict != Verdict::Allow)
    }
}

impl<'a> From<&'a Reason> for Told<'a> {
    fn from(reason: &'a Reason) -> Self {
        let Reason { code, points, verdict, text, .. } = reason;
        Self { code, points: *points, verdict: *verdict, text }
    }
}

impl<'a> From<&'a wire::Reason> for Told<'a> {
    fn from(reason: &'a wire::Reason) -> Self {
        let (code, text) = (reason.code.as_str(), reason.analyst_text.as_str());
        Self { code, points: reason.points, verdict: reason.verdict().into(), text }
    }
}

/// The colour of a verdict, everywhere the same.
pub(crate) fn ink(verdict: Verdict) -> Ink {
    match verdict {
        Verdict::Allow => Ink::Green,
        Verdict::StepUp => Ink::Yellow,
        Verdict::Deny => Ink::Red,
    }
}

/// Told apart without colour too.
fn glyph(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allow => "░",
        Verdict::StepUp => "▒",
        Verdict::Deny => "█",
    }
}

/// A verdict in words for a table.
pub(crate) fn phrase(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allow => "allowed",
        Verdict::StepUp => "stepped up",
        Verdict::Deny => "denied",
    }
}

fn repeated(glyph: &str, columns: u64) -> String {
    glyph.repeat(usize::try_from(columns).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::{Column, Table, Terminal};

    #[test]
    fn a_bar_is_always_full_and_never_hides_a_verdict() {
        let check = |allowed, stepped_up, denied, expected: &str| {
            let mut table = Table::new(vec![Column::Left("")]);
            table.row(vec![Tally { allowed, stepped_up, denied }.bar()]);
            let drawn = table.draw(Terminal::new(80, false));
            assert!(drawn.contains(&format!("│ {expected} │")), "{drawn}");
        };
        check(1, 0, 0, "░░░░░░░░░░░░░░░░");
        check(0, 0, 7, "████████████████");
        check(1, 0, 1, "░░░░░░░░████████");
        check(1, 1, 9_998, "░▒██████████████");
        check(9_999, 1, 0, "░░░░░░░░░░░░░░░▒");
        check(0, 2, 1, "▒▒▒▒▒▒▒▒▒▒▒█████");
    }
}
