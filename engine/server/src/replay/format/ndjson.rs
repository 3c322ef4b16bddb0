//! One event in its JSON form a line.

use std::path::Path;

use super::coverage::{Class, Coverage};
use super::lines::Lines;
use super::{Event, Recorded, RecordingError};

/// Reads the JSON form of one event; the error says what is wrong with it. The wire's own parser is
/// given here, so that a recording and a call obey the same rules.
pub type JsonLine = fn(&str) -> Result<Event, String>;

/// A file of events.
pub(crate) struct Ndjson {
    lines: Lines,
    json: JsonLine,
    coverage: Coverage,
}

impl Ndjson {
    pub(crate) fn open(path: &Path, json: JsonLine) -> Result<Self, RecordingError> {
        Ok(Self { lines: Lines::open(path)?, json, coverage: Coverage::default() })
    }

    pub(crate) fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// The next event. Blank lines are no events; a line that the parser refuses is counted with its reason.
    pub(crate) fn next_event(&mut self) -> Result<Option<Recorded>, RecordingError> {
        while let Some(line) = self.lines.read()? {
            match line.text.as_deref().map(str::trim) {
                None => self.coverage.count_misread(line.number, "the line is too long"),
                Some("") => self.coverage.count(Class::Unrelated),
                Some(text) => match (self.json)(text) {
                    Ok(event) => {
                        self.coverage.count(Class::Events(1));
                        return Ok(Some(Recorded { line: line.number, event, enrichment: None }));
                    }
                    Err(reason) => self.coverage.count_misread(line.number, &reason),
                },
            }
        }
        Ok(None)
    }
}
