//! The syslog of an OpenSSH server.
//!
//! Each `Failed` and `Accepted` line is an attempt (`message repeated 5 times: [ Failed … ]` is five), except
//! `Failed none`, by which a client asks which methods there are. `Invalid user`, `PAM 2 more authentication failures`
//! and other lines that go with an attempt say more of it and are no attempts of their own. In a log in which the
//! server reports no results at all, as older ones do, the failures that PAM reports are the attempts.
//!
//! Times without a year are taken as UTC, in the year that [`calendar`] finds.

mod calendar;
mod header;
mod message;
mod phrases;

use std::path::Path;

use doorward_core::event::{
    Attempt, Attribute, Client, Credential, CredentialResult, Device, Failure, Id, Journey, Label,
    Population, User,
};
use doorward_core::time::Timestamp;

use self::calendar::{Calendar, Years};
use self::header::{Header, Stamp};
use self::message::{Ended, Origin, Said};
use super::coverage::{Class, Coverage};
use super::lines::Lines;
use super::printable::printable;
use super::{Event, Options, Recorded, RecordingError};

/// The programs that speak for the server: since OpenSSH 9.8 one for each connection, since 10.0 one for authentication.
const PROGRAMS: &[&str] = &["sshd", "sshd-session", "sshd-auth", "sshd(pam_unix)"];

/// A log, read line by line.
pub(crate) struct Sshd {
    lines: Lines,
    calendar: Calendar,
    /// The server reports results itself, so that PAM's are about them.
    reports_results: bool,
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
    Attempts { times: u32, attempt: Box<Attempt>, pid: u32 },
    Other(Class),
}

#[derive(Debug)]
struct Due {
    line: u64,
    attempt: Box<Attempt>,
    pid: u32,
    told: u32,
    times: u32,
}

impl Sshd {
    pub(crate) fn open(path: &Path, options: &Options) -> Result<Self, RecordingError> {
        let survey = Survey::of(path)?;
        let year = options.year.unwrap_or_else(|| survey.years.first(options.now));
        Ok(Self {
            lines: Lines::open(path)?,
            calendar: Calendar::starting(year),
            reports_results: survey.reports_results,
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

    pub(crate) fn next_event(&mut self) -> Result<Option<Recorded>, RecordingError> {
        loop {
            if let Some(recorded) = self.due.as_mut().and_then(Due::tell) {
                return Ok(Some(recorded));
            }
            let Some(line) = self.lines.read()? else { return Ok(None) };
            match line.text {
                None => self.coverage.count_misread(line.number, "the line is too long"),
                Some(text) => self.take(line.number, &text),
            }
        }
    }

    fn take(&mut self, line: u64, text: &str) {
        if text.trim().is_empty() || text.starts_with("-- ") {
            return self.coverage.count(Class::Unrelated); // `-- Boot 5f3… --` is the journal's.
        }
        let Some((host, meaning)) = self.meaning(text) else {
            self.last = None;
            return self.coverage.count_misread(line, text);
        };
        match &meaning {
            Meaning::Other(class) => self.coverage.count(*class),
            Meaning::Attempts { times, attempt, pid } => {
                self.coverage.count(Class::Events(*times));
                let (attempt, pid, times) = (attempt.clone(), *pid, *times);
                self.due = Some(Due { line, attempt, pid, told: 0, times });
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
        let (times, ended) = match said {
            Said::Other(class) => return Some(Meaning::Other(class)),
            Said::Refused(_) | Said::RefusedMore(..) if self.reports_results => {
                return Some(Meaning::Other(Class::About));
            }
            Said::Result(ended) | Said::Refused(ended) => (repeated, ended),
            Said::RefusedMore(times, ended) => (times, ended),
        };
        let attempt = Box::new(self.attempt(&ended, at)?);
        Some(Meaning::Attempts { times, attempt, pid: header.pid.unwrap_or(0) })
    }

    /// What the line before said, `header` says again: `last message repeated 2 times`.
    fn again(&self, header: &Header<'_>, at: Timestamp) -> Option<Meaning> {
        let times =
            header.message.strip_prefix("last message repeated ")?.strip_suffix(" times")?;
        let times = times.parse().ok().filter(|times| (1..=message::TIMES_MAX).contains(times))?;
        let last = self.last.as_ref().filter(|last| last.host == header.host)?;
        Some(match &last.meaning {
            Meaning::Other(class) => Meaning::Other(*class),
            Meaning::Attempts { times: before, attempt, pid } => {
                let mut attempt = attempt.clone();
                attempt.occurred_at = at;
                let times = times.saturating_mul(*before).min(message::TIMES_MAX);
                Meaning::Attempts { times, attempt, pid: *pid }
            }
        })
    }

    /// The attempt, with an event id that [`Due::tell`] replaces.
    fn attempt(&self, ended: &Ended<'_>, at: Timestamp) -> Option<Attempt> {
        let (address, host) = match ended.from {
            Origin::Address(address) => (Some(address), None),
            Origin::Host(host) => (None, printable(host)),
        };
        let failure = if ended.exists { Failure::WrongSecret } else { Failure::UnknownUser };
        let (result, failure) = if ended.right {
            (CredentialResult::Right, None)
        } else {
            (CredentialResult::Wrong, Some(failure))
        };
        Some(Attempt {
            event_id: self.tenant.clone(),
            occurred_at: at,
            tenant: self.tenant.clone(),
            population: self.population,
            journey: Journey::Login,
            app: None,
            user: User {
                id: user(ended)?,
                exists: Some(ended.exists),
                created_at: None,
                privileged: None,
            },
            credential: Credential {
                method: Some(ended.method),
                result: Some(result),
                failure,
                ..Credential::default()
            },
            client: Client { address, ..Client::default() },
            device: Device::default(),
            session: None,
            transaction: None,
            attributes: attributes(host),
            purposes: None,
        })
    }
}

impl Due {
    /// The next of the attempts, each with an id that the same file gives again.
    fn tell(&mut self) -> Option<Recorded> {
        if self.told == self.times {
            return None;
        }
        self.told += 1;
        let mut attempt = self.attempt.clone();
        let (at, line, pid, nth) = (attempt.occurred_at.ms(), self.line, self.pid, self.told);
        attempt.event_id = Id::parse(&format!("sshd-{at}-{line}-{pid}-{nth}")).ok()?;
        Some(Recorded { line, event: Event::Attempt(attempt), enrichment: None })
    }
}

/// The name that was tried. Where the log keeps it back, one name for each origin: so many as one at least.
fn user(ended: &Ended<'_>) -> Option<Id> {
    match (ended.user, ended.from) {
        (Some(""), _) => printable("\"\""),
        (Some(user), _) => printable(user),
        (None, Origin::Address(address)) => printable(&format!("unnamed@{address}")),
        (None, Origin::Host(host)) => printable(&format!("unnamed@{host}")),
    }
}

/// The name of the remote host, where the log has it in place of the address.
fn attributes(host: Option<Label>) -> Vec<(Id, Attribute)> {
    let name = Id::parse("remote_host").ok();
    name.zip(host.map(Attribute::Text)).into_iter().collect()
}

/// What a first reading of the file learns.
struct Survey {
    years: Years,
    reports_results: bool,
}

impl Survey {
    fn of(path: &Path) -> Result<Self, RecordingError> {
        let mut survey = Self { years: Years::new(), reports_results: false };
        let mut lines = Lines::open(path)?;
        while let Some(line) = lines.read()? {
            let Some(header) = line.text.as_deref().and_then(Header::parse) else { continue };
            if let Stamp::Yearless(stamp) = header.stamp {
                survey.years.see(stamp);
            }
            survey.reports_results |= PROGRAMS.contains(&header.program)
                && matches!(message::parse(header.message), Some((_, Said::Result(_))));
        }
        Ok(survey)
    }
}
