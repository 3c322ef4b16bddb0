//! How good people fared.

use std::collections::BTreeMap;

use doorward_core::decision::Verdict;
use doorward_core::event::{Journey, Population};
use serde::Serialize;

use super::judged::Judged;
use super::share::Share;

/// What happened to some good attempts.
#[derive(Clone, Debug, Serialize)]
pub struct PeopleRow {
    /// Whose accounts.
    pub population: &'static str,
    /// Which attempts: the word of a journey or of a life event.
    pub what: &'static str,
    /// Stepped up.
    pub challenged: Share,
    /// Denied.
    pub denied: Share,
    /// Denied, of those on a familiar device and network.
    pub denied_familiar: Share,
    /// Did not get in though they should have: denied, or left at the challenge.
    pub turned_away: u64,
}

/// By population and journey.
pub fn by_journey(judged: &[Judged]) -> Vec<PeopleRow> {
    rows(judged, |judged| Some((judged.journey, judged.journey.word())))
}

/// Sign-ins by population and what was going on in the person's life.
pub fn by_life(judged: &[Judged]) -> Vec<PeopleRow> {
    rows(judged, |judged| {
        let life = judged.good().filter(|_| judged.journey == Journey::Login)?;
        Some((life, life.word()))
    })
}

fn rows<K: Ord>(
    judged: &[Judged],
    key: impl Fn(&Judged) -> Option<(K, &'static str)>,
) -> Vec<PeopleRow> {
    let mut groups: BTreeMap<(Population, K, &'static str), Vec<&Judged>> = BTreeMap::new();
    for good in judged.iter().filter(|judged| judged.good().is_some()) {
        if let Some((key, what)) = key(good) {
            groups.entry((good.population, key, what)).or_default().push(good);
        }
    }
    let rows = groups.into_iter().map(|((population, _, what), group)| {
        let denied = |judged: &&Judged| judged.verdict == Verdict::Deny;
        let familiar = group.iter().filter(|judged| judged.familiar);
        let stopped = group.iter().filter(|judged| judged.stopped() && judged.lost);
        PeopleRow {
            population: population.word(),
            what,
            challenged: Share::of(group.iter().map(|judged| judged.verdict == Verdict::StepUp)),
            denied: Share::of(group.iter().map(denied)),
            denied_familiar: Share::of(familiar.map(denied)),
            turned_away: u64::try_from(stopped.count()).unwrap_or(u64::MAX),
        }
    });
    rows.collect()
}
