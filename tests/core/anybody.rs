//! Anything that a caller may tell and a look-up may find, in every combination that chance has.

use std::net::IpAddr;

use doorward_core::address::bogus;
use doorward_core::agent::Agent;
use doorward_core::country::Country;
use doorward_core::enrichment::{Enrichment, Operator};
use doorward_core::event::*;
use doorward_core::network::{NetworkClass, NetworkClasses};
use doorward_core::place::{Place, Point};
use doorward_core::time::{DAY_MS, Timestamp};
use doorward_core::value::{Cause, Money};

use crate::chance::Chance;
use crate::scene::{Act, id};

const AGENTS: [&str; 5] = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "curl/8.5.0",
    "",
];

const USERS: [&str; 6] = ["ana", "user-1", "user-2", "user-3", "user-4@example.org", "user-5"];

/// An attempt of one of a few users on a few devices in a few places, of which much is told.
pub(crate) fn act(chance: &mut Chance, at_ms: i64) -> Act {
    let at = Timestamp::from_ms(at_ms);
    let mut attempt = Attempt::login(
        id(&chance.below(u64::MAX).to_string()),
        at,
        id("acme"),
        Population::Customer,
    );
    attempt.population = chance.one(Population::ALL);
    attempt.journey = if chance.once_in(2) { Journey::Login } else { chance.one(Journey::ALL) };
    attempt.change = chance.told(|chance| chance.one(Change::ALL));
    attempt.app = chance.told(|_| id("web"));
    attempt.user = user(chance, at);
    attempt.credential = credential(chance, at);
    attempt.client = client(chance);
    attempt.device = device(chance);
    attempt.session = chance.told(|chance| session(chance, at));
    attempt.transaction = chance.told(transaction);
    attempt.scores = chance.told(|chance| vec![score(chance, at)]).unwrap_or_default();
    attempt.contact = chance.told(|chance| Box::new(contact(chance, at)));
    let enrichment = enrichment(chance, &attempt);
    Act { attempt, enrichment }
}

fn user(chance: &mut Chance, at: Timestamp) -> User {
    User {
        id: (!chance.once_in(20)).then(|| id(chance.one(&USERS))),
        exists: chance.flag(),
        created_at: chance.told(|chance| before(chance, at)),
        privileged: chance.flag(),
    }
}

fn before(chance: &mut Chance, at: Timestamp) -> Timestamp {
    at.plus(-i64::try_from(chance.below(400)).unwrap() * DAY_MS / 4)
}

fn credential(chance: &mut Chance, at: Timestamp) -> Credential {
    use CredentialResult::{NotChecked, Right, Wrong};
    Credential {
        method: chance.told(|chance| chance.one(Method::ALL)),
        result: chance.told(|chance| chance.one(&[Right, Right, Right, Wrong, NotChecked])),
        failure: chance.told(|chance| chance.one(Failure::ALL)),
        secret_tag: chance.told(|chance| id(&format!("secret-{}", chance.below(9)))),
        breached: chance.flag(),
        authenticator: chance.told(|chance| {
            Box::new(Authenticator {
                aaguid: chance.told(|_| id("aaguid")),
                registered_at: chance.told(|chance| before(chance, at)),
                sign_count: chance.told(|chance| u32::try_from(chance.below(5)).unwrap()),
                sign_count_stored: chance.told(|chance| u32::try_from(chance.below(5)).unwrap()),
                backed_up: chance.flag(),
                backed_up_stored: chance.flag(),
                backup_eligible: chance.flag(),
                backup_eligible_stored: chance.flag(),
                user_verified: chance.flag(),
            })
        }),
    }
}

fn address(chance: &mut Chance) -> IpAddr {
    let number = chance.below(8);
    match chance.below(12) {
        0 => "10.0.0.7".parse().unwrap(),
        1 => "2001:db8::1".parse().unwrap(),
        2 => format!("2a02:{number}::1").parse().unwrap(),
        _ => format!("185.3.{number}.{}", chance.below(3) + 1).parse().unwrap(),
    }
}

fn client(chance: &mut Chance) -> Client {
    Client {
        address: chance.told(address),
        user_agent: chance.told(|chance| match chance.one(&AGENTS) {
            "" => UserAgent::Empty,
            text => UserAgent::Text(id(text)),
        }),
        hint_platform: chance.told(|chance| id(chance.one(&["\"Linux\"", "\"iOS\"", "odd"]))),
        hint_brands: chance.told(|_| id("\"Chromium\";v=\"120\"")),
        hint_mobile: chance.flag(),
        hint_platform_version: chance.told(|_| id("\"6\"")),
        hint_model: chance.told(|_| id("\"\"")),
        accept_language: chance.told(|chance| id(chance.one(&["de", "en-GB,en;q=0.9"]))),
        ja4: chance.told(|chance| id(&format!("t13d1516h2_{}", chance.below(4)))),
        bot_score: chance.told(|chance| u8::try_from(chance.below(101)).unwrap()),
        round_trip_ms: chance.told(|chance| i64::try_from(chance.below(500)).unwrap()),
        origin: chance.told(|_| id("https://acme.example")),
    }
}

fn device(chance: &mut Chance) -> Device {
    Device {
        id: chance.told(|chance| id(&format!("device-{}", chance.below(9)))),
        utc_offset_min: chance.told(|chance| chance.one(&[0, 60, -480])),
        screen: chance.told(|chance| id(chance.one(&["1920x1080", "390x844"]))),
        emulated: chance.flag(),
        rooted: chance.flag(),
        tampered: chance.flag(),
        cloned_app: chance.flag(),
        remote_control: chance.flag(),
        automation: chance.flag(),
        managed: chance.flag(),
        compliant: chance.flag(),
        reported_lost: chance.flag(),
        token_id: chance.told(|chance| id(&format!("token-{}", chance.below(4)))),
    }
}

fn session(chance: &mut Chance, at: Timestamp) -> Session {
    Session {
        id: chance.told(|chance| id(&format!("session-{}", chance.below(5)))),
        started_at: chance.told(|chance| before(chance, at)),
        acr: chance.told(|_| id("aal2")),
        amr: chance.told(|chance| vec![id(chance.one(&["pwd", "otp", "odd"]))]).unwrap_or_default(),
        authenticated_at: chance.told(|chance| before(chance, at)),
        identity_provider: chance.told(|_| id("idp")),
        start: chance.told(|chance| {
            Box::new(SessionStart {
                address: chance.told(address),
                asn: chance.told(|_| 64_500),
                country: chance.told(|_| Country::parse("FR").unwrap()),
                ja4: chance.told(|_| id("t13d1516h2_0")),
                user_agent: chance.told(|chance| id(chance.one(&AGENTS[..4]))),
                device_id: chance.told(|_| id("device-1")),
            })
        }),
        token_reused: chance.flag(),
    }
}

fn transaction(chance: &mut Chance) -> Transaction {
    let amount = chance.told(|chance| {
        let minor = i64::try_from(chance.below(100_000)).unwrap();
        Money { minor, currency: chance.one(&[*b"EUR", *b"JPY"]) }
    });
    Transaction {
        amount,
        payee: chance.told(|chance| id(&format!("payee-{}", chance.below(3)))),
        payee_country: chance.told(|chance| Country::parse(chance.one(&["FR", "NG"])).unwrap()),
    }
}

fn score(chance: &mut Chance, at: Timestamp) -> ExternalScore {
    ExternalScore {
        source: id("a vendor"),
        name: id("risk"),
        risk: chance.one(&[0.0, 0.4, 1.0]),
        observed_at: chance.told(|chance| before(chance, at)),
        ttl_ms: chance.told(|_| DAY_MS),
    }
}

fn contact(chance: &mut Chance, at: Timestamp) -> Contact {
    Contact {
        email: Email {
            mailbox_tag: chance.told(|_| id("mailbox")),
            address_tag: chance.told(|_| id("address")),
            local_part: chance.told(|chance| id(chance.one(&["ana.lopez", "x8f3q91zk2", "a1"]))),
            domain: chance.told(|_| id("example.org")),
            domain_registered_at: chance.told(|chance| before(chance, at)),
            disposable: chance.flag(),
            has_mx: chance.flag(),
            free_provider: chance.flag(),
        },
        phone: Phone {
            tag: chance.told(|_| id("phone")),
            country: chance.told(|chance| Country::parse(chance.one(&["FR", "NG"])).unwrap()),
            kind: chance.told(|chance| chance.one(PhoneKind::ALL)),
        },
    }
}

/// What the look-ups of the server may come to (`enrich.rs`).
fn enrichment(chance: &mut Chance, attempt: &Attempt) -> Enrichment {
    let (agent, told) = (agent(attempt), attempt.client.address);
    if told.is_none_or(bogus) {
        let lists = if chance.once_in(2) { Cause::MissingInput } else { Cause::NotApplicable };
        let classes = NetworkClasses::unknown(lists);
        return Enrichment { agent, classes, ..Enrichment::unknown(Cause::MissingInput) };
    }
    let place = chance.told(|chance| Place {
        country: chance.told(|chance| Country::parse(chance.one(&["FR", "NG"])).unwrap()),
        region: chance.told(|_| "a region".into()),
        city: chance.told(|chance| chance.one(&["Paris", "Lagos"]).into()),
        point: chance.told(|chance| Point {
            latitude: chance.one(&[48.8566, 6.5244]),
            longitude: chance.one(&[2.3522, 3.3792]),
            accuracy_km: chance.one(&[10.0, 50.0]),
        }),
    });
    let network = chance.told(|chance| Operator {
        asn: chance.one(&[64_500, 64_501]),
        organisation: chance.told(|_| "An operator".into()),
    });
    let mut classes = NetworkClasses::UNLISTED;
    if chance.once_in(2) {
        for class in NetworkClass::ALL {
            let known = match chance.below(8) {
                0 => Ok(true),
                1 => Err(Cause::LookupFailed),
                2 => Err(Cause::NotApplicable),
                _ => Ok(false),
            };
            classes = classes.with(*class, known);
        }
    }
    Enrichment {
        place: place.ok_or(Cause::LookupFailed),
        network: network.ok_or(Cause::LookupFailed),
        classes,
        agent,
    }
}

fn agent(attempt: &Attempt) -> Result<Agent, Cause> {
    match &attempt.client.user_agent {
        Some(UserAgent::Text(text)) => Ok(Agent::parse(text.as_str())),
        Some(UserAgent::Empty) => Ok(Agent::EMPTY),
        None => Err(Cause::MissingInput),
    }
}
