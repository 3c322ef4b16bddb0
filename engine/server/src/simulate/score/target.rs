//! What rules are held against: the numbers that a policy for customers should reach.

use doorward_core::event::{Journey, Population};
use serde::Serialize;

use super::Score;
use super::attacks::AttackRow;
use super::share::Share;
use crate::simulate::label::Family;

/// Campaigns of these kinds should be caught within so many attempts.
const ATTEMPTS_UNCAUGHT_MAX: usize = 50;

/// A number that should be reached.
#[derive(Clone, Debug, Serialize)]
pub struct Target {
    /// Of what.
    pub what: String,
    /// What should be.
    pub wanted: String,
    /// What is.
    pub found: String,
    /// Whether it is reached; `None` if nothing of the kind happened.
    pub met: Option<bool>,
}

/// How much of the right entries of a kind of attack should be stopped.
const ENTRIES: &[(Family, f64)] = &[
    (Family::Stuffing, 0.99),
    (Family::SlowStuffing, 0.99),
    (Family::Spray, 0.99),
    (Family::BruteForce, 0.99),
    (Family::Takeover, 0.95),
    (Family::VpnTakeover, 0.9),
    (Family::TargetedTakeover, 0.5),
    (Family::SessionReplay, 0.95),
    (Family::RegistrationFarm, 0.7),
];
/// The share of device farms that should be noticed.
const FARMS_MIN: f64 = 0.95;
/// The share of accounts in wrong hands that should come to no harm.
const PREVENTED_MIN: f64 = 0.9;
/// The share of customers' sign-ins that may be challenged, and denied.
const CHALLENGED_MAX: f64 = 0.01;
const DENIED_MAX: f64 = 0.000_1;

/// Every target.
pub(super) fn targets(score: &Score) -> Vec<Target> {
    let (customer, login) = (Population::Customer.word(), Journey::Login.word());
    let sign_ins = score.people.iter().find(|row| row.population == customer && row.what == login);
    let share = |of: fn(&super::PeopleRow) -> Share| sign_ins.map(of).unwrap_or_default();
    let mut targets = vec![
        at_most("customers challenged", CHALLENGED_MAX, share(|row| row.challenged)),
        at_most("customers denied", DENIED_MAX, share(|row| row.denied)),
        at_most("… on familiar device, network", 0.0, share(|row| row.denied_familiar)),
    ];
    for row in &score.attacks {
        targets.extend(of_attack(row));
    }
    targets
}

fn of_attack(row: &AttackRow) -> Vec<Target> {
    let Some(family) = row.family else {
        let accounts = "accounts kept from harm";
        return vec![at_least(accounts, PREVENTED_MIN, row.accounts.prevented())];
    };
    let mut targets = Vec::new();
    let lists = [Family::Stuffing, Family::SlowStuffing, Family::Spray, Family::BruteForce];
    if lists.contains(&family) {
        let worst = row.first_caught.and_then(|first| first.worst);
        targets.push(Target {
            what: format!("{}: worst campaign", family.word()),
            wanted: format!("by attempt {ATTEMPTS_UNCAUGHT_MAX}"),
            found: worst.map_or("never caught".to_owned(), |worst| format!("attempt {worst}")),
            met: Some(worst.is_some_and(|worst| worst <= ATTEMPTS_UNCAUGHT_MAX)),
        });
    }
    if let Some((_, least)) = ENTRIES.iter().find(|(of, _)| *of == family) {
        targets.push(at_least(&format!("{}: entries", family.word()), *least, row.entries));
    }
    if family == Family::DeviceFarm {
        let what = format!("{}: noticed", family.word());
        targets.push(at_least(&what, FARMS_MIN, row.campaigns));
    }
    targets
}

fn at_least(what: &str, least: f64, found: Share) -> Target {
    let met = found.value().map(|share| share >= least);
    let wanted = format!("at least {} %", least * 100.0);
    Target { what: what.to_owned(), wanted, found: found.to_string(), met }
}

fn at_most(what: &str, most: f64, found: Share) -> Target {
    let met = found.value().map(|share| share <= most);
    let wanted = format!("at most {} %", most * 100.0);
    Target { what: what.to_owned(), wanted, found: found.to_string(), met }
}
