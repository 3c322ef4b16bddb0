//! What all campaigns have in common: victims, a beginning, and what is done with an account.

use doorward_core::event::{Journey, Method, OutcomeKind, Population};
use doorward_core::time::{DAY_MS, HOUR_MS, Timestamp};

use crate::simulate::chance::Chance;
use crate::simulate::device::Looks;
use crate::simulate::draft::{Account, Draft, Origin, Payment, Proof, Stay};
use crate::simulate::intent::Intent;
use crate::simulate::label::{Family, Maker, Phase};
use crate::simulate::person::Person;
use crate::simulate::traffic::Traffic;
use crate::simulate::visit::pause;

/// Share of victims who notice what was done and say so.
const NOTICES: f64 = 0.7;
/// How long before the end of the simulation the last campaign begins.
const LAST_MS: i64 = 8 * HOUR_MS;

/// One campaign while it is planned.
#[derive(Debug)]
pub(super) struct Campaign<'a> {
    family: Family,
    number: usize,
    told: usize,
    traffic: &'a Traffic,
    /// Decides on everything in it.
    pub(super) chance: Chance,
    /// Reads what is answered, as a person does and a program does not.
    pub(super) attended: bool,
}

impl<'a> Campaign<'a> {
    pub(super) fn new(seed: u64, family: Family, number: usize, traffic: &'a Traffic) -> Self {
        let chance = Chance::stream(seed, family.word(), number);
        Self { family, number, told: 0, traffic, chance, attended: false }
    }

    pub(super) fn family(&self) -> Family {
        self.family
    }

    pub(super) fn traffic(&self) -> &'a Traffic {
        self.traffic
    }

    /// When it begins: any time on the days that are scored.
    pub(super) fn begins(&mut self) -> Timestamp {
        let span = self.traffic.span;
        let room_ms = span.scored_days() * DAY_MS - LAST_MS;
        span.scored_at().plus(self.chance.between(0, room_ms))
    }

    /// As many as were drawn, but no more than a small world has use for.
    pub(super) fn size(&mut self, least: i64, most: i64) -> usize {
        let drawn = usize::try_from(self.chance.between(least, most)).unwrap_or(0);
        drawn.min(self.traffic.people.len().saturating_mul(3))
    }

    /// Somebody whose account can be entered with a password, of a population if that matters.
    pub(super) fn victim(
        &mut self,
        population: Option<Population>,
        by: Timestamp,
    ) -> Option<&'a Person> {
        let theirs = |person: &Person| {
            population.is_none_or(|population| population == person.account.population)
        };
        self.victim_who(by, theirs)
    }

    /// A customer who lives in a country; any customer if nobody is found there.
    pub(super) fn resident(&mut self, country: &str, by: Timestamp) -> Option<&'a Person> {
        let customer = |person: &Person| person.account.population == Population::Customer;
        let there = |person: &Person| customer(person) && person.home.city.country == country;
        self.victim_who(by, there).or_else(|| self.victim_who(by, customer))
    }

    /// Nearly everybody will do, so a few draws find somebody.
    fn victim_who(&mut self, by: Timestamp, who: impl Fn(&Person) -> bool) -> Option<&'a Person> {
        (0..64).find_map(|_| {
            let person = self.chance.pick(&self.traffic.people)?;
            let there = person.account.created_at.is_some_and(|at| at.plus(DAY_MS) < by);
            (there && !person.habits.passkey && who(person)).then_some(person)
        })
    }

    /// A name from a list that was leaked elsewhere.
    pub(super) fn stranger(&mut self) -> Account {
        Account {
            user: format!("customer-{}", self.chance.hex()).into(),
            population: Population::Customer,
            exists: false,
            created_at: None,
            privileged: false,
        }
    }

    /// The next attempt of the campaign, a sign-in of which nothing is decided yet.
    pub(super) fn draft(
        &mut self,
        at: Timestamp,
        account: Account,
        origin: Origin,
        looks: Looks,
    ) -> Draft {
        let number = self.told;
        self.told += 1;
        let name = format!("{}-{}-{number}", self.family.word(), self.number);
        let journey = Journey::Login;
        Draft { name, at, journey, account, proof: None, origin, looks, stay: None, payment: None }
    }

    /// An attempt that cannot succeed.
    pub(super) fn guess(&mut self, draft: Draft, proof: Proof) -> Intent {
        self.intent(Draft { proof: Some(proof), ..draft }, Phase::Guess, Vec::new())
    }

    /// The right password of a person.
    pub(super) fn known(person: &Person, breached: bool) -> Proof {
        let breached = breached || person.habits.breached;
        Proof::right(Method::Password, Some(person.secret), breached)
    }

    /// An attempt that gets in unless it is stopped, and what is done once in.
    pub(super) fn entry(&mut self, draft: Draft) -> Intent {
        let since = draft.at;
        let stay = Stay { id: format!("s-{}", draft.name), since };
        let then = self.harm(&draft, &stay);
        self.intent(draft, Phase::Entry, then)
    }

    /// An attempt that gets in and has nothing to do there yet.
    pub(super) fn foothold(&mut self, draft: Draft) -> Intent {
        self.intent(draft, Phase::Entry, Vec::new())
    }

    /// What makes the account the attacker's, then what empties it. Each is tried even if the other is
    /// stopped.
    pub(super) fn harm(&mut self, entry: &Draft, stay: &Stay) -> Vec<Intent> {
        let customer = entry.account.population == Population::Customer;
        let mut steps = Vec::new();
        if !customer || self.chance.happens(0.8) {
            let contact = self.chance.happens(0.5);
            let journey = if contact { Journey::ProfileChange } else { Journey::CredentialChange };
            steps.push((journey, pause(&mut self.chance, 60, 600), None));
        }
        if customer {
            let payee = format!("mule-{}-{}", self.family.word(), self.number);
            let amount_minor = self.chance.between(60_000, 480_000);
            let payment = Some(Payment { amount_minor, payee });
            steps.push((Journey::Transaction, pause(&mut self.chance, 601, 1_800), payment));
        }
        let steps = steps.into_iter().map(|(journey, after_ms, payment)| {
            let (account, looks) = (entry.account.clone(), entry.looks.clone());
            let draft = self.draft(entry.at.plus(after_ms), account, entry.origin, looks);
            let draft = Draft { journey, stay: Some(stay.clone()), payment, ..draft };
            self.intent(draft, Phase::Harm, Vec::new())
        });
        steps.collect()
    }

    fn intent(&mut self, draft: Draft, phase: Phase, then: Vec<Intent>) -> Intent {
        let (family, campaign) = (self.family, self.number);
        let failed = self.chance.happens(0.3);
        let answer =
            if failed { OutcomeKind::ChallengeFailed } else { OutcomeKind::ChallengeAbandoned };
        let notices = phase != Phase::Guess && self.chance.happens(NOTICES);
        let noticed_ms = self.chance.between(6 * HOUR_MS, 3 * DAY_MS);
        Intent {
            draft,
            maker: Maker::Attacker { family, campaign, phase },
            answer: Some(answer).filter(|_| self.attended && phase != Phase::Guess),
            noticed_ms: notices.then_some(noticed_ms),
            then,
        }
    }
}
