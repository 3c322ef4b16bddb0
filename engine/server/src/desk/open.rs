//! Opening the desk: the log is recovered, the state rebuilt, the policy put on record.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use doorward_core::engine::Engine;
use doorward_core::policy::Policy;
use doorward_core::seen::EVENTS_SEEN_MIN;
use doorward_core::store::Budget;
use prost::Message as _;
use tempfile::NamedTempFile;

use super::gate::Gate;
use super::restore::{RestoreError, Restored};
use super::{Desk, load};
use crate::clock::{Clock, Stopwatch};
use crate::enrich::Enricher;
use crate::log::limits::Limits;
use crate::log::{self, Log, Position, ReadError};
use crate::record;
use crate::rules::RuleText;
use crate::snapshot::Generations;
use crate::wire::{self, Sources};

/// The file, beside the log, that keeps the key of all keyed hashes.
const KEY_FILE: &str = "state.key";

/// Everything that a desk is opened with.
pub struct Opening<'a> {
    /// The data directory; created when missing.
    pub data: &'a Path,
    /// What decides.
    pub policy: Policy,
    /// The text that it was compiled from.
    pub text: &'a RuleText,
    /// What looks things up.
    pub enricher: Enricher,
    /// Bytes that windows and profiles may take.
    pub budget: Budget,
    /// The bounds of the log.
    pub limits: Limits,
    /// The wall clock.
    pub clock: Clock,
    /// Measures how long a decision takes.
    pub stopwatch: Stopwatch,
}

/// A desk, and what was found when it was opened.
pub struct Opened {
    /// The desk.
    pub desk: Desk,
    /// How many records there were.
    pub records: u64,
    /// How many of them are in the snapshot that the start began with.
    pub loaded: u64,
}

impl Desk {
    /// Rebuilds the state from the newest snapshot that can be used and the log behind it, and makes ready to decide. Blocks.
    ///
    /// # Errors
    /// If the directory cannot be used, or the log is damaged where no crash can have damaged it.
    pub fn open(opening: Opening<'_>) -> Result<Opened, OpenError> {
        let Opening { data, policy, text, enricher, budget, limits, clock, stopwatch } = opening;
        let (directory, snapshots) = (data.join("log"), data.join("snapshots"));
        create(data)?;
        make_key(data)?;
        let key = key(data)?;
        let version = record::policy_version(&policy);
        let sources = Sources::new(version.clone(), record::data_versions(&policy, &enricher));
        let current = record::policy(version, text, &policy, clock());
        let policy = Arc::new(policy);
        let engine = || Engine::new(key, Arc::clone(&policy), budget);
        let empty = || Restored::new(&directory, key, engine(), EVENTS_SEEN_MIN);
        let mut recovery = Log::recover(&directory, limits)?;
        let mut generations = Generations::new(snapshots);
        let mut restored = load::newest(&mut generations, &mut recovery, empty, stopwatch);
        let loaded = restored.records();
        for found in recovery.by_ref() {
            let (position, frame) = found?;
            restored.apply(position, &frame)?;
        }
        let log = recovery.start()?;
        let on_record = restored.policy().filter(|(_, last)| record::same_policy(last, &current));
        let on_record = on_record.map(|(position, _)| position);
        let policy_at = on_record.map_or_else(|| put_on_record(&log, &current), Ok)?;
        let records = restored.records();
        let (engine, memory) = restored.into_parts();
        let log = Arc::new(log);
        let (gate, generations) = (Gate::default(), Mutex::new(generations));
        let desk = Self {
            engine,
            enricher,
            log,
            memory,
            gate,
            generations,
            policy_at,
            sources,
            clock,
            stopwatch,
        };
        Ok(Opened { desk, records, loaded })
    }
}

/// Decisions of this policy may follow at once: the log keeps the order, and syncs in order.
fn put_on_record(log: &Log, policy: &wire::log::PolicyRecord) -> Result<Position, OpenError> {
    let payload = policy.encode_to_vec();
    if payload.len() > log::limits::RECORD_BYTES_MAX {
        return Err(OpenError::PolicyTooLarge { bytes: payload.len() });
    }
    let slot = log.reserve().map_err(|_| OpenError::NoRoom)?;
    Ok(slot.append(record::KIND_POLICY, &payload).position())
}

fn create(data: &Path) -> Result<(), OpenError> {
    fs::create_dir_all(data).map_err(|error| OpenError::file(data, error))
}

/// The secret key under which users, addresses and devices are hashed in memory: the same log leads
/// to the same state under the same key.
///
/// # Errors
/// If there is none, because no service was ever started on this directory.
pub fn key(data: &Path) -> Result<[u8; 16], OpenError> {
    let path = data.join(KEY_FILE);
    let mut key = [0; 16];
    let read = File::open(&path).and_then(|mut file| file.read_exact(&mut key));
    read.map(|()| key).map_err(|error| OpenError::file(&path, error))
}

/// Makes the key where there is none yet: all of it or, if the power goes out, nothing.
fn make_key(data: &Path) -> Result<(), OpenError> {
    let path = data.join(KEY_FILE);
    let wrong = |error| OpenError::file(&path, error);
    if path.try_exists().map_err(wrong)? {
        return Ok(());
    }
    let mut key = [0; 16];
    getrandom::fill(&mut key).map_err(|error| wrong(error.into()))?;
    let mut file = NamedTempFile::new_in(data).map_err(wrong)?;
    file.write_all(&key).and_then(|()| file.as_file().sync_all()).map_err(wrong)?;
    file.persist_noclobber(&path).map(drop).map_err(|error| wrong(error.error))
}

/// Why the desk cannot be opened.
#[derive(Debug)]
pub enum OpenError {
    /// A file or directory cannot be used.
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The log cannot be opened.
    Log(log::OpenError),
    /// The log cannot be read.
    Read(Box<ReadError>),
    /// A record cannot be done again.
    Restore(Box<RestoreError>),
    /// The rule files do not fit into one record.
    PolicyTooLarge {
        /// What they take.
        bytes: usize,
    },
    /// The log took no first record.
    NoRoom,
}

impl OpenError {
    fn file(path: &Path, error: io::Error) -> Self {
        Self::File { path: path.to_owned(), error }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, error } => write!(f, "cannot use `{}`: {error}", path.display()),
            Self::Log(error) => error.fmt(f),
            Self::Read(error) => error.fmt(f),
            Self::Restore(error) => error.fmt(f),
            Self::PolicyTooLarge { bytes } => write!(
                f,
                "the rule files take {bytes} bytes, at most {} go on record",
                log::limits::RECORD_BYTES_MAX
            ),
            Self::NoRoom => f.write_str("the log stopped before its first record"),
        }
    }
}

impl std::error::Error for OpenError {}

impl From<log::OpenError> for OpenError {
    fn from(error: log::OpenError) -> Self {
        Self::Log(error)
    }
}

impl From<ReadError> for OpenError {
    fn from(error: ReadError) -> Self {
        Self::Read(Box::new(error))
    }
}

impl From<RestoreError> for OpenError {
    fn from(error: RestoreError) -> Self {
        Self::Restore(Box::new(error))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn reading_the_key_never_makes_one() {
        let data = tempfile::tempdir().unwrap();
        assert!(key(data.path()).is_err());
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 0);
    }

    #[test]
    fn the_key_is_made_once_and_for_its_owner_only() {
        let data = tempfile::tempdir().unwrap();
        make_key(data.path()).unwrap();
        let made = key(data.path()).unwrap();
        make_key(data.path()).unwrap();
        assert_eq!(key(data.path()).unwrap(), made);
        let mode = fs::metadata(data.path().join(KEY_FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
