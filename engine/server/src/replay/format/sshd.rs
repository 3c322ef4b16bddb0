//! The syslog of an OpenSSH server.
//!
//! Each `Failed` and `Accepted` line is an attempt (`message repeated 5 times: [ Failed … ]` is five),
//! except `Failed none`, by which a client asks which methods there are. `Invalid user`, `PAM 2 more
//! authentication failures` and other lines that go with an attempt say more of it and are no attempts
//! of their own. Two exceptions: in a log in which the server reports no results at all, as older ones
//! do, the failures that PAM reports are the attempts; and where `error: PAM: Authentication failure
//! for …` is logged, it stands for a failed keyboard-interactive attempt in place of `Failed
//! keyboard-interactive`, of which the server leaves out some.
//!
//! Times without a year are taken as UTC, in the year that [`calendar`] finds.

mod calendar;
mod header;
mod message;
mod phrases;
mod survey;
mod tried;

use std::path::Path;

use doorward_core::event::{Id, Population};
use doorward_core::time::Timestamp;

use self::calendar::Calendar;
use self::header::{Header, Stamp};
use self::message::Said;
use self::survey::{Survey, Voices};
use self::tried::Tried;
use super::coverage::{Class, Coverage};
use super::lines::Lines;
use super::{Event, Options, Recorded, RecordingError};

/// The programs that speak for the server: since OpenSSH 9.8 one for each connection, since 10.0 one
/// for authentication.
const PROGRAMS: &[&str] = &["sshd", "sshd-session", "sshd-auth", "sshd(pam_unix)"];

/// A log, read line by line.
pub(crate) struct Sshd {
    lines: Lines,
    calendar: Calendar,
    voices: Voices,
    tenant: Id,
    population: Population,
    coverage: Coverage,
    /// What the line before said, for `last message repeated 2 times`.
    last: Option<Last>,
    /// Attempts of the last line that are still to be told.
    due: Option<Due>,
}

#[derive(Clone, Debug)]
struct Last {
    host: String,
    meaning: Meaning,
}

/// What a line means.
#[derive(Clone, Debug)]
enum Meaning {
    Attempts(u32, Tried),
    Other(Class),
}

/// `times` attempts of one line, of which `told` have been told.
#[derive(Debug)]
struct Due {
    line: u64,
    tried: Tried,
    times: u32,
    told: u32,
}

impl Sshd {
    pub(crate) fn open(path: &Path, options: &Options) -> Result<Self, RecordingError> {
        let survey = Survey::of(path)?;
        let year = options.year.unwrap_or_else(|| survey.years.first(options.now));
        Ok(Self {
            lines: Lines::open(path)?,
            calendar: Calendar::starting(year),
            voices: survey.voices,
            tenant: options.tenant.clone(),
            population: options.population.unwrap_or(Population::Workforce),
            coverage: Coverage::default(),
            last: None,
            due: None,
        })
    }

    pub(crate) fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    pub(crate) fn bytes_read(&self) -> u64 {
        self.lines.bytes_read()
    }

    pub(crate) fn next_event(&mut self) -> Result<Option<Recorded>, RecordingError> {
        loop {
            if let Some(recorded) = self.tell() {
                return Ok(Some(recorded));
            }
            let Some(line) = self.lines.read()? else { return Ok(None) };
            match line.text {
                None => self.coverage.count_misread(line.number, "the line is too long"),
                Some(text) => self.take(line.number, &text),
            }
        }
    }

    /// Counts the line. The journal's own lines begin with two dashes: `-- Boot 5f3 --`.
    fn take(&mut self, line: u64, text: &str) {
        if text.trim().is_empty() || text.starts_with("-- ") {
            return self.coverage.count(Class::Unrelated);
        }
        let Some((host, meaning)) = self.meaning(text) else {
            self.last = None;
            return self.coverage.count_misread(line, text);
        };
        match &meaning {
            Meaning::Other(class) => self.coverage.count(*class),
            Meaning::Attempts(times, tried) => {
                self.coverage.count(Class::Events(*times));
                self.due = Some(Due { line, tried: tried.clone(), times: *times, told: 0 });
            }
        }
        self.last = Some(Last { host, meaning });
    }

    /// The host that wrote the line, and what it means.
    fn meaning(&mut self, text: &str) -> Option<(String, Meaning)> {
        let header = Header::parse(text)?;
        let at = self.time(header.stamp)?;
        let meaning = if header.program.is_empty() && header.message.starts_with("last message ") {
            self.again(&header, at)?
        } else if PROGRAMS.contains(&header.program) {
            self.said(&header, at)?
        } else {
            Meaning::Other(Class::Unrelated)
        };
        Some((header.host.to_owned(), meaning))
    }

    fn time(&mut self, stamp: Stamp) -> Option<Timestamp> {
        match stamp {
            Stamp::Exact(at) => Some(at),
            Stamp::Yearless(stamp) => stamp.in_year(self.calendar.year_of(stamp)),
        }
    }

    fn said(&self, header: &Header<'_>, at: Timestamp) -> Option<Meaning> {
        let (repeated, said) = message::parse(header.message)?;
        let counts = self.voices.count(&said);
        let (times, ended) = match said {
            Said::Other(class) => return Some(Meaning::Other(class)),
            Said::RefusedMore(times, ended) => (times, ended),
            Said::Result(ended) | Said::Prompted(ended) => (repeated, ended),
            Said::Conversed(ended) | Said::Refused(ended) => (repeated, ended),
        };
        if !counts {
            return Some(Meaning::Other(Class::About));
        }
        Some(Meaning::Attempts(times, Tried::new(&ended, at, header.pid.unwrap_or(0))))
    }

    /// What the line before said, `header` says again: `last message repeated 2 times`.
    fn again(&self, header: &Header<'_>, at: Timestamp) -> Option<Meaning> {
        let times =
            header.message.strip_prefix("last message repeated ")?.strip_suffix(" times")?;
        let times = message::times(times)?;
        let last = self.last.as_ref().filter(|last| last.host == header.host)?;
        Some(match &last.meaning {
            Meaning::Other(class) => Meaning::Other(*class),
            Meaning::Attempts(before, tried) => {
                let times = times.saturating_mul(*before).min(message::TIMES_MAX);
                Meaning::Attempts(times, tried.again(at))
            }
        })
    }

    /// The next attempt of the line read last.
    fn tell(&mut self) -> Option<Recorded> {
        let due = self.due.as_mut().filter(|due| due.told < due.times)?;
        due.told += 1;
        let attempt = due.tried.attempt(due.line, due.told, &self.tenant, self.population)?;
        Some(Recorded {
            line: due.line,
            event: Event::Attempt(Box::new(attempt)),
            enrichment: None,
        })
    }
}
