//! The course of events: intents become attempts in order of time, verdicts decide what follows.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use doorward_core::decision::{Decision, Verdict};
use doorward_core::event::{Attempt, Failure, Id, Method, Outcome, OutcomeKind};
use doorward_core::text::TextError;
use doorward_core::time::{SECOND_MS, Timestamp};

use super::intent::Intent;
use super::label::{Life, Maker, Phase};
use crate::edge::parse::{About, Report};
use crate::replay::format::{Event, Recorded};
use crate::replay::{Playback, Played};

/// How long a challenge takes. Whoever goes on after one does so later than that.
const ANSWER_MS: i64 = 35 * SECOND_MS;

/// Who answers.
pub enum Door {
    /// Nobody: good people pass every challenge that there might have been, and whoever has a right
    /// credential gets in.
    Open,
    /// The rules, by the way that a replay takes.
    Guarded(Box<Playback>),
}

/// One thing that happened.
pub enum Happened<'a> {
    /// Somebody tried, and was answered if somebody answers.
    Attempt(&'a Intent, &'a Attempt, Option<&'a Decision>),
    /// A caller told how an attempt ended.
    Outcome(&'a Report),
}

/// What is still to come.
#[derive(Default)]
pub struct Course {
    coming: BinaryHeap<Reverse<Moment>>,
    /// Of moments at the same time the one that was added first comes first.
    added: u64,
}

struct Moment {
    at: Timestamp,
    order: u64,
    what: What,
}

enum What {
    Try(Box<Intent>),
    Tell(Box<Report>),
}

impl Course {
    /// Adds what somebody means to do.
    pub fn add(&mut self, intent: Intent) {
        self.push(intent.draft.at, What::Try(Box::new(intent)));
    }

    /// How much is still to come, without what follows from it.
    pub fn planned(&self) -> usize {
        self.coming.len()
    }

    /// Lets everything happen at `door` and tells `witness` of it in order of time.
    ///
    /// # Errors
    /// What the witness returns, or a text of the simulation that no event can hold.
    pub fn run<E: From<TextError>>(
        mut self,
        mut door: Door,
        mut witness: impl FnMut(Happened<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        while let Some(Reverse(moment)) = self.coming.pop() {
            match moment.what {
                What::Try(intent) => self.attempt(*intent, &mut door, &mut witness)?,
                What::Tell(report) => {
                    witness(Happened::Outcome(&report))?;
                    if let Door::Guarded(playback) = &mut door {
                        playback.play(recorded(Event::Outcome(report)));
                    }
                }
            }
        }
        Ok(())
    }

    fn attempt<E: From<TextError>>(
        &mut self,
        intent: Intent,
        door: &mut Door,
        witness: &mut impl FnMut(Happened<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let attempt = Box::new(intent.draft.attempt()?);
        let verdict = match door {
            Door::Open => {
                witness(Happened::Attempt(&intent, &attempt, None))?;
                None
            }
            Door::Guarded(playback) => match playback.play(recorded(Event::Attempt(attempt))) {
                Played::Decided(asked, decision) => {
                    witness(Happened::Attempt(&intent, &asked.attempt, Some(&decision)))?;
                    Some(decision.verdict)
                }
                // Every event has a name of its own.
                Played::Learned | Played::Repeated | Played::Conflicting(_) | Played::Lost(_) => {
                    return Ok(());
                }
            },
        };
        self.follow(intent, verdict)?;
        Ok(())
    }

    /// What the attempt leads to: outcomes, and more attempts by those who are in.
    fn follow(&mut self, intent: Intent, verdict: Option<Verdict>) -> Result<(), TextError> {
        let let_in = intent.let_in(verdict.unwrap_or(Verdict::Allow));
        let answer = match verdict {
            Some(Verdict::StepUp) if intent.right() => intent.answer,
            Some(Verdict::Allow | Verdict::StepUp | Verdict::Deny) => None,
            None => Some(OutcomeKind::ChallengePassed).filter(|_| let_in && intent.conspicuous()),
        };
        if let Some(kind) = answer {
            self.tell(&intent, ANSWER_MS, kind)?;
        }
        if let Some(after_ms) = intent.noticed_ms.filter(|_| let_in) {
            let kind = match intent.maker {
                Maker::Attacker { phase: Phase::Harm, .. } => OutcomeKind::ConfirmedFraud,
                Maker::Attacker { .. } | Maker::Good(_) => OutcomeKind::NotMe,
            };
            self.tell(&intent, after_ms, kind)?;
        }
        for next in intent.then.into_iter().filter(|_| let_in) {
            self.add(next);
        }
        Ok(())
    }

    fn tell(&mut self, of: &Intent, after_ms: i64, kind: OutcomeKind) -> Result<(), TextError> {
        let draft = &of.draft;
        let occurred_at = draft.at.plus(after_ms);
        let challenge =
            kind == OutcomeKind::ChallengePassed || kind == OutcomeKind::ChallengeFailed;
        let failed = kind == OutcomeKind::ChallengeFailed;
        let outcome = Outcome {
            event_id: Id::parse(&format!("{}-{}", draft.event_id(), kind.word()))?,
            occurred_at,
            kind,
            failure: failed.then_some(Failure::WrongSecondFactor),
            method: challenge.then_some(Method::Totp),
        };
        let tenant = Id::parse(crate::edge::parse::TENANT_DEFAULT)?;
        let about = About::Event(Id::parse(&draft.event_id())?);
        self.push(occurred_at, What::Tell(Box::new(Report { tenant, about, outcome })));
        Ok(())
    }

    fn push(&mut self, at: Timestamp, what: What) {
        self.coming.push(Reverse(Moment { at, order: self.added, what }));
        self.added += 1;
    }
}

impl Intent {
    /// Whether a service might well have asked this good person for more.
    fn conspicuous(&self) -> bool {
        matches!(self.maker, Maker::Good(life) if life > Life::BrowserUpdate)
    }
}

fn recorded(event: Event) -> Recorded {
    Recorded { line: 0, event, enrichment: None }
}

impl PartialEq for Moment {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}

impl Eq for Moment {}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Moment {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}

#[cfg(test)]
mod tests;
