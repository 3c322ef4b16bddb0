//! The messages: an endless, repeatable sequence of attempts as a busy login service sees them.
//!
//! Most are people on their own device at home. Some are elsewhere, some mistype, and a few
//! addresses try stolen passwords on everybody, so that rules fire too.

use std::sync::atomic::{AtomicU64, Ordering};

use doorward::wire::google::{Duration, Timestamp};
use doorward::wire::{
    Attempt, Client, Credential, Device, Failure, Journey, Method, Population, Transaction, User,
    credential,
};

use crate::chance::Chance;

/// Accounts that attempts are made on.
const USERS: u64 = 100_000;
/// Addresses that stolen passwords are tried from.
const ATTACKERS: u64 = 16;
/// Event time between two attempts: a hundred attempts a second.
const STEP_MS: u64 = 10;

/// What event ids begin with.
pub(crate) const EVENT_ID: &str = "load-";

const LANGUAGES: [&str; 4] =
    ["en-GB,en;q=0.9", "de-AT,de;q=0.9,en;q=0.5", "fr-FR,fr;q=0.8,en;q=0.6", "es-ES,es;q=0.9"];
const SCREENS: [&str; 4] = ["1920x1080", "2560x1440", "390x844", "412x915"];
const USER_AGENTS: [&str; 4] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
     Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) \
     Version/26.1 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 \
     (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
];

/// Hands out one sequence of attempts, each once, to any number of workers.
#[derive(Debug)]
pub(crate) struct Attempts {
    next: AtomicU64,
    begin_s: i64,
}

impl Attempts {
    /// The sequence whose first attempt happened at `begin_s`, seconds since the Unix epoch.
    pub(crate) fn beginning_at(begin_s: i64) -> Self {
        Self { next: AtomicU64::new(0), begin_s }
    }

    /// The next attempt of the sequence.
    pub(crate) fn take(&self) -> Attempt {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let mut chance = Chance(number);
        let attempt = if chance.percent(3) { attack(&mut chance) } else { visit(&mut chance) };
        Attempt {
            event_id: format!("{EVENT_ID}{number:020}"),
            occurred_at: Some(occurred_at(number, self.begin_s)),
            app: "webshop".to_owned(),
            ..attempt
        }
    }
}

/// A person at the door: nine times in ten at home, and as often right.
fn visit(chance: &mut Chance) -> Attempt {
    let user = chance.below(USERS);
    let mut home = Chance(user << 32);
    let mut away = Chance(chance.draw());
    let client = client(if chance.percent(10) { &mut away } else { &mut home });
    let device = device(if chance.percent(5) { &mut away } else { &mut home });
    let credential = Some(credential(!chance.percent(8)));
    let attempt = Attempt { client, device, credential, ..on_account(user) };
    if chance.percent(10) { spend(attempt, chance) } else { attempt }
}

/// A stolen password tried on some account; few are right.
fn attack(chance: &mut Chance) -> Attempt {
    let client = client(&mut Chance(chance.below(ATTACKERS)));
    let credential = Some(credential(chance.percent(1)));
    Attempt { client, device: device(chance), credential, ..on_account(chance.below(USERS)) }
}

/// A sign-in to the account; one in ten is of staff.
fn on_account(user: u64) -> Attempt {
    let staff = user.is_multiple_of(10);
    let population = if staff { Population::Workforce } else { Population::Customer };
    let user = User {
        id: format!("u-{user:08}"),
        exists: Some(true),
        created_at: Some(Timestamp { seconds: 1_600_000_000, nanos: 0 }),
        privileged: staff.then_some(false),
    };
    Attempt {
        population: population.into(),
        journey: Journey::Login.into(),
        user: Some(user),
        ..Attempt::default()
    }
}

/// The same attempt, to move money.
fn spend(attempt: Attempt, chance: &mut Chance) -> Attempt {
    let transaction = Some(Transaction {
        amount_minor: i64::try_from(chance.below(500_000)).ok(),
        currency: "EUR".to_owned(),
        payee: format!("p-{:06}", chance.below(20_000)),
        payee_country: "LT".to_owned(),
    });
    Attempt { journey: Journey::Transaction.into(), transaction, ..attempt }
}

fn credential(right: bool) -> Credential {
    let (result, failure) = if right {
        (credential::Result::Right, Failure::Unspecified)
    } else {
        (credential::Result::Wrong, Failure::WrongSecret)
    };
    Credential {
        method: Method::Password.into(),
        result: result.into(),
        failure: failure.into(),
        ..Credential::default()
    }
}

fn client(chance: &mut Chance) -> Option<Client> {
    Some(Client {
        address: chance.address(),
        user_agent: Some(chance.pick(USER_AGENTS)),
        accept_language: Some(chance.pick(LANGUAGES)),
        ja4: "t13d1516h2_8daaf6152771_b186095e22b6".to_owned(),
        round_trip: Some(Duration { seconds: 0, nanos: 45_000_000 }),
        ..Client::default()
    })
}

fn device(chance: &mut Chance) -> Option<Device> {
    Some(Device {
        id: format!("d-{:016x}", chance.draw()),
        utc_offset_minutes: Some(60),
        screen_class: chance.pick(SCREENS),
        ..Device::default()
    })
}

fn occurred_at(number: u64, begin_s: i64) -> Timestamp {
    let since_ms = number.saturating_mul(STEP_MS);
    let seconds = begin_s.saturating_add(i64::try_from(since_ms / 1_000).unwrap_or(i64::MAX));
    let nanos = i32::try_from(since_ms % 1_000 * 1_000_000).unwrap_or_default();
    Timestamp { seconds, nanos }
}
