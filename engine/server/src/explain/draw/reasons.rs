//! Why: every reason with both of its texts and what was seen, then what could not be seen.

use doorward_core::decision::Verdict;
use doorward_core::value::Cause;

use super::page::Page;
use super::words::{cause, joined, word};
use crate::summary::{ink, phrase};
use crate::terminal::Ink;
use crate::wire::{Decision, Evidence, Reason, Shadow, Unknown};

/// Where the texts of reasons begin.
const INDENT: usize = 10;

pub(super) fn draw(page: &mut Page, decision: &Decision) {
    page.heading("Why");
    if decision.reasons.is_empty() {
        page.text(0, Ink::Plain, "No rule fired.");
    }
    decision.reasons.iter().for_each(|reason| told(page, reason));
    if !decision.unknowns.is_empty() {
        page.heading("What rules could not see");
        decision.unknowns.iter().for_each(|unknown| unseen(page, unknown));
    }
    if !decision.degraded.is_empty() {
        page.heading("What was missing");
        for degraded in &decision.degraded {
            let why = Cause::parse(&degraded.cause);
            let why = why.map_or(degraded.cause.as_str(), |why| cause(Some(why)));
            page.text(2, Ink::Yellow, &joined(&[&degraded.what, why], ": "));
        }
    }
    if !decision.shadows.is_empty() {
        page.heading("In shadow: what rules on trial would have made of it");
        decision.shadows.iter().for_each(|shadow| tried(page, shadow));
    }
}

fn told(page: &mut Page, reason: &Reason) {
    let verdict: Option<Verdict> = reason.verdict().into();
    let mark = reason.points.map_or("rule".to_owned(), |points| format!("{points:+}"));
    let mark = format!("{mark:>width$}", width = INDENT - 1);
    let demands =
        verdict.map(|verdict| format!("demands {}", word(Some(verdict)))).unwrap_or_default();
    let title = joined(&[&reason.code, &reason.rule, &demands], " · ");
    page.hanging(&mark, verdict.map_or(Ink::Plain, ink), INDENT, Ink::Bold, &title);
    page.text(INDENT, Ink::Plain, &reason.analyst_text);
    reason.evidence.iter().for_each(|evidence| page.text(INDENT, Ink::Dim, &seen(evidence)));
    if !reason.user_text.is_empty() {
        page.text(INDENT, Ink::Plain, &format!("The user may be told: “{}”", reason.user_text));
    }
    page.text(INDENT, Ink::Dim, &reason.tags.join(" "));
}

/// `failures_per_ip 14, rule: >= 12`
fn seen(evidence: &Evidence) -> String {
    let unknown: Option<Cause> = evidence.unknown().into();
    let observed = evidence.observed.clone().unwrap_or_else(|| cause(unknown).to_owned());
    let against = match evidence.threshold.as_str() {
        "" => String::new(),
        threshold => format!("(rule: {threshold})"),
    };
    joined(&[&format!("{}:", evidence.name), &observed, &against], " ")
}

fn unseen(page: &mut Page, unknown: &Unknown) {
    let why: Option<Cause> = unknown.cause().into();
    let open = match unknown.rules.as_slice() {
        [] => String::new(),
        rules => format!("; leaves open {}", rules.join(", ")),
    };
    page.text(2, Ink::Plain, &format!("{}: {}{open}", unknown.name, cause(why)));
}

fn tried(page: &mut Page, shadow: &Shadow) {
    let verdict: Option<Verdict> = shadow.verdict().into();
    let verdict = verdict.map(phrase).unwrap_or_default();
    page.text(
        2,
        Ink::Plain,
        &format!("{}: {verdict} with a score of {}", shadow.rule, shadow.score),
    );
}
