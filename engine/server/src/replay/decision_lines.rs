//! Decisions as lines of JSON.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::time::Duration;

use doorward_core::decision::Decision;
use prost::Message as _;

use super::kept::Asked;
use super::playback::Playback;
use crate::edge::reply::{self, Heading};
use crate::record;
use crate::wire::{self, Sources};

/// Writes each decision in its canonical JSON form, one a line.
///
/// A decision is dated by its event and takes no time, so that two replays can be compared line by line.
#[derive(Debug)]
pub struct DecisionLines {
    writer: BufWriter<File>,
    sources: Sources,
}

impl DecisionLines {
    /// Starts the file at `path` anew, for the decisions of `playback`.
    pub fn create(path: &Path, playback: &Playback) -> io::Result<Self> {
        let policy = playback.engine().policy();
        let data_versions = record::data_versions(policy, playback.enricher());
        Ok(Self {
            writer: BufWriter::new(File::create(path)?),
            sources: Sources::new(record::policy_version(policy), data_versions),
        })
    }

    /// Adds a decision.
    pub fn write(&mut self, asked: &Asked, decision: &Decision) -> io::Result<()> {
        let heading = Heading {
            decision_id: asked.id,
            event_id: asked.attempt.event_id.as_str(),
            sources: &self.sources,
            decided_at: asked.attempt.occurred_at,
            time_taken: Duration::ZERO,
        };
        let decision = wire::Decision::decode(reply::reply(&heading, decision).bytes)?;
        serde_json::to_writer(&mut self.writer, &decision)?;
        self.writer.write_all(b"\n")
    }

    /// Returns once the system has all of them.
    pub fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
