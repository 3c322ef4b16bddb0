//! Credential stuffing: lists of names and passwords that leaked elsewhere, tried here.

use doorward_core::event::{Failure, Population};
use doorward_core::time::{SECOND_MS, Timestamp};

use super::campaign::Campaign;
use super::disguise::{self, ENGLISH};
use crate::simulate::device::Looks;
use crate::simulate::draft::{Draft, Origin, Proof};
use crate::simulate::intent::Intent;
use crate::simulate::person::Person;

/// A leaked list: how much of it is of use.
struct List {
    /// Whether the attackers know where people live, as names often tell, and come from there.
    sorted: bool,
    /// Share of names that nobody here has.
    unknown: f64,
    /// Share of entries that are right.
    right: f64,
}

impl List {
    fn new(campaign: &mut Campaign<'_>) -> Self {
        let [unknown, right] = [campaign.chance.fraction(), campaign.chance.fraction()];
        let sorted = campaign.chance.happens(0.5);
        Self { sorted, unknown: 0.3 + 0.4 * unknown, right: 0.001 + 0.019 * right }
    }

    /// Whose entry comes next, if it is somebody's.
    fn customer<'a>(
        &self,
        campaign: &mut Campaign<'a>,
        at: Timestamp,
        country: &str,
    ) -> Option<&'a Person> {
        match self.sorted {
            true => campaign.resident(country, at),
            false => campaign.victim(Some(Population::Customer), at),
        }
    }

    /// The next entry, tried from a country.
    fn next(
        &self,
        campaign: &mut Campaign<'_>,
        at: Timestamp,
        (origin, country): (Origin, &str),
        looks: Looks,
    ) -> Option<Intent> {
        if campaign.chance.happens(self.right) {
            let person = self.customer(campaign, at, country)?;
            let breached = campaign.chance.happens(0.7);
            let proof = Some(Campaign::known(person, breached));
            let draft = campaign.draft(at, person.account.clone(), origin, looks);
            return Some(campaign.entry(Draft { proof, ..draft }));
        }
        let secret = campaign.chance.draw();
        if campaign.chance.happens(self.unknown) {
            let account = campaign.stranger();
            let draft = campaign.draft(at, account, origin, looks);
            return Some(campaign.guess(draft, Proof::wrong(secret, Failure::UnknownUser)));
        }
        let person = self.customer(campaign, at, country)?;
        let draft = campaign.draft(at, person.account.clone(), origin, looks);
        Some(campaign.guess(draft, Proof::wrong(secret, Failure::WrongSecret)))
    }
}

/// A tool on a few rented machines, as fast as it can.
pub(super) fn naive(mut campaign: Campaign<'_>) -> Vec<Intent> {
    let list = List { sorted: false, ..List::new(&mut campaign) };
    let (mut at, size) = (campaign.begins(), campaign.size(300, 1_200));
    let (provider, machines) = (campaign.chance.below(6), 1 + campaign.chance.below(5));
    let gap_ms = campaign.chance.between(200, 2_000);
    let hides = campaign.chance.happens(0.4);
    let chance = &mut campaign.chance;
    let device = if hides { disguise::browser(chance, ENGLISH) } else { disguise::tool(chance) };
    let first = chance.draw();
    let mut intents = Vec::new();
    for _ in 0..size {
        let host = first.wrapping_add(u64::try_from(campaign.chance.below(machines)).unwrap_or(0));
        let world = &campaign.traffic().world;
        let origin = disguise::rented(world, provider, host, &mut campaign.chance);
        let looks = Looks { id: None, ..device.looks(at) };
        intents.extend(list.next(&mut campaign, at, (origin, ""), looks));
        at = at.plus(campaign.chance.gap_ms(gap_ms));
    }
    intents
}

/// Through residential proxies, one to three tries at each, for hours, with the headers of browsers.
pub(super) fn slow(mut campaign: Campaign<'_>) -> Vec<Intent> {
    let list = List::new(&mut campaign);
    let (mut at, size) = (campaign.begins(), campaign.size(300, 1_000));
    let gap_ms = campaign.chance.between(4 * SECOND_MS, 25 * SECOND_MS);
    // Some tools only say that they are a browser, others shake hands like one too.
    let betrayed = campaign.chance.happens(0.5);
    let identified = campaign.chance.happens(0.5);
    let hello = disguise::tool(&mut campaign.chance).looks(at).ja4;
    let mut intents = Vec::new();
    while intents.len() < size {
        let world = &campaign.traffic().world;
        let (city, origin) = disguise::proxy(world, &mut campaign.chance);
        let language = if list.sorted { city.language } else { ENGLISH };
        let looks = disguise::browser(&mut campaign.chance, language).looks(at);
        let id = looks.id.clone().filter(|_| identified);
        let ja4 = if betrayed { hello.clone() } else { looks.ja4.clone() };
        for _ in 0..campaign.chance.between(1, 3) {
            let looks = Looks { id: id.clone(), ja4: ja4.clone(), ..looks.clone() };
            at = at.plus(campaign.chance.gap_ms(gap_ms));
            let from = (origin, city.country);
            let Some(intent) = list.next(&mut campaign, at, from, looks) else { return intents };
            intents.push(intent);
        }
    }
    intents
}
