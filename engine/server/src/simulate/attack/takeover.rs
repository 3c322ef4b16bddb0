//! Takeovers: one account whose password is known, entered by a person, changed and emptied.

use doorward_core::event::{Journey, Method, Population};
use doorward_core::time::Timestamp;

use super::campaign::Campaign;
use super::disguise;
use crate::simulate::device::{Device, Looks};
use crate::simulate::draft::{Draft, Origin, Proof};
use crate::simulate::intent::Intent;
use crate::simulate::person::{Person, origin};

/// Share of takeovers that go through recovery: the attacker reads the owner's mail.
const RECOVERS: f64 = 0.2;

/// From another country or a rented machine, with whatever the attacker works with.
pub(super) fn from_elsewhere(mut campaign: Campaign<'_>) -> Vec<Intent> {
    plan(&mut campaign, |campaign, person, at| {
        let world = &campaign.traffic().world;
        let chance = &mut campaign.chance;
        let city = disguise::abroad(person.home.city, chance);
        let origin = match chance.happens(0.3) {
            true => disguise::rented(world, chance.below(6), chance.draw(), chance),
            false => origin(world.fixed(city, 0), chance.draw(), chance),
        };
        let origin = Origin { utc_offset_min: city.utc_offset_min, ..origin };
        (origin, disguise::desk(chance, Some(city.language)).looks(at))
    })
}

/// Through a VPN in the victim's city; half remember the clock, more the language.
pub(super) fn through_vpn(mut campaign: Campaign<'_>) -> Vec<Intent> {
    plan(&mut campaign, |campaign, person, at| {
        let world = &campaign.traffic().world;
        let (chance, home) = (&mut campaign.chance, person.home.city);
        let exit = disguise::exit(world, home, chance);
        let clock = if chance.happens(0.5) { home } else { disguise::abroad(home, chance) };
        let language = Some(home.language).filter(|_| chance.happens(0.6));
        let origin = Origin { utc_offset_min: clock.utc_offset_min, ..exit };
        (origin, disguise::desk(chance, language).looks(at))
    })
}

/// From a line of the victim's provider in the victim's city, with the same browser; only what is
/// stored on the device is missing.
pub(super) fn targeted(mut campaign: Campaign<'_>) -> Vec<Intent> {
    plan(&mut campaign, |campaign, person, at| {
        let world = &campaign.traffic().world;
        let chance = &mut campaign.chance;
        let line = origin(person.home.network(world), chance.draw(), chance);
        let used = chance.pick(&person.devices).map(|device| device.forgetful(chance));
        let device: Device =
            used.unwrap_or_else(|| disguise::desk(chance, Some(person.home.city.language)));
        (line, device.looks(at))
    })
}

fn plan(
    campaign: &mut Campaign<'_>,
    disguised: impl Fn(&mut Campaign<'_>, &Person, Timestamp) -> (Origin, Looks),
) -> Vec<Intent> {
    campaign.attended = true;
    let at = campaign.begins();
    let Some(person) = campaign.victim(Some(Population::Customer), at) else { return Vec::new() };
    let (origin, looks) = disguised(campaign, person, at);
    let draft = campaign.draft(at, person.account.clone(), origin, looks);
    let draft = match campaign.chance.happens(RECOVERS) {
        true => {
            let proof = Some(Proof::right(Method::MagicLink, None, false));
            Draft { journey: Journey::Recovery, proof, ..draft }
        }
        false => {
            let breached = campaign.chance.happens(0.2);
            Draft { proof: Some(Campaign::known(person, breached)), ..draft }
        }
    };
    vec![campaign.entry(draft)]
}
