//! How well rules tell attackers from good people, where the truth is known.

pub mod attacks;
pub mod bar;
pub mod judged;
pub mod people;
pub mod rank;
pub mod reasons;
pub mod share;
pub mod target;

use serde::Serialize;

pub use attacks::AttackRow;
pub use bar::{Bar, Bars};
pub use judged::{Judged, Judgements};
pub use people::PeopleRow;
pub use reasons::ReasonRow;
pub use share::Share;
pub use target::Target;

/// Everything that is said of a simulation.
#[derive(Debug, Serialize)]
pub struct Score {
    /// Decides on everything that was drawn.
    pub seed: u64,
    /// The rules that were held against it.
    pub policy: String,
    /// Attempts on the days that are scored.
    pub attempts: usize,
    /// By kind of attack, then all of them.
    pub attacks: Vec<AttackRow>,
    /// Good people by journey.
    pub people: Vec<PeopleRow>,
    /// Their sign-ins by what was going on.
    pub lives: Vec<PeopleRow>,
    /// What stopped good people and attackers.
    pub reasons: Vec<ReasonRow>,
    /// Thresholds at which one good attempt in a hundred is challenged.
    pub bars: Vec<Bar>,
    /// What should be reached.
    pub targets: Vec<Target>,
}

impl Score {
    /// Adds up what was judged.
    pub fn new(seed: u64, policy: String, judged: &[Judged]) -> Self {
        let bars = Bars::new(judged);
        let mut score = Self {
            seed,
            policy,
            attempts: judged.len(),
            attacks: attacks::rows(judged, &bars),
            people: people::by_journey(judged),
            lives: people::by_life(judged),
            reasons: reasons::rows(judged),
            bars: bars.all(),
            targets: Vec::new(),
        };
        score.targets = target::targets(&score);
        score
    }
}

#[cfg(test)]
pub(super) mod tests;
