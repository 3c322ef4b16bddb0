//! The score as a person reads it.

use doorward_core::event::Population;

use super::score::attacks::{Accounts, AttackRow, FirstCaught};
use super::score::rank::Area;
use super::score::{PeopleRow, Score, Share};
use crate::terminal::{Cell, Column, Ink, Table, Terminal, counted};

/// The whole score, ready to print.
pub fn draw(score: &Score, terminal: Terminal) -> String {
    let name = format!("Doorward · score of simulated traffic, seed {}", score.seed);
    let dim = format!(
        "{} attempts on the days scored, intervals of 95 %, policy {:.12}",
        counted(u64::try_from(score.attempts).unwrap_or(u64::MAX)),
        score.policy,
    );
    let mut text = terminal.paint(Ink::Bold, &name) + "\n" + &terminal.paint(Ink::Dim, &dim) + "\n";
    let of = |rows: &[PeopleRow], population: Population, what| {
        let theirs = rows.iter().filter(|row| row.population == population.word());
        people(theirs, what)
    };
    let (customer, staff) = (Population::Customer, Population::Workforce);
    let sections = [
        ("Attacks: how many attempts until they are first stopped", noticed(score)),
        ("Entries: right passwords, stolen sessions, farmed registrations", entries(score)),
        ("Accounts whose password or session an attacker has", accounts(score)),
        ("Good customers", of(&score.people, customer, "step")),
        ("Good customers' sign-ins, by what is going on", of(&score.lives, customer, "life")),
        ("Good staff", of(&score.people, staff, "step")),
        ("Good staff's sign-ins, by what is going on", of(&score.lives, staff, "life")),
        ("Reasons given for what was stopped", reasons(score)),
        ("Thresholds that would challenge 1 % of good attempts", bars(score)),
        ("Targets", targets(score)),
    ];
    for (heading, table) in sections.into_iter().filter(|(_, table)| !table.empty()) {
        text += &format!("\n{}\n{}", terminal.paint(Ink::Bold, heading), table.draw(terminal));
    }
    text
}

fn noticed(score: &Score) -> Table {
    let mut table = Table::new(vec![
        Column::Left("attack"),
        Column::Right("tries"),
        Column::Right("stopped"),
        Column::Right("campaigns"),
        Column::Right("caught"),
        Column::Right("median"),
        Column::Right("worst"),
    ]);
    for row in &score.attacks {
        let FirstCaught { median, worst } =
            row.first_caught.unwrap_or(FirstCaught { median: None, worst: None });
        let at = |attempt: Option<usize>| attempt.map_or("never".to_owned(), |at| at.to_string());
        table.row(vec![
            name(row),
            counted(row.attempts.whole).into(),
            plain(row.attempts),
            counted(row.campaigns.whole).into(),
            counted(row.campaigns.part).into(),
            at(median).into(),
            at(worst).into(),
        ]);
    }
    table
}

fn entries(score: &Score) -> Table {
    let mut table = Table::new(vec![
        Column::Left("attack"),
        Column::Right("tries"),
        Column::Right("caught"),
        Column::Right("at 1 %"),
        Column::Right("ROC AUC"),
    ]);
    for row in &score.attacks {
        table.row(vec![
            name(row),
            counted(row.entries.whole).into(),
            row.entries.to_string().into(),
            row.entries_at_bar
                .value()
                .map_or("·".to_owned(), |at_bar| format!("{:.0} %", at_bar * 100.0))
                .into(),
            row.area.map_or("·".to_owned(), area).into(),
        ]);
    }
    table
}

fn accounts(score: &Score) -> Table {
    let mut table = Table::new(vec![
        Column::Left("attack"),
        Column::Right("accounts"),
        Column::Right("door"),
        Column::Right("action"),
        Column::Right("harmed"),
        Column::Right("kept from harm"),
    ]);
    for row in score.attacks.iter().filter(|row| row.accounts.prevented().whole > 0) {
        let Accounts { at_the_door, at_the_action, harmed } = row.accounts;
        table.row(vec![
            name(row),
            counted(row.accounts.prevented().whole).into(),
            count(at_the_door),
            count(at_the_action),
            if harmed > 0 { Cell::new(Ink::Red, counted(harmed)) } else { "·".into() },
            row.accounts.prevented().to_string().into(),
        ]);
    }
    table
}

fn people<'a>(rows: impl Iterator<Item = &'a PeopleRow>, what: &'static str) -> Table {
    let mut table = Table::new(vec![
        Column::Left(what),
        Column::Right("tries"),
        Column::Right("challenged"),
        Column::Right("denied"),
        Column::Right("lost"),
    ]);
    for row in rows {
        let ink = |share: Share, ink| if share.part > 0 { ink } else { Ink::Plain };
        table.row(vec![
            row.what.into(),
            counted(row.challenged.whole).into(),
            Cell::new(ink(row.challenged, Ink::Yellow), row.challenged.to_string()),
            Cell::new(ink(row.denied, Ink::Red), row.denied.to_string()),
            count(row.turned_away),
        ]);
    }
    table
}

fn reasons(score: &Score) -> Table {
    let mut table = Table::new(vec![
        Column::Left("reason"),
        Column::Right("good"),
        Column::Right("entries and harm"),
        Column::Right("guesses"),
    ]);
    for row in &score.reasons {
        table.row(vec![
            row.code.as_str().into(),
            count(row.good),
            count(row.attacks),
            count(row.guesses),
        ]);
    }
    table
}

fn bars(score: &Score) -> Table {
    let mut table = Table::new(vec![
        Column::Left("whose"),
        Column::Left("step"),
        Column::Right("from"),
        Column::Right("challenged"),
        Column::Right("denied"),
    ]);
    for bar in &score.bars {
        table.row(vec![
            bar.population.word().into(),
            bar.journey.word().into(),
            bar.score.to_string().into(),
            bar.challenged.to_string().into(),
            plain(bar.denied),
        ]);
    }
    table
}

fn targets(score: &Score) -> Table {
    let mut table = Table::new(vec![
        Column::Left("what"),
        Column::Left("wanted"),
        Column::Right("found"),
        Column::Left("met"),
    ]);
    for target in &score.targets {
        let (ink, met) = match target.met {
            Some(true) => (Ink::Green, "✓"),
            Some(false) => (Ink::Red, "✗"),
            None => (Ink::Dim, "·"),
        };
        table.row(vec![
            target.what.as_str().into(),
            target.wanted.as_str().into(),
            target.found.as_str().into(),
            Cell::new(ink, met),
        ]);
    }
    table
}

fn name(row: &AttackRow) -> Cell {
    match row.family {
        Some(family) => family.word().into(),
        None => Cell::new(Ink::Bold, "all"),
    }
}

/// Nothing is shown as such.
fn count(number: u64) -> Cell {
    if number == 0 { "·".into() } else { counted(number).into() }
}

/// Without its interval.
fn plain(share: Share) -> Cell {
    share.value().map_or("·".to_owned(), |share| format!("{:.1} %", share * 100.0)).into()
}

fn area(area: Area) -> String {
    let Area { value, low, high } = area;
    let end = |end: f64| {
        let digits = format!("{end:.3}");
        digits.strip_prefix('0').map_or("1".to_owned(), str::to_owned)
    };
    format!("{value:.3} ({}–{})", end(low), end(high))
}

#[cfg(test)]
mod tests;
