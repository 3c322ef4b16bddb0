//! Ordinary customers: nearly all of what a door sees.

use doorward_core::event::{Failure, Journey, Population};
use doorward_core::text::TextError;
use doorward_core::time::{DAY_MS, MINUTE_MS, SECOND_MS, Timestamp};

use super::attempt::{by_owner, in_session, paying, wrong};
use super::dice::Dice;
use super::person::{Person, agent, home};
use super::{HISTORY_DAYS, Moment, Scene, at};

const FIRST_NAMES: [&str; 20] = [
    "alice", "bruno", "chiara", "david", "elena", "farid", "greta", "henri", "ines", "jonas",
    "karim", "lena", "marta", "nils", "olga", "pedro", "quirin", "rosa", "samir", "tessa",
];

/// Two customers bear each first name.
const INITIALS: [char; 2] = ['b', 'm'];

/// First block of the home networks of a city, language.
const CITIES: [(u8, &str); 6] =
    [(0, "fr-FR"), (16, "fr-FR"), (32, "de-DE"), (48, "es-ES"), (64, "de-AT"), (80, "en-GB")];

/// The customer from Madrid who loses a phone in London.
const ON_HOLIDAY: usize = 9;

/// The customers, the same ones every day.
pub(super) fn customers() -> Vec<Person> {
    let names = INITIALS.iter().flat_map(|initial| {
        FIRST_NAMES.iter().map(move |name| format!("{name}.{initial}@example.com"))
    });
    names.zip(0u8..).map(|(user, number)| customer(user, number)).collect()
}

fn customer(user: String, number: u8) -> Person {
    let (block, language) =
        CITIES.iter().cycle().nth(usize::from(number)).copied().unwrap_or((0, "en"));
    Person {
        device: format!("device-{user}"),
        user,
        population: Population::Customer,
        home: home(block, number),
        agent: agent(usize::from(number)),
        language,
        habit_min: 7 * 60 + i64::from(number) * 17 % (13 * 60),
    }
}

/// Every customer's days before, and the day itself.
pub(super) fn play(start: Timestamp, moments: &mut Vec<Moment>) -> Result<(), TextError> {
    let mut dice = Dice::new(0x5eed_0001);
    for (number, person) in customers().iter().enumerate() {
        for day in 1..=i64::from(HISTORY_DAYS) {
            ordinary_day(person, start.plus(-day * DAY_MS), Scene::Before, &mut dice, moments)?;
        }
        ordinary_day(person, start, Scene::Customers, &mut dice, moments)?;
        if number % 13 == 5 {
            new_phone(person, start, moments)?;
        }
        if number == ON_HOLIDAY {
            lost_on_holiday(person, start, moments)?;
        }
    }
    Ok(())
}

/// A sign-in near the usual time, sometimes after a typo, then what the day brings.
fn ordinary_day(
    person: &Person,
    start: Timestamp,
    scene: Scene,
    dice: &mut Dice,
    moments: &mut Vec<Moment>,
) -> Result<(), TextError> {
    let sign_in = person.usual_time(start, dice);
    if dice.once_in(9) {
        let mut typo = person.signs_in(sign_in.plus(-20 * SECOND_MS))?;
        typo.credential = wrong(Failure::WrongSecret);
        moments.push(by_owner(scene, typo));
    }
    moments.push(by_owner(scene, person.signs_in(sign_in)?));
    let refresh = person.signs_in(sign_in.plus((15 + dice.roll(40)) * MINUTE_MS))?;
    moments.push(by_owner(scene, in_session(refresh, Journey::Session)?));
    if dice.once_in(3) {
        let payment = person.signs_in(sign_in.plus(6 * MINUTE_MS))?;
        let payee = if dice.once_in(2) { "utility-works" } else { "corner-shop" };
        moments.push(by_owner(scene, paying(payment, 15 + dice.roll(120), payee)?));
    }
    if dice.once_in(3) {
        let evening = sign_in.plus((90 + dice.roll(60)) * MINUTE_MS);
        moments.push(by_owner(scene, person.signs_in(evening)?));
    }
    Ok(())
}

/// A new phone at home, after the old device was used in the morning.
fn new_phone(
    person: &Person,
    start: Timestamp,
    moments: &mut Vec<Moment>,
) -> Result<(), TextError> {
    let phone = format!("new-phone-{}", person.user);
    let attempt = person.signs_in_from(at(start, 21, 40), person.home, &phone, agent(1))?;
    moments.push(by_owner(Scene::Customers, attempt));
    Ok(())
}

/// A phone bought abroad: the one honest customer who is asked for more, and has it.
fn lost_on_holiday(
    person: &Person,
    start: Timestamp,
    moments: &mut Vec<Moment>,
) -> Result<(), TextError> {
    let phone = format!("holiday-phone-{}", person.user);
    let attempt = person.signs_in_from(at(start, 23, 15), home(80, 120), &phone, agent(2))?;
    moments.push(by_owner(Scene::Customers, attempt));
    Ok(())
}
