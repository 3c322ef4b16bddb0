//! Device farms: one device enters many accounts whose passwords are known.

use doorward_core::event::Population;
use doorward_core::time::MINUTE_MS;

use super::campaign::Campaign;
use super::disguise;
use crate::simulate::draft::Draft;
use crate::simulate::intent::Intent;
use crate::simulate::world::city::{self, MARKET};

/// One account after the other, each through a proxy near its owner or all through one VPN.
pub(super) fn plan(mut campaign: Campaign<'_>) -> Vec<Intent> {
    campaign.attended = true;
    let (mut at, size) = (campaign.begins(), campaign.size(8, 25));
    let gap_ms = campaign.chance.between(3 * MINUTE_MS, 12 * MINUTE_MS);
    let world = &campaign.traffic().world;
    let chance = &mut campaign.chance;
    let city = city::numbered(chance.below(MARKET));
    let device = disguise::browser(chance, city.language);
    let vpn = chance.happens(0.5).then(|| disguise::exit(world, city, chance));
    let mut intents = Vec::new();
    for _ in 0..size {
        at = at.plus(campaign.chance.gap_ms(gap_ms));
        let Some(person) = campaign.victim(Some(Population::Customer), at) else { break };
        let near = disguise::proxy_in(world, person.home.city, &mut campaign.chance);
        let breached = campaign.chance.happens(0.2);
        let proof = Some(Campaign::known(person, breached));
        let (account, looks) = (person.account.clone(), device.looks(at));
        let draft = campaign.draft(at, account, vpn.unwrap_or(near), looks);
        intents.push(campaign.entry(Draft { proof, ..draft }));
    }
    intents
}
