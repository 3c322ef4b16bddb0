//! Brute force: one account, many passwords.

use doorward_core::event::Failure;
use doorward_core::time::SECOND_MS;

use super::campaign::Campaign;
use super::disguise;
use crate::simulate::device::Looks;
use crate::simulate::draft::{Draft, Proof};
use crate::simulate::intent::Intent;

/// From one machine, or from a few dozen in turn; two in five find the password in the end.
pub(super) fn plan(mut campaign: Campaign<'_>) -> Vec<Intent> {
    let mut at = campaign.begins();
    let Some(person) = campaign.victim(None, at) else { return Vec::new() };
    let (size, found) = (campaign.size(80, 300), campaign.chance.happens(0.4));
    let machines = if campaign.chance.happens(0.5) { 1 } else { campaign.chance.between(10, 40) };
    let gap_ms = campaign.chance.between(2 * SECOND_MS, 15 * SECOND_MS);
    let world = &campaign.traffic().world;
    let chance = &mut campaign.chance;
    let origins: Vec<_> = (0..machines)
        .map(|_| match machines {
            1 => disguise::rented(world, chance.below(6), chance.draw(), chance),
            _ => disguise::proxy(world, chance).1,
        })
        .collect();
    let device = disguise::browser(chance, person.home.city.language);
    let mut intents = Vec::new();
    for guess in 1..=size {
        at = at.plus(campaign.chance.gap_ms(gap_ms));
        let Some(origin) = campaign.chance.pick(&origins).copied() else { break };
        let looks = Looks { id: None, ..device.looks(at) };
        let draft = campaign.draft(at, person.account.clone(), origin, looks);
        if found && guess == size {
            let proof = Some(Campaign::known(person, true));
            intents.push(campaign.entry(Draft { proof, ..draft }));
        } else {
            let secret = campaign.chance.draw();
            intents.push(campaign.guess(draft, Proof::wrong(secret, Failure::WrongSecret)));
        }
    }
    intents
}
