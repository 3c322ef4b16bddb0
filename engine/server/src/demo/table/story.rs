//! What happened in one scene, why it was stopped, and one attempt of it from close.

use super::paragraph;
use crate::demo::day::{Case, SceneResult};
use crate::summary::{ink, phrase};
use crate::terminal::{Ink, Terminal, counted, width, wrapped};

/// Reasons that are told of one attempt; `explain` tells all.
const REASONS_MAX: usize = 6;
/// Where the codes of reasons begin.
const INDENT: usize = 10;

/// One reason: what stands before it, its code, its text.
type Line<'a> = (String, &'a str, &'a str);

/// A paragraph of its own.
pub(super) fn draw(result: &SceneResult, terminal: Terminal) -> String {
    let title = terminal.paint(Ink::Bold, result.scene.title());
    let frequent: Vec<Line<'_>> = result
        .reasons
        .iter()
        .map(|reason| (format!("{} ×", counted(reason.count)), &*reason.code, &*reason.text))
        .collect();
    let weighty: Vec<Line<'_>> = result.case.iter().flat_map(weighty).collect();
    let codes = frequent.iter().chain(&weighty).map(|(_, code, _)| width(code)).max().unwrap_or(0);
    let mut text =
        format!("\n{title}\n{}", paragraph(result.scene.story(), 2, Ink::Plain, terminal));
    text += &lines(&frequent, codes, Ink::Dim, terminal);
    if let Some(case) = &result.case {
        text += &heading(case, terminal);
        text += &lines(&weighty, codes, Ink::Plain, terminal);
        let more = case.reasons.len().saturating_sub(weighty.len());
        if more > 0 {
            text += &paragraph(&format!("… and {more} more"), INDENT, Ink::Dim, terminal);
        }
    }
    text
}

fn weighty(case: &Case) -> impl Iterator<Item = Line<'_>> {
    // Where one is left it takes no more room than to say so.
    let all = case.reasons.len() <= REASONS_MAX + 1;
    let shown = if all { case.reasons.len() } else { REASONS_MAX };
    case.reasons.iter().take(shown).map(|(code, points, text)| {
        let points = points.map_or("rule".to_owned(), |points| format!("{points:+}"));
        (points, &**code, &**text)
    })
}

fn heading(case: &Case, terminal: Terminal) -> String {
    let time = case.occurred_at.to_string();
    let time = time.get(11..16).unwrap_or(&time);
    let verdict = terminal.paint(ink(case.verdict), phrase(case.verdict));
    let who = format!("{time} {} from {}", case.user, case.from);
    let who = paragraph(&who, 2, Ink::Plain, terminal);
    format!("\n{who}  {verdict} with a score of {}\n", case.score)
}

/// Reasons below each other, codes and texts in columns of their own.
fn lines(lines: &[Line<'_>], codes: usize, ink: Ink, terminal: Terminal) -> String {
    let margin = INDENT + codes + 2;
    let told = |(before, code, text): &Line<'_>| {
        let gap = " ".repeat(codes.saturating_sub(width(code)) + 2);
        let code = terminal.paint(Ink::Bold, code);
        let text: Vec<String> = wrapped(text, terminal.columns().saturating_sub(margin))
            .iter()
            .map(|line| terminal.paint(ink, line))
            .collect();
        let text = text.join(&format!("\n{}", " ".repeat(margin)));
        format!("{before:>9} {code}{gap}{text}\n")
    };
    lines.iter().map(told).collect()
}
