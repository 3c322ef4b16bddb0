//! What was decided on the scripted day.

use std::sync::Arc;

use doorward_core::decision::Verdict;
use doorward_core::event::{Attempt, Id};
use doorward_core::time::Timestamp;

use super::script::Scene;
use crate::summary::{Reasons, Told, TopReason};
use crate::wire;

/// Reasons that are told of a scene.
const REASONS: usize = 3;

/// How the day went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Day {
    /// Every scene that was played, in the order of the script.
    pub scenes: Vec<SceneResult>,
    /// Wall time of the attempts, in milliseconds.
    pub took_ms: u64,
    /// Time from an attempt to its decision, without the wait for the disk: the median, in
    /// microseconds.
    pub decided_us: u64,
}

impl Day {
    /// The decision that is best worth explaining: the last one that was looked at closely.
    pub fn decision_to_explain(&self) -> Option<&str> {
        self.scenes.iter().rev().find_map(|result| Some(result.case.as_ref()?.decision_id.as_str()))
    }
}

/// How one scene went.
#[derive(Clone, Debug, PartialEq)]
pub struct SceneResult {
    /// Which one.
    pub scene: Scene,
    /// Its verdicts in order of time.
    pub verdicts: Vec<Verdict>,
    /// The most frequent reasons for not simply allowing.
    pub reasons: Vec<TopReason>,
    /// The attempt to look at closely.
    pub case: Option<Case>,
}

/// One attempt with everything that was said about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The decision, as `explain` takes it.
    pub decision_id: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// The account.
    pub user: String,
    /// From where: an address, and a place if that is known.
    pub from: String,
    /// What was decided.
    pub verdict: Verdict,
    /// The score.
    pub score: i32,
    /// Reason code, points (none for a `deny` or `allow` rule) and the analyst's text.
    pub reasons: Vec<(Arc<str>, Option<i32>, String)>,
}

/// Gathers a [`SceneResult`] while its attempts are decided.
#[derive(Debug)]
pub struct SceneCollector {
    scene: Scene,
    verdicts: Vec<Verdict>,
    reasons: Reasons,
    case: Option<Case>,
}

impl SceneCollector {
    /// Nothing has happened yet in `scene`.
    pub fn new(scene: Scene) -> Self {
        Self { scene, verdicts: Vec::new(), reasons: Reasons::default(), case: None }
    }

    /// Counts what was decided about one of its attempts.
    pub fn add(&mut self, verdict: Verdict, decision: &wire::Decision) {
        self.verdicts.push(verdict);
        self.reasons.add(verdict, decision.reasons.iter().map(Told::from));
    }

    /// Keeps the attempt that the script wants to show.
    pub fn show(&mut self, case: Case) {
        self.case = Some(case);
    }

    /// The result.
    pub fn finish(self) -> SceneResult {
        SceneResult {
            scene: self.scene,
            verdicts: self.verdicts,
            reasons: self.reasons.top(REASONS),
            case: self.case,
        }
    }
}

impl Case {
    /// An attempt as it was decided, at a place in words if it is known.
    pub fn new(
        attempt: &Attempt,
        place: Option<String>,
        verdict: Verdict,
        decision: &wire::Decision,
    ) -> Self {
        let address = attempt.client.address.map(|address| address.to_string());
        let address = address.unwrap_or_else(|| "an unknown address".to_owned());
        let reasons = decision.reasons.iter().map(Told::from);
        Self {
            decision_id: decision.decision_id.clone(),
            occurred_at: attempt.occurred_at,
            user: attempt.user.id.as_ref().map_or("nobody", Id::as_str).to_owned(),
            from: place.map_or(address.clone(), |place| format!("{address} ({place})")),
            verdict,
            score: decision.score,
            reasons: reasons
                .map(|told| (told.code.into(), told.points, told.text.to_owned()))
                .collect(),
        }
    }
}
