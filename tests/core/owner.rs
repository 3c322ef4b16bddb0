//! A stranger cannot lock the owner out: whatever is tried in whosever name from wherever, on a known device
//! in a known network the owner may be asked for more, and is never refused.

use std::sync::Arc;

use doorward_core::decide::OWNER_PROTECTED;
use doorward_core::decision::{Decision, Level, Verdict};
use doorward_core::engine::Engine;
use doorward_core::event::{CredentialResult, Failure, Journey, Outcome, OutcomeKind, Population};
use doorward_core::record::{DecisionId, DecisionRecord};
use doorward_core::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Timestamp};
use proptest::prelude::*;
use proptest::sample::select;

use crate::engine::SHIPPED;
use crate::scene::{Act, engine_of, id};

/// When the strangers begin.
const BEGIN_MS: i64 = 100 * DAY_MS;
const HOME_ASN: u32 = 64_500;

/// Attempts of one kind, one after the other.
#[derive(Clone, Debug)]
struct Wave {
    count: u8,
    /// Accounts, none of them the owner's; without any it is all about the owner's.
    accounts: u8,
    /// Addresses of a neighbourhood that they share.
    addresses: u8,
    /// The first three numbers of the addresses, and their network.
    from: (&'static str, u32),
    /// Devices, none of them the owner's; without any no device is told.
    devices: u8,
    /// Different secrets.
    secrets: u8,
    result: CredentialResult,
    /// Told of each attempt.
    outcome: Option<OutcomeKind>,
    journey: Journey,
    every_ms: i64,
}

/// Somewhere else, the owner's network, the owner's own neighbours: the first of these is the owner's address.
const SOMEWHERE: (&str, u32) = ("203.0.113", 64_666);
const NETWORK: (&str, u32) = ("198.51.100", HOME_ASN);
const NEXT_DOOR: (&str, u32) = ("198.18.0", HOME_ASN);

/// Wrong passwords for the owner, from many addresses.
const GUESSES: Wave = Wave {
    count: 200,
    accounts: 0,
    addresses: 200,
    from: SOMEWHERE,
    devices: 0,
    secrets: 200,
    result: CredentialResult::Wrong,
    outcome: None,
    journey: Journey::Login,
    every_ms: SECOND_MS,
};

impl Wave {
    fn act(&self, wave: usize, number: u8, at_ms: i64) -> Act {
        let user = match self.accounts {
            0 => "owner".to_owned(),
            accounts => format!("account-{}", number % accounts),
        };
        let (network, asn) = self.from;
        let ip = format!("{network}.{}", number % self.addresses);
        let act = Act::new(&user, at_ms).event(&format!("{wave} {number}")).ip(&ip).asn(asn);
        let mut act = act.credential(self.result);
        act.attempt.journey = self.journey;
        if self.accounts > 0 && self.result == CredentialResult::Wrong {
            act.attempt.credential.failure = Some(Failure::UnknownUser);
        }
        act.attempt.credential.secret_tag = Some(id(&format!("secret {}", number % self.secrets)));
        if self.devices > 0 {
            act = act.device(&format!("stranger-{}", number % self.devices));
        }
        act
    }
}

fn evaluate(engine: &Engine, act: Act) -> DecisionRecord {
    let at = act.attempt.occurred_at;
    engine.evaluate(DecisionId(0), at, act.attempt, act.enrichment)
}

fn owner(at_ms: i64, population: Population, journey: Journey) -> Act {
    let act = Act::new("owner", at_ms).right().device("laptop").ip("198.18.0.0").asn(HOME_ASN);
    let mut act = act.in_paris();
    act.attempt.population = population;
    act.attempt.journey = journey;
    act
}

/// What the owner is answered at home after the waves, which follow one another.
fn after(waves: &[Wave], population: Population, journey: Journey) -> Decision {
    let engine = engine_of(Arc::clone(&SHIPPED));
    for days in 1..=5 {
        let known = evaluate(&engine, owner(BEGIN_MS - days * DAY_MS, population, Journey::Login));
        assert_eq!(known.decision.verdict, Verdict::Allow);
    }
    let mut at_ms = BEGIN_MS;
    for (index, wave) in waves.iter().enumerate() {
        for number in 0..wave.count {
            at_ms += wave.every_ms;
            let mut act = wave.act(index, number, at_ms);
            act.attempt.population = population;
            let record = evaluate(&engine, act);
            if let Some(kind) = wave.outcome {
                let event_id = id(&format!("of {index} {number}"));
                let occurred_at = Timestamp::from_ms(at_ms);
                let outcome = Outcome { event_id, occurred_at, kind, failure: None, method: None };
                let DecisionRecord { attempt, enrichment, decision, .. } = &record;
                engine.report(attempt, enrichment, decision.verdict, &outcome);
            }
        }
    }
    evaluate(&engine, owner(at_ms + SECOND_MS, population, journey)).decision
}

fn protected(decision: &Decision) -> bool {
    decision.reasons.iter().any(|reason| *reason.code == *OWNER_PROTECTED)
}

#[test]
fn the_owner_comes_in_after_a_thousand_failures() {
    let check = |waves: &[Wave], population, expected| {
        let decision = after(waves, population, Journey::Login);
        assert_eq!((decision.verdict, protected(&decision)), expected, "{waves:?} {decision:#?}");
    };
    let (customer, staff) = (Population::Customer, Population::Workforce);
    let (let_in, asked, saved) =
        ((Verdict::Allow, false), (Verdict::StepUp, false), (Verdict::StepUp, true));
    let thousand = |wave: Wave| vec![wave; 5];
    check(&thousand(GUESSES), customer, let_in);
    check(&thousand(Wave { devices: 200, from: NETWORK, ..GUESSES }), customer, let_in);
    let unchecked = Wave { result: CredentialResult::NotChecked, devices: 3, ..GUESSES };
    let told = Wave { outcome: Some(OutcomeKind::CredentialWrong), ..unchecked };
    check(&thousand(told), customer, let_in);
    // Behind the owner's own address.
    let at_home = Wave { addresses: 1, from: NEXT_DOOR, ..GUESSES };
    check(&thousand(at_home.clone()), customer, asked);
    // An old password in the owner's own mail client.
    check(&thousand(Wave { secrets: 1, ..at_home }), customer, let_in);
    let list = Wave { accounts: 100, addresses: 1, from: NEXT_DOOR, ..GUESSES };
    check(&thousand(list.clone()), customer, asked);
    check(&thousand(list), staff, saved);
}

/// Who does not wait is denied, and what is denied is no try: the owner waits with a new phone, and no longer.
#[test]
fn hammering_does_not_lock_the_owner_out_of_a_new_phone() {
    let engine = engine_of(Arc::clone(&SHIPPED));
    let mut at_ms = BEGIN_MS;
    let mut denied = 0;
    for (wave, number) in (0..10).flat_map(|wave| (0..200).map(move |number| (wave, number))) {
        at_ms += 30 * SECOND_MS;
        let guess = evaluate(&engine, GUESSES.act(wave, number, at_ms));
        denied += u32::from(guess.decision.verdict == Verdict::Deny);
    }
    assert!(denied > 1_800, "{denied}");
    let phone = |at_ms| owner(at_ms, Population::Customer, Journey::Login).device("phone");
    let soon = evaluate(&engine, phone(at_ms + SECOND_MS)).decision;
    let wait_ms = soon.retry_after_ms.unwrap();
    assert!(soon.verdict == Verdict::Deny && wait_ms < HOUR_MS, "{soon:#?}");
    let later = evaluate(&engine, phone(at_ms + SECOND_MS + wait_ms)).decision;
    assert_eq!(later.verdict, Verdict::StepUp, "{later:#?}");
}

/// Mostly what hurts the owner: many accounts that fail from the owner's own address.
fn wave() -> impl Strategy<Value = Wave> {
    let numbers = (1..=130_u8, select(vec![0_u8, 1, 15, 120, 120]), select(vec![1_u8, 1, 6, 200]));
    let from = select(vec![SOMEWHERE, NETWORK, NEXT_DOOR, NEXT_DOOR]);
    let result =
        prop_oneof![3 => Just(CredentialResult::Wrong), 2 => select(CredentialResult::ALL)];
    let outcome = prop::option::of(select(vec![
        OutcomeKind::CredentialWrong,
        OutcomeKind::ChallengeFailed,
        OutcomeKind::ChallengeAbandoned,
        OutcomeKind::ConfirmedFraud,
        OutcomeKind::NotMe,
    ]));
    let devices = (0..3_u8, select(vec![1_u8, 1, 7, 200]));
    let rest = (devices, select(Journey::ALL), select(vec![0, SECOND_MS, MINUTE_MS]));
    (numbers, from, result, outcome, rest).prop_map(
        |((count, accounts, addresses), from, result, outcome, rest)| {
            let ((devices, secrets), journey, every_ms) = rest;
            // Who knows the owner's password is more than a stranger.
            let guess = accounts == 0 && result == CredentialResult::Right;
            let result = if guess { CredentialResult::Wrong } else { result };
            Wave {
                count,
                accounts,
                addresses,
                from,
                devices,
                secrets,
                result,
                outcome,
                journey,
                every_ms,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_stranger_locks_the_owner_out(
        waves in prop::collection::vec(wave(), 1..4),
        population in select(Population::ALL),
        journey in select(Journey::ALL),
    ) {
        let decision = after(&waves, population, journey);
        prop_assert_ne!(decision.verdict, Verdict::Deny, "{:#?}", decision);
        if decision.level == Level::High {
            prop_assert!(protected(&decision), "{:#?}", decision);
        }
    }
}
