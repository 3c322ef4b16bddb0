//! What the decision was made with, and whether it would be made again.

use super::page::Page;
use super::words::{joined, span, time};
use crate::explain::{Dossier, Recheck};
use crate::terminal::Ink;
use crate::wire::Decision;

/// Letters of a version that tell it from others.
const VERSION_LETTERS: usize = 12;

pub(super) fn draw(page: &mut Page, dossier: &Dossier, decision: &Decision, recheck: &Recheck) {
    page.heading("Made with");
    page.labelled("rules", &rules(dossier, decision));
    let versions = decision.data_versions.iter();
    let versions: Vec<String> =
        versions.map(|data| joined(&[&data.name, &data.version], " of ")).collect();
    page.labelled("data", &versions.join(", "));
    if let Some(taken) = &decision.time_taken {
        page.labelled("took", &span(taken));
    }
    match recheck {
        Recheck::Same(_) => {
            page.inked(
                "again",
                Ink::Green,
                "the same rules now give the same answer, word for word",
            );
        }
        Recheck::Different { verdict, score } => {
            let text = format!(
                "NOT THE SAME: on the same readings the same rules now give {verdict} with a score of \
                 {score}; the record was altered, or this version of doorward decides otherwise"
            );
            page.inked("again", Ink::Red, &text);
        }
        Recheck::Untried(why) => {
            page.inked("again", Ink::Dim, &format!("not decided again: {why}"))
        }
    }
}

fn rules(dossier: &Dossier, decision: &Decision) -> String {
    let policy = decision.policy.clone().unwrap_or_default();
    let version: String = policy.version.chars().take(VERSION_LETTERS).collect();
    let since = dossier.policy.as_ref().map(|record| {
        format!(
            "in force since {} (by {})",
            time(record.activated_at.as_ref()),
            record.activated_by
        )
    });
    let named = joined(&[&policy.name, &version], " ");
    joined(&[&named, &since.unwrap_or_default()], " · ")
}
