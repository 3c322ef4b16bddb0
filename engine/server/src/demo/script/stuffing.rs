//! Credential stuffing: one address works through a stolen list.

use std::net::{IpAddr, Ipv4Addr};

use doorward_core::event::{Attempt, Failure, Population};
use doorward_core::text::TextError;
use doorward_core::time::{SECOND_MS, Timestamp};

use super::attempt::{attempt, browser, by_program, highlighted, wrong};
use super::customers::customers;
use super::dice::Dice;
use super::{Moment, Scene, at};

/// Lines of the list.
const ACCOUNTS: i64 = 300;
/// One line in so many is on its second password when its turn comes again.
const RETRIES_ONE_IN: i64 = 2;
/// Lines whose password is right. The first of them comes long after the address gave itself away.
const HITS: [(i64, usize); 3] = [(140, 3), (210, 17), (280, 28)];

const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 77));
const AGENT: &str = "python-requests/2.32.3";

pub(super) fn play(start: Timestamp, moments: &mut Vec<Moment>) -> Result<(), TextError> {
    let mut dice = Dice::new(0x5eed_0005);
    let customers = customers();
    let mut now = at(start, 13, 20);
    for line in 0..ACCOUNTS {
        let hit = HITS.iter().find(|(at, _)| *at == line).and_then(|(_, who)| customers.get(*who));
        if let Some(person) = hit {
            now = now.plus(4 * SECOND_MS);
            let moment = by_program(Scene::Stuffing, tried(&person.user, true, now)?);
            let first = HITS.first().is_some_and(|(first, _)| *first == line);
            moments.push(if first { highlighted(moment) } else { moment });
            continue;
        }
        let tries = if dice.once_in(RETRIES_ONE_IN) { 2 } else { 1 };
        let failure = if dice.roll(10) < 6 { Failure::UnknownUser } else { Failure::WrongSecret };
        for _ in 0..tries {
            now = now.plus((2 + dice.roll(3)) * SECOND_MS);
            let exists = failure != Failure::UnknownUser;
            let mut failed = tried(&format!("member{:03}@example.net", line * 7), exists, now)?;
            failed.credential = wrong(failure);
            moments.push(by_program(Scene::Stuffing, failed));
        }
    }
    Ok(())
}

fn tried(user: &str, exists: bool, at: Timestamp) -> Result<Attempt, TextError> {
    let mut tried = attempt(user, Population::Customer, at)?;
    tried.user.exists = Some(exists);
    tried.client = browser(ADDRESS, AGENT)?;
    Ok(tried)
}
