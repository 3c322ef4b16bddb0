//! An event that is written as a message reads back as the same event.

use doorward::demo::script::{self, Event};
use doorward::edge::parse::{About, Report};
use doorward::edge::{compose, parse};
use doorward_core::country::Country;
use doorward_core::event::{
    Attempt, Attribute, Authenticator, Change, Client, Contact, Credential, CredentialResult,
    Device, Email, ExternalScore, Failure, Id, Journey, Method, Outcome, OutcomeKind, Phone,
    PhoneKind, Population, Session, SessionStart, Transaction, User, UserAgent,
};
use doorward_core::record::DecisionId;
use doorward_core::text::Text;
use doorward_core::value::Money;
use proptest::prelude::*;

use super::server::NOW;

fn text<const BYTES_MAX: usize>(text: &str) -> Option<Text<BYTES_MAX>> {
    Some(Text::parse(text).unwrap())
}

/// An attempt with every field set, none to the value of another.
fn full() -> Attempt {
    Attempt {
        event_id: text("event").unwrap(),
        occurred_at: NOW.plus(-1_234),
        tenant: text("tenant").unwrap(),
        population: Population::Partner,
        journey: Journey::ConsentChange,
        change: None,
        app: text("app"),
        user: User {
            id: text("user"),
            exists: Some(true),
            created_at: Some(NOW.plus(-99_999)),
            privileged: Some(false),
        },
        credential: credential(),
        client: client(),
        device: device(),
        session: session(),
        transaction: Some(Transaction {
            amount: Some(Money { minor: 129_900, currency: *b"EUR" }),
            payee: text("payee"),
            payee_country: Some(Country::parse("AT").unwrap()),
        }),
        contact: contact(),
        scores: scores(),
        attributes: vec![
            (text("flag").unwrap(), Attribute::Flag(true)),
            (text("number").unwrap(), Attribute::Number(0.25)),
            (text("text").unwrap(), Attribute::Text(text("words").unwrap())),
        ],
        purposes: Some(vec![text("security").unwrap()]),
    }
}

fn credential() -> Credential {
    Credential {
        method: Some(Method::Totp),
        result: Some(CredentialResult::Wrong),
        failure: Some(Failure::TimedOut),
        secret_tag: text("b7e2"),
        breached: Some(true),
        authenticator: Some(Box::new(Authenticator {
            aaguid: text("08987058-cadc"),
            registered_at: Some(NOW.plus(-2_000)),
            sign_count: Some(0),
            sign_count_stored: Some(u32::MAX),
            backed_up: Some(false),
            backed_up_stored: Some(true),
            backup_eligible: Some(true),
            backup_eligible_stored: Some(false),
            user_verified: Some(true),
        })),
    }
}

fn client() -> Client {
    Client {
        address: Some("2001:db8::7".parse().unwrap()),
        user_agent: text("agent").map(UserAgent::Text),
        hint_platform: text("platform"),
        hint_brands: text("brands"),
        hint_mobile: Some(true),
        hint_platform_version: text("version"),
        hint_model: text("model"),
        accept_language: text("de-AT"),
        ja4: text("t13d1516h2"),
        bot_score: Some(7),
        round_trip_ms: Some(45),
        origin: text("https://login.example"),
    }
}

fn device() -> Device {
    Device {
        id: text("device"),
        utc_offset_min: Some(-300),
        screen: text("1920x1080"),
        emulated: Some(true),
        rooted: Some(false),
        tampered: Some(true),
        cloned_app: Some(false),
        remote_control: Some(true),
        automation: Some(false),
        managed: Some(true),
        compliant: Some(false),
        reported_lost: Some(true),
        token_id: text("jti-1"),
    }
}

fn session() -> Option<Session> {
    Some(Session {
        id: text("session"),
        started_at: Some(NOW.plus(-5_000)),
        acr: text("phr"),
        amr: vec![text("pwd").unwrap(), text("otp").unwrap()],
        authenticated_at: Some(NOW.plus(-4_000)),
        identity_provider: text("https://idp.example"),
        start: Some(Box::new(SessionStart {
            address: Some("198.51.100.7".parse().unwrap()),
            asn: Some(64_496),
            country: Some(Country::parse("FR").unwrap()),
            ja4: text("t13d-before"),
            user_agent: text("agent before"),
            device_id: text("device before"),
        })),
        token_reused: Some(false),
    })
}

fn contact() -> Option<Box<Contact>> {
    Some(Box::new(Contact {
        email: Email {
            mailbox_tag: text("mailbox"),
            address_tag: text("address"),
            local_part: text("ana.maria"),
            domain: text("example.org"),
            domain_registered_at: Some(NOW.plus(-3_000)),
            disposable: Some(false),
            has_mx: Some(true),
            free_provider: Some(false),
        },
        phone: Phone {
            tag: text("number"),
            country: Some(Country::parse("DE").unwrap()),
            kind: Some(PhoneKind::Fixed),
        },
    }))
}

fn scores() -> Vec<ExternalScore> {
    vec![
        ExternalScore {
            source: text("device-lab").unwrap(),
            name: text("device_risk").unwrap(),
            risk: 0.35,
            observed_at: Some(NOW.plus(-60_000)),
            ttl_ms: Some(3_600_000),
        },
        ExternalScore {
            source: text("caep").unwrap(),
            name: text("user_risk").unwrap(),
            risk: 1.0,
            observed_at: None,
            ttl_ms: None,
        },
    ]
}

fn check(attempt: &Attempt) {
    let mut message = compose::attempt(attempt);
    let parsed = parse::attempt(Some(&mut message), NOW.plus(1)).unwrap();
    assert_eq!(&parsed, attempt);
}

#[test]
fn a_full_attempt_reads_back() {
    check(&full());
    let (journey, change) = (Journey::ProfileChange, Some(Change::Email));
    check(&Attempt { journey, change, ..full() });
    let user_agent = Some(UserAgent::Empty);
    check(&Attempt { client: Client { user_agent, ..full().client }, ..full() });
}

#[test]
fn an_attempt_that_says_little_reads_back() {
    let unchecked = Some(CredentialResult::NotChecked);
    let Attempt { event_id, occurred_at, tenant, population, .. } = full();
    check(&Attempt {
        credential: Credential { result: unchecked, ..Credential::default() },
        ..Attempt::login(event_id, occurred_at, tenant, population)
    });
}

#[test]
fn the_whole_script_reads_back() {
    for moment in script::day(NOW).unwrap() {
        if let Event::Attempt { attempt, .. } = moment.event {
            check(&attempt);
        }
    }
}

proptest! {
    #[test]
    fn numbers_and_words_read_back(
        ms in 0..10_i64.pow(12),
        minor in 0..=i64::MAX,
        offset in -720..=840_i16,
        trip in 0..=60_000_i64,
        address in any::<u32>(),
        method in 0..Method::ALL.len(),
        number in -1e12..1e12_f64,
    ) {
        let mut attempt = full();
        attempt.occurred_at = doorward_core::time::Timestamp::from_ms(ms);
        attempt.transaction.as_mut().unwrap().amount = Some(Money { minor, currency: *b"JPY" });
        attempt.device.utc_offset_min = Some(offset);
        attempt.client.round_trip_ms = Some(trip);
        attempt.client.address = Some(std::net::Ipv4Addr::from_bits(address).into());
        attempt.credential.method = Some(Method::ALL[method]);
        attempt.attributes[1].1 = Attribute::Number(number);
        check(&attempt);
    }
}

#[test]
fn an_outcome_reads_back() {
    let id = |text: &str| Id::parse(text).unwrap();
    let outcome = Outcome {
        event_id: id("outcome"),
        occurred_at: NOW.plus(-7),
        kind: OutcomeKind::ChallengeFailed,
        failure: Some(Failure::DeniedByUser),
        method: Some(Method::Push),
    };
    for about in [About::Event(id("event")), About::Decision(DecisionId(7))] {
        let message = compose::report(&id("tenant"), &about, &outcome);
        let report = Report { tenant: id("tenant"), about, outcome: outcome.clone() };
        assert_eq!(parse::report(Some(&message), NOW), Ok(report));
    }
}
