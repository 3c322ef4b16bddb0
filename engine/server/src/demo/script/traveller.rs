//! A traveller: breakfast in Paris, supper in New York, the same phone.

use doorward_core::event::Population;
use doorward_core::text::TextError;
use doorward_core::time::{DAY_MS, Timestamp};

use super::attempt::{by_owner, highlighted};
use super::dice::Dice;
use super::person::{Person, agent, home};
use super::{HISTORY_DAYS, Moment, Scene, at};

pub(super) fn play(start: Timestamp, moments: &mut Vec<Moment>) -> Result<(), TextError> {
    let mut dice = Dice::new(0x5eed_0004);
    let person = Person {
        user: "yasmin.r@example.com".to_owned(),
        population: Population::Customer,
        home: home(0, 80),
        device: "yasmins-phone".to_owned(),
        agent: agent(1),
        language: "fr-FR",
        habit_min: 7 * 60,
    };
    for day in 1..=i64::from(HISTORY_DAYS) {
        let morning = person.usual_time(start.plus(-day * DAY_MS), &mut dice);
        moments.push(by_owner(Scene::Before, person.signs_in(morning)?));
    }
    let breakfast = person.signs_in(at(start, 7, 5))?;
    // Eleven hours for 5,800 km: a plane is faster, so there is nothing to say about it.
    let supper =
        person.signs_in_from(at(start, 18, 20), home(112, 7), &person.device, person.agent)?;
    moments.push(by_owner(Scene::Traveller, breakfast));
    moments.push(highlighted(by_owner(Scene::Traveller, supper)));
    Ok(())
}
