//! The summary as a person reads it.

use doorward_core::time::{DAY_MS, MINUTE_MS, Timestamp};
use doorward_core::value::Value;

use super::{Campaign, Input, Summary, Tally, ink, phrase};
use crate::terminal::{Cell, Column, Ink, Table, Terminal, counted};

/// The whole summary, ready to print.
pub fn draw(summary: &Summary, terminal: Terminal) -> String {
    let mut text = title(summary, terminal);
    text += &verdicts(summary.tally).draw(terminal);
    let sections = [
        ("Why", reasons(summary)),
        ("Campaigns", campaigns(summary)),
        ("Addresses with the most failures", addresses(summary)),
        ("Lines left out", left_out(&summary.input)),
    ];
    for (heading, table) in sections {
        if let Some(table) = table {
            text += &format!("\n{}\n{}", terminal.paint(Ink::Bold, heading), table.draw(terminal));
        }
    }
    let left_out = summary.input.coverage.not_understood.saturating_add(summary.input.unused);
    let shown = u64::try_from(summary.input.left_out.len()).unwrap_or(u64::MAX);
    if left_out > shown {
        text += &format!("and {} more.\n", counted(left_out - shown));
    }
    if summary.untracked > 0 {
        let untracked = counted(summary.untracked);
        text += &format!("{untracked} attempts came from addresses beyond those remembered.\n");
    }
    text
}

fn title(summary: &Summary, terminal: Terminal) -> String {
    let Input { source, coverage, attempts, outcomes, repeated, unused, .. } = &summary.input;
    let lines = parts(&[
        (coverage.event_lines, "tell of events"),
        (coverage.about, "say more of them"),
        (coverage.unrelated, "are no authentication events"),
        (coverage.not_understood, "were not understood"),
    ]);
    let events = parts(&[
        (*attempts, "attempts"),
        (*outcomes, "outcomes"),
        (*repeated, "told before"),
        (*unused, "of no use"),
    ]);
    let lines = format!("{} lines: {lines}", counted(coverage.lines));
    let events = format!("{} events: {events}", counted(coverage.events));
    let speed = format!(
        "{}decided in {}, {} attempts per second",
        summary.span.map(|(first, last)| format!("{first} to {last}, ")).unwrap_or_default(),
        Value::Duration(i64::try_from(summary.took_ms).unwrap_or(i64::MAX)),
        counted(per_second(summary)),
    );
    let name = terminal.paint(Ink::Bold, &format!("Doorward · replay of {source}"));
    format!("{name}\n{lines}\n{events}\n{}\n\n", terminal.paint(Ink::Dim, &speed))
}

/// What there is any of, with its count.
fn parts(counts: &[(u64, &str)]) -> String {
    let some = counts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> =
        some.map(|(count, what)| format!("{} {what}", counted(*count))).collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

fn per_second(summary: &Summary) -> u64 {
    summary.tally.total().saturating_mul(1_000) / summary.took_ms.max(1)
}

fn verdicts(tally: Tally) -> Table {
    let mut table = Table::new(vec![
        Column::Left("verdict"),
        Column::Right("attempts"),
        Column::Right("share"),
    ]);
    for (verdict, count) in tally.counts() {
        table.row(vec![
            Cell::new(ink(verdict), phrase(verdict)),
            counted(count).into(),
            share(count, tally.total()).into(),
        ]);
    }
    table
}

/// In per mille, so that one in a thousand is not shown as none.
fn share(count: u64, total: u64) -> String {
    let per_mille = count.saturating_mul(1_000).checked_div(total).unwrap_or(0);
    format!("{}.{} %", per_mille / 10, per_mille % 10)
}

fn reasons(summary: &Summary) -> Option<Table> {
    let mut table = Table::new(vec![
        Column::Left("reason"),
        Column::Right("attempts"),
        Column::Left("the last of them"),
    ]);
    for reason in &summary.reasons {
        table.row(vec![
            Cell::new(Ink::Plain, &*reason.code),
            counted(reason.count).into(),
            Cell::new(Ink::Dim, &reason.text),
        ]);
    }
    (!summary.reasons.is_empty()).then_some(table)
}

fn campaigns(summary: &Summary) -> Option<Table> {
    let mut table = Table::new(vec![
        Column::Left("from"),
        Column::Left("reason"),
        Column::Right("stopped"),
        Column::Right("accounts"),
        Column::Left("when (UTC)"),
    ]);
    for campaign in &summary.campaigns {
        table.row(vec![
            Cell::new(Ink::Plain, &campaign.from),
            Cell::new(Ink::Plain, &*campaign.reason),
            counted(campaign.stopped).into(),
            counted(campaign.users).into(),
            Cell::new(Ink::Dim, when(campaign)),
        ]);
    }
    (!summary.campaigns.is_empty()).then_some(table)
}

/// `12-10 09:11 for 12 min`
fn when(campaign: &Campaign) -> String {
    let lasted = campaign.last_at.since(campaign.first_at);
    // Seconds say nothing about a campaign.
    let lasted = if lasted < MINUTE_MS { lasted } else { lasted - lasted % MINUTE_MS };
    format!("{} for {}", minute(campaign.first_at), Value::Duration(lasted.min(999 * DAY_MS)))
}

/// Month, day, hour and minute.
fn minute(at: Timestamp) -> String {
    at.to_string().get(5..16).map_or_else(|| at.to_string(), |text| text.replace('T', " "))
}

/// Without the column of networks where none is known, so that addresses have room.
fn addresses(summary: &Summary) -> Option<Table> {
    let networks = summary.addresses.iter().any(|row| row.network.is_some());
    let mut columns = vec![Column::Left("address")];
    columns.extend(networks.then_some(Column::Left("network")));
    columns.extend([
        Column::Right("failures"),
        Column::Right("accounts"),
        Column::Right("allowed"),
        Column::Right("stepped up"),
        Column::Right("denied"),
    ]);
    let mut table = Table::new(columns);
    for row in &summary.addresses {
        let mut cells = vec![Cell::new(Ink::Plain, &row.address)];
        let network = row.network.as_deref().unwrap_or("·");
        cells.extend(networks.then(|| Cell::new(Ink::Dim, network)));
        cells.extend([counted(row.failures).into(), counted(row.users).into()]);
        cells.extend(row.tally.cells());
        table.row(cells);
    }
    (!summary.addresses.is_empty()).then_some(table)
}

fn left_out(input: &Input) -> Option<Table> {
    let mut table = Table::new(vec![Column::Right("line"), Column::Left("why")]);
    for left_out in &input.left_out {
        table.row(vec![counted(left_out.line).into(), Cell::new(Ink::Plain, &left_out.reason)]);
    }
    (!input.left_out.is_empty()).then_some(table)
}

#[cfg(test)]
mod tests;
