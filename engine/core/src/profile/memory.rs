//! A profile at work: what its bytes say, taken apart.

use super::PROFILE_BYTES_MAX;
use super::failures::{By, Failures, succeed_at_once as succeed_in_place};
use super::habits::Habits;
use super::history::{History, LOGINS_RECENT_MAX};
use super::login::Login;
use super::second::Second;
use super::standing::{Reports, Standings};
use super::summary::Summary;
use super::trace::Trace;
use crate::decision::Verdict;
use crate::enrichment::Enrichment;
use crate::event::{Attempt, CredentialResult, Method, OutcomeKind};
use crate::likelihood::{Epoch, Taught};
use crate::packed::{Reader, Writer};
use crate::time::Timestamp;

/// Bytes that most profiles do not exceed.
const BYTES_USUAL: usize = 384;

/// In the byte of the parts: how many logins are kept one by one.
const RECENT: u8 = 0x0f;
/// In the byte of the parts: what else is there.
const FAILURES: u8 = 1 << 4;
const STANDINGS: u8 = 1 << 5;
const OLDER: u8 = 1 << 6;
const HABITS: u8 = 1 << 7;

const _: () = {
    assert!(LOGINS_RECENT_MAX <= RECENT as usize);
    let told = Failures::BYTES_MAX + Standings::BYTES_MAX;
    let logins = Summary::BYTES_MAX + History::RECENT_BYTES_MAX + Habits::BYTES_MAX;
    assert!(1 + told + logins <= PROFILE_BYTES_MAX);
};

/// What came of learning.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lesson {
    /// What it means to all users of the tenant.
    pub(crate) taught: Option<Taught>,
    /// Logins that the profile knows more, or fewer.
    pub(crate) logins: i16,
}

/// What is known of one user. The names of cities lie in the bytes that it was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Memory<'a> {
    pub(super) failures: Failures,
    pub(super) standings: Standings,
    pub(super) habits: Habits,
    pub(super) history: History<'a>,
}

impl<'a> Memory<'a> {
    /// Reads what [`Memory::pack`] wrote; nothing is known by nothing.
    pub(super) fn unpack(bytes: &'a [u8]) -> Self {
        if bytes.is_empty() {
            return Self::default();
        }
        let (mut from, mut memory) = (Reader::new(bytes), Self::default());
        let parts = from.u8();
        if parts & FAILURES != 0 {
            memory.failures = Failures::unpack(&mut from);
        }
        if parts & STANDINGS != 0 {
            memory.standings = Standings::unpack(&mut from);
        }
        memory.habits = match parts & HABITS {
            0 => memory.habits_of_success(),
            _ => Habits::unpack(&mut from),
        };
        if parts & OLDER != 0 {
            memory.history.older = Summary::unpack(&mut from);
        }
        memory.history.unpack_recent(usize::from(parts & RECENT), &mut from);
        memory
    }

    /// The same bytes for the same content.
    pub(super) fn pack(&self) -> Vec<u8> {
        let mut to = Writer::with_capacity(BYTES_USUAL);
        to.u8(self.parts());
        if !self.failures.empty() {
            self.failures.pack(&mut to);
        }
        if !self.standings.empty() {
            self.standings.pack(&mut to);
        }
        if self.habits_told() {
            self.habits.pack(&mut to);
        }
        if self.history.older.logins > 0 {
            self.history.older.pack(&mut to);
        }
        self.history.pack_recent(&mut to);
        to.into_bytes()
    }

    fn parts(&self) -> u8 {
        let has = |part, present| if present { part } else { 0 };
        let recent = u8::try_from(self.history.recent.len()).unwrap_or(RECENT);
        recent
            | has(FAILURES, !self.failures.empty())
            | has(STANDINGS, !self.standings.empty())
            | has(OLDER, self.history.older.logins > 0)
            | has(HABITS, self.habits_told())
    }

    /// Adds what is known of another account, which is the same person's.
    pub(super) fn join(&mut self, others: Memory<'a>) {
        self.failures.join(&others.failures);
        self.standings.join(&others.standings);
        self.habits.join(others.habits);
        self.history.join(others.history);
    }

    /// Whether habits say more than the last success does.
    fn habits_told(&self) -> bool {
        self.habits != self.habits_of_success()
    }

    fn habits_of_success(&self) -> Habits {
        Habits::since(self.failures.succeeded_at().map_or_else(Epoch::default, Epoch::of))
    }

    /// A credential was right, whatever became of it: habits go by when that was last so.
    fn advance(&mut self, at: Timestamp) {
        self.habits.advance(Epoch::of(at));
    }

    /// Counts a credential: right ends the row of failures, wrong makes it longer, neither if it was denied.
    pub(super) fn count(
        &mut self,
        by: By,
        at: Timestamp,
        result: CredentialResult,
        verdict: Verdict,
    ) {
        let tried = verdict != Verdict::Deny;
        match result {
            CredentialResult::Right => {
                if tried {
                    self.failures.succeed(by, at);
                }
                self.advance(at);
            }
            CredentialResult::Wrong if tried => self.failures.fail(by, at),
            CredentialResult::Wrong | CredentialResult::NotChecked => {}
        }
    }

    /// Learns an attempt that was decided, if what is known of it by now makes it trusted.
    pub(super) fn settle(
        &mut self,
        trace: &Trace,
        attempt: &Attempt,
        enrichment: &'a Enrichment,
        verdict: Verdict,
    ) -> Lesson {
        let reports = self.standings.of(Second::of(attempt.occurred_at), trace.event);
        let learned = trust(reports, attempt, verdict);
        self.change([None, learned], trace, attempt, enrichment)
    }

    /// Takes in one outcome of an attempt; `None` if that kind was reported of it before.
    pub(super) fn report(
        &mut self,
        trace: &Trace,
        attempt: &Attempt,
        enrichment: &'a Enrichment,
        verdict: Verdict,
        kind: OutcomeKind,
        method: Option<Method>,
    ) -> Option<Lesson> {
        let at = Second::of(attempt.occurred_at);
        let before = self.standings.of(at, trace.event);
        if before.has(kind) {
            return None;
        }
        let after = before.with(kind, method);
        self.standings.put(at, trace.event, after);
        self.count_told(attempt, verdict, kind, method);
        let learned = [before, after].map(|reports| trust(reports, attempt, verdict));
        Some(self.change(learned, trace, attempt, enrichment))
    }

    /// Takes back an attempt as it was learned before, and learns it as it is to be learned after: with or without a
    /// challenge that was passed, or not at all.
    fn change(
        &mut self,
        [before, after]: [Option<Option<By>>; 2],
        trace: &Trace,
        attempt: &Attempt,
        enrichment: &'a Enrichment,
    ) -> Lesson {
        if before == after {
            return Lesson::default();
        }
        let login = |passed| Login::new(trace, attempt, enrichment, passed);
        let (epoch, last) = (Epoch::of(attempt.occurred_at), self.habits.last());
        let (mut by, mut logins) = (0, 0);
        if let Some(passed) = before
            && self.history.unlearn(&login(passed))
        {
            logins -= 1;
            by -= trace.shown.map_or(0, |shown| i64::from(self.habits.take(epoch, &shown)));
        }
        if let Some(passed) = after
            && self.history.learn(login(passed))
        {
            logins += 1;
            by += trace.shown.map_or(0, |shown| i64::from(self.habits.add(epoch, &shown)));
        }
        let last = [last, self.habits.last()];
        let taught = Taught { epoch, by, last };
        let taught = (by != 0 || last[0] != last[1]).then_some(taught);
        Lesson { taught, logins }
    }

    /// Counts a credential that is told later, unless the attempt said the same itself, and the proof of a challenge
    /// whose method is told: it is a credential of its own.
    fn count_told(
        &mut self,
        attempt: &Attempt,
        verdict: Verdict,
        kind: OutcomeKind,
        method: Option<Method>,
    ) {
        let (told, method) = match kind {
            OutcomeKind::CredentialRight => (CredentialResult::Right, attempt.credential.method),
            OutcomeKind::CredentialWrong => (CredentialResult::Wrong, attempt.credential.method),
            OutcomeKind::ChallengePassed if method.is_some() => (CredentialResult::Right, method),
            OutcomeKind::ChallengeFailed if method.is_some() => (CredentialResult::Wrong, method),
            OutcomeKind::ChallengePassed | OutcomeKind::ChallengeFailed => return,
            OutcomeKind::ChallengeAbandoned => return,
            OutcomeKind::ConfirmedFraud | OutcomeKind::ConfirmedGood => return,
            OutcomeKind::NotMe => return,
        };
        let challenge = matches!(kind, OutcomeKind::ChallengePassed | OutcomeKind::ChallengeFailed);
        if challenge || attempt.credential.result != Some(told) {
            self.count(By::of(method), attempt.occurred_at, told, verdict);
        }
    }
}

/// Whether an attempt is trusted, and then how its challenge was passed, if it was.
fn trust(reports: Reports, attempt: &Attempt, verdict: Verdict) -> Option<Option<By>> {
    reports.trust(attempt, verdict).then_some(reports.passed_by())
}

/// A right credential, counted in the bytes of a profile without taking them apart; `false` if that is not possible.
pub(super) fn succeed_at_once(profile: &mut [u8], by: By, at: Timestamp) -> bool {
    match profile {
        [parts, failures @ ..] if *parts & FAILURES != 0 => {
            let forgets = |before| Epoch::of(at) > Epoch::of(before);
            let habits = *parts & HABITS != 0;
            succeed_in_place(failures, by, at, |before| !(habits && forgets(before)))
        }
        _ => false,
    }
}

/// Whether there are trusted logins in the bytes of a profile.
pub(super) fn trusted(profile: &[u8]) -> bool {
    profile.first().is_some_and(|parts| parts & (RECENT | OLDER) != 0)
}

/// Whether there are standings in the bytes of a profile.
pub(super) fn reported(profile: &[u8]) -> bool {
    profile.first().is_some_and(|parts| parts & STANDINGS != 0)
}
