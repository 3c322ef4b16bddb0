//! Everybody who has a right to be let in: households of customers, and staff.

use doorward_core::event::Population;
use doorward_core::time::{DAY_MS, HOUR_MS, Timestamp};

use super::chance::{Chance, mixed};
use super::device::{DESKTOPS, Device};
use super::person::{Line, Person};
use super::span::Span;
use super::world::PROVIDERS;
use super::world::city::{self, HOMES, MARKET};

/// Customers who share one employer, and so one address.
const COLLEAGUES: usize = 40;
/// Staff in one house.
const STAFF_IN_A_HOUSE: usize = 120;
/// Days that accounts are old at most.
const ACCOUNT_DAYS_MAX: i64 = 1_500;
/// Share of customers who join while the simulation runs.
const JOINING: f64 = 0.1;

/// `customers` and then `staff`. Everybody draws from a stream of their own household, so that a larger
/// world begins with the same people.
pub fn people(seed: u64, span: Span, customers: usize, staff: usize) -> Vec<Person> {
    let mut people = Vec::new();
    let mut households = 0;
    while people.len() < customers {
        let mut chance = Chance::stream(seed, "household", households);
        households += 1;
        let members = household(span, people.len(), &mut chance);
        people.extend(members.into_iter().take(customers - people.len()));
    }
    for number in 0..staff {
        let mut chance = Chance::stream(seed, "staff", number);
        people.push(employee(span, people.len(), number, &mut chance));
    }
    people
}

/// People behind one line, some of whom share a tablet or a computer.
fn household(span: Span, first: usize, chance: &mut Chance) -> Vec<Person> {
    let home = line(chance);
    let size = if chance.happens(0.4) { 1 } else { 2 + chance.below(3) };
    let mut family: Vec<Person> = (first..first + size)
        .map(|number| {
            let mut customer = customer(span, number, home, chance);
            if chance.happens(0.5) {
                customer.work = Some(employer(home, number));
            }
            customer
        })
        .collect();
    if size > 1 && chance.happens(0.35) {
        let shared = Device::new(chance, &DESKTOPS, home.city.language);
        for person in &mut family {
            person.shared = Some(person.devices.len());
            person.devices.push(shared.clone());
        }
    }
    family
}

fn customer(span: Span, number: usize, home: Line, chance: &mut Chance) -> Person {
    let created_at = if chance.happens(JOINING) {
        let day = span.day(chance.between(0, span.days() - 1));
        day.plus(chance.between(7, 20) * HOUR_MS)
    } else {
        founded(span, chance)
    };
    let user = format!("customer-{number}");
    Person::new(number, &user, Population::Customer, home, created_at, chance)
}

fn employee(span: Span, number: usize, within: usize, chance: &mut Chance) -> Person {
    let home = Line { city: city::numbered(chance.below(2)), ..line(chance) };
    let (user, created_at) = (format!("staff-{within}"), founded(span, chance));
    let staff = Population::Workforce;
    let mut person = Person::new(number, &user, staff, home, created_at, chance);
    let house = u64::try_from(within / STAFF_IN_A_HOUSE).unwrap_or(0);
    let [vienna, ..] = &city::CITIES;
    person.work = Some(Line { city: vienna, provider: None, number: house, leased: false });
    person
}

/// A line in a city of the home market, most often.
fn line(chance: &mut Chance) -> Line {
    let cities = if chance.happens(0.8) { MARKET } else { HOMES };
    Line {
        city: city::numbered(chance.below(cities)),
        provider: Some(chance.below(PROVIDERS)),
        number: chance.draw() % 65_536,
        leased: chance.happens(0.4),
    }
}

/// A place of work in the home city, the same for [`COLLEAGUES`] customers.
fn employer(home: Line, number: usize) -> Line {
    let company = u64::try_from(number / COLLEAGUES).unwrap_or(0);
    let number = mixed(home.city.name, company) % 65_536;
    Line { provider: Some(0), number, leased: false, ..home }
}

fn founded(span: Span, chance: &mut Chance) -> Timestamp {
    span.day(0).plus(-chance.between(170 * DAY_MS, ACCOUNT_DAYS_MAX * DAY_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_larger_world_begins_with_the_same_people() {
        let span = Span::new(3);
        let (small, large) = (people(7, span, 40, 10), people(7, span, 90, 20));
        let told = |person: &Person| format!("{:?}", Person { number: 0, ..person.clone() });
        for (one, other) in small.iter().zip(&large).take(40) {
            assert_eq!(told(one), told(other));
        }
        assert_eq!(told(&small[49]), told(&large[99]), "the tenth member of staff");
        assert!(small.iter().zip(0..).all(|(person, number)| person.number == number));
    }

    #[test]
    fn families_share_lines_and_some_a_device() {
        let people = people(7, Span::new(3), 300, 0);
        let shared: Vec<&Person> = people.iter().filter(|person| person.shared.is_some()).collect();
        assert!(shared.len() > 20, "{}", shared.len());
        let at_home = |person: &Person| (person.home.city.number, person.home.number);
        let device = |person: &Person| person.devices[person.shared.unwrap()].id.clone();
        for person in &shared {
            let family = shared.iter().filter(|other| device(other) == device(person));
            let family: Vec<_> = family.collect();
            assert!(family.len() > 1 || person.number == 299, "{}", person.number);
            assert!(family.iter().all(|other| at_home(other) == at_home(person)));
        }
    }
}
