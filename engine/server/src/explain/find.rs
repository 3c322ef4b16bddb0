//! Finds a decision in the log by its id, or by how its id begins.

use std::fmt;
use std::path::{Path, PathBuf};

use doorward_core::record::DecisionId;
use doorward_core::time::Timestamp;
use prost::Message as _;

use super::Dossier;
use crate::log::{self, Frame, ReadError};
use crate::record::{self, KIND_DECISION, KIND_OUTCOME, KIND_POLICY};
use crate::wire;
use crate::wire::log::{OutcomeRecord, PolicyRecord};

/// How many of the ids that begin as asked are named.
const NAMED_MAX: usize = 5;

/// Reads the log in `directory` for the decision whose id is or begins with `asked`, in any case and
/// with or without dashes.
///
/// # Errors
/// If there is none, or more than one, or the log is damaged.
pub fn find(directory: &Path, asked: &str) -> Result<Dossier, FindError> {
    let mut search = Search { wanted: digits(asked)?, ..Search::default() };
    for found in log::scan(directory) {
        let (_, frame) = found.map_err(FindError::Read)?;
        let sequence = frame.sequence;
        search.look(frame).map_err(|error| FindError::Malformed { sequence, error })?;
    }
    search.end(directory, asked)
}

/// The digits that an id has or begins with.
fn digits(asked: &str) -> Result<String, FindError> {
    let digits: String = asked.chars().filter(|c| *c != '-').collect();
    let all = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    match all && !digits.is_empty() {
        true => Ok(digits.to_ascii_lowercase()),
        false => Err(FindError::NoId { asked: asked.to_owned() }),
    }
}

/// What decisions and outcomes begin with: enough to tell which decision they are about.
#[derive(prost::Message)]
struct Named {
    #[prost(message, optional, tag = "1")]
    envelope: Option<Envelope>,
}

#[derive(prost::Message)]
struct Envelope {
    #[prost(string, tag = "1")]
    decision_id: String,
}

#[derive(Default)]
struct Search {
    wanted: String,
    /// Of the frames so far.
    policy: Option<Vec<u8>>,
    decisions: u64,
    first: String,
    last: String,
    /// Ids that fit, the first [`NAMED_MAX`] of them.
    named: Vec<String>,
    matches: usize,
    /// The first that fits.
    dossier: Dossier,
}

impl Search {
    fn look(&mut self, frame: Frame) -> Result<(), prost::DecodeError> {
        match frame.kind {
            KIND_POLICY => self.policy = Some(frame.payload),
            KIND_DECISION => self.decision(&frame.payload)?,
            KIND_OUTCOME if self.named.first() == Some(&id(&frame.payload)?) => {
                self.dossier.outcomes.push(OutcomeRecord::decode(frame.payload.as_slice())?);
            }
            _ => {}
        }
        Ok(())
    }

    fn decision(&mut self, payload: &[u8]) -> Result<(), prost::DecodeError> {
        let id = id(payload)?;
        self.decisions += 1;
        if self.first.is_empty() {
            self.first.clone_from(&id);
        }
        self.last.clone_from(&id);
        let mut rest = id.bytes().filter(|byte| *byte != b'-');
        if !self.wanted.bytes().all(|digit| rest.next() == Some(digit)) {
            return Ok(());
        }
        if self.matches == 0 {
            self.dossier.record = record::read(payload)?;
            self.dossier.policy = self.policy.as_deref().map(PolicyRecord::decode).transpose()?;
        }
        self.matches += 1;
        if self.named.len() < NAMED_MAX {
            self.named.push(id);
        }
        Ok(())
    }

    fn end(self, directory: &Path, asked: &str) -> Result<Dossier, FindError> {
        let asked = asked.to_owned();
        match self.matches {
            1 => Ok(self.dossier),
            0 => Err(FindError::Absent {
                asked,
                directory: directory.to_owned(),
                decisions: self.decisions,
                span: made_at(&self.first).zip(made_at(&self.last)),
            }),
            matches => Err(FindError::Ambiguous { asked, matches, named: self.named }),
        }
    }
}

fn id(payload: &[u8]) -> Result<String, prost::DecodeError> {
    Ok(Named::decode(payload)?.envelope.unwrap_or_default().decision_id)
}

/// When the decision of that id was made.
fn made_at(id: &str) -> Option<Timestamp> {
    wire::decision_id(id).map(DecisionId::decided_at)
}

/// Why a decision cannot be shown.
#[derive(Debug)]
pub enum FindError {
    /// What was asked for is not the beginning of an id.
    NoId {
        /// What was asked for.
        asked: String,
    },
    /// No decision has this id.
    Absent {
        /// What was asked for.
        asked: String,
        /// Where it was looked for.
        directory: PathBuf,
        /// How many decisions there are.
        decisions: u64,
        /// When the first and the last of them were made.
        span: Option<(Timestamp, Timestamp)>,
    },
    /// Several decisions have ids that begin so.
    Ambiguous {
        /// What was asked for.
        asked: String,
        /// How many.
        matches: usize,
        /// The first of them, in order of time.
        named: Vec<String>,
    },
    /// The log cannot be read.
    Read(ReadError),
    /// A record is intact but not the message of its kind.
    Malformed {
        /// Which record.
        sequence: u64,
        /// What is wrong with it.
        error: prost::DecodeError,
    },
}

impl fmt::Display for FindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoId { asked } => write!(
                f,
                "`{asked}` is not the id of a decision, which looks like \
                 `019a9d3c-5b0e-7c41-9d0a-3f2b6c1e8d57`"
            ),
            Self::Absent { asked, directory, decisions, span } => {
                write!(f, "no decision `{asked}` is on record in `{}`, ", directory.display())?;
                match span {
                    None => write!(f, "which has none at all")?,
                    Some((first, last)) => {
                        write!(f, "which has {decisions}, from {first} to {last}")?;
                    }
                }
                write!(f, "; name its data directory with --data")
            }
            Self::Ambiguous { asked, matches, named } => {
                write!(f, "{matches} decisions begin with `{asked}`; give more of the id:")?;
                named.iter().try_for_each(|id| write!(f, "\n  {id}"))?;
                if *matches > named.len() { write!(f, "\n  …") } else { Ok(()) }
            }
            Self::Read(error) => write!(f, "{error}; name the data directory with --data"),
            Self::Malformed { sequence, error } => {
                write!(f, "record {sequence} is intact but cannot be understood: {error}")
            }
        }
    }
}

impl std::error::Error for FindError {}
