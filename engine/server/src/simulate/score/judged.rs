//! Attempts with their truth and their verdict.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use doorward_core::address::Network;
use doorward_core::decision::{Decision, Level, Verdict};
use doorward_core::event::{Attempt, Journey, Population};
use doorward_core::profile::RETENTION_MS;
use doorward_core::time::Timestamp;

use crate::simulate::intent::Intent;
use crate::simulate::label::{Family, Life, Maker, Phase};

/// What a verdict weighs that a rule demanded whatever the score: beyond every score.
const DENY_WEIGHT: i64 = 100_000;
const STEP_UP_WEIGHT: i64 = 10_000;

/// An attempt on a day that is scored.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Who made it.
    pub maker: Maker,
    /// Whose account it was for.
    pub user: Arc<str>,
    /// Who that belongs to.
    pub population: Population,
    /// Which step of the account's life it was.
    pub journey: Journey,
    /// What was decided.
    pub verdict: Verdict,
    /// How the decision ranks it, over all thresholds.
    pub risk: i64,
    /// A device and a network from which this person was let in before, no longer ago than profiles
    /// remember ([`RETENTION_MS`]).
    pub familiar: bool,
    /// Did not get what it wanted.
    pub lost: bool,
    /// The codes of what spoke against it, if it was stopped.
    pub reasons: Vec<Arc<str>>,
}

impl Judged {
    /// Whether it was stepped up or denied.
    pub fn stopped(&self) -> bool {
        self.verdict != Verdict::Allow
    }

    /// The life event, if a good person made it.
    pub fn good(&self) -> Option<Life> {
        match self.maker {
            Maker::Good(life) => Some(life),
            Maker::Attacker { .. } => None,
        }
    }

    /// The campaign and what it is in it, if an attacker of the family made it.
    pub fn attack(&self, of: Family) -> Option<(usize, Phase)> {
        match self.maker {
            Maker::Attacker { family, campaign, phase } if family == of => Some((campaign, phase)),
            Maker::Attacker { .. } | Maker::Good(_) => None,
        }
    }

    /// Whether it was of no use, whatever the verdict.
    pub fn guess(&self) -> bool {
        matches!(self.maker, Maker::Attacker { phase: Phase::Guess, .. })
    }

    /// Whether it gets in unless it is stopped.
    pub fn entry(&self) -> bool {
        matches!(self.maker, Maker::Attacker { phase: Phase::Entry, .. })
    }
}

/// Collects what was judged, and what is familiar.
#[derive(Debug)]
pub struct Judgements {
    scored_at: Timestamp,
    judged: Vec<Judged>,
    /// When each person was last let in from each device and from each network.
    devices: HashMap<(Arc<str>, String), Timestamp>,
    networks: HashMap<(Arc<str>, Network), Timestamp>,
}

impl Judgements {
    /// Nothing yet; attempts before `scored_at` only make things familiar.
    pub fn new(scored_at: Timestamp) -> Self {
        let (devices, networks) = Default::default();
        Self { scored_at, judged: Vec::new(), devices, networks }
    }

    /// Adds an attempt.
    pub fn add(&mut self, intent: &Intent, attempt: &Attempt, decision: &Decision) {
        let (user, at) = (Arc::clone(&intent.draft.account.user), attempt.occurred_at);
        let network = Network::subnet(IpAddr::V4(intent.draft.origin.address));
        let network = (Arc::clone(&user), network);
        let device = (Arc::clone(&user), intent.draft.looks.id.clone().unwrap_or_default());
        let recent =
            |last: Option<&Timestamp>| last.is_some_and(|last| at.since(*last) < RETENTION_MS);
        let familiar = recent(self.devices.get(&device)) && recent(self.networks.get(&network));
        let let_in = intent.let_in(decision.verdict);
        if let_in && intent.draft.proof.is_some() && matches!(intent.maker, Maker::Good(_)) {
            self.devices.insert(device, at);
            self.networks.insert(network, at);
        }
        if at >= self.scored_at {
            self.judged.push(Judged {
                maker: intent.maker,
                user,
                population: attempt.population,
                journey: attempt.journey,
                verdict: decision.verdict,
                risk: risk(decision),
                familiar,
                lost: !let_in,
                reasons: against(decision),
            });
        }
    }

    /// All of them, in order of time.
    pub fn all(&self) -> &[Judged] {
        &self.judged
    }
}

/// What a decision that stops somebody gives as reasons for it.
fn against(decision: &Decision) -> Vec<Arc<str>> {
    let against = decision.reasons.iter().filter(|reason| {
        let harder = reason.verdict.is_some_and(|verdict| verdict > Verdict::Allow);
        harder || reason.points.is_some_and(|points| points > 0)
    });
    let stopped = decision.verdict != Verdict::Allow;
    against.filter(|_| stopped).map(|reason| Arc::clone(&reason.code)).collect()
}

/// The score, unless a rule demanded a verdict that the score would not have led to.
fn risk(decision: &Decision) -> i64 {
    let score = i64::from(decision.score);
    match (decision.verdict, decision.level) {
        (Verdict::Allow, Level::Low) => score,
        // Something let it in in spite of its score.
        (Verdict::Allow, Level::Medium | Level::High) => 0,
        (Verdict::StepUp, Level::Medium | Level::High) => score,
        (Verdict::StepUp, Level::Low) => score + STEP_UP_WEIGHT,
        (Verdict::Deny, Level::High) => score,
        (Verdict::Deny, Level::Low | Level::Medium) => score + DENY_WEIGHT,
    }
}
