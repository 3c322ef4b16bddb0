//! A password spray: the season's passwords on every name that looks like staff.

use std::net::{IpAddr, Ipv4Addr};

use doorward_core::event::{Attempt, Credential, Failure, Id, Population};
use doorward_core::text::TextError;
use doorward_core::time::{SECOND_MS, Timestamp};

use super::attempt::{attempt, browser, by_program, by_thief, highlighted, wrong};
use super::person::agent;
use super::staff::staff;
use super::{Moment, Scene, at};

/// Names that nobody on the staff bears.
const GUESSED_NAMES: u32 = 28;
/// The tags of the passwords; the spray goes through all names with one before it takes the next.
const SECRET_TAGS: [&str; 3] = ["5b1e", "c70a", "91f4"];
const ADDRESSES: u8 = 8;
/// Slow enough for each account to look like a typo.
const PAUSE_MS: i64 = 50 * SECOND_MS;
/// Whose password is one of the three.
const WEAK: (usize, usize) = (1, 7);

pub(super) fn play(start: Timestamp, moments: &mut Vec<Moment>) -> Result<(), TextError> {
    let staff = staff();
    let mut now = at(start, 2, 10);
    let mut address = (0..ADDRESSES).cycle();
    for (round, tag) in SECRET_TAGS.iter().enumerate() {
        for (number, person) in staff.iter().enumerate() {
            now = now.plus(PAUSE_MS);
            let mut tried = tried(&person.user, address.next(), tag, now)?;
            tried.user.exists = Some(true);
            moments.push(if (round, number) == WEAK {
                highlighted(by_thief(Scene::Spray, tried))
            } else {
                tried.credential = failed(tag, Failure::WrongSecret)?;
                by_program(Scene::Spray, tried)
            });
        }
        for guess in 0..GUESSED_NAMES {
            now = now.plus(PAUSE_MS);
            let mut tried = tried(&guessed(guess), address.next(), tag, now)?;
            tried.user.exists = Some(false);
            tried.credential = failed(tag, Failure::UnknownUser)?;
            moments.push(by_program(Scene::Spray, tried));
        }
    }
    Ok(())
}

/// `z.adler@bank.example` and on: initials from the end of the alphabet, which no member has.
fn guessed(number: u32) -> String {
    const SURNAMES: [&str; 7] = ["adler", "bauer", "conti", "duval", "evans", "fischer", "gruber"];
    let surname = SURNAMES.iter().cycle().nth(usize::try_from(number).unwrap_or(0));
    let initial = char::from_digit(35 - number % 6, 36).unwrap_or('z');
    format!("{initial}.{}{number}@bank.example", surname.copied().unwrap_or("adler"))
}

fn tried(user: &str, address: Option<u8>, tag: &str, at: Timestamp) -> Result<Attempt, TextError> {
    let host = 10 + address.unwrap_or(0) * 12;
    let from = IpAddr::V4(Ipv4Addr::new(198, 51, 100, host));
    let mut tried = attempt(user, Population::Workforce, at)?;
    tried.client = browser(from, agent(0))?;
    tried.credential.secret_tag = Some(Id::parse(tag)?);
    Ok(tried)
}

fn failed(tag: &str, failure: Failure) -> Result<Credential, TextError> {
    Ok(Credential { secret_tag: Some(Id::parse(tag)?), ..wrong(failure) })
}
