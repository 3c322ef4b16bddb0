//! Staff: an office behind one address, and evenings at home.

use std::net::{IpAddr, Ipv4Addr};

use doorward_core::event::{Failure, Journey, Population};
use doorward_core::text::TextError;
use doorward_core::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Timestamp};

use super::attempt::{by_owner, in_session, wrong};
use super::dice::Dice;
use super::person::{Person, agent, home};
use super::{HISTORY_DAYS, Moment, Scene};

const NAMES: [&str; 12] = [
    "a.berg", "b.costa", "c.dietz", "d.ermak", "e.fuchs", "f.garcia", "g.holm", "h.ivanov",
    "i.jensen", "j.kaya", "k.lind", "l.moreau",
];

/// The address of everybody in the office.
const OFFICE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 34));

/// The staff, the same every day.
pub(super) fn staff() -> Vec<Person> {
    NAMES.iter().zip(0u8..).map(|(name, number)| member(name, number)).collect()
}

fn member(name: &str, number: u8) -> Person {
    Person {
        user: format!("{name}@bank.example"),
        population: Population::Workforce,
        home: home(32, 100 + number),
        device: format!("laptop-{name}"),
        agent: agent(usize::from(number % 2) * 3),
        language: "de-DE",
        habit_min: 7 * 60 + 30 + i64::from(number) * 9,
    }
}

/// Every member's days before, and the day itself.
pub(super) fn play(start: Timestamp, moments: &mut Vec<Moment>) -> Result<(), TextError> {
    let mut dice = Dice::new(0x5eed_0002);
    for person in staff() {
        for day in 1..=i64::from(HISTORY_DAYS) {
            office_day(&person, start.plus(-day * DAY_MS), Scene::Before, &mut dice, moments)?;
        }
        office_day(&person, start, Scene::Staff, &mut dice, moments)?;
    }
    Ok(())
}

fn office_day(
    person: &Person,
    start: Timestamp,
    scene: Scene,
    dice: &mut Dice,
    moments: &mut Vec<Moment>,
) -> Result<(), TextError> {
    let arrival = person.usual_time(start, dice);
    let in_office = |at| person.signs_in_from(at, OFFICE, &person.device, person.agent);
    if dice.once_in(8) {
        let mut typo = in_office(arrival.plus(-15 * SECOND_MS))?;
        typo.credential = wrong(Failure::WrongSecret);
        moments.push(by_owner(scene, typo));
    }
    moments.push(by_owner(scene, in_office(arrival)?));
    for hours in [2, 4, 6] {
        let refresh = in_office(arrival.plus(hours * HOUR_MS + dice.roll(30) * MINUTE_MS))?;
        moments.push(by_owner(scene, in_session(refresh, Journey::Session)?));
    }
    if dice.once_in(3) {
        let evening = arrival.plus(11 * HOUR_MS + dice.roll(60) * MINUTE_MS);
        moments.push(by_owner(scene, person.signs_in(evening)?));
    }
    Ok(())
}
