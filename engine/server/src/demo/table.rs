//! What was decided on the scripted day, as a table that a person reads from top to bottom.

mod story;

use doorward_core::decision::Verdict;

use super::day::{Day, SceneResult};
use super::script::Expectation;
use crate::summary::{Tally, phrase};
use crate::terminal::{Cell, Column, Ink, Table, Terminal, counted, wrapped};

/// Narrowest terminal with room for a bar in every row.
const BAR_COLUMNS_MIN: usize = 100;
/// The whole day, ready to print.
pub fn draw(day: &Day, terminal: Terminal) -> String {
    let mut text = title(day, terminal);
    text += &scenes(day, terminal).draw(terminal);
    text += &missed(day, terminal);
    for result in &day.scenes {
        if !result.reasons.is_empty() || result.case.is_some() {
            text += &story::draw(result, terminal);
        }
    }
    text
}

fn title(day: &Day, terminal: Terminal) -> String {
    let attempts: u64 = day.scenes.iter().map(|result| tally(&result.verdicts).total()).sum();
    let speed = format!(
        "{} attempts in {}.{} s, each on disk before its answer; deciding took {} µs (median).",
        counted(attempts),
        day.took_ms / 1_000,
        day.took_ms % 1_000 / 100,
        counted(day.decided_us)
    );
    let name = terminal.paint(Ink::Bold, "Doorward · a day at the door");
    format!("\n{name}\n{}\n", paragraph(&speed, 0, Ink::Dim, terminal))
}

fn tally(verdicts: &[Verdict]) -> Tally {
    let mut tally = Tally::default();
    verdicts.iter().for_each(|verdict| tally.add(*verdict));
    tally
}

fn scenes(day: &Day, terminal: Terminal) -> Table {
    let bars = terminal.columns() >= BAR_COLUMNS_MIN;
    let mut columns = vec![
        Column::Left("scene"),
        Column::Right("attempts"),
        Column::Right("allowed"),
        Column::Right("stepped up"),
        Column::Right("denied"),
        Column::Left("as meant"),
    ];
    columns.extend(bars.then_some(Column::Right("")));
    let mut table = Table::new(columns);
    for result in &day.scenes {
        let tally = tally(&result.verdicts);
        let [allowed, stepped_up, denied] = tally.cells();
        let mut cells = vec![
            result.scene.title().into(),
            counted(tally.total()).into(),
            allowed,
            stepped_up,
            denied,
            meant(result),
        ];
        cells.extend(bars.then(|| tally.bar()));
        table.row(cells);
    }
    table
}

/// Whether the scene went as a sensible policy would have it.
fn meant(result: &SceneResult) -> Cell {
    if result.scene.expectation().met(&result.verdicts) {
        Cell::new(Ink::Green, "✓")
    } else {
        Cell::new(Ink::Red, "✗")
    }
}

/// What was expected of the scenes that went another way, a line each.
fn missed(day: &Day, terminal: Terminal) -> String {
    let missed =
        day.scenes.iter().filter(|result| !result.scene.expectation().met(&result.verdicts));
    let line = |result: &SceneResult| {
        let expected = match result.scene.expectation() {
            Expectation::Allow(share) => format!("at least {:.0} % allowed", share * 100.0),
            Expectation::Stop(share) => format!("at most {:.0} % allowed", (1.0 - share) * 100.0),
            Expectation::End(verdict) => format!("the last one {}", phrase(verdict)),
        };
        let text = format!("✗ {} was meant to have {expected}", result.scene.title());
        paragraph(&text, 0, Ink::Red, terminal)
    };
    missed.map(line).collect()
}

fn paragraph(text: &str, indent: usize, ink: Ink, terminal: Terminal) -> String {
    wrapped(text, terminal.columns().saturating_sub(indent))
        .iter()
        .map(|line| format!("{}{}\n", " ".repeat(indent), terminal.paint(ink, line)))
        .collect()
}

#[cfg(test)]
mod tests;
