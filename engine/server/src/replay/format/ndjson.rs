//! One event in its JSON form a line: the body of the call that would have told of it, so
//! `{"attempt": {…}}` or `{"outcome": {…}}`, or the attempt alone. A recording and a call obey the same rules.

use std::path::Path;

use doorward_core::time::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::coverage::{Class, Coverage};
use super::lines::Lines;
use super::{Event, Recorded, RecordingError};
use crate::edge::parse;
use crate::wire;

/// A file of events.
pub(crate) struct Ndjson {
    lines: Lines,
    now: Timestamp,
    coverage: Coverage,
}

impl Ndjson {
    pub(crate) fn open(path: &Path, now: Timestamp) -> Result<Self, RecordingError> {
        Ok(Self { lines: Lines::open(path)?, now, coverage: Coverage::default() })
    }

    pub(crate) fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    pub(crate) fn bytes_read(&self) -> u64 {
        self.lines.bytes_read()
    }

    /// The next event. Blank lines are no events; a line that the parser refuses is counted with its reason.
    pub(crate) fn next_event(&mut self) -> Result<Option<Recorded>, RecordingError> {
        while let Some(line) = self.lines.read()? {
            match line.text.as_deref().map(str::trim) {
                None => self.coverage.count_misread(line.number, "the line is too long"),
                Some("") => self.coverage.count(Class::Unrelated),
                Some(text) => match event(text, self.now) {
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

/// The two calls that tell of events.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Call {
    attempt: Option<wire::Attempt>,
    outcome: Option<wire::Outcome>,
}

/// What a line holds, however it may be wrong otherwise.
#[derive(Default, Deserialize)]
struct Shape {
    attempt: Option<IgnoredAny>,
    outcome: Option<IgnoredAny>,
    #[serde(rename = "eventId", alias = "event_id")]
    event_id: Option<IgnoredAny>,
}

impl Call {
    /// A line that is no call and has an event id is an attempt alone.
    fn parse(text: &str) -> Result<Self, serde_json::Error> {
        let wrong = match serde_json::from_str(text) {
            Ok(call) => return Ok(call),
            Err(wrong) => wrong,
        };
        match serde_json::from_str(text).unwrap_or_default() {
            Shape { attempt: None, outcome: None, event_id: Some(_) } => {
                serde_json::from_str(text).map(|attempt| Self { attempt, outcome: None })
            }
            Shape { .. } => Err(wrong),
        }
    }
}

/// Reads one event at `now`; the error says what is wrong with it.
fn event(text: &str, now: Timestamp) -> Result<Event, String> {
    match Call::parse(text).map_err(|error| error.to_string())? {
        Call { attempt: Some(mut attempt), outcome: None } => {
            parse::attempt(Some(&mut attempt), now)
                .map(|attempt| Event::Attempt(Box::new(attempt)))
                .map_err(|violations| violations.to_string())
        }
        Call { attempt: None, outcome: Some(outcome) } => parse::report(Some(&outcome), now)
            .map(|report| Event::Outcome(Box::new(report)))
            .map_err(|violations| violations.to_string()),
        Call { .. } => Err("holds neither an attempt nor an outcome alone".to_owned()),
    }
}
