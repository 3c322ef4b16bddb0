//! One good person: where they live, what they own, how they behave.

use doorward_core::event::Population;
use doorward_core::time::{DAY_MS, Timestamp};

use super::chance::{Chance, mixed};
use super::device::{DESKTOPS, Device, PHONES};
use super::draft::{Account, Origin};
use super::world::city::City;
use super::world::{CARRIERS, Network, VPN_SELLERS, World};

/// Passwords that many people have, the most common first: what a spray tries.
pub const COMMON_SECRETS: usize = 20;
/// Share of people who have one of them.
const COMMON: f64 = 0.05;
/// Days after which a line without a fixed address gets another one.
const LEASE_DAYS: i64 = 7;

/// A good person.
#[derive(Clone, Debug)]
pub struct Person {
    /// Counted over everybody.
    pub number: usize,
    /// The account.
    pub account: Account,
    /// The line at home.
    pub home: Line,
    /// The line at work.
    pub work: Option<Line>,
    /// Which of the country's mobile carriers.
    pub carrier: usize,
    /// What they sign in with.
    pub devices: Vec<Device>,
    /// Which of `devices` the family shares.
    pub shared: Option<usize>,
    /// Stands for the password.
    pub secret: u64,
    /// How they behave.
    pub habits: Habits,
}

/// Where a line of a provider ends.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// The city.
    pub city: &'static City,
    /// The provider; `None` for the organisation's own offices.
    pub provider: Option<usize>,
    /// Which line.
    pub number: u64,
    /// Whether the address changes every `LEASE_DAYS`.
    pub leased: bool,
}

/// How somebody behaves.
#[derive(Clone, Debug)]
pub struct Habits {
    /// Sign-ins a day, on days on which they sign in at all.
    pub visits_a_day: f64,
    /// Minute of the local day around which they come.
    pub minute: i64,
    /// The seller of the VPN that they use now and then.
    pub vpn: Option<usize>,
    /// Signs in without a password.
    pub passkey: bool,
    /// Has a password that is known from a breach.
    pub breached: bool,
    /// Share of sign-ins with a slip of the finger.
    pub typos: f64,
    /// Share of sign-ins after which cookies are cleared.
    pub clears: f64,
    /// Whom they pay.
    pub payees: Vec<String>,
}

impl Line {
    /// The network that the line belongs to.
    pub fn network(self, world: &World) -> &Network {
        match self.provider {
            Some(provider) => world.fixed(self.city, provider),
            None => world.offices(),
        }
    }

    /// Where an attempt comes from that uses the line.
    pub fn origin(self, world: &World, at: Timestamp, chance: &mut Chance) -> Origin {
        let lease = if self.leased { at.ms() / (LEASE_DAYS * DAY_MS) } else { 0 };
        // A new lease is near the old one, as providers give them out: in the same 4,096 addresses.
        let near = mixed("lease", self.number ^ lease.unsigned_abs()) % 4_096;
        let host = if self.leased { self.number / 4_096 * 4_096 + near } else { self.number };
        origin(self.network(world), host, chance)
    }
}

/// Where an attempt comes from that a host of a network makes.
pub fn origin(network: &Network, host: u64, chance: &mut Chance) -> Origin {
    Origin {
        address: network.address(host),
        round_trip_ms: network.round_trip_ms() + chance.gap_ms(6),
        utc_offset_min: network.city().utc_offset_min,
    }
}

/// A password: their own, or one of those that many have.
pub fn secret(chance: &mut Chance, common: f64) -> u64 {
    if chance.happens(common) {
        // Of two draws the smaller: the most common ones more often.
        let rank = chance.below(COMMON_SECRETS).min(chance.below(COMMON_SECRETS));
        return common_secret(rank);
    }
    chance.draw()
}

/// One of the passwords that many have.
pub fn common_secret(rank: usize) -> u64 {
    mixed("common", u64::try_from(rank).unwrap_or(0))
}

impl Person {
    /// A person at `home` whose account is called `user`.
    pub fn new(
        number: usize,
        user: &str,
        population: Population,
        home: Line,
        created_at: Timestamp,
        chance: &mut Chance,
    ) -> Self {
        let staff = population == Population::Workforce;
        let mut devices = Vec::new();
        if staff || chance.happens(0.7) {
            devices.push(Device::new(chance, &DESKTOPS, home.city.language));
        }
        if devices.is_empty() || chance.happens(if staff { 0.5 } else { 0.8 }) {
            devices.push(Device::new(chance, &PHONES, home.city.language));
        }
        let account = Account {
            user: user.into(),
            population,
            exists: true,
            created_at: Some(created_at),
            privileged: staff && chance.happens(0.05),
        };
        Self {
            number,
            account,
            home,
            work: None,
            carrier: chance.below(CARRIERS),
            devices,
            shared: None,
            secret: secret(chance, COMMON),
            habits: Habits::new(staff, user, chance),
        }
    }
}

impl Habits {
    fn new(staff: bool, user: &str, chance: &mut Chance) -> Self {
        let (daily, weekly) = (chance.happens(0.25), chance.happens(0.66));
        let payees = (0..chance.between(2, 6)).map(|at| format!("payee-{user}-{at}")).collect();
        Self {
            visits_a_day: match (staff, daily, weekly) {
                (true, ..) => 1.3,
                (false, true, _) => 1.0,
                (false, false, true) => 0.28,
                (false, false, false) => 0.08,
            },
            minute: if staff { chance.between(470, 570) } else { chance.between(480, 1_290) },
            vpn: chance.happens(0.06).then(|| chance.below(VPN_SELLERS)),
            passkey: chance.happens(0.12),
            breached: chance.happens(0.03),
            typos: if chance.happens(0.2) { 0.12 } else { 0.04 },
            clears: if chance.happens(0.04) { 0.15 } else { 0.003 },
            payees,
        }
    }
}
