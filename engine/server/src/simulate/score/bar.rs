//! The threshold at which a chosen share of good attempts is challenged.

use std::collections::BTreeMap;

use doorward_core::decision::Verdict;
use doorward_core::event::{Journey, Population};
use serde::{Serialize, Serializer};

use super::judged::Judged;
use super::share::Share;

/// One in so many good attempts is challenged at the bar.
pub const GOOD_PER_CHALLENGE: usize = 100;

/// The threshold of a journey for a population.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Bar {
    /// Whose attempts.
    #[serde(serialize_with = "population")]
    pub population: Population,
    /// Which step.
    #[serde(serialize_with = "journey")]
    pub journey: Journey,
    /// From this score on attempts would be challenged.
    pub score: i64,
    /// The share of good attempts that reach it: at most one in [`GOOD_PER_CHALLENGE`], less where many
    /// have the same score.
    pub challenged: Share,
    /// The share that is denied, whatever the threshold for a challenge.
    pub denied: Share,
}

/// The threshold of each journey and population that good people used.
#[derive(Debug)]
pub struct Bars(BTreeMap<(Population, Journey), Bar>);

impl Bars {
    /// Sets each as low as the share allows.
    pub fn new(judged: &[Judged]) -> Self {
        let mut groups: BTreeMap<(Population, Journey), Vec<&Judged>> = BTreeMap::new();
        for good in judged.iter().filter(|judged| judged.good().is_some()) {
            groups.entry((good.population, good.journey)).or_default().push(good);
        }
        let bars = groups.into_iter().map(|(key, group)| {
            let mut risks: Vec<i64> = group.iter().map(|judged| judged.risk).collect();
            risks.sort_unstable_by(|one, other| other.cmp(one));
            let first_spared = risks.get(risks.len() / GOOD_PER_CHALLENGE).copied();
            let score = first_spared.unwrap_or(0).saturating_add(1);
            let challenged = Share::of(risks.iter().map(|risk| *risk >= score));
            let denied = Share::of(group.iter().map(|judged| judged.verdict == Verdict::Deny));
            (key, Bar { population: key.0, journey: key.1, score, challenged, denied })
        });
        Self(bars.collect())
    }

    /// Whether an attempt would be challenged; `None` where no good person sets a bar.
    pub fn stop(&self, judged: &Judged) -> Option<bool> {
        let bar = self.0.get(&(judged.population, judged.journey))?;
        Some(judged.risk >= bar.score)
    }

    /// By population and journey.
    pub fn all(&self) -> Vec<Bar> {
        self.0.values().copied().collect()
    }
}

fn population<S: Serializer>(population: &Population, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(population.word())
}

fn journey<S: Serializer>(journey: &Journey, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(journey.word())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::label::{Life, Maker};

    fn judged(risk: i64) -> Judged {
        Judged {
            maker: Maker::Good(Life::Routine),
            user: "ana".into(),
            population: Population::Customer,
            journey: Journey::Login,
            verdict: Verdict::Allow,
            risk,
            familiar: false,
            lost: false,
            reasons: Vec::new(),
        }
    }

    #[test]
    fn a_bar_challenges_as_many_as_it_may_and_no_more() {
        let check = |risks: &mut dyn Iterator<Item = i64>, score, part| {
            let bars = Bars::new(&risks.map(judged).collect::<Vec<_>>());
            let [bar] = bars.all().try_into().unwrap();
            assert_eq!((bar.score, bar.challenged.part), (score, part));
            assert_eq!(bars.stop(&judged(score)), Some(true));
            assert_eq!(bars.stop(&judged(score - 1)), Some(false));
        };
        check(&mut (0..1_000), 990, 10);
        check(&mut (0..1_000).map(|at| if at < 50 { 7 } else { 0 }), 8, 0);
        check(&mut (0..200).map(|at| if at < 2 { 30 } else { 0 }), 1, 2);
        check(&mut [5, 9].into_iter(), 10, 0);
        assert!(Bars::new(&[]).stop(&judged(1)).is_none());
    }
}
