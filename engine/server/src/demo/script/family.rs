//! A family: three accounts on one tablet.

use doorward_core::event::Population;
use doorward_core::text::TextError;
use doorward_core::time::{DAY_MS, Timestamp};

use super::attempt::by_owner;
use super::dice::Dice;
use super::person::{Person, agent, home};
use super::{HISTORY_DAYS, Moment, Scene};

const NAMES: [&str; 3] = ["mia", "noah", "olivia"];

pub(super) fn play(start: Timestamp, moments: &mut Vec<Moment>) -> Result<(), TextError> {
    let mut dice = Dice::new(0x5eed_0003);
    for (name, number) in NAMES.iter().zip(0i64..) {
        let person = member(name, number);
        for day in 0..=i64::from(HISTORY_DAYS) {
            let scene = if day == 0 { Scene::Family } else { Scene::Before };
            let evening = person.usual_time(start.plus(-day * DAY_MS), &mut dice);
            moments.push(by_owner(scene, person.signs_in(evening)?));
        }
    }
    Ok(())
}

fn member(name: &str, number: i64) -> Person {
    Person {
        user: format!("{name}.family@example.com"),
        population: Population::Customer,
        home: home(16, 90),
        device: "family-tablet".to_owned(),
        agent: agent(2),
        language: "fr-FR",
        habit_min: 18 * 60 + number * 35,
    }
}
