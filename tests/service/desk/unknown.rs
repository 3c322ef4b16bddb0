//! Unknown is a value: what is not told, or not known yet, is neither held against anybody nor taken for trust.

use doorward::wire::{Journey, Population, Verdict};

use super::{CredentialResult, Door, Visit};

/// Every population on every journey.
fn everybody() -> impl Iterator<Item = (Population, Journey)> {
    let populations = (1..).map_while(|number| Population::try_from(number).ok());
    populations.flat_map(|population| {
        let journeys = (1..).map_while(|number| Journey::try_from(number).ok());
        journeys.map(move |journey| (population, journey))
    })
}

#[tokio::test]
async fn who_is_not_known_is_let_in_for_nothing() {
    let check = async |visit: fn(usize) -> Visit| {
        let door = Door::open();
        for (number, (population, journey)) in everybody().enumerate() {
            let mut visit = visit(number);
            visit.0.event_id = number.to_string();
            visit.0.population = population.into();
            visit.0.journey = journey.into();
            let decision = door.decide(&visit).await;
            let answer = (decision.verdict(), decision.score, decision.reasons);
            assert_eq!(answer, (Verdict::Allow, 0, Vec::new()), "{population:?} {journey:?}");
        }
    };
    // No more than must be told.
    check(|_| Visit::new("")).await;
    // The first visit of an account with all that is its own.
    check(|number| {
        let (user, device) = (format!("user-{number}"), format!("device-{number}"));
        let visit = Visit::new("").user(&user).device(&device);
        visit.address(&format!("203.0.113.{number}")).credential(CredentialResult::Right)
    })
    .await;
}
