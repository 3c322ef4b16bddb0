//! Which column of a CSV file of geo data means what.

use super::geo_error::RowError;

/// The column names of a header line, as messages list them.
pub(crate) const NAMES: &str = "network, start, end, country, region, city, latitude, longitude, \
    accuracy_km, asn, organisation";

/// What a column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// `203.0.113.0/24`.
    Network,
    /// The first address.
    Start,
    /// The last address.
    End,
    /// ISO 3166-1 alpha-2.
    Country,
    /// The first subdivision's name.
    Region,
    /// The city's name.
    City,
    /// Degrees north.
    Latitude,
    /// Degrees east.
    Longitude,
    /// Kilometres around the point.
    AccuracyKm,
    /// The autonomous system's number.
    Asn,
    /// Its name.
    Organisation,
    /// Nothing that Doorward reads.
    Ignored,
}

use Column::{
    AccuracyKm, Asn, City, Country, End, Ignored, Latitude, Longitude, Network, Organisation,
    Region, Start,
};

/// The headerless layouts of the ip-location-db project, told apart by their width.
const COUNTRY: &[Column] = &[Start, End, Country];
const ASN: &[Column] = &[Start, End, Asn, Organisation];
/// start, end, country, state1, state2, city, postcode, latitude, longitude, timezone
const CITY: &[Column] =
    &[Start, End, Country, Region, Ignored, City, Ignored, Latitude, Longitude, Ignored];

/// Reads the columns of a file off its first line, and whether that line was a header.
pub(crate) fn columns(first: &csv::StringRecord) -> Result<(Vec<Column>, bool), RowError> {
    let headed = first.get(0).is_some_and(|name| matches!(name.trim(), "network" | "start"));
    if headed { Ok((named(first)?, true)) } else { Ok((counted(first.len())?, false)) }
}

fn counted(width: usize) -> Result<Vec<Column>, RowError> {
    [COUNTRY, ASN, CITY]
        .iter()
        .find(|layout| layout.len() == width)
        .map(|layout| layout.to_vec())
        .ok_or(RowError::Columns(width))
}

fn named(header: &csv::StringRecord) -> Result<Vec<Column>, RowError> {
    let columns: Vec<Column> = header.iter().map(column).collect::<Result<_, _>>()?;
    let has = |column| columns.contains(&column);
    if has(Network) || (has(Start) && has(End)) { Ok(columns) } else { Err(RowError::NoRange) }
}

fn column(name: &str) -> Result<Column, RowError> {
    Ok(match name.trim() {
        "network" => Network,
        "start" => Start,
        "end" => End,
        "country" => Country,
        "region" => Region,
        "city" => City,
        "latitude" => Latitude,
        "longitude" => Longitude,
        "accuracy_km" => AccuracyKm,
        "asn" => Asn,
        "organisation" => Organisation,
        other => return Err(RowError::Header(other.to_owned())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &[&str], expected: Result<usize, RowError>) {
        let read = columns(&csv::StringRecord::from(line.to_vec()));
        assert_eq!(read.map(|(columns, _)| columns.len()), expected, "{line:?}");
    }

    #[test]
    fn tells_the_layouts_apart() {
        check(&["1.0.0.0", "1.0.0.255", "AU"], Ok(3));
        check(&["1.0.0.0", "1.0.0.255", "13335", "Cloudflare"], Ok(4));
        check(&["network", "country", "asn"], Ok(3));
        check(&["1.0.0.0", "1.0.0.255"], Err(RowError::Columns(2)));
        check(&["network", "land"], Err(RowError::Header("land".to_owned())));
        check(&["start", "country"], Err(RowError::NoRange));
    }
}
