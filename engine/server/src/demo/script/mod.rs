//! A day of sign-ins, the same on every run: people who live their lives, and four attacks.
//!
//! Nothing here is drawn by chance and no clock is read: [`day`] is a function of the time at which
//! the day ends. Names, addresses and operators are invented.

mod attempt;
mod customers;
mod dice;
mod family;
mod person;
mod scene;
mod spray;
mod staff;
mod stuffing;
mod takeover;
mod traveller;

use doorward_core::event::{Attempt, Id, Outcome, OutcomeKind};
use doorward_core::text::TextError;
use doorward_core::time::{DAY_MS, MINUTE_MS, SECOND_MS, Timestamp};

pub use attempt::TENANT;
pub use scene::{Expectation, Scene};

/// Days of ordinary life before the day that is shown, so that profiles have something to know.
pub const HISTORY_DAYS: u8 = 12;

/// How long after a challenge the person has passed it, or not.
const ANSWER_MS: i64 = 40 * SECOND_MS;

/// One thing that happens in the script.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// The scene it belongs to.
    pub scene: Scene,
    /// What happens.
    pub event: Event,
    /// Worth showing with all of its reasons; once in every scene that tells a story.
    pub highlight: bool,
}

/// What callers send to Doorward.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Asks for a verdict.
    Attempt {
        /// The attempt.
        attempt: Box<Attempt>,
        /// What comes of it if the verdict is a step-up; `None` where nobody will answer.
        challenge: Option<OutcomeKind>,
    },
    /// Tells how an earlier attempt ended, whatever its verdict was.
    Outcome {
        /// The event id of the attempt.
        of: Id,
        /// What is told.
        outcome: Outcome,
    },
}

impl Moment {
    /// When it happens.
    pub fn occurred_at(&self) -> Timestamp {
        match &self.event {
            Event::Attempt { attempt, .. } => attempt.occurred_at,
            Event::Outcome { outcome, .. } => outcome.occurred_at,
        }
    }
}

/// The whole script in order of time: [`HISTORY_DAYS`] of ordinary life, then the 24 hours that
/// end at `now`.
///
/// # Errors
///
/// Only if a name in the script is no valid identifier, which a test rules out.
pub fn day(now: Timestamp) -> Result<Vec<Moment>, TextError> {
    let start = now.plus(-DAY_MS);
    let mut moments = Vec::new();
    customers::play(start, &mut moments)?;
    staff::play(start, &mut moments)?;
    family::play(start, &mut moments)?;
    traveller::play(start, &mut moments)?;
    spray::play(start, &mut moments)?;
    takeover::travel(start, &mut moments)?;
    stuffing::play(start, &mut moments)?;
    takeover::drain(start, &mut moments)?;
    moments.sort_by_key(Moment::occurred_at);
    Ok(moments)
}

/// The outcome that follows when `attempt` was challenged and the script says how that ends.
///
/// # Errors
///
/// If the attempt's event id leaves no room for a suffix.
pub fn answer(attempt: &Attempt, kind: OutcomeKind) -> Result<Outcome, TextError> {
    Ok(Outcome {
        event_id: Id::parse(&format!("{}-answer", attempt.event_id))?,
        occurred_at: attempt.occurred_at.plus(ANSWER_MS),
        kind,
        failure: None,
        method: None,
    })
}

/// The start of the day (UTC) that `clock` is in: a script that ends there shows the times of day
/// that its stories tell.
pub fn midnight(clock: Timestamp) -> Timestamp {
    clock.plus(-clock.ms().rem_euclid(DAY_MS))
}

/// A time of the day that starts at `start`.
fn at(start: Timestamp, hour: i64, minute: i64) -> Timestamp {
    start.plus((hour * 60 + minute) * MINUTE_MS)
}

#[cfg(test)]
mod tests;
