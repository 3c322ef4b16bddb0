//! What was reported of a user's attempts, and so whether they are trusted.

use crate::decision::Verdict;
use crate::event::{Attempt, CredentialResult, OutcomeKind};
use crate::few;
use crate::keyed::Mark;
use crate::time::Timestamp;

/// Attempts of one user whose reports are remembered. A report of an older one counts as its first.
pub(crate) const STANDINGS_MAX: usize = 32;

/// The kinds of outcome reported of one attempt; the order of reports leaves no trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Reports(u8);

impl Reports {
    pub(crate) fn has(self, kind: OutcomeKind) -> bool {
        self.0 & bit(kind) != 0
    }

    pub(crate) fn with(self, kind: OutcomeKind) -> Self {
        Self(self.0 | bit(kind))
    }

    /// Whether a profile may learn from the attempt: its credential was right, and it was let in, passed its
    /// challenge or was confirmed. Fraud beats every sign of good.
    pub(crate) fn trust(self, attempt: &Attempt, verdict: Verdict) -> bool {
        let sent = attempt.credential.result;
        let right = sent == Some(CredentialResult::Right) || self.has(OutcomeKind::CredentialRight);
        let wrong = sent == Some(CredentialResult::Wrong) || self.has(OutcomeKind::CredentialWrong);
        let let_in = match verdict {
            Verdict::Allow => true,
            Verdict::StepUp => self.has(OutcomeKind::ChallengePassed),
            Verdict::Deny => false,
        };
        let fraud = self.has(OutcomeKind::ConfirmedFraud) || self.has(OutcomeKind::NotMe);
        right && !wrong && !fraud && (let_in || self.has(OutcomeKind::ConfirmedGood))
    }
}

const fn bit(kind: OutcomeKind) -> u8 {
    match kind {
        OutcomeKind::CredentialRight => 1,
        OutcomeKind::CredentialWrong => 1 << 1,
        OutcomeKind::ChallengePassed => 1 << 2,
        OutcomeKind::ChallengeFailed => 1 << 3,
        OutcomeKind::ChallengeAbandoned => 1 << 4,
        OutcomeKind::ConfirmedFraud => 1 << 5,
        OutcomeKind::ConfirmedGood => 1 << 6,
        OutcomeKind::NotMe => 1 << 7,
    }
}

/// The reports of the newest attempts that have any, by time and mark.
///
/// Attempts that are only known to have had a wrong credential go first when room is short, so that a
/// stranger's guesses do not push out what is known of the owner's logins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Standings(Vec<Standing>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Standing {
    at: Timestamp,
    event: Mark,
    reports: Reports,
}

impl Standings {
    pub(crate) fn of(&self, at: Timestamp, event: Mark) -> Reports {
        let found = self.position(at, event).ok().and_then(|position| self.0.get(position));
        found.map_or_else(Reports::default, |standing| standing.reports)
    }

    pub(crate) fn put(&mut self, at: Timestamp, event: Mark, reports: Reports) {
        match self.position(at, event) {
            Ok(position) => {
                if let Some(standing) = self.0.get_mut(position) {
                    standing.reports = reports;
                }
            }
            Err(position) => few::insert(&mut self.0, position, Standing { at, event, reports }),
        }
        if self.0.len() > STANDINGS_MAX {
            let wrong = Reports::default().with(OutcomeKind::CredentialWrong);
            let guess = self.0.iter().position(|standing| standing.reports == wrong);
            self.0.remove(guess.unwrap_or(0));
        }
    }

    fn position(&self, at: Timestamp, event: Mark) -> Result<usize, usize> {
        self.0.binary_search_by_key(&(at, event), |standing| (standing.at, standing.event))
    }
}
