//! From the log back to state: every record is done again as it was done first, none is decided again.

use std::fmt;
use std::path::{Path, PathBuf};

use doorward_core::engine::Engine;
use doorward_core::seen::EventKey;
use prost::Message as _;

use super::memory::{Known, Memory};
use crate::edge::parse;
use crate::log::{self, Frame, Position, ReadError};
use crate::record::{self, RecordError};
use crate::snapshot::{Head, Kept, LoadError};
use crate::wire;

/// Takes the records of a log in order and rebuilds what they led to.
pub struct Restored {
    directory: PathBuf,
    engine: Engine,
    memory: Memory,
    records: u64,
    /// The newest policy on record, and where.
    policy: Option<(Position, wire::log::PolicyRecord)>,
}

impl Restored {
    /// Nothing restored yet, from the log in `directory`; at least the newest `events_min` events
    /// are to be remembered, [`EVENTS_SEEN_MIN`](doorward_core::seen::EVENTS_SEEN_MIN) in production.
    pub fn new(directory: &Path, key: [u8; 16], engine: Engine, events_min: usize) -> Self {
        let memory = Memory::new(key, events_min);
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
            record::KIND_ACCOUNT => self.account(known, frame).map_err(wrong),
            record::KIND_POLICY => {
                let policy = wire::log::PolicyRecord::decode(frame.payload.as_slice());
                self.policy = Some((position, policy.map_err(|error| wrong(error.into()))?));
                Ok(())
            }
            kind => Err(wrong(RecordError::Kind { kind })),
        }
    }

    /// Takes what a snapshot holds for what its records led to. Nothing may have been restored yet.
    pub(super) fn load(mut self, kept: &Kept) -> Result<Self, LoadError> {
        let Head { mark, policy, state } = &kept.head;
        self.policy =
            Some((*policy, self.policy_in(*policy).ok_or_else(|| kept.without_policy())?));
        let loading = self.engine.store().loading(state).map_err(|why| kept.unusable(why))?;
        kept.load(|part| loading.part(part), |event| self.memory.load(event))?;
        self.records = mark.sequence;
        Ok(self)
    }

    /// How many records there were.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// What they led to.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(super) fn policy(&self) -> Option<(Position, &wire::log::PolicyRecord)> {
        self.policy.as_ref().map(|(position, policy)| (*position, policy))
    }

    pub(super) fn into_parts(self) -> (Engine, Memory) {
        (self.engine, self.memory)
    }

    /// The policy on record there, if it is one.
    fn policy_in(&self, position: Position) -> Option<wire::log::PolicyRecord> {
        let frame = log::read(&self.directory, position).ok()?;
        let policy = wire::log::PolicyRecord::decode(frame.payload.as_slice()).ok()?;
        (frame.kind == record::KIND_POLICY).then_some(policy)
    }

    fn decision(&mut self, known: Known, frame: &Frame) -> Result<(), RecordError> {
        let message = wire::log::DecisionRecord::decode(frame.payload.as_slice())?;
        let payload = message.attempt.as_ref().map(wire::Attempt::encoded);
        let payload = payload.unwrap_or_default();
        let named = message.envelope.as_ref().and_then(|it| wire::decision_id(&it.decision_id));
        let asked = record::asked(message)?;
        self.engine.restore(&asked.attempt, &asked.enrichment, asked.verdict);
        let event = self.memory.key(&asked.attempt.tenant, &asked.attempt.event_id);
        self.learn(event, &payload, known);
        if let Some(id) = named
            && self.memory.decision(id).is_none()
        {
            // The key file was lost since, and with it what the event was called then.
            self.learn(id.into(), &payload, known);
        }
        Ok(())
    }

    fn outcome(&mut self, known: Known, frame: &Frame) -> Result<(), RecordError> {
        let message = wire::log::OutcomeRecord::decode(frame.payload.as_slice())?;
        let at = record::time(message.occurred_at.as_ref())?;
        let report = parse::report(message.outcome.as_ref(), at).map_err(RecordError::Invalid)?;
        let payload = message.outcome.map(|sent| sent.encode_to_vec()).unwrap_or_default();
        let asked = record::asked(self.decided(message.envelope.unwrap_or_default())?)?;
        self.engine.report(&asked.attempt, &asked.enrichment, asked.verdict, &report.outcome);
        let event = self.memory.key(&report.tenant, &report.outcome.event_id);
        self.learn(event, &payload, known);
        Ok(())
    }

    fn account(&mut self, known: Known, frame: &Frame) -> Result<(), RecordError> {
        let message = wire::log::AccountRecord::decode(frame.payload.as_slice())?;
        let at = record::time(message.occurred_at.as_ref())?;
        let change = parse::account_change(message.change.as_ref(), at);
        let change = change.map_err(RecordError::Invalid)?;
        let payload = message.change.map(|sent| sent.encode_to_vec()).unwrap_or_default();
        self.engine.change_account(&change);
        self.learn(self.memory.key(&change.tenant, &change.event_id), &payload, known);
        Ok(())
    }

    /// The record of the decision that an outcome is about, however old.
    fn decided(
        &self,
        about: wire::log::OutcomeEnvelope,
    ) -> Result<wire::log::DecisionRecord, RecordError> {
        let wire::log::OutcomeEnvelope { decision_id, decision_position, .. } = about;
        let place =
            decision_position.ok_or(RecordError::Missing { part: "decision's position" })?;
        let position = Position { segment: place.segment, offset: place.offset };
        let frame = log::read(&self.directory, position)?;
        if frame.kind == record::KIND_DECISION {
            let record = wire::log::DecisionRecord::decode(frame.payload.as_slice())?;
            if record.envelope.as_ref().is_some_and(|found| found.decision_id == decision_id) {
                return Ok(record);
            }
        }
        Err(RecordError::NoDecision { decision_id, position })
    }

    fn learn(&self, event: EventKey, payload: &[u8], known: Known) {
        if let Ok(None) = self.memory.claim(event, payload) {
            self.memory.complete(event, known);
        }
    }
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
