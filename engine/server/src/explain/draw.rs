//! The receipt as people read it: the verdict in one sentence, then everything behind it.

mod attempt;
mod ending;
mod made;
mod page;
mod points;
mod readings;
mod reasons;
mod words;

use doorward_core::decision::Verdict;

use self::page::Page;
use super::{Dossier, Recheck};
use crate::summary::ink;
use crate::terminal::{Ink, Terminal};
use crate::wire::{Decision, Reason};

/// The whole receipt, ready to print.
pub fn draw(dossier: &Dossier, recheck: &Recheck, terminal: Terminal) -> String {
    let record = &dossier.record;
    let decision = record.decision.clone().unwrap_or_default();
    let mut page = Page::new(terminal);
    page.text(0, Ink::Bold, &format!("Doorward · decision {}", decision.decision_id));
    let verdict: Option<Verdict> = decision.verdict().into();
    page.text(0, verdict.map_or(Ink::Red, ink), &sentence(&decision, verdict));
    page.gap();
    attempt::draw(&mut page, record);
    points::draw(&mut page, &decision, recheck);
    reasons::draw(&mut page, &decision);
    ending::draw(&mut page, &decision, &dossier.outcomes);
    made::draw(&mut page, dossier, &decision, recheck);
    readings::draw(&mut page, dossier);
    page.finish()
}

/// The verdict, and what weighed most for it.
fn sentence(decision: &Decision, verdict: Option<Verdict>) -> String {
    let Some(verdict) = verdict else { return "The record has no verdict.".to_owned() };
    let said = match verdict {
        Verdict::Allow => "Allowed",
        Verdict::StepUp => "Stepped up",
        Verdict::Deny => "Denied",
    };
    let weightiest = decision.reasons.iter().find(|reason| speaks_for(reason, verdict));
    let why = match weightiest {
        Some(reason) => reason.analyst_text.trim_end_matches('.'),
        None if verdict != Verdict::Allow => "its score asks for it",
        None if decision.score > 0 => "its score stays below what would ask for more",
        None => "nothing weighed against it",
    };
    let others = decision.reasons.iter().filter(|reason| speaks_for(reason, verdict)).count();
    match others.saturating_sub(1) {
        0 => format!("{said}: {why}."),
        1 => format!("{said}: {why}; and one more reason."),
        more => format!("{said}: {why}; and {more} more reasons."),
    }
}

/// Whether the reason asks for the verdict, or pushes towards it.
fn speaks_for(reason: &Reason, verdict: Verdict) -> bool {
    let demanded: Option<Verdict> = reason.verdict().into();
    let pushes = reason.points.is_some_and(|points| points > 0);
    demanded == Some(verdict) || (pushes && verdict != Verdict::Allow)
}

#[cfg(test)]
mod tests;
