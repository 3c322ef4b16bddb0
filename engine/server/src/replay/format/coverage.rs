//! What the lines of a recording were, counted.

use std::fmt;

use doorward_core::event::LABEL_BYTES_MAX;

use super::printable::printable;

/// Most lines shown of those not understood.
const MISREAD_MAX: usize = 10;

/// What a line turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// It tells of this many events, at least one.
    Events(u32),
    /// It says more of an attempt that another line tells.
    About,
    /// It is no authentication event.
    Unrelated,
}

/// What the lines read so far were. Every line is in exactly one of the four classes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Lines read.
    pub lines: u64,
    /// Lines that told of events.
    pub event_lines: u64,
    /// Those events; a line may stand for several.
    pub events: u64,
    /// Lines that said more of an attempt that another line tells.
    pub about: u64,
    /// Lines that are no authentication events.
    pub unrelated: u64,
    /// Lines that were not understood.
    pub not_understood: u64,
    /// The first lines that were not understood.
    pub misread: Vec<Misread>,
}

/// A line that was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// Its number, counted from one.
    pub line: u64,
    /// What was not understood, control characters escaped.
    pub reason: String,
}

impl Coverage {
    pub(crate) fn count(&mut self, class: Class) {
        self.lines += 1;
        match class {
            Class::Events(events) => {
                self.event_lines += 1;
                self.events += u64::from(events);
            }
            Class::About => self.about += 1,
            Class::Unrelated => self.unrelated += 1,
        }
    }

    pub(crate) fn count_misread(&mut self, line: u64, reason: &str) {
        self.lines += 1;
        self.not_understood += 1;
        if self.misread.len() < MISREAD_MAX {
            let reason = printable::<LABEL_BYTES_MAX>(reason)
                .map_or_else(String::new, |reason| reason.to_string());
            self.misread.push(Misread { line, reason });
        }
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} lines: {} tell of {} events, {} say more of them, {} are no authentication events, \
             {} were not understood",
            self.lines,
            self.event_lines,
            self.events,
            self.about,
            self.unrelated,
            self.not_understood
        )
    }
}
