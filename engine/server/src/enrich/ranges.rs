//! Range files, as the documentation of [`crate::enrich`] describes them.

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::Path;

use doorward_core::address::Network;
use doorward_core::country::Country;
use doorward_core::enrichment::Operator;
use doorward_core::place::Place;

use super::geo::{Found, point};
use super::geo_error::{GeoError, RowError};
use super::intern::Names;
use super::layout::{self, Column};
use super::table::{Overlap, Range, Table};

/// What country columns say where there is none to name.
const NO_COUNTRY: &[&str] = &["", "-", "ZZ", "XX", "EU", "AP"];

/// Most overlaps in a file without a header. The published ASN file has one in 400,000 lines; a file
/// with many is broken.
const OVERLAPS_MAX: usize = 100;

/// The ranges of one file.
#[derive(Debug)]
pub(crate) struct Ranges {
    v4: Table<u32>,
    v6: Table<u128>,
    /// Each different description once.
    rows: Vec<Found>,
}

impl Ranges {
    /// Reads the `text` of the file at `path`. Comes with the overlaps that were tolerated.
    pub(crate) fn parse(path: &Path, text: &[u8]) -> Result<(Self, Vec<GeoError>), GeoError> {
        let at = |line, error| GeoError::Row { path: path.to_owned(), line, error };
        let mut load = Load::default();
        for record in csv::ReaderBuilder::new()
            .has_headers(false)
            .comment(Some(b'#'))
            .from_reader(text)
            .records()
        {
            let record = record.map_err(|error| at(line_of(&error), syntax(&error)))?;
            let line = record.position().map_or(0, csv::Position::line);
            load.take(&record, line).map_err(|error| at(line, error))?;
        }
        let ((v4, overlaps_v4), (v6, overlaps_v6)) = (Table::build(load.v4), Table::build(load.v6));
        let mut overlaps: Vec<GeoError> = overlaps_v4
            .into_iter()
            .chain(overlaps_v6)
            .map(|Overlap { line, earlier }| at(line, RowError::Overlap { line: earlier }))
            .collect();
        let tolerated = if load.headed { 0 } else { OVERLAPS_MAX };
        if overlaps.len() > tolerated {
            return Err(overlaps.swap_remove(0));
        }
        Ok((Self { v4, v6, rows: load.rows }, overlaps))
    }

    /// What the file says of `address`.
    pub(crate) fn look(&self, address: IpAddr) -> Option<Found> {
        let row = match address {
            IpAddr::V4(v4) => self.v4.row(u32::from(v4)),
            IpAddr::V6(v6) => self.v6.row(u128::from(v6)),
        }?;
        self.rows.get(usize::try_from(row).ok()?).cloned()
    }
}

/// What was read so far.
#[derive(Default)]
struct Load {
    /// What the columns mean, once the first line told.
    columns: Option<Vec<Column>>,
    headed: bool,
    v4: Vec<Range<u32>>,
    v6: Vec<Range<u128>>,
    rows: Vec<Found>,
    /// The described part of a line, and the row it became.
    known: HashMap<String, u32>,
    names: Names,
}

impl Load {
    fn take(&mut self, record: &csv::StringRecord, line: u64) -> Result<(), RowError> {
        let columns = match self.columns.take() {
            Some(columns) => columns,
            None => {
                let (columns, headed) = layout::columns(record)?;
                self.headed = headed;
                if headed {
                    self.columns = Some(columns);
                    return Ok(());
                }
                columns
            }
        };
        self.add(&columns, record, line)?;
        self.columns = Some(columns);
        Ok(())
    }

    fn add(
        &mut self,
        columns: &[Column],
        record: &csv::StringRecord,
        line: u64,
    ) -> Result<(), RowError> {
        let fields = || columns.iter().copied().zip(record.iter().map(str::trim));
        let (start, end) = range(fields())?;
        let row = self.row(fields())?;
        match (start, end) {
            (IpAddr::V4(start), IpAddr::V4(end)) if start <= end => {
                self.v4.push(Range { start: start.into(), end: end.into(), row, line });
                Ok(())
            }
            (IpAddr::V6(start), IpAddr::V6(end)) if start <= end => {
                self.v6.push(Range { start: start.into(), end: end.into(), row, line });
                Ok(())
            }
            (IpAddr::V4(_) | IpAddr::V6(_), _) => Err(RowError::Reversed),
        }
    }

    /// The row that the fields describe, shared with the lines that say the same.
    fn row<'a>(
        &mut self,
        fields: impl Iterator<Item = (Column, &'a str)> + Clone,
    ) -> Result<u32, RowError> {
        let key = described(fields.clone());
        if let Some(row) = self.known.get(&key) {
            return Ok(*row);
        }
        let row = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.rows.push(found(fields, &self.names)?);
        self.known.insert(key, row);
        Ok(row)
    }
}

/// The fields that describe, joined by a character that no field holds.
fn described<'a>(fields: impl Iterator<Item = (Column, &'a str)>) -> String {
    let described = fields.filter(|(column, _)| {
        !matches!(column, Column::Network | Column::Start | Column::End | Column::Ignored)
    });
    described.flat_map(|(_, text)| [text, "\u{1f}"]).collect()
}

fn range<'a>(
    fields: impl Iterator<Item = (Column, &'a str)>,
) -> Result<(IpAddr, IpAddr), RowError> {
    let (mut start, mut end) = (None, None);
    for (column, text) in fields {
        match column {
            Column::Network => {
                let network = Network::parse(text).ok_or(RowError::Network(text.to_owned()))?;
                (start, end) = (Some(network.base()), Some(network.last()));
            }
            Column::Start => start = Some(address(text)?),
            Column::End => end = Some(address(text)?),
            Column::Country | Column::Region | Column::City | Column::Latitude => {}
            Column::Longitude | Column::AccuracyKm | Column::Asn | Column::Organisation => {}
            Column::Ignored => {}
        }
    }
    start.zip(end).ok_or(RowError::NoRange)
}

fn address(text: &str) -> Result<IpAddr, RowError> {
    text.parse().map_err(|_| RowError::Address(text.to_owned()))
}

fn found<'a>(
    fields: impl Iterator<Item = (Column, &'a str)>,
    names: &Names,
) -> Result<Found, RowError> {
    let mut place = Place::default();
    let (mut latitude, mut longitude, mut accuracy_km) = (None, None, None);
    let (mut asn, mut organisation) = (None, None);
    for (column, text) in fields {
        match column {
            Column::Country => place.country = country(text)?,
            Column::Region => place.region = names.share(text),
            Column::City => place.city = names.share(text),
            Column::Latitude => latitude = number("latitude", text, -90.0..=90.0)?,
            Column::Longitude => longitude = number("longitude", text, -180.0..=180.0)?,
            Column::AccuracyKm => accuracy_km = number("accuracy_km", text, 0.0..=20_016.0)?,
            Column::Asn => asn = asn_number(text)?,
            Column::Organisation => organisation = names.share(text),
            Column::Network | Column::Start | Column::End | Column::Ignored => {}
        }
    }
    place.point = point(latitude, longitude, accuracy_km);
    Ok(Found::new(place, asn.map(|asn| Operator { asn, organisation })))
}

fn country(text: &str) -> Result<Option<Country>, RowError> {
    if NO_COUNTRY.contains(&text) {
        return Ok(None);
    }
    Country::parse(text).map(Some).map_err(|error| RowError::Country(error.to_string()))
}

fn number(
    column: &'static str,
    text: &str,
    bounds: std::ops::RangeInclusive<f64>,
) -> Result<Option<f64>, RowError> {
    if text.is_empty() {
        return Ok(None);
    }
    let number = text.parse().ok().filter(|number| bounds.contains(number));
    number.map(Some).ok_or_else(|| RowError::Number { column, text: text.to_owned() })
}

/// An autonomous system's number, with or without the letters `AS`; zero names none (RFC 7607).
fn asn_number(text: &str) -> Result<Option<u32>, RowError> {
    if text.is_empty() {
        return Ok(None);
    }
    let digits = text.strip_prefix("AS").unwrap_or(text);
    match digits.parse() {
        Ok(asn) => Ok(Some(asn).filter(|asn| *asn != 0)),
        Err(_) => Err(RowError::Number { column: "asn", text: text.to_owned() }),
    }
}

fn line_of(error: &csv::Error) -> u64 {
    error.position().map_or(0, csv::Position::line)
}

fn syntax(error: &csv::Error) -> RowError {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            RowError::Syntax(format!("{len} fields, the first line has {expected_len}"))
        }
        _ => RowError::Syntax(error.to_string()),
    }
}
