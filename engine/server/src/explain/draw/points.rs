//! How the points of the rules became the score, and what the score was held against.

use doorward_core::decision::Level;

use super::page::Page;
use super::words::{joined, word};
use crate::explain::Recheck;
use crate::terminal::{Cell, Column, Ink, Table};
use crate::wire::{Decision, Reason};

pub(super) fn draw(page: &mut Page, decision: &Decision, recheck: &Recheck) {
    page.heading("Score");
    page.text(0, Ink::Plain, &measured(decision, recheck));
    let pointed: Vec<(&Reason, i32)> =
        decision.reasons.iter().filter_map(|reason| Some((reason, reason.points?))).collect();
    if !pointed.is_empty() {
        page.table(&waterfall(&pointed, decision.score));
    }
}

/// `45 · step-up from 40, deny from 90 · medium`
fn measured(decision: &Decision, recheck: &Recheck) -> String {
    let level: Option<Level> = decision.level().into();
    let limits = match recheck {
        Recheck::Same(limits) => *limits,
        Recheck::Different { .. } | Recheck::Untried(_) => Default::default(),
    };
    let from = |what: &str, from: Option<i32>| from.map(|from| format!("{what} from {from}"));
    let limits = [from("step-up", limits.step_up_from), from("deny", limits.deny_from)];
    let limits: Vec<String> = limits.into_iter().flatten().collect();
    joined(&[&decision.score.to_string(), &limits.join(", "), &word(level)], " · ")
}

/// The points in the record's order with their running sum, then what the sum became.
fn waterfall(pointed: &[(&Reason, i32)], score: i32) -> Table {
    let mut table = Table::new(vec![
        Column::Right("points"),
        Column::Right("sum"),
        Column::Left("reason"),
        Column::Left("group"),
        Column::Left("rule"),
    ]);
    let mut sum = 0_i32;
    for (reason, points) in pointed {
        sum = sum.saturating_add(*points);
        table.row(vec![
            signed(*points),
            sum.to_string().into(),
            Cell::new(Ink::Plain, &reason.code),
            Cell::new(Ink::Dim, &reason.group),
            Cell::new(Ink::Dim, &reason.rule),
        ]);
    }
    if sum != score {
        let change = score.saturating_sub(sum);
        let grouped = pointed.iter().any(|(reason, _)| !reason.group.is_empty());
        let why = match grouped {
            true => "kept within limits",
            false => "never below zero",
        };
        let empty = || Cell::from("");
        let score = score.to_string().into();
        table.row(vec![signed(change), score, Cell::new(Ink::Dim, why), empty(), empty()]);
    }
    table
}

/// Red where it speaks against the attempt, green where for it.
fn signed(points: i32) -> Cell {
    let ink = match points.signum() {
        1 => Ink::Red,
        -1 => Ink::Green,
        _ => Ink::Dim,
    };
    Cell::new(ink, format!("{points:+}"))
}
