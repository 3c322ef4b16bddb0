//! Why geo data was refused: always with the file, for a row also with its line.

use std::path::PathBuf;
use std::{fmt, io};

/// Why a file of geo data was refused.
#[derive(Debug)]
pub enum GeoError {
    /// It could not be read.
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Neither `.mmdb` nor `.csv`.
    Extension {
        /// The file.
        path: PathBuf,
    },
    /// It is no MaxMind DB file, or a damaged one.
    Mmdb {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        error: maxminddb::MaxMindDbError,
    },
    /// A MaxMind DB whose records name no place and no network.
    Schema {
        /// The file.
        path: PathBuf,
        /// What the file says it is.
        database_type: String,
    },
    /// A line that cannot be read or contradicts another.
    Row {
        /// The file.
        path: PathBuf,
        /// The line, counted from one.
        line: u64,
        /// What is wrong with it.
        error: RowError,
    },
}

impl fmt::Display for GeoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { path, error } => write!(f, "cannot read `{}`: {error}", path.display()),
            Self::Extension { path } => {
                write!(f, "cannot tell what `{}` is, name it .mmdb or .csv", path.display())
            }
            Self::Mmdb { path, error } => {
                write!(f, "`{}` is not a usable MaxMind DB file: {error}", path.display())
            }
            Self::Schema { path, database_type } => write!(
                f,
                "`{}` (`{database_type}`) holds neither places nor networks, \
                 give a country, city or ASN database",
                path.display()
            ),
            Self::Row { path, line, error } => write!(f, "{}:{line}: {error}", path.display()),
        }
    }
}

impl std::error::Error for GeoError {}

/// What is wrong with one line of a CSV file.
#[derive(Debug, PartialEq, Eq)]
pub enum RowError {
    /// It is not CSV.
    Syntax(String),
    /// Without a header line, the number of columns says what they are.
    Columns(usize),
    /// The header names a column that is not known.
    Header(String),
    /// The header names neither `network` nor `start` and `end`.
    NoRange,
    /// Not an address.
    Address(String),
    /// Not an address with a prefix length.
    Network(String),
    /// The range ends before it starts, or in the other address family.
    Reversed,
    /// Not an ISO 3166-1 code.
    Country(String),
    /// Not a number in the column's range.
    Number {
        /// The column.
        column: &'static str,
        /// What stands there.
        text: String,
    },
    /// Another line claims the same addresses.
    Overlap {
        /// That line.
        line: u64,
    },
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(reason) => write!(f, "{reason}"),
            Self::Columns(count) => write!(
                f,
                "{count} columns without a header, expected 3 (start, end, country), \
                 4 (start, end, asn, organisation) or 10 (a city file)"
            ),
            Self::Header(name) => {
                write!(f, "unknown column `{name}`, known are {}", super::layout::NAMES)
            }
            Self::NoRange => write!(f, "no column `network` and no pair `start`, `end`"),
            Self::Address(text) => write!(f, "`{text}` is not an address"),
            Self::Network(text) => write!(f, "`{text}` is not a network such as 203.0.113.0/24"),
            Self::Reversed => write!(f, "the range ends before it starts"),
            Self::Country(reason) => write!(f, "{reason}"),
            Self::Number { column, text } => write!(f, "`{text}` is not a valid {column}"),
            Self::Overlap { line } => write!(f, "overlaps line {line}, remove one of the two"),
        }
    }
}
