//! A playback with everything that is told of it afterwards.

use std::io;

use super::decision_lines::DecisionLines;
use super::format::{Coverage, Misread, Recorded};
use super::playback::{Playback, Played};
use crate::edge::parse::About;
use crate::summary::{Collector, Input, LEFT_OUT_MAX, Summary};

/// Plays events and counts what became of each.
pub struct Run {
    playback: Playback,
    lines: Option<DecisionLines>,
    collector: Collector,
    input: Input,
}

impl Run {
    /// A run that has played nothing. Every decision goes to `lines` too.
    pub fn new(playback: Playback, lines: Option<DecisionLines>) -> Self {
        Self { playback, lines, collector: Collector::default(), input: Input::default() }
    }

    /// Plays the next event.
    ///
    /// # Errors
    /// If the decision cannot be written.
    pub fn play(&mut self, recorded: Recorded) -> io::Result<()> {
        let line = recorded.line;
        let reason = match self.playback.play(recorded) {
            Played::Decided(asked, decision) => {
                self.input.attempts += 1;
                self.collector.add(&asked.attempt, &asked.enrichment, &decision);
                return match &mut self.lines {
                    Some(lines) => lines.write(asked, &decision),
                    None => Ok(()),
                };
            }
            Played::Learned => {
                self.input.outcomes += 1;
                return Ok(());
            }
            Played::Repeated => {
                self.input.repeated += 1;
                return Ok(());
            }
            Played::Conflicting(event_id) => {
                format!("event id `{event_id}` was used before with other content")
            }
            Played::Lost(About::Event(event_id)) => format!("no attempt `{event_id}` came before"),
            Played::Lost(About::Decision(id)) => {
                format!("no decision `{id}` was made in this replay")
            }
        };
        self.input.unused += 1;
        if self.input.left_out.len() < LEFT_OUT_MAX {
            self.input.left_out.push(Misread { line, reason });
        }
        Ok(())
    }

    /// The summary of the recording called `source`, of which every line is in `coverage`, played in
    /// `took_ms` of wall time.
    ///
    /// # Errors
    /// If the last decisions cannot be written.
    pub fn finish(self, source: String, coverage: &Coverage, took_ms: u64) -> io::Result<Summary> {
        if let Some(lines) = self.lines {
            lines.finish()?;
        }
        let mut input = self.input;
        input.source = source;
        input.coverage = coverage.clone();
        input.left_out.extend_from_slice(&coverage.misread);
        input.left_out.sort_by_key(|left_out| left_out.line);
        input.left_out.truncate(LEFT_OUT_MAX);
        Ok(self.collector.finish(input, took_ms))
    }
}
