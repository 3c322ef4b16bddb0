//! Why network lists were refused: everything that is wrong with all of them.

use std::path::PathBuf;
use std::{fmt, io};

use super::ENTRIES_MAX;
use super::entry::EntryError;
use super::index::LISTS_MAX;

/// Most problems shown; there are no more of them than lines.
const PROBLEMS_MAX: usize = 20;

/// Everything that is wrong with network lists.
#[derive(Debug)]
pub struct NetworkListsError(pub Vec<NetworkListError>);

/// One problem a line.
impl fmt::Display for NetworkListsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("network lists cannot be used")?;
        for problem in self.0.iter().take(PROBLEMS_MAX) {
            write!(f, "\n  {problem}")?;
        }
        match self.0.len().checked_sub(PROBLEMS_MAX) {
            None | Some(0) => Ok(()),
            Some(more) => write!(f, "\n  and {more} more"),
        }
    }
}

impl std::error::Error for NetworkListsError {}

/// Why one network list was refused.
#[derive(Debug)]
pub enum NetworkListError {
    /// More lists than can be told apart.
    Lists {
        /// How many there are.
        lists: usize,
    },
    /// A name that two lists have.
    Name {
        /// The second file of that name.
        path: PathBuf,
        /// The name.
        name: String,
    },
    /// A file that cannot be read.
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// More entries in all lists than are kept.
    Entries {
        /// The file with one too many.
        path: PathBuf,
    },
    /// A line that cannot be read.
    Line {
        /// The file.
        path: PathBuf,
        /// The line, counted from one.
        line: u64,
        /// What is wrong with it.
        error: EntryError,
    },
}

impl fmt::Display for NetworkListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lists { lists } => {
                write!(f, "{lists} network lists, at most {LISTS_MAX} can be used")
            }
            Self::Name { path, name } => write!(
                f,
                "{}: another network list is called `{name}`, give this one a `name` of its own",
                path.display()
            ),
            Self::Read { path, error } => write!(f, "cannot read `{}`: {error}", path.display()),
            Self::Entries { path } => write!(
                f,
                "{}: all network lists together have more than {ENTRIES_MAX} entries",
                path.display()
            ),
            Self::Line { path, line, error } => write!(f, "{}:{line}: {error}", path.display()),
        }
    }
}
