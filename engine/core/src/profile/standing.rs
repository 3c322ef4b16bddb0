//! What was reported of a user's attempts, and so whether they are trusted.

use super::failures::By;
use super::second::Second;
use super::tag::Tag;
use crate::decision::Verdict;
use crate::event::{Attempt, CredentialResult, Method, OutcomeKind};
use crate::few;
use crate::packed::{Reader, Writer};

/// Attempts of one user whose reports are remembered. A report of an older one counts as its first.
pub(super) const STANDINGS_MAX: usize = 32;

/// The kinds of outcome reported of one attempt; the order of reports leaves no trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reports {
    kinds: u8,
    /// How the challenge was passed, if it was.
    passed_by: By,
}

impl Reports {
    pub(super) fn has(self, kind: OutcomeKind) -> bool {
        self.kinds & bit(kind) != 0
    }

    pub(super) fn with(self, kind: OutcomeKind, method: Option<Method>) -> Self {
        let passed = kind == OutcomeKind::ChallengePassed;
        let passed_by = if passed { By::of(method) } else { self.passed_by };
        Self { kinds: self.kinds | bit(kind), passed_by }
    }

    /// How the challenge was passed, if it was.
    pub(super) fn passed_by(self) -> Option<By> {
        self.has(OutcomeKind::ChallengePassed).then_some(self.passed_by)
    }

    /// Whether a profile may learn from the attempt: its credential was right, and it was let in, passed its
    /// challenge or was confirmed. Fraud beats every sign of good.
    ///
    /// A service may ask for more where the verdict was to allow: whoever did not meet that challenge did not get in.
    pub(super) fn trust(self, attempt: &Attempt, verdict: Verdict) -> bool {
        let sent = attempt.credential.result;
        let right = sent == Some(CredentialResult::Right) || self.has(OutcomeKind::CredentialRight);
        let wrong = sent == Some(CredentialResult::Wrong) || self.has(OutcomeKind::CredentialWrong);
        let passed = self.has(OutcomeKind::ChallengePassed);
        let stopped =
            self.has(OutcomeKind::ChallengeFailed) || self.has(OutcomeKind::ChallengeAbandoned);
        let let_in = match verdict {
            Verdict::Allow => passed || !stopped,
            Verdict::StepUp => passed,
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

/// The reports of the newest attempts that have any, by second and tag.
///
/// Attempts that are only known to have had a wrong credential go first when room is short, so that a
/// stranger's guesses do not push out what is known of the owner's logins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Standings(Vec<Standing>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Standing {
    at: Second,
    event: Tag,
    reports: Reports,
}

impl Standings {
    pub(super) const BYTES_MAX: usize = 1 + STANDINGS_MAX * (4 + 4 + 1 + 1);

    pub(super) fn of(&self, at: Second, event: Tag) -> Reports {
        let found = self.position(at, event).ok().and_then(|position| self.0.get(position));
        found.map_or_else(Reports::default, |standing| standing.reports)
    }

    pub(super) fn empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn put(&mut self, at: Second, event: Tag, reports: Reports) {
        match self.position(at, event) {
            Ok(position) => {
                if let Some(standing) = self.0.get_mut(position) {
                    standing.reports = reports;
                }
            }
            Err(position) => few::insert(&mut self.0, position, Standing { at, event, reports }),
        }
        if self.0.len() > STANDINGS_MAX {
            let wrong = Reports::default().with(OutcomeKind::CredentialWrong, None);
            let guess = self.0.iter().position(|standing| standing.reports == wrong);
            self.0.remove(guess.unwrap_or(0));
        }
    }

    /// Adds those of another account, which is the same person's.
    pub(super) fn join(&mut self, others: &Self) {
        others.0.iter().for_each(|it| self.put(it.at, it.event, it.reports));
    }

    pub(super) fn pack(&self, to: &mut Writer) {
        to.count(self.0.len());
        for standing in &self.0 {
            to.u32(standing.at.0);
            to.u32(standing.event.0);
            to.u8(standing.reports.kinds);
            standing.reports.passed_by.pack(to);
        }
    }

    pub(super) fn unpack(from: &mut Reader<'_>) -> Self {
        let count = from.count();
        let standing = |_| {
            let (at, event) = (Second(from.u32()), Tag(from.u32()));
            let reports = Reports { kinds: from.u8(), passed_by: By::unpack(from) };
            Standing { at, event, reports }
        };
        Self((0..count).map(standing).collect())
    }

    fn position(&self, at: Second, event: Tag) -> Result<usize, usize> {
        self.0.binary_search_by_key(&(at, event), |standing| (standing.at, standing.event))
    }
}
