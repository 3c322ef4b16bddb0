//! One event after the other, decided on in memory.

use std::hash::{BuildHasher as _, RandomState};

use doorward_core::decision::Decision;
use doorward_core::engine::Engine;
use doorward_core::enrichment::Enrichment;
use doorward_core::event::{Attempt, Id};
use doorward_core::record::{DecisionId, DecisionRecord};
use doorward_core::seen::{Claim, EVENTS_SEEN_MIN, SeenEvents};

use super::format::{Event, Recorded};
use super::kept::{Asked, Kept};
use crate::edge::parse::{About, Report};
use crate::enrich::Enricher;

/// Where an outcome is: no attempt has that number.
const OUTCOME: (u64, u64) = (u64::MAX, 0);

/// Decides on recorded attempts and learns from recorded outcomes.
///
/// An event told twice counts once, as long as no [`EVENTS_SEEN_MIN`] others came between. An outcome
/// finds its attempt by event id, or by the id that this replay gave to the decision, among the last
/// [`super::ATTEMPTS_KEPT_MAX`] attempts before it.
pub struct Playback {
    engine: Engine,
    enricher: Enricher,
    seen: SeenEvents,
    payloads: RandomState,
    kept: Kept,
}

/// What became of an event.
#[derive(Debug)]
pub enum Played<'a> {
    /// An attempt was decided on.
    Decided(&'a Asked, Decision),
    /// An outcome was learned.
    Learned,
    /// It was told before, word for word, and changed nothing.
    Repeated,
    /// Its id was used before by an event that says something else; it was left out.
    Conflicting(Id),
    /// An outcome whose attempt did not come before it, or too long ago; it was left out.
    Lost(About),
}

impl Playback {
    /// Plays into `engine`; `enricher` looks up what a recording does not say. `key` is secret and random.
    pub fn new(key: [u8; 16], engine: Engine, enricher: Enricher) -> Self {
        Self {
            engine,
            enricher,
            seen: SeenEvents::new(key, EVENTS_SEEN_MIN),
            payloads: RandomState::new(),
            kept: Kept::default(),
        }
    }

    /// Plays the next event.
    pub fn play(&mut self, recorded: Recorded) -> Played<'_> {
        match recorded.event {
            Event::Attempt(attempt) => self.decide(*attempt, recorded.enrichment),
            Event::Outcome(report) => self.learn(*report),
        }
    }

    /// What decides.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// What looks up.
    pub fn enricher(&self) -> &Enricher {
        &self.enricher
    }

    fn decide(&mut self, attempt: Attempt, enrichment: Option<Enrichment>) -> Played<'_> {
        let payload = self.payloads.hash_one(&attempt);
        let (number, at) = (self.kept.next(), attempt.occurred_at);
        if let Some(known) = self.claim(&attempt.tenant, &attempt.event_id, payload, (number, 0)) {
            return known;
        }
        let enrichment = enrichment.unwrap_or_else(|| self.enricher.enrich(&attempt));
        // With the number where others have random bits, so that a replay gives the same ids again.
        let id = DecisionId::new(at, 0, number);
        let DecisionRecord { attempt, enrichment, decision, .. } =
            self.engine.evaluate(id, at, attempt, enrichment);
        let asked = Asked { id, attempt, enrichment, verdict: decision.verdict };
        Played::Decided(self.kept.push(asked), decision)
    }

    fn learn(&self, report: Report) -> Played<'_> {
        let payload = self.payloads.hash_one(&report);
        let Report { tenant, about, outcome } = report;
        let Some(asked) = self.asked(&tenant, &about) else { return Played::Lost(about) };
        if let Some(known) = self.claim(&tenant, &outcome.event_id, payload, OUTCOME) {
            return known;
        }
        self.engine.report(&asked.attempt, &asked.enrichment, asked.verdict, &outcome);
        Played::Learned
    }

    /// `None` for a new event, which is now at `location`.
    fn claim(
        &self,
        tenant: &Id,
        event_id: &Id,
        payload: u64,
        location: (u64, u64),
    ) -> Option<Played<'static>> {
        let event = self.seen.key(tenant, event_id);
        match self.seen.claim(event, payload) {
            Claim::New => {
                self.seen.complete(event, location);
                None
            }
            // Nobody else plays: every event is complete as soon as it is claimed.
            Claim::Same(_) | Claim::InFlight => Some(Played::Repeated),
            Claim::Conflict => Some(Played::Conflicting(event_id.clone())),
        }
    }

    fn asked(&self, tenant: &Id, about: &About) -> Option<&Asked> {
        match about {
            About::Event(event_id) => {
                let (number, _) = self.seen.find(self.seen.key(tenant, event_id))?;
                self.kept.numbered(number)
            }
            About::Decision(id) => {
                let asked = self.kept.numbered(id.tail())?;
                (asked.id == *id && asked.attempt.tenant == *tenant).then_some(asked)
            }
        }
    }
}
