//! What a first reading of a log learns, without which no line can be read right.

use std::path::Path;

use super::PROGRAMS;
use super::calendar::Years;
use super::header::{Header, Stamp};
use super::message::{self, Origin, Said};
use crate::replay::format::RecordingError;
use crate::replay::format::lines::Lines;

/// The years of a log, and who in it reports attempts.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) years: Years,
    pub(super) voices: Voices,
}

/// Who reports attempts. The server, its PAM conversation and the PAM modules may all report the same one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Voices {
    /// The server says `Failed` and `Accepted`.
    results: bool,
    /// The PAM conversation says `error: PAM: Authentication failure for … from` an address.
    prompts: bool,
}

impl Survey {
    pub(super) fn of(path: &Path) -> Result<Self, RecordingError> {
        let mut survey = Self { years: Years::new(), voices: Voices::default() };
        let mut lines = Lines::open(path)?;
        while let Some(line) = lines.read()? {
            if let Some(header) = line.text.as_deref().and_then(Header::parse) {
                survey.see(&header);
            }
        }
        Ok(survey)
    }

    fn see(&mut self, header: &Header<'_>) {
        if let Stamp::Yearless(stamp) = header.stamp {
            self.years.see(stamp);
        }
        if !PROGRAMS.contains(&header.program) {
            return;
        }
        match message::parse(header.message) {
            Some((_, Said::Result(_) | Said::Prompted(_))) => self.voices.results = true,
            Some((_, Said::Conversed(ended))) => {
                self.voices.prompts |= matches!(ended.from, Origin::Address(_));
            }
            Some((_, Said::Refused(_) | Said::RefusedMore(..) | Said::Other(_))) | None => {}
        }
    }
}

impl Voices {
    /// Whether what was said is an attempt, and no second report of one.
    pub(super) fn count(self, said: &Said<'_>) -> bool {
        match said {
            Said::Result(_) => true,
            // The server is silent about the first failures of an account that exists; the conversation is not.
            Said::Prompted(_) => !self.prompts,
            Said::Conversed(ended) => self.prompts && matches!(ended.from, Origin::Address(_)),
            Said::Refused(_) | Said::RefusedMore(..) => !self.results && !self.prompts,
            Said::Other(_) => false,
        }
    }
}
