//! How attacks fared.

use std::collections::{BTreeMap, BTreeSet};

use doorward_core::event::{Journey, Population};
use serde::Serialize;

use super::bar::Bars;
use super::judged::Judged;
use super::rank::{Area, area};
use super::share::Share;
use crate::simulate::label::{Family, Phase};

/// How the campaigns of one kind fared, or of all.
#[derive(Clone, Debug, Serialize)]
pub struct AttackRow {
    /// Which kind; `None` for all of them.
    pub family: Option<Family>,
    /// Campaigns of which at least one attempt was stopped.
    pub campaigns: Share,
    /// Attempts that were stopped, hopeless guesses included.
    pub attempts: Share,
    /// Until the first stopped attempt, that one included.
    pub first_caught: Option<FirstCaught>,
    /// Attempts that get in unless they are stopped, and were: right passwords, stolen sessions,
    /// registrations.
    pub entries: Share,
    /// The same at the bars of [`Bars`].
    pub entries_at_bar: Share,
    /// How well the score alone tells those from good attempts.
    pub area: Option<Area>,
    /// What became of the accounts.
    pub accounts: Accounts,
}

/// How many attempts campaigns had before they were first caught.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FirstCaught {
    /// Of the one in the middle; `None` if half of them were never caught.
    pub median: Option<usize>,
    /// Of the last one; `None` if one was never caught.
    pub worst: Option<usize>,
}

/// Accounts whose credential or session an attacker had.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Accounts {
    /// Stopped when they tried to get in.
    pub at_the_door: u64,
    /// Let in, and stopped at everything that does harm.
    pub at_the_action: u64,
    /// Those where something harmful happened.
    pub harmed: u64,
}

impl Accounts {
    /// Those where nothing harmful happened, of all.
    pub fn prevented(self) -> Share {
        let part = self.at_the_door + self.at_the_action;
        Share { part, whole: part + self.harmed }
    }
}

/// One row for each kind that there was, the last one for all.
pub fn rows(judged: &[Judged], bars: &Bars) -> Vec<AttackRow> {
    let of = |families: &[Family], family| {
        let attacks: Vec<(Family, usize, Phase, &Judged)> = judged
            .iter()
            .filter_map(|judged| {
                let family = families.iter().find(|family| judged.attack(**family).is_some())?;
                let (campaign, phase) = judged.attack(*family)?;
                Some((*family, campaign, phase, judged))
            })
            .collect();
        (!attacks.is_empty()).then(|| row(family, &attacks, judged, bars))
    };
    let each = Family::ALL.iter().filter_map(|family| of(&[*family], Some(*family)));
    each.chain(of(Family::ALL, None)).collect()
}

fn row(
    family: Option<Family>,
    attacks: &[(Family, usize, Phase, &Judged)],
    judged: &[Judged],
    bars: &Bars,
) -> AttackRow {
    let mut campaigns: BTreeMap<(Family, usize), Vec<bool>> = BTreeMap::new();
    for (family, campaign, _, judged) in attacks {
        campaigns.entry((*family, *campaign)).or_default().push(judged.stopped());
    }
    let caught = |stopped: &Vec<bool>| stopped.iter().position(|stopped| *stopped);
    let first: Vec<Option<usize>> =
        campaigns.values().map(|stopped| caught(stopped).map(|before| before + 1)).collect();
    let entries: Vec<&Judged> =
        attacks.iter().map(|(.., judged)| *judged).filter(|judged| judged.entry()).collect();
    AttackRow {
        family,
        campaigns: Share::of(first.iter().map(Option::is_some)),
        attempts: Share::of(attacks.iter().map(|(.., judged)| judged.stopped())),
        first_caught: first_caught(first),
        entries: Share::of(entries.iter().map(|entry| entry.stopped())),
        entries_at_bar: Share::of(entries.iter().filter_map(|entry| bars.stop(entry))),
        area: rank(&entries, judged),
        accounts: accounts(attacks),
    }
}

fn first_caught(mut first: Vec<Option<usize>>) -> Option<FirstCaught> {
    // Never is later than anything.
    first.sort_by_key(|caught| caught.unwrap_or(usize::MAX));
    let median = *first.get(first.len().checked_sub(1)? / 2)?;
    Some(FirstCaught { median, worst: *first.last()? })
}

/// Entries against good attempts of the same journey and population: of those where most entries are.
fn rank(entries: &[&Judged], judged: &[Judged]) -> Option<Area> {
    let mut groups: BTreeMap<(Population, Journey), Vec<i64>> = BTreeMap::new();
    for entry in entries {
        groups.entry((entry.population, entry.journey)).or_default().push(entry.risk);
    }
    let (group, attacks) = groups.into_iter().max_by_key(|(_, attacks)| attacks.len())?;
    let good = judged.iter().filter(|judged| judged.good().is_some());
    let same = good.filter(|judged| (judged.population, judged.journey) == group);
    area(&attacks, &same.map(|judged| judged.risk).collect::<Vec<_>>())
}

fn accounts(attacks: &[(Family, usize, Phase, &Judged)]) -> Accounts {
    let harmed: BTreeSet<(Family, usize, &str)> = attacks
        .iter()
        .filter(|(_, _, phase, judged)| *phase == Phase::Harm && !judged.lost)
        .map(|(family, campaign, _, judged)| (*family, *campaign, &*judged.user))
        .collect();
    let mut accounts = Accounts::default();
    for (family, campaign, phase, judged) in attacks {
        // An account that the attacker opened has no victim.
        if *phase != Phase::Entry || *family == Family::RegistrationFarm {
            continue;
        }
        let counter = if judged.stopped() {
            &mut accounts.at_the_door
        } else if harmed.contains(&(*family, *campaign, &*judged.user)) {
            &mut accounts.harmed
        } else {
            &mut accounts.at_the_action
        };
        *counter += 1;
    }
    accounts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_that_is_never_caught_is_the_worst() {
        let check = |first: &[Option<usize>], median, worst| {
            let expected = Some(FirstCaught { median, worst });
            assert_eq!(first_caught(first.to_vec()), expected);
        };
        check(&[Some(7)], Some(7), Some(7));
        check(&[Some(9), Some(3), Some(5)], Some(5), Some(9));
        check(&[None, Some(3), Some(5)], Some(5), None);
        check(&[None, None, Some(5)], None, None);
        assert!(first_caught(Vec::new()).is_none());
    }
}
