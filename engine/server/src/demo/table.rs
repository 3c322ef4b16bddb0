//! What was decided on the scripted day, as a table that a person reads from top to bottom.

use std::sync::Arc;

use doorward_core::decision::Verdict;
use doorward_core::event::{Attempt, Id};
use doorward_core::time::Timestamp;
use doorward_core::value::Value;

use super::script::{Expectation, Scene};
use crate::summary::{Reasons, Tally, Told, TopReason, ink, phrase};
use crate::terminal::{Cell, Column, Ink, Table, Terminal, counted, wrapped};
use crate::wire;

/// Reasons that are told of a scene.
const REASONS: usize = 3;
/// Narrowest terminal with room for a bar in every row.
const BAR_COLUMNS_MIN: usize = 100;
/// Where the texts of reasons begin.
const INDENT: usize = 10;

/// How the day went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Day {
    /// Every scene that was played, in the order of the script.
    pub scenes: Vec<SceneResult>,
    /// Wall time of the attempts, in milliseconds.
    pub took_ms: u64,
}

impl Day {
    /// The decision that is best worth explaining: the last one that was looked at closely.
    pub fn decision_to_explain(&self) -> Option<&str> {
        self.scenes.iter().rev().find_map(|result| Some(result.case.as_ref()?.decision_id.as_str()))
    }
}

/// How one scene went.
#[derive(Clone, Debug, PartialEq)]
pub struct SceneResult {
    /// Which one.
    pub scene: Scene,
    /// Its verdicts in order of time.
    pub verdicts: Vec<Verdict>,
    /// The most frequent reasons for not simply allowing.
    pub reasons: Vec<TopReason>,
    /// The attempt to look at closely.
    pub case: Option<Case>,
}

/// One attempt with everything that was said about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The decision, as `explain` takes it.
    pub decision_id: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// The account.
    pub user: String,
    /// From where: an address, and a place if that is known.
    pub from: String,
    /// What was decided.
    pub verdict: Verdict,
    /// The score.
    pub score: i32,
    /// Reason code, points (none for a `deny` or `allow` rule) and the analyst's text.
    pub reasons: Vec<(Arc<str>, Option<i32>, String)>,
}

/// Gathers a [`SceneResult`] while its attempts are decided.
#[derive(Debug)]
pub struct SceneCollector {
    scene: Scene,
    verdicts: Vec<Verdict>,
    reasons: Reasons,
    case: Option<Case>,
}

impl SceneCollector {
    /// Nothing has happened yet in `scene`.
    pub fn new(scene: Scene) -> Self {
        Self { scene, verdicts: Vec::new(), reasons: Reasons::default(), case: None }
    }

    /// Counts what was decided about one of its attempts.
    pub fn add(&mut self, verdict: Verdict, decision: &wire::Decision) {
        self.verdicts.push(verdict);
        self.reasons.add(verdict, decision.reasons.iter().map(Told::from));
    }

    /// Keeps the attempt that the script wants to show.
    pub fn show(&mut self, case: Case) {
        self.case = Some(case);
    }

    /// The result.
    pub fn finish(self) -> SceneResult {
        SceneResult {
            scene: self.scene,
            verdicts: self.verdicts,
            reasons: self.reasons.top(REASONS),
            case: self.case,
        }
    }
}

impl Case {
    /// An attempt as it was decided, at a place in words if it is known.
    pub fn new(
        attempt: &Attempt,
        place: Option<String>,
        verdict: Verdict,
        decision: &wire::Decision,
    ) -> Self {
        let address = attempt.client.address.map(|address| address.to_string());
        let address = address.unwrap_or_else(|| "an unknown address".to_owned());
        let reasons = decision.reasons.iter().map(Told::from);
        Self {
            decision_id: decision.decision_id.clone(),
            occurred_at: attempt.occurred_at,
            user: attempt.user.id.as_ref().map_or("nobody", Id::as_str).to_owned(),
            from: place.map_or(address.clone(), |place| format!("{address} ({place})")),
            verdict,
            score: decision.score,
            reasons: reasons
                .map(|told| (told.code.into(), told.points, told.text.to_owned()))
                .collect(),
        }
    }
}

/// The whole day, ready to print.
pub fn draw(day: &Day, terminal: Terminal) -> String {
    let mut text = title(day, terminal);
    text += &scenes(day, terminal).draw(terminal);
    text += &missed(day, terminal);
    for result in &day.scenes {
        if !result.reasons.is_empty() || result.case.is_some() {
            text += &story(result, terminal);
        }
    }
    text
}

fn title(day: &Day, terminal: Terminal) -> String {
    let attempts: u64 = day.scenes.iter().map(|result| tally(&result.verdicts).total()).sum();
    let took = Value::Duration(i64::try_from(day.took_ms).unwrap_or(i64::MAX));
    let per_second = attempts.saturating_mul(1_000) / day.took_ms.max(1);
    let speed = format!(
        "{} attempts decided in {took}, each on disk before its answer: {} per second.",
        counted(attempts),
        counted(per_second)
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

fn story(result: &SceneResult, terminal: Terminal) -> String {
    let title = terminal.paint(Ink::Bold, result.scene.title());
    let mut text =
        format!("\n{title}\n{}", paragraph(result.scene.story(), 2, Ink::Plain, terminal));
    for reason in &result.reasons {
        let count = format!("{} ×", counted(reason.count));
        text += &told(&count, &reason.code, &reason.text, Ink::Dim, terminal);
    }
    if let Some(case) = &result.case {
        text += &shown(case, terminal);
    }
    text
}

fn shown(case: &Case, terminal: Terminal) -> String {
    let time = case.occurred_at.to_string();
    let time = time.get(11..16).unwrap_or(&time);
    let verdict = terminal.paint(ink(case.verdict), phrase(case.verdict));
    let who =
        paragraph(&format!("{time} {} from {}", case.user, case.from), 2, Ink::Plain, terminal);
    let mut text = format!("\n{who}  {verdict} with a score of {}\n", case.score);
    for (code, points, reason) in &case.reasons {
        let points = points.map_or("rule".to_owned(), |points| format!("{points:+}"));
        text += &told(&points, code, reason, Ink::Plain, terminal);
    }
    text
}

/// A reason: what stands before it, its code, and its text on the lines below.
fn told(before: &str, code: &str, text: &str, ink: Ink, terminal: Terminal) -> String {
    let code = terminal.paint(Ink::Bold, code);
    let columns = INDENT - 1;
    format!("{before:>columns$} {code}\n{}", paragraph(text, INDENT, ink, terminal))
}

fn paragraph(text: &str, indent: usize, ink: Ink, terminal: Terminal) -> String {
    wrapped(text, terminal.columns().saturating_sub(indent))
        .iter()
        .map(|line| format!("{}{}\n", " ".repeat(indent), terminal.paint(ink, line)))
        .collect()
}

#[cfg(test)]
mod tests;
