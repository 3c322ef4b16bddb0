//! What keeps a log, or one record of it, from being read.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a log, or one record of it, cannot be read. Nothing has been changed.
#[derive(Debug)]
pub enum ReadError {
    /// The file system refused.
    Io {
        /// What was to be read.
        file: PathBuf,
        /// What it said.
        error: io::Error,
    },
    /// Something that was on disk has changed.
    Damaged {
        /// The segment.
        file: PathBuf,
        /// The first byte of what cannot be read.
        offset: u32,
        /// The first record that cannot be read.
        sequence: u64,
    },
    /// A valid record with a number that is not its turn.
    OutOfOrder {
        /// The segment.
        file: PathBuf,
        /// Where the record begins.
        offset: u32,
        /// Whose turn it is.
        sequence: u64,
        /// The record's number.
        found: u64,
    },
    /// Records between two segments, or before the first, are not there.
    Missing {
        /// The segment that should be there.
        file: PathBuf,
        /// The first record that is missing.
        sequence: u64,
        /// The segment that is there.
        found: PathBuf,
    },
    /// The header belongs under another name.
    Renamed {
        /// The segment.
        file: PathBuf,
    },
    /// The file is shorter or longer than it was made.
    Resized {
        /// The segment.
        file: PathBuf,
        /// Bytes it has.
        found: u64,
        /// Bytes it was made with.
        bytes: u32,
    },
    /// Written by a later release.
    Version {
        /// The segment.
        file: PathBuf,
        /// The format's number.
        found: u32,
    },
    /// No valid record begins at the position asked for, or it is not on disk yet.
    NoRecord {
        /// The segment.
        file: PathBuf,
        /// The position in it.
        offset: u32,
    },
    /// The log was not read to its end before it was to be written.
    Unread,
    /// The log has fewer records than it was known to have.
    Ends {
        /// Its directory.
        dir: PathBuf,
        /// How many it has.
        records: u64,
        /// How many it had at least.
        wanted: u64,
    },
    /// A record is not the one that was there once.
    Other {
        /// The log's directory.
        dir: PathBuf,
        /// The record's number.
        sequence: u64,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { file, error } => write!(f, "`{}` cannot be read: {error}", file.display()),
            Self::Damaged { file, offset, sequence } => write!(
                f,
                "`{}` is damaged at byte {offset}: record {sequence} cannot be read, and it was \
                 on disk once; nothing was changed; put back a copy of this file",
                file.display()
            ),
            Self::OutOfOrder { file, offset, sequence, found } => write!(
                f,
                "`{}` holds record {found} at byte {offset}, where record {sequence} belongs; \
                 nothing was changed; put back a copy of this file",
                file.display()
            ),
            Self::Missing { file, sequence, found } => write!(
                f,
                "record {sequence} and those behind it are missing: `{}` should be there and \
                 the next file is `{}`; nothing was changed; put back the missing file, or a copy \
                 of the one before it",
                file.display(),
                found.display()
            ),
            Self::Renamed { file } => write!(
                f,
                "`{}` holds records that belong under another name: give the file its name back",
                file.display()
            ),
            Self::Resized { file, found, bytes } => write!(
                f,
                "`{}` has {found} bytes and was made with {bytes}; nothing was changed; put back \
                 a copy of this file",
                file.display()
            ),
            Self::Version { file, found } => write!(
                f,
                "`{}` has format {found}, which this release does not know: use a later one",
                file.display()
            ),
            Self::NoRecord { file, offset } => {
                write!(f, "`{}` has no record at byte {offset}", file.display())
            }
            Self::Unread => write!(f, "the log was not read to its end, so it cannot be written"),
            Self::Ends { dir, records, wanted } => write!(
                f,
                "the log in `{}` has {records} records and once had {wanted} at least",
                dir.display()
            ),
            Self::Other { dir, sequence } => write!(
                f,
                "record {sequence} of the log in `{}` is another than was there once",
                dir.display()
            ),
        }
    }
}

impl std::error::Error for ReadError {}
