//! What happens to one person while the simulation runs, apart from ordinary days.

use doorward_core::event::Population;
use doorward_core::time::DAY_MS;

use super::chance::Chance;
use super::device::{Device, PHONES};
use super::person::Person;
use super::span::{Span, WARM_UP_DAYS};
use super::world::city::{self, CITIES, City, HOMES};

/// Share of days on which somebody leaves for a trip, gets a new device, or has forgotten the password.
const LEAVES: f64 = 1.0 / 60.0;
const BUYS: f64 = 1.0 / 300.0;
const FORGETS: f64 = 1.0 / 180.0;
/// Share of customers who have been away for months when scoring begins.
const DORMANT: f64 = 0.01;
/// Share of trips that go to another country.
const ABROAD: f64 = 0.6;

/// The unusual days of one person, counted from the first of the simulation.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// In order of time.
    pub trips: Vec<Trip>,
    /// When a new device takes the place of the first one.
    pub new_device: Option<(i64, Device)>,
    /// When the password is forgotten.
    pub forgets: Option<i64>,
    /// When somebody comes back who has been away for months.
    pub returns: Option<i64>,
}

/// Some days elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct Trip {
    /// The day of the journey there.
    pub first: i64,
    /// The day of the journey back.
    pub last: i64,
    /// Where to.
    pub city: &'static City,
    /// The network of the hotel.
    pub host: u64,
}

impl Calendar {
    /// Draws the calendar of a person.
    pub fn new(person: &Person, span: Span, chance: &mut Chance) -> Self {
        let joins = person.account.created_at.is_some_and(|at| at >= span.day(0));
        let customer = person.account.population == Population::Customer;
        let dormant = customer && !joins && chance.happens(DORMANT);
        let day = |chance: &mut Chance| chance.between(WARM_UP_DAYS, span.days() - 1);
        Self {
            returns: dormant.then(|| day(chance)),
            trips: trips(person, span, chance),
            new_device: first(BUYS, span, chance).map(|day| (day, bought(person, chance))),
            forgets: first(FORGETS, span, chance),
        }
    }

    /// The trip that a day belongs to.
    pub fn trip(&self, day: i64) -> Option<&Trip> {
        self.trips.iter().find(|trip| (trip.first..=trip.last).contains(&day))
    }
}

/// A phone; or what takes the place of the old device and looks nearly like it.
fn bought(person: &Person, chance: &mut Chance) -> Device {
    let new = Device::new(chance, &PHONES, person.home.city.language);
    match person.devices.first().filter(|_| chance.happens(0.4)) {
        Some(old) => Device { id: new.id, ..old.clone() },
        None => new,
    }
}

/// The first day on which something happens that happens on a `share` of days.
fn first(share: f64, span: Span, chance: &mut Chance) -> Option<i64> {
    let mean_ms = DAY_MS as f64 / share;
    let mean_ms = std::time::Duration::try_from_secs_f64(mean_ms / 1_000.0).unwrap_or_default();
    let gap = chance.gap_ms(i64::try_from(mean_ms.as_millis()).unwrap_or(i64::MAX));
    Some(gap / DAY_MS).filter(|day| *day < span.days())
}

fn trips(person: &Person, span: Span, chance: &mut Chance) -> Vec<Trip> {
    let mut trips = Vec::new();
    let mut day = 0;
    while day < span.days() {
        if !chance.happens(LEAVES) {
            day += 1;
            continue;
        }
        let last = day + chance.between(1, 9);
        let (city, host) = (destination(person.home.city, chance), chance.draw());
        trips.push(Trip { first: day, last, city, host });
        day = last + 2;
    }
    trips
}

/// Another city: of the same country, near it, or anywhere.
fn destination(home: &'static City, chance: &mut Chance) -> &'static City {
    let domestic: Vec<&'static City> = CITIES
        .iter()
        .filter(|city| city.country == home.country && city.number != home.number)
        .collect();
    if let Some(city) = chance.pick(&domestic).filter(|_| !chance.happens(ABROAD)) {
        return city;
    }
    let reach = if chance.happens(0.7) { HOMES } else { CITIES.len() };
    let drawn = city::numbered(chance.below(reach));
    if drawn.number == home.number { city::numbered(drawn.number + 1) } else { drawn }
}
