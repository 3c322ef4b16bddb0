//! What a person does on a visit: signs in, slips, pays, changes something, stays for a while.

use doorward_core::event::{Failure, Journey, Method, OutcomeKind, Population};
use doorward_core::time::{MINUTE_MS, Timestamp};

use super::chance::Chance;
use super::draft::{Draft, Payment, Proof, Stay};
use super::intent::Intent;
use super::label::{Life, Maker};
use super::person::Person;
use super::visit::{Visit, pause};

/// Share of people who meet a challenge; the others go away, though they could have.
const MEETS: f64 = 0.98;

/// What people do once they are in: in which share of the visits of customers and of staff, and how many
/// seconds after the sign-in.
const INSIDE: [(Journey, [f64; 2], [i64; 2]); 5] = [
    (Journey::Transaction, [0.25, 0.0], [45, 400]),
    (Journey::ProfileChange, [0.012, 0.008], [45, 300]),
    (Journey::ConsentChange, [0.01, 0.004], [45, 200]),
    (Journey::CredentialChange, [0.006, 0.01], [45, 300]),
    (Journey::Session, [0.4, 0.8], [900, 9_000]),
];

/// Makes the intents of one person, whose events are numbered in order.
pub struct Errands<'a> {
    person: &'a Person,
    told: usize,
    secret: u64,
}

impl<'a> Errands<'a> {
    /// Of a person who has done nothing yet.
    pub fn new(person: &'a Person) -> Self {
        Self { person, told: 0, secret: person.secret }
    }

    /// Opening the account, on the first device.
    pub fn join(&mut self, first: &Visit, at: Timestamp, chance: &mut Chance) -> Intent {
        let visit = Visit { at, life: Life::NewAccount, ..first.clone() };
        let mut intent = self.intent(&visit, at, Journey::Registration, chance);
        intent.draft.account.exists = false;
        intent
    }

    /// What is done on a visit.
    pub fn visit(&mut self, visit: &Visit, chance: &mut Chance) -> Vec<Intent> {
        if visit.forgotten {
            return self.recover(visit, chance);
        }
        let mut intents = Vec::new();
        let mut visit = visit.clone();
        if !self.person.habits.passkey && chance.happens(self.person.habits.typos) {
            visit.life = visit.life.max(Life::Typo);
            let slips = if chance.happens(0.25) { 2 } else { 1 };
            for slip in 0..slips {
                let at = visit.at.plus(-pause(chance, 5, 9) * (slip + 1));
                intents.push(self.slip(&visit, at, chance));
            }
        }
        intents.push(self.sign_in(&visit, visit.at, chance));
        intents
    }

    /// A wrong password, or the right one for a name that is none.
    fn slip(&mut self, visit: &Visit, at: Timestamp, chance: &mut Chance) -> Intent {
        let mut intent = self.intent(visit, at, Journey::Login, chance);
        intent.draft.proof = Some(Proof::wrong(chance.draw(), Failure::WrongSecret));
        if chance.happens(0.1) {
            let account = &mut intent.draft.account;
            account.user = format!("{}x", account.user).into();
            (account.exists, account.created_at) = (false, None);
            intent.draft.proof = Some(Proof::wrong(self.secret, Failure::UnknownUser));
        }
        (intent.answer, intent.then) = (None, Vec::new());
        intent
    }

    fn sign_in(&mut self, visit: &Visit, at: Timestamp, chance: &mut Chance) -> Intent {
        let habits = &self.person.habits;
        let proof = if habits.passkey {
            Proof::right(Method::Passkey, None, false)
        } else {
            Proof::right(Method::Password, Some(self.secret), habits.breached)
        };
        let mut intent = self.intent(visit, at, Journey::Login, chance);
        intent.draft.proof = Some(proof);
        let stay = Stay { id: format!("s-{}", intent.draft.name), since: at };
        intent.then = self.inside(visit, &stay, chance);
        intent
    }

    /// What follows a sign-in, in its session.
    fn inside(&mut self, visit: &Visit, stay: &Stay, chance: &mut Chance) -> Vec<Intent> {
        let customer = self.person.account.population == Population::Customer;
        let mut then = Vec::new();
        for (journey, [customers, staff], [least_s, most_s]) in INSIDE {
            if !chance.happens(if customer { customers } else { staff }) {
                continue;
            }
            let at = stay.since.plus(pause(chance, least_s, most_s));
            let mut intent = self.intent(visit, at, journey, chance);
            intent.draft.stay = Some(stay.clone());
            if journey == Journey::Transaction {
                intent.draft.payment = Some(self.payment(chance));
            }
            if journey == Journey::Session {
                intent.draft.origin = visit.onward;
                intent.draft.proof = Some(Proof::right(Method::Token, None, false));
            }
            then.push(intent);
        }
        then
    }

    fn payment(&self, chance: &mut Chance) -> Payment {
        let known = chance.pick(&self.person.habits.payees).filter(|_| !chance.happens(0.1));
        let payee = known.cloned().unwrap_or_else(|| format!("payee-{}", chance.hex()));
        let amount_minor = match chance.happens(0.04) {
            true => chance.between(80_000, 300_000),
            false => 500 + chance.gap_ms(6_000),
        };
        Payment { amount_minor, payee }
    }

    /// Guesses at the own password, then the way around it.
    fn recover(&mut self, visit: &Visit, chance: &mut Chance) -> Vec<Intent> {
        let mut intents = Vec::new();
        let mut at = visit.at;
        for _ in 0..chance.between(3, 5) {
            intents.push(self.slip(visit, at, chance));
            at = at.plus(pause(chance, 8, 30));
        }
        let at = at.plus(pause(chance, 40, 200));
        let mut recovery = self.intent(visit, at, Journey::Recovery, chance);
        recovery.draft.proof = Some(Proof::right(Method::MagicLink, None, false));
        let changed_at = at.plus(pause(chance, 45, 120));
        let change = self.intent(visit, changed_at, Journey::CredentialChange, chance);
        self.secret = chance.draw();
        let sign_in = self.sign_in(visit, changed_at.plus(MINUTE_MS), chance);
        recovery.then = vec![change, sign_in];
        intents.push(recovery);
        intents
    }

    /// An attempt of this person, with nothing presented.
    fn intent(
        &mut self,
        visit: &Visit,
        at: Timestamp,
        journey: Journey,
        chance: &mut Chance,
    ) -> Intent {
        let number = self.told;
        self.told += 1;
        let draft = Draft {
            name: format!("{}-{number}", self.person.account.user),
            at,
            journey,
            account: self.person.account.clone(),
            proof: None,
            origin: visit.origin,
            looks: visit.device.looks(at),
            stay: None,
            payment: None,
        };
        let meets = chance.happens(MEETS);
        let answer =
            if meets { OutcomeKind::ChallengePassed } else { OutcomeKind::ChallengeAbandoned };
        let maker = Maker::Good(visit.life);
        Intent { draft, maker, answer: Some(answer), noticed_ms: None, then: Vec::new() }
    }
}
