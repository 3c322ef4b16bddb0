//! What attackers look like and where they come from.

use crate::simulate::chance::Chance;
use crate::simulate::device::{DESKTOPS, Device, PHONES, TOOLS};
use crate::simulate::draft::Origin;
use crate::simulate::person::origin;
use crate::simulate::world::city::{self, CITIES, City, HOMES, MARKET};
use crate::simulate::world::{PROVIDERS, VPN_SELLERS, World};

/// What those ask for who do not think about it.
pub(super) const ENGLISH: &str = "en-US,en;q=0.9";

/// A program that does not hide what it is.
pub(super) fn tool(chance: &mut Chance) -> Device {
    Device { id: None, ..Device::new(chance, &TOOLS, ENGLISH) }
}

/// A browser like most people have, or what pretends to be one.
pub(super) fn browser(chance: &mut Chance, language: &'static str) -> Device {
    let phone = chance.happens(0.35);
    Device::new(chance, if phone { &PHONES } else { &DESKTOPS }, language)
}

/// The computer of somebody who works at a desk.
pub(super) fn desk(chance: &mut Chance, local: Option<&'static str>) -> Device {
    Device::new(chance, &DESKTOPS, local.unwrap_or(ENGLISH))
}

/// A home that somebody unknowingly lets attackers use: most often where the customers are.
pub(super) fn proxy(world: &World, chance: &mut Chance) -> (&'static City, Origin) {
    let cities = match chance.below(20) {
        0 => CITIES.len(),
        1..=3 => HOMES,
        _ => MARKET,
    };
    let city = city::numbered(chance.below(cities));
    (city, proxy_in(world, city, chance))
}

/// The same in one city.
pub(super) fn proxy_in(world: &World, city: &City, chance: &mut Chance) -> Origin {
    let provider = chance.below(PROVIDERS);
    let there = origin(world.fixed(city, provider), chance.draw(), chance);
    // The way through a proxy is longer than the way of who lives there.
    Origin { round_trip_ms: there.round_trip_ms + chance.between(20, 140), ..there }
}

/// A rented machine.
pub(super) fn rented(world: &World, number: usize, host: u64, chance: &mut Chance) -> Origin {
    origin(world.hosting(number), host, chance)
}

/// An exit of a VPN in a city.
pub(super) fn exit(world: &World, city: &City, chance: &mut Chance) -> Origin {
    let seller = chance.below(VPN_SELLERS);
    origin(world.vpn(city, seller), chance.draw(), chance)
}

/// A city of another country.
pub(super) fn abroad(home: &City, chance: &mut Chance) -> &'static City {
    let others: Vec<&'static City> =
        CITIES.iter().skip(HOMES).filter(|city| city.country != home.country).collect();
    chance.pick(&others).copied().unwrap_or_else(|| city::numbered(HOMES))
}
