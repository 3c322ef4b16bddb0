//! Registration farms: one workshop opens accounts by the dozen.

use doorward_core::event::{Journey, Population};
use doorward_core::time::{MINUTE_MS, Timestamp};

use super::campaign::Campaign;
use super::disguise;
use crate::simulate::device::Looks;
use crate::simulate::draft::{Account, Draft, Origin};
use crate::simulate::intent::Intent;
use crate::simulate::world::city::{self, HOMES};

/// From neighbouring addresses or exits of a VPN, with one set-up that is cleared each time or not.
pub(super) fn plan(mut campaign: Campaign<'_>) -> Vec<Intent> {
    let (mut at, size) = (campaign.begins(), campaign.size(20, 70));
    let gap_ms = campaign.chance.between(MINUTE_MS, 6 * MINUTE_MS);
    let world = &campaign.traffic().world;
    let chance = &mut campaign.chance;
    let city = city::numbered(chance.below(HOMES));
    let mut device = disguise::browser(chance, city.language);
    device.emulated = (device.browser.phone && chance.happens(0.6)).then_some(true);
    let (cleared, vpn) = (chance.happens(0.66), chance.happens(0.4));
    let first = disguise::proxy_in(world, city, chance);
    let mut intents = Vec::new();
    for _ in 0..size {
        at = at.plus(campaign.chance.gap_ms(gap_ms));
        let chance = &mut campaign.chance;
        if cleared {
            device = device.forgetful(chance);
        }
        let origin = match vpn {
            true => disguise::exit(world, city, chance),
            false => neighbour(first, chance.draw()),
        };
        intents.push(opening(&mut campaign, at, origin, device.looks(at)));
    }
    intents
}

fn opening(campaign: &mut Campaign<'_>, at: Timestamp, origin: Origin, looks: Looks) -> Intent {
    let account = Account {
        user: format!("customer-{}", campaign.chance.hex()).into(),
        population: Population::Customer,
        exists: false,
        created_at: Some(at),
        privileged: false,
    };
    let draft = campaign.draft(at, account, origin, looks);
    campaign.foothold(Draft { journey: Journey::Registration, ..draft })
}

/// Another address of the same 64.
fn neighbour(first: Origin, draw: u64) -> Origin {
    let near = u32::try_from(draw % 64).unwrap_or(0);
    let address = (u32::from(first.address) & !63 | near).into();
    Origin { address, ..first }
}
