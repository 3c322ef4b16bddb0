//! What a simulation writes: events as recordings have them, and the truth about each attempt.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use serde::Serialize;

use super::course::Happened;
use super::label::Label;
use crate::edge::compose;
use crate::wire;

/// Lines of JSON in a file.
#[derive(Debug)]
pub struct Lines(BufWriter<File>);

impl Lines {
    /// Starts the file at `path` anew.
    pub fn create(path: &Path) -> io::Result<Self> {
        File::create(path).map(BufWriter::new).map(Self)
    }

    /// Adds an event in the form that `doorward replay --format ndjson` reads.
    pub fn event(&mut self, happened: &Happened<'_>) -> io::Result<()> {
        match happened {
            Happened::Attempt(_, attempt, _) => {
                self.line(&Call { attempt: Some(compose::attempt(attempt)), outcome: None })
            }
            Happened::Outcome(report) => {
                let outcome = compose::report(&report.tenant, &report.about, &report.outcome);
                self.line(&Call { attempt: None, outcome: Some(outcome) })
            }
        }
    }

    /// Adds the truth about an attempt.
    pub fn label(&mut self, label: &Label) -> io::Result<()> {
        self.line(label)
    }

    /// Returns once the system has all of them.
    pub fn finish(mut self) -> io::Result<()> {
        self.0.flush()
    }

    fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.0, value)?;
        self.0.write_all(b"\n")
    }
}

/// The call that would have told of an event.
#[derive(Serialize)]
struct Call {
    #[serde(skip_serializing_if = "Option::is_none")]
    attempt: Option<wire::Attempt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<wire::Outcome>,
}
