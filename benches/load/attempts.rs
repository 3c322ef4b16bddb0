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

/// Accounts that attempts are made on.
const USERS: u64 = 100_000;
/// Addresses that stolen passwords are tried from.
const ATTACKERS: u64 = 16;
/// Event time between two attempts: a hundred attempts a second.
const STEP_MS: u64 = 10;
/// What event ids begin with; the number of the attempt follows.
const EVENT_ID_PREFIX: &str = "load-";

const NETWORKS: [u64; 12] = [23, 31, 46, 62, 77, 81, 93, 109, 151, 176, 185, 212];
const LANGUAGES: [&str; 4] =
    ["en-GB,en;q=0.9", "de-AT,de;q=0.9,en;q=0.5", "fr-FR,fr;q=0.8,en;q=0.6", "es-ES,es;q=0.9"];
const SCREENS: [&str; 4] = ["1920x1080", "2560x1440", "390x844", "412x915"];
const USER_AGENTS: [&str; 4] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1",
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
        attempt(self.next.fetch_add(1, Ordering::Relaxed), self.begin_s)
    }
}

fn attempt(number: u64, begin_s: i64) -> Attempt {
    let mut chance = Chance(number);
    if chance.percent(3) {
        attack(number, begin_s, &mut chance)
    } else {
        visit(number, begin_s, &mut chance)
    }
}

/// A person at the door: right nine times in ten, at home as often.
fn visit(number: u64, begin_s: i64, chance: &mut Chance) -> Attempt {
    let user = chance.below(USERS);
    let home = Chance(user.wrapping_add(1) << 32);
    let mut here = if chance.percent(10) { Chance(number << 1) } else { home };
    let device = if chance.percent(5) { here } else { home }.next();
    let journey = if chance.percent(10) { Journey::Transaction } else { Journey::Login };
    Attempt {
        transaction: (journey == Journey::Transaction).then(|| transaction(chance)),
        ..base(
            number,
            begin_s,
            user,
            journey,
            credential(!chance.percent(8)),
            here.address(),
            device,
        )
    }
}

/// A stolen password tried on some account; few are right.
fn attack(number: u64, begin_s: i64, chance: &mut Chance) -> Attempt {
    let address = Chance(chance.below(ATTACKERS) << 48).address();
    let right = chance.percent(1);
    base(
        number,
        begin_s,
        chance.below(USERS),
        Journey::Login,
        credential(right),
        address,
        chance.next(),
    )
}

fn base(
    number: u64,
    begin_s: i64,
    user: u64,
    journey: Journey,
    credential: Credential,
    address: String,
    device: u64,
) -> Attempt {
    let staff = user % 10 == 0;
    let population = if staff { Population::Workforce } else { Population::Customer };
    Attempt {
        event_id: format!("{EVENT_ID_PREFIX}{number:020}"),
        occurred_at: Some(occurred_at(number, begin_s)),
        population: population.into(),
        journey: journey.into(),
        user: Some(User {
            id: format!("u-{user:08}"),
            exists: Some(true),
            created_at: Some(Timestamp { seconds: 1_600_000_000, nanos: 0 }),
            privileged: staff.then_some(false),
        }),
        credential: Some(credential),
        client: Some(client(address, device)),
        device: Some(Device {
            id: format!("d-{device:016x}"),
            utc_offset_minutes: Some(60),
            screen_class: pick(&SCREENS, device).to_owned(),
            ..Device::default()
        }),
        app: "webshop".to_owned(),
        ..Attempt::default()
    }
}

fn occurred_at(number: u64, begin_s: i64) -> Timestamp {
    let since_ms = number.saturating_mul(STEP_MS);
    let seconds = begin_s.saturating_add(i64::try_from(since_ms / 1_000).unwrap_or(i64::MAX));
    let nanos = i32::try_from(since_ms % 1_000 * 1_000_000).unwrap_or(0);
    Timestamp { seconds, nanos }
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

fn client(address: String, device: u64) -> Client {
    Client {
        address,
        user_agent: Some(pick(&USER_AGENTS, device >> 8).to_owned()),
        accept_language: Some(pick(&LANGUAGES, device >> 16).to_owned()),
        ja4: "t13d1516h2_8daaf6152771_b186095e22b6".to_owned(),
        round_trip: Some(Duration { seconds: 0, nanos: 45_000_000 }),
        ..Client::default()
    }
}

fn transaction(chance: &mut Chance) -> Transaction {
    Transaction {
        amount_minor: Some(i64::try_from(chance.below(500_000)).unwrap_or(0)),
        currency: "EUR".to_owned(),
        payee: format!("p-{:06}", chance.below(20_000)),
        payee_country: "LT".to_owned(),
    }
}

fn pick(words: &[&'static str; 4], which: u64) -> &'static str {
    let [first, second, third, fourth] = words;
    match which % 4 {
        0 => first,
        1 => second,
        2 => third,
        _ => fourth,
    }
}

/// Numbers that look drawn and are always the same (SplitMix64).
#[derive(Clone, Copy, Debug)]
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    /// A public address; one in ten is of version 6.
    fn address(&mut self) -> String {
        let bits = self.next();
        if bits % 10 == 0 {
            return format!(
                "2a02:{:x}:{:x}::{:x}",
                bits >> 48,
                (bits >> 32) & 0xffff,
                bits & 0xffff
            );
        }
        let network = usize::try_from(bits >> 40).ok().and_then(|bits| NETWORKS.get(bits % 12));
        let [.., a, b, c] = bits.to_be_bytes();
        format!("{}.{a}.{b}.{c}", network.copied().unwrap_or(81))
    }
}
