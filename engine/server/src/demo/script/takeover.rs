//! Two takeovers: one that travels too fast, one that takes its time.

use std::net::{IpAddr, Ipv4Addr};

use doorward_core::event::{Id, Journey, Outcome, OutcomeKind, Population};
use doorward_core::text::TextError;
use doorward_core::time::{DAY_MS, Timestamp};

use super::attempt::{by_owner, by_thief, highlighted, in_session, paying};
use super::dice::Dice;
use super::person::{Person, agent, home};
use super::{Event, HISTORY_DAYS, Moment, Scene, at};

const LAGOS: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 141));
const MANCHESTER_PHONE: IpAddr = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 140));
const MANCHESTER_LAPTOP: IpAddr = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 171));
const THIEFS_BROWSER: &str =
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

/// A right password in Paris, and fifty minutes later in Lagos.
pub(super) fn travel(start: Timestamp, moments: &mut Vec<Moment>) -> Result<(), TextError> {
    let scene = Scene::ImpossibleTravel;
    let victim = owner("claire.d@example.com", 0, 60, 9 * 60);
    history(&victim, start, 0x5eed_0006, moments)?;
    moments.push(by_owner(scene, victim.signs_in(at(start, 9, 10))?));
    for minute in [0, 2] {
        let stolen =
            victim.signs_in_from(at(start, 10, minute), LAGOS, "lagos-laptop", THIEFS_BROWSER)?;
        let of = stolen.event_id.clone();
        moments.push(if minute == 0 {
            highlighted(by_thief(scene, stolen))
        } else {
            by_thief(scene, stolen)
        });
        moments.push(denied_by_owner(of, at(start, 10, 30 + minute))?);
    }
    Ok(())
}

/// Recovered through a stolen mailbox, changed from a phone, emptied from a laptop.
pub(super) fn drain(start: Timestamp, moments: &mut Vec<Moment>) -> Result<(), TextError> {
    let scene = Scene::Drain;
    let victim = owner("viktor.s@example.com", 64, 70, 14 * 60);
    history(&victim, start, 0x5eed_0007, moments)?;
    moments.push(by_owner(scene, victim.signs_in(at(start, 14, 25))?));
    for (minute, journey) in
        [(5, Journey::Recovery), (12, Journey::ProfileChange), (19, Journey::CredentialChange)]
    {
        let phone = victim.signs_in_from(
            at(start, 19, minute),
            MANCHESTER_PHONE,
            "thiefs-phone",
            agent(2),
        )?;
        // The code goes to the mailbox that the thief reads: this challenge is passed.
        moments.push(by_owner(scene, in_session(phone, journey)?));
    }
    let laptop = victim.signs_in_from(
        at(start, 19, 41),
        MANCHESTER_LAPTOP,
        "thiefs-laptop",
        THIEFS_BROWSER,
    )?;
    let payment = paying(laptop, 4_900, "quick-exchange")?;
    moments.push(highlighted(by_thief(scene, payment)));
    Ok(())
}

fn owner(user: &str, block: u8, host: u8, habit_min: i64) -> Person {
    Person {
        user: user.to_owned(),
        population: Population::Customer,
        home: home(block, host),
        device: format!("device-{user}"),
        agent: agent(0),
        language: "fr-FR",
        habit_min,
    }
}

fn history(
    person: &Person,
    start: Timestamp,
    seed: u64,
    moments: &mut Vec<Moment>,
) -> Result<(), TextError> {
    let mut dice = Dice::new(seed);
    for day in 1..=i64::from(HISTORY_DAYS) {
        let usual = person.usual_time(start.plus(-day * DAY_MS), &mut dice);
        moments.push(by_owner(Scene::Before, person.signs_in(usual)?));
    }
    Ok(())
}

/// The owner is asked by mail and says that it was somebody else.
fn denied_by_owner(of: Id, occurred_at: Timestamp) -> Result<Moment, TextError> {
    let outcome = Outcome {
        event_id: Id::parse(&format!("{of}-not-me"))?,
        occurred_at,
        kind: OutcomeKind::NotMe,
        failure: None,
        method: None,
    };
    let event = Event::Outcome { of, outcome };
    Ok(Moment { scene: Scene::ImpossibleTravel, event, highlight: false })
}
