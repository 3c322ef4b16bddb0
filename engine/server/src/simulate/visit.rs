//! When a person comes, from where, and with what.

use doorward_core::event::Population;
use doorward_core::time::{DAY_MS, MINUTE_MS, SECOND_MS, Timestamp};

use super::calendar::{Calendar, Trip};
use super::chance::Chance;
use super::device::Device;
use super::draft::Origin;
use super::label::Life;
use super::person::{Person, origin};
use super::span::Span;
use super::world::World;
use super::world::city::{self, City};

/// Days within which everything about an account is new.
const NEW_DAYS: i64 = 3;
/// When those who will be away for months were last seen, in days before the simulation.
const LAST_SEEN_DAYS: [i64; 4] = [-112, -104, -99, -93];
/// On a day of travel: the last minute at home, the first one there.
const LEAVES_MINUTE: i64 = 10 * 60;
const ARRIVES_MINUTE: i64 = 19 * 60;
/// Clocks further apart than this, in minutes, are a long flight apart.
const FAR_MIN: i16 = 120;

/// One time at the door.
#[derive(Clone, Debug)]
pub struct Visit {
    /// When.
    pub at: Timestamp,
    /// What is going on.
    pub life: Life,
    /// With what.
    pub device: Device,
    /// From where.
    pub origin: Origin,
    /// From where they go on later in the session.
    pub onward: Origin,
    /// Whether this is when the password turns out to be forgotten.
    pub forgotten: bool,
}

/// Everything that decides on a visit.
struct Planner<'a> {
    person: &'a Person,
    world: &'a World,
    calendar: &'a Calendar,
    devices: Vec<Device>,
    /// The release that each device had when it was last used.
    releases: Vec<i64>,
    renewed: bool,
    forgotten: bool,
    returned: bool,
}

/// All visits of a person, in order of time.
pub fn visits(
    person: &Person,
    world: &World,
    span: Span,
    calendar: &Calendar,
    chance: &mut Chance,
) -> Vec<Visit> {
    let mut planner = Planner {
        person,
        world,
        calendar,
        devices: person.devices.clone(),
        releases: Vec::new(),
        renewed: false,
        forgotten: false,
        returned: false,
    };
    let old = LAST_SEEN_DAYS.iter().filter(|_| calendar.returns.is_some()).copied();
    let days = old.chain(calendar.returns.unwrap_or(0)..span.days());
    let mut visits: Vec<Visit> = days
        .flat_map(|day| {
            let times = if day < 0 { 1 } else { planner.times(day, chance) };
            (0..times).filter_map(|_| planner.visit(span.day(day), day, chance)).collect::<Vec<_>>()
        })
        .collect();
    visits.sort_by_key(|visit| visit.at);
    visits
}

impl Planner<'_> {
    /// How often they come on a day.
    fn times(&self, day: i64, chance: &mut Chance) -> usize {
        let staff = self.person.account.population == Population::Workforce;
        let weekend = day % 7 >= 5;
        if self.calendar.returns == Some(day) {
            return 1;
        }
        let mean = match (staff, weekend) {
            (true, true) => 0.05,
            (true, false) | (false, _) => self.person.habits.visits_a_day,
        };
        // At most three a day, in the mean as many as is their habit.
        (0..3).filter(|_| chance.happens(mean / 3.0)).count()
    }

    fn visit(&mut self, midnight: Timestamp, day: i64, chance: &mut Chance) -> Option<Visit> {
        let trip = self.calendar.trip(day);
        let spread = chance.between(-150, 150) + chance.between(-150, 150);
        let minute = (self.person.habits.minute + spread).rem_euclid(24 * 60);
        let (minute, trip) = on_the_way(minute, trip, day, self.person.home.city);
        let city = trip.map_or(self.person.home.city, |trip| trip.city);
        let local = minute * MINUTE_MS + chance.between(0, MINUTE_MS - 1);
        let at = midnight.plus(local - i64::from(city.utc_offset_min) * MINUTE_MS);
        if self.person.account.created_at.is_some_and(|created| at <= created.plus(MINUTE_MS)) {
            return None;
        }
        let (device, of_device) = self.device(day, at, chance);
        let (origin, of_place) = self.place(at, trip, day, &device, chance);
        let life = self.circumstances(at, day).max(of_device).max(of_place);
        let forgotten = !self.forgotten
            && !self.person.habits.passkey
            && self.calendar.forgets.is_some_and(|forgets| forgets <= day);
        self.forgotten |= forgotten;
        let life = if forgotten { life.max(Life::ForgottenPassword) } else { life };
        let onward = self.onward(origin, trip, &device, chance);
        Some(Visit { at, life, device, origin, onward, forgotten })
    }

    fn circumstances(&mut self, at: Timestamp, day: i64) -> Life {
        let created = self.person.account.created_at.unwrap_or_default();
        if at.since(created) < NEW_DAYS * DAY_MS {
            return Life::NewAccount;
        }
        let returns = day >= 0 && self.calendar.returns.is_some() && !self.returned;
        self.returned |= returns;
        if returns { Life::Dormant } else { Life::Routine }
    }

    /// With what, and what is unusual about it.
    fn device(&mut self, day: i64, at: Timestamp, chance: &mut Chance) -> (Device, Life) {
        let mut life = Life::Routine;
        if !self.renewed
            && let Some((bought, device)) = &self.calendar.new_device
            && *bought <= day
            && let Some(first) = self.devices.first_mut()
        {
            *first = device.clone();
            self.renewed = true;
            self.releases.clear();
            return (device.clone(), Life::NewDevice);
        }
        let staff = self.person.account.population == Population::Workforce;
        let first = chance.happens(if staff { 0.85 } else { 0.6 });
        let number = if first { 0 } else { chance.below(self.devices.len()) };
        if self.person.shared == Some(number) {
            life = life.max(Life::SharedDevice);
        }
        let Some(device) = self.devices.get_mut(number) else {
            return (Device::new(chance, &super::device::PHONES, "en"), life);
        };
        if chance.happens(self.person.habits.clears) && self.person.shared != Some(number) {
            *device = device.forgetful(chance);
            life = life.max(Life::ClearedCookies);
        }
        let release = device.release(at);
        if self.releases.len() <= number {
            self.releases.resize(number + 1, release);
        }
        if let Some(before) = self.releases.get_mut(number) {
            if device.browser.updates && *before < release {
                life = life.max(Life::BrowserUpdate);
            }
            *before = release;
        }
        (device.clone(), life)
    }

    /// From where, and what is unusual about it.
    fn place(
        &self,
        at: Timestamp,
        trip: Option<&Trip>,
        day: i64,
        device: &Device,
        chance: &mut Chance,
    ) -> (Origin, Life) {
        let Person { home, habits, .. } = self.person;
        if let Some(seller) = habits.vpn.filter(|_| chance.happens(0.4)) {
            let exit =
                if chance.happens(0.6) { home.city } else { city::numbered(chance.below(20)) };
            let through = origin(self.world.vpn(exit, seller), chance.draw(), chance);
            let here = trip.map_or(home.city, |trip| trip.city);
            return (Origin { utc_offset_min: here.utc_offset_min, ..through }, Life::Vpn);
        }
        if let Some(trip) = trip {
            return (self.elsewhere(trip, device, chance), Life::Travel);
        }
        if device.browser.phone && chance.happens(0.4) {
            return (self.carrier(None, chance), Life::Mobile);
        }
        let staff = self.person.account.population == Population::Workforce;
        let share = if staff { 0.62 } else { 0.15 };
        match self.person.work {
            Some(work) if day % 7 < 5 && chance.happens(share) => {
                (work.origin(self.world, at, chance), Life::Office)
            }
            Some(_) if staff => (home.origin(self.world, at, chance), Life::HomeOffice),
            Some(_) | None => (home.origin(self.world, at, chance), Life::Routine),
        }
    }

    /// In a hotel, or through the carrier.
    fn elsewhere(&self, trip: &Trip, device: &Device, chance: &mut Chance) -> Origin {
        match device.browser.phone && chance.happens(0.4) {
            true => self.carrier(Some(trip), chance),
            false => origin(self.world.fixed(trip.city, 0), trip.host, chance),
        }
    }

    /// Through the carrier at home, which is where roaming phones reach the internet too.
    fn carrier(&self, trip: Option<&Trip>, chance: &mut Chance) -> Origin {
        let network = self.world.mobile(self.person.home.city, self.person.carrier);
        let there = origin(network, chance.draw(), chance);
        trip.map_or(there, |trip| Origin {
            round_trip_ms: there.round_trip_ms + trip.city.round_trip_ms,
            utc_offset_min: trip.city.utc_offset_min,
            ..there
        })
    }

    /// Phones leave the house and VPNs are turned on while a session goes on.
    fn onward(
        &self,
        here: Origin,
        trip: Option<&Trip>,
        device: &Device,
        chance: &mut Chance,
    ) -> Origin {
        if device.browser.phone && chance.happens(0.3) {
            return self.carrier(trip, chance);
        }
        match self.person.habits.vpn.filter(|_| chance.happens(0.1)) {
            Some(seller) => {
                let exit = self.world.vpn(self.person.home.city, seller);
                let through = origin(exit, chance.draw(), chance);
                Origin { utc_offset_min: here.utc_offset_min, ..through }
            }
            None => here,
        }
    }
}

/// Nobody signs in from where they cannot be: on the day of a journey they are at one end of it, and a
/// far one takes the rest of the day.
fn on_the_way<'a>(
    minute: i64,
    trip: Option<&'a Trip>,
    day: i64,
    home: &City,
) -> (i64, Option<&'a Trip>) {
    let Some(trip) = trip else { return (minute, None) };
    if day != trip.first && day != trip.last {
        return (minute, Some(trip));
    }
    let far = (trip.city.utc_offset_min - home.utc_offset_min).abs() > FAR_MIN;
    let (before, after) = if day == trip.last { (Some(trip), None) } else { (None, Some(trip)) };
    match minute {
        early if early <= LEAVES_MINUTE => (early, before),
        rest if far => (rest % LEAVES_MINUTE, before),
        late if late >= ARRIVES_MINUTE => (late, after),
        between => (ARRIVES_MINUTE + between % 200, after),
    }
}

/// How long people need between two steps.
pub fn pause(chance: &mut Chance, least_s: i64, most_s: i64) -> i64 {
    chance.between(least_s * SECOND_MS, most_s * SECOND_MS)
}
