//! What keeps a snapshot from being written, or from being used.

use std::fmt;
use std::io;
use std::path::PathBuf;

use doorward_core::store::Unusable;

use crate::log::{Position, ReadError, Stopped};

/// Why a snapshot cannot be used. The log leads to the same state.
#[derive(Debug)]
pub enum LoadError {
    /// The file system refused.
    File {
        /// What was to be read.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
    /// It is not as it was written, or has been cut.
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where what cannot be read begins.
        offset: u64,
    },
    /// Written by a later release.
    Version {
        /// The file.
        path: PathBuf,
        /// The format's number.
        found: u32,
    },
    /// Its state does not fit this start.
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why.
        why: Unusable,
    },
    /// The log is not the one that it was taken of, or cannot be read there.
    Log {
        /// The file.
        path: PathBuf,
        /// What the log says.
        error: Box<ReadError>,
    },
    /// The policy is not on record where it says.
    Policy {
        /// The file.
        path: PathBuf,
        /// Where.
        position: Position,
    },
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, error } => write!(f, "`{}` cannot be read: {error}", path.display()),
            Self::Damaged { path, offset } => {
                write!(f, "`{}` is damaged at byte {offset}, or cut", path.display())
            }
            Self::Version { path, found } => write!(
                f,
                "`{}` has format {found}, which this release does not know",
                path.display()
            ),
            Self::Unusable { path, why } => {
                write!(f, "`{}` cannot be used: {why}", path.display())
            }
            Self::Log { path, error } => {
                write!(f, "`{}` does not go with the log: {error}", path.display())
            }
            Self::Policy { path, position } => write!(
                f,
                "`{}` does not go with the log: no policy is on record in {position}",
                path.display()
            ),
        }
    }
}

impl std::error::Error for LoadError {}

/// Why no snapshot was taken. Those that there were are still there.
#[derive(Debug)]
pub enum TakeError {
    /// The file system refused.
    File {
        /// The directory.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
    /// The log stopped before everything that the snapshot holds was on disk.
    Stopped(Stopped),
    /// The log cannot be read where it was written.
    Log(Box<ReadError>),
}

impl fmt::Display for TakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, error } => {
                write!(f, "no snapshot can be written to `{}`: {error}", path.display())
            }
            Self::Stopped(stopped) => stopped.fmt(f),
            Self::Log(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for TakeError {}
