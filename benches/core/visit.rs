//! Attempts of the core's own types, with what would have been looked up for them.

use std::net::IpAddr;

use doorward_core::agent::Agent;
use doorward_core::country::Country;
use doorward_core::enrichment::{Enrichment, Operator};
use doorward_core::event::{
    Attempt, Client, Credential, CredentialResult, Device, Method, Population, User, UserAgent,
};
use doorward_core::network::NetworkClasses;
use doorward_core::place::{Place, Point};
use doorward_core::text::Text;
use doorward_core::time::Timestamp;

use crate::chance::Chance;

/// Event time of the first visit: 2026-11-01 UTC.
const BEGIN_MS: i64 = 1_793_491_200_000;
/// Event time between two visits: a hundred a second.
const STEP_MS: i64 = 10;
const SCREENS: [&str; 4] = ["1920x1080", "2560x1440", "390x844", "412x915"];
const CITIES: [&str; 4] = ["Vienna", "Graz", "Linz", "Salzburg"];
const USER_AGENT: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 \
                          (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

/// Somebody at the door.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    /// What the caller tells.
    pub(crate) attempt: Attempt,
    /// What was looked up.
    pub(crate) enrichment: Enrichment,
}

impl Visit {
    /// The owner of the account signs in, at home on the usual device.
    pub(crate) fn of_owner(user: u64, number: u32) -> Self {
        Self::from_place(user, 0, number)
    }

    /// The owner signs in on the device of one of the places where he is.
    pub(crate) fn from_place(user: u64, place: u64, number: u32) -> Self {
        let mut there = Chance(user << 32 | place << 16);
        Self::new(user, number, &mut there, CredentialResult::Right)
    }

    /// One of many accounts that a single address tries passwords on.
    pub(crate) fn of_attacker(user: u64, number: u32) -> Self {
        Self::new(user, number, &mut Chance(u64::MAX), CredentialResult::Wrong)
    }

    fn new(user: u64, number: u32, from: &mut Chance, result: CredentialResult) -> Self {
        let event_id = text(&format!("bench-{number:020}"));
        let at = Timestamp::from_ms(BEGIN_MS + i64::from(number) * STEP_MS);
        let attempt = Attempt {
            app: Some(text("webshop")),
            user: User {
                id: Some(text(&format!("u-{user:08}"))),
                exists: Some(true),
                ..User::default()
            },
            credential: Credential {
                method: Some(Method::Password),
                result: Some(result),
                ..Credential::default()
            },
            client: client(from),
            device: device(from),
            ..Attempt::login(event_id, at, text("default"), Population::Customer)
        };
        Self { attempt, enrichment: enrichment(from) }
    }
}

fn client(from: &mut Chance) -> Client {
    let address: IpAddr = from.address().parse().expect("an address");
    Client {
        address: Some(address),
        user_agent: Some(UserAgent::Text(text(USER_AGENT))),
        accept_language: Some(text("de-AT,de;q=0.9,en;q=0.5")),
        ja4: Some(text("t13d1516h2_8daaf6152771_b186095e22b6")),
        round_trip_ms: Some(45),
        ..Client::default()
    }
}

fn device(from: &mut Chance) -> Device {
    Device {
        id: Some(text(&format!("d-{:016x}", from.draw()))),
        utc_offset_min: Some(60),
        screen: Some(text(&from.pick(SCREENS))),
        ..Device::default()
    }
}

fn enrichment(from: &mut Chance) -> Enrichment {
    let mut degrees = || f64::from(u8::try_from(from.below(40)).unwrap_or_default());
    let point = Point { latitude: 20.0 + degrees(), longitude: degrees(), accuracy_km: 50.0 };
    let city = from.pick(CITIES);
    Enrichment {
        place: Ok(Place {
            country: Country::parse("AT").ok(),
            region: Some(city.as_str().into()),
            city: Some(city.as_str().into()),
            point: Some(point),
        }),
        network: Ok(Operator {
            asn: u32::try_from(from.below(5_000)).unwrap_or_default(),
            organisation: None,
        }),
        classes: NetworkClasses::UNLISTED,
        agent: Ok(Agent::parse(USER_AGENT)),
    }
}

pub(crate) fn text<const BYTES_MAX: usize>(text: &str) -> Text<BYTES_MAX> {
    Text::parse(text).expect("a text that the core accepts")
}
