//! From the log back to state: every record is done again as it was done first, none is decided again.

use std::fmt;
use std::path::{Path, PathBuf};

use doorward_core::engine::Engine;
use doorward_core::record::DecisionId;
use doorward_core::seen::EventKey;
use prost::Message as _;
use uuid::Uuid;

use super::memory::{Known, Memory};
use crate::edge::parse;
use crate::log::{self, Frame, Position, ReadError};
use crate::record::{self, RecordError};
use crate::wire;

/// Takes the records of a log in order and rebuilds what they led to.
pub struct Restored {
    directory: PathBuf,
    engine: Engine,
    memory: Memory,
    records: u64,
    /// The newest policy on record.
    policy: Option<wire::log::PolicyRecord>,
}

impl Restored {
    /// Nothing restored yet, from the log in `directory`.
    pub fn new(directory: &Path, key: [u8; 16], engine: Engine) -> Self {
        let memory = Memory::new(key);
        Self { directory: directory.to_owned(), engine, memory, records: 0, policy: None }
    }

    /// Does the next record again.
    ///
    /// # Errors
    /// If the record is intact but says something that this program does not understand.
    pub fn apply(&mut self, position: Position, frame: &Frame) -> Result<(), RestoreError> {
        let known = Known { position, sequence: frame.sequence };
        let wrong = |error| RestoreError { position, sequence: frame.sequence, error };
        self.records = self.records.saturating_add(1);
        match frame.kind {
            record::KIND_DECISION => self.decision(known, frame).map_err(wrong),
            record::KIND_OUTCOME => self.outcome(known, frame).map_err(wrong),
            record::KIND_POLICY => {
                let policy = wire::log::PolicyRecord::decode(frame.payload.as_slice());
                self.policy = Some(policy.map_err(|error| wrong(error.into()))?);
                Ok(())
            }
            kind => Err(wrong(RecordError::Kind { kind })),
        }
    }

    /// How many records there were.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// What they led to.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(super) fn policy(&self) -> Option<&wire::log::PolicyRecord> {
        self.policy.as_ref()
    }

    pub(super) fn into_parts(self) -> (Engine, Memory) {
        (self.engine, self.memory)
    }

    fn decision(&mut self, known: Known, frame: &Frame) -> Result<(), RecordError> {
        let message = wire::log::DecisionRecord::decode(frame.payload.as_slice())?;
        let payload = message.attempt.as_ref().map(prost::Message::encode_to_vec);
        let payload = payload.unwrap_or_default();
        let named = message.envelope.as_ref().and_then(|envelope| id(&envelope.decision_id));
        let asked = record::asked(message)?;
        self.engine.restore(&asked.attempt, &asked.enrichment, asked.verdict);
        let event = self.memory.key(&asked.attempt.tenant, &asked.attempt.event_id);
        self.learn(event, &payload, known);
        if let Some(id) = named {
            // Another event only where the key file was lost since.
            self.learn(id.into(), &payload, known);
        }
        Ok(())
    }

    fn outcome(&mut self, known: Known, frame: &Frame) -> Result<(), RecordError> {
        let message = wire::log::OutcomeRecord::decode(frame.payload.as_slice())?;
        let at = record::time(message.occurred_at.as_ref())?;
        let report = parse::report(message.outcome.as_ref(), at).map_err(RecordError::Invalid)?;
        let payload = message.outcome.map(|sent| sent.encode_to_vec()).unwrap_or_default();
        let decision_id = message.envelope.unwrap_or_default().decision_id;
        let about = id(&decision_id).and_then(|id| self.memory.decision(id));
        let about = about.ok_or(RecordError::NoDecision { decision_id })?;
        let decided = log::read(&self.directory, about.position)?;
        let asked = record::asked(wire::log::DecisionRecord::decode(decided.payload.as_slice())?)?;
        self.engine.report(&asked.attempt, &asked.enrichment, asked.verdict, &report.outcome);
        let event = self.memory.key(&report.tenant, &report.outcome.event_id);
        self.learn(event, &payload, known);
        Ok(())
    }

    fn learn(&self, event: EventKey, payload: &[u8], known: Known) {
        if let Ok(None) = self.memory.claim(event, payload) {
            self.memory.complete(event, known);
        }
    }
}

fn id(text: &str) -> Option<DecisionId> {
    Uuid::try_parse(text).ok().map(|id| DecisionId(id.as_u128()))
}

/// A record that cannot be done again.
#[derive(Debug)]
pub struct RestoreError {
    position: Position,
    sequence: u64,
    error: RecordError,
}

impl fmt::Display for RestoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { segment, offset } = self.position;
        write!(
            f,
            "record {} (segment {segment}, byte {offset}) is intact but cannot be used: {}; \
             start the version of doorward that wrote it",
            self.sequence, self.error
        )
    }
}

impl std::error::Error for RestoreError {}

impl From<ReadError> for RecordError {
    fn from(error: ReadError) -> Self {
        Self::Unreadable(error)
    }
}
