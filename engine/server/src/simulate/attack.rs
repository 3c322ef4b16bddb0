//! Attacks: campaigns of one kind each, planned before any of them happens.
//!
//! To add one: a variant of [`Family`], a file in `simulate/attack/` with a function that plans one
//! campaign, and a row in `plan` and `campaigns`. Each campaign draws from a stream of its own, so
//! nothing else changes.

mod brute_force;
mod campaign;
mod device_farm;
mod disguise;
mod registration_farm;
mod session_replay;
mod spray;
mod stuffing;
mod takeover;

use super::intent::Intent;
use super::label::Family;
use super::traffic::Traffic;
use campaign::Campaign;

/// Customers for whom [`campaigns`] tells the number of campaigns.
const CUSTOMERS: usize = 2_000;

/// Every campaign of these families, as what their attackers mean to do.
pub fn attacks(seed: u64, traffic: &Traffic, families: &[Family]) -> Vec<Intent> {
    let plans = families.iter().flat_map(|family| {
        let count = (campaigns(*family) * traffic.people.len() / CUSTOMERS).max(1);
        (0..count).map(|number| plan(Campaign::new(seed, *family, number, traffic)))
    });
    plans.flatten().collect()
}

/// How many campaigns meet a service of [`CUSTOMERS`]: enough of each to tell shares apart, which is
/// more than anybody hopes to see in two weeks.
fn campaigns(family: Family) -> usize {
    match family {
        Family::Stuffing | Family::SlowStuffing => 8,
        Family::Spray => 8,
        Family::BruteForce => 16,
        Family::Takeover => 80,
        Family::VpnTakeover | Family::TargetedTakeover | Family::SessionReplay => 70,
        Family::RegistrationFarm => 8,
        Family::DeviceFarm => 10,
    }
}

fn plan(campaign: Campaign<'_>) -> Vec<Intent> {
    match campaign.family() {
        Family::Stuffing => stuffing::naive(campaign),
        Family::SlowStuffing => stuffing::slow(campaign),
        Family::Spray => spray::plan(campaign),
        Family::BruteForce => brute_force::plan(campaign),
        Family::Takeover => takeover::from_elsewhere(campaign),
        Family::VpnTakeover => takeover::through_vpn(campaign),
        Family::TargetedTakeover => takeover::targeted(campaign),
        Family::SessionReplay => session_replay::plan(campaign),
        Family::RegistrationFarm => registration_farm::plan(campaign),
        Family::DeviceFarm => device_farm::plan(campaign),
    }
}

#[cfg(test)]
mod tests;
