//! Recordings: files of events that happened elsewhere, read one event at a time.
//!
//! No line is dropped silently: each is counted as what it was ([`Coverage`]).

mod coverage;
mod lines;
mod ndjson;
mod printable;
mod rba;
mod sshd;

use std::path::{Path, PathBuf};
use std::{fmt, io};

use doorward_core::enrichment::Enrichment;
use doorward_core::event::{Attempt, Id, Population};
use doorward_core::time::Timestamp;

use crate::edge::parse::Report;

pub use coverage::{Coverage, Misread};

/// The forms in which recordings are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One event a line, as the JSON body of the call that tells it: `{"attempt": {…}}` or
    /// `{"outcome": {…}}`; an attempt may also stand alone.
    Ndjson,
    /// The syslog of an OpenSSH server, with RFC 3339 times or with the older ones, which are taken as UTC.
    Sshd,
    /// The columns of the public RBA login data set (Wiefling et al., ACM TOPS 2022).
    RbaCsv,
}

impl Format {
    /// Every format.
    pub const ALL: &'static [Self] = &[Self::Ndjson, Self::Sshd, Self::RbaCsv];

    /// The format of that name.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.word() == word)
    }

    /// Its name on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Sshd => "sshd",
            Self::RbaCsv => "rba-csv",
        }
    }
}

/// What a recording does not say itself.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whose accounts these are, where the format does not say.
    pub tenant: Id,
    /// Who the accounts belong to. `None` takes what is usual for the format: workforce for `sshd`,
    /// customers for `rba-csv`. An event in JSON says it itself.
    pub population: Option<Population>,
    /// The year of the first line of a syslog without years. `None` infers it so that the last line is
    /// not in the future of `now`.
    pub year: Option<i16>,
    /// When the recording is read.
    pub now: Timestamp,
}

/// An event of either kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// It asks for a verdict.
    Attempt(Box<Attempt>),
    /// It tells how an attempt ended.
    Outcome(Box<Report>),
}

/// An event as it was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The line it stands on, counted from one.
    pub line: u64,
    /// The event.
    pub event: Event,
    /// What the recording itself knows of place and network, to be used instead of a look-up.
    pub enrichment: Option<Enrichment>,
}

/// A recording, open for reading. Iterates over its events in the order of the file.
pub struct Recording(Reader);

enum Reader {
    Ndjson(ndjson::Ndjson),
    Sshd(Box<sshd::Sshd>),
    RbaCsv(Box<rba::RbaCsv>),
}

impl Recording {
    /// Opens the file at `path`. An `sshd` log is read twice, once to learn which years its lines are of, so it
    /// must be a file and no pipe.
    pub fn open(path: &Path, format: Format, options: &Options) -> Result<Self, RecordingError> {
        Ok(Self(match format {
            Format::Ndjson => Reader::Ndjson(ndjson::Ndjson::open(path, options.now)?),
            Format::Sshd => Reader::Sshd(Box::new(sshd::Sshd::open(path, options)?)),
            Format::RbaCsv => Reader::RbaCsv(Box::new(rba::RbaCsv::open(path, options)?)),
        }))
    }

    /// What the lines read so far were.
    pub fn coverage(&self) -> &Coverage {
        match &self.0 {
            Reader::Ndjson(ndjson) => ndjson.coverage(),
            Reader::Sshd(sshd) => sshd.coverage(),
            Reader::RbaCsv(rba) => rba.coverage(),
        }
    }

    /// How much of the file has been read, in bytes.
    pub fn bytes_read(&self) -> u64 {
        match &self.0 {
            Reader::Ndjson(ndjson) => ndjson.bytes_read(),
            Reader::Sshd(sshd) => sshd.bytes_read(),
            Reader::RbaCsv(rba) => rba.bytes_read(),
        }
    }
}

impl Iterator for Recording {
    type Item = Result<Recorded, RecordingError>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Reader::Ndjson(ndjson) => ndjson.next_event(),
            Reader::Sshd(sshd) => sshd.next_event(),
            Reader::RbaCsv(rba) => rba.next_event(),
        }
        .transpose()
    }
}

/// Why a recording cannot be read, or not further.
#[derive(Debug)]
pub enum RecordingError {
    /// The file cannot be read.
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The header line lacks a column.
    Column {
        /// The file.
        path: PathBuf,
        /// The column.
        name: &'static str,
    },
}

impl RecordingError {
    pub(crate) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        |error| Self::Read { path: path.to_owned(), error }
    }
}

impl fmt::Display for RecordingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { path, error } => write!(f, "cannot read `{}`: {error}", path.display()),
            Self::Column { path, name } => {
                write!(f, "the first line of `{}` names no column `{name}`", path.display())
            }
        }
    }
}

impl std::error::Error for RecordingError {}
