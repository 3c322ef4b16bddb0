//! Everything that the rules saw.

use doorward_core::value::{Cause, Reading};

use super::page::Page;
use super::words::cause;
use crate::explain::Dossier;
use crate::record::reading;
use crate::terminal::{Cell, Column, Ink, Table};

pub(super) fn draw(page: &mut Page, dossier: &Dossier) {
    page.heading("What the rules saw");
    let slots = dossier.policy.as_ref().map(|policy| policy.slots.as_slice());
    let Some(readings) = slots.and_then(|slots| reading::named(&dossier.record, slots)) else {
        page.text(0, Ink::Red, "The names of the readings are not on record.");
        return;
    };
    page.table(&known(&readings));
    for unknown in Cause::ALL {
        let names: Vec<&str> = readings
            .iter()
            .filter(|(_, reading)| *reading == Reading::Unknown(*unknown))
            .map(|(name, _)| name.as_str())
            .collect();
        if !names.is_empty() {
            let text = format!("Unknown, {}: {}", cause(Some(*unknown)), names.join(", "));
            page.text(0, Ink::Dim, &text);
        }
    }
}

fn known(readings: &[(String, Reading)]) -> Table {
    let mut table = Table::new(vec![Column::Left("signal"), Column::Left("value")]);
    for (name, reading) in readings {
        if let Some(value) = reading.known() {
            table.row(vec![Cell::new(Ink::Plain, name), Cell::new(Ink::Plain, value.to_string())]);
        }
    }
    table
}
