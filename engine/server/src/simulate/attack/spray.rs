//! Password spraying: a few common passwords on many accounts, with pauses.

use doorward_core::event::{Failure, Population};
use doorward_core::time::{MINUTE_MS, SECOND_MS};

use super::campaign::Campaign;
use super::disguise;
use crate::simulate::device::Looks;
use crate::simulate::draft::{Draft, Proof};
use crate::simulate::intent::Intent;
use crate::simulate::person::common_secret;

/// Of the passwords that many have, the attackers try one of the first so many.
const LIKELY: usize = 6;

/// A round over all names for each of a few passwords; staff more often than customers.
pub(super) fn plan(mut campaign: Campaign<'_>) -> Vec<Intent> {
    let mut at = campaign.begins();
    let staff = campaign.chance.happens(0.5);
    let population = if staff { Population::Workforce } else { Population::Customer };
    let size = campaign.size(150, 350);
    let names: Vec<_> = (0..size).filter_map(|_| campaign.victim(Some(population), at)).collect();
    let first = campaign.chance.below(LIKELY);
    let (rounds, provider) = (2 + campaign.chance.below(2), campaign.chance.below(6));
    let (rented, machines) = (campaign.chance.happens(0.5), campaign.chance.between(10, 40));
    let gap_ms = campaign.chance.between(3 * SECOND_MS, 15 * SECOND_MS);
    let device = disguise::browser(&mut campaign.chance, disguise::ENGLISH);
    let mut intents = Vec::new();
    for secret in (first..first + rounds).map(common_secret) {
        for person in &names {
            at = at.plus(campaign.chance.gap_ms(gap_ms));
            let world = &campaign.traffic().world;
            let machine = campaign.chance.between(0, machines).unsigned_abs();
            let origin = match rented {
                true => disguise::rented(world, provider, machine * 7, &mut campaign.chance),
                false => disguise::proxy(world, &mut campaign.chance).1,
            };
            let looks = Looks { id: None, ..device.looks(at) };
            let draft = campaign.draft(at, person.account.clone(), origin, looks);
            intents.push(if person.secret == secret {
                let proof = Some(Campaign::known(person, true));
                campaign.entry(Draft { proof, ..draft })
            } else {
                campaign.guess(draft, Proof::wrong(secret, Failure::WrongSecret))
            });
        }
        at = at.plus(campaign.chance.between(35 * MINUTE_MS, 90 * MINUTE_MS));
    }
    intents
}
