//! Weeks of owners and strangers in virtual time, and what must hold after every step.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use doorward_core::decide::decide;
use doorward_core::decision::Verdict;
use doorward_core::engine::Engine;
use doorward_core::event::{CredentialResult, Failure, Id, Journey, Outcome, OutcomeKind};
use doorward_core::record::{DecisionId, DecisionRecord};
use doorward_core::store::Budget;
use doorward_core::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};
use doorward_core::value::{Reading, Value};

use crate::chance::Chance;
use crate::engine::SHIPPED;
use crate::scene::{Act, id};

const OWNERS: u64 = 30;
const DAYS: i64 = 21;
const STEPS_A_DAY: i64 = 220;
const BEGIN_MS: i64 = 20_000 * DAY_MS;

/// What is told, and by whom.
struct Step {
    act: Act,
    /// Whether it is somebody who has neither the account's devices nor its password.
    stranger: bool,
    outcome: Option<OutcomeKind>,
}

/// The world and what is known of it besides.
struct Weeks {
    engine: Engine,
    budget: Budget,
    chance: Chance,
    /// Everything that happened, to be told again.
    told: Vec<(DecisionRecord, Option<Outcome>)>,
    /// When attempts on each account failed within two hours.
    failures: BTreeMap<Id, VecDeque<i64>>,
    estimated: u32,
    softened: u32,
}

impl Weeks {
    fn new(seed: u64, bytes: usize) -> Self {
        let budget = Budget::of(bytes);
        Self {
            engine: Engine::new([7; 16], Arc::clone(&SHIPPED), budget),
            budget,
            chance: Chance(seed),
            told: Vec::new(),
            failures: BTreeMap::new(),
            estimated: 0,
            softened: 0,
        }
    }

    /// An owner at home, at work or on the way, with a typo now and then.
    fn owner(&mut self, at_ms: i64) -> Step {
        let owner = self.chance.below(OWNERS);
        let (place, device) = (self.chance.below(3), self.chance.below(2));
        let away = self.chance.below(40) == 0;
        let ip = match place {
            _ if away => format!("100.70.{owner}.{}", self.chance.below(200)),
            // The office is one address for all.
            0 => "198.51.100.10".to_owned(),
            place => format!("198.18.{owner}.{place}"),
        };
        let new_phone = u64::try_from(at_ms / (9 * DAY_MS)).unwrap();
        let act = Act::new(&format!("owner-{owner}"), at_ms)
            .device(&format!("{owner}'s {device} {}", if device == 0 { 0 } else { new_phone }))
            .ip(&ip)
            .asn(64_500 + u32::try_from(place).unwrap())
            .agent("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0")
            .in_paris();
        let mut act = if self.chance.below(12) == 0 { act.wrong() } else { act.right() };
        act.attempt.journey = match self.chance.below(12) {
            0 => Journey::Transaction,
            1 => Journey::ProfileChange,
            _ => Journey::Login,
        };
        let passes = self.chance.below(2) == 0;
        let outcome = passes.then_some(OutcomeKind::ChallengePassed);
        Step { act, stranger: false, outcome }
    }

    /// Whose device the office knows, when somebody worked through a list from there or elsewhere.
    fn owner_at_the_office(&mut self, at_ms: i64) {
        let mut step = self.owner(at_ms);
        step.act = step.act.ip("198.51.100.10").asn(64_500).right();
        self.play(step);
    }

    /// A stranger who guesses, now at one account, now at all, from a few addresses or from anywhere.
    fn stranger(&mut self, at_ms: i64) -> Step {
        let victim = self.chance.below(OWNERS);
        let name = match self.chance.below(4) {
            0 => format!("nobody-{}", self.chance.below(100_000)),
            _ => format!("owner-{}", if at_ms / HOUR_MS % 5 == 0 { 3 } else { victim }),
        };
        let ip = match self.chance.below(3) {
            0 => "203.0.113.7".to_owned(),
            // Behind the office's own address.
            1 if at_ms / DAY_MS % 6 == 0 => "198.51.100.10".to_owned(),
            _ => format!(
                "2001:db8:{:x}:{:x}::1",
                self.chance.below(60_000),
                self.chance.below(60_000)
            ),
        };
        let mut act = Act::new(&name, at_ms).ip(&ip).asn(64_666).agent("curl/8.5.0").in_lagos();
        act = act.wrong();
        act.attempt.credential.failure = name.starts_with("nobody").then_some(Failure::UnknownUser);
        if self.chance.below(2) == 0 {
            act = act.device(&format!("stranger-{}", self.chance.below(5_000)));
        }
        let kinds =
            [OutcomeKind::ChallengeFailed, OutcomeKind::ChallengeAbandoned, OutcomeKind::NotMe];
        let outcome = kinds.get(usize::try_from(self.chance.below(12)).unwrap()).copied();
        Step { act, stranger: true, outcome }
    }

    /// Once a day somebody works through a list, now from the office's own address, now from one that was never seen.
    fn list(&mut self, at_ms: i64) {
        let office = at_ms / DAY_MS % 2 == 0;
        for entry in 0..150 {
            let at_ms = at_ms + entry * SECOND_MS;
            let mut step = self.stranger(at_ms);
            let ip = if office {
                "198.51.100.10".to_owned()
            } else {
                format!("192.0.2.{}", at_ms / DAY_MS % 250)
            };
            step.act = step.act.ip(&ip);
            self.play(step);
        }
    }

    fn step(&mut self, at_ms: i64) {
        let attack = at_ms / (6 * HOUR_MS) % 3 == 0;
        let good = self.chance.below(10) < if attack { 2 } else { 9 };
        let step = if good { self.owner(at_ms) } else { self.stranger(at_ms) };
        self.play(step);
    }

    fn play(&mut self, Step { act, stranger, outcome }: Step) {
        let number = self.told.len();
        let Act { attempt, enrichment } = act.event(&number.to_string());
        let store = self.engine.store();
        let (tenant, user) = (attempt.tenant.clone(), attempt.user.id.clone().unwrap());
        let before = store.learned(&tenant, &user);
        let at = attempt.occurred_at;
        let record = self.engine.evaluate(DecisionId::new(at, 0, 0), at, attempt, enrichment);
        let outcome = outcome.map(|kind| Outcome {
            event_id: id(&format!("of {number}")),
            occurred_at: at,
            kind,
            failure: None,
            method: None,
        });
        if let Some(outcome) = &outcome {
            let verdict = record.decision.verdict;
            self.engine.report(&record.attempt, &record.enrichment, verdict, outcome);
        }
        if stranger && before.is_some() {
            let after = self.engine.store().learned(&tenant, &user);
            assert_eq!(before, after, "step {number}: a stranger taught the profile of {user}");
        }
        self.check_decision(number, &record);
        self.check_failures(number, &record);
        self.told.push((record, outcome));
    }

    fn check_decision(&mut self, number: usize, record: &DecisionRecord) {
        let DecisionRecord { readings, decision, .. } = record;
        assert_eq!(&decide(readings, &SHIPPED), decision, "step {number} decides otherwise again");
        let asked = decision.verdict == Verdict::StepUp;
        assert_eq!(decision.challenge.is_some(), asked, "step {number}: {decision:#?}");
        let explained = decision.verdict == Verdict::Allow || !decision.reasons.is_empty();
        assert!(explained, "step {number}: {decision:#?}");
        let yes = |name| reading(readings, name) == &Reading::Known(Value::Bool(true));
        if yes("device.known") && yes("network.known") {
            assert_ne!(decision.verdict, Verdict::Deny, "step {number}: {decision:#?}");
        }
        self.estimated += u32::from(yes("counts.estimated"));
        let softened = |code: &str| decision.reasons.iter().any(|reason| &*reason.code == code);
        self.softened += u32::from(softened("OWNER_PROTECTED") || softened("COUNTS_ESTIMATED"));
    }

    /// The window of an account's failures against a plain list.
    fn check_failures(&mut self, number: usize, record: &DecisionRecord) {
        let DecisionRecord { attempt, readings, .. } = record;
        let now_ms = attempt.occurred_at.ms();
        let list = self.failures.entry(attempt.user.id.clone().unwrap()).or_default();
        if attempt.credential.result == Some(CredentialResult::Wrong) {
            list.push_back(now_ms);
        }
        while list.front().is_some_and(|at_ms| *at_ms <= now_ms - 2 * HOUR_MS) {
            list.pop_front();
        }
        let since = |ms: i64| list.iter().filter(|at_ms| **at_ms > now_ms - ms).count() as i64;
        let Reading::Known(Value::Int(count)) = reading(readings, "failures_user") else {
            panic!("step {number}: {}", reading(readings, "failures_user"));
        };
        let (least, most) = (since(HOUR_MS), since(HOUR_MS + 6 * MINUTE_MS));
        assert!(*count >= least, "step {number}: {count} failures of {least}");
        let estimated = reading(readings, "counts.estimated") == &Reading::Known(Value::Bool(true));
        assert!(*count <= most || estimated, "step {number}: {count} failures of {most}");
    }

    /// Goes on with what a snapshot of the state gives.
    fn restart(&mut self) {
        let snapshot = self.engine.store().snapshot();
        let engine = Engine::new([7; 16], Arc::clone(&SHIPPED), self.budget);
        let loading = engine.store().loading(snapshot.head()).unwrap();
        snapshot.for_each(|part| loading.part(&part).unwrap());
        assert_eq!(engine.store().digest(), self.engine.store().digest());
        self.engine = engine;
    }

    fn live(&mut self) {
        for day in 0..DAYS {
            for step in 0..STEPS_A_DAY {
                let at_ms = BEGIN_MS + day * DAY_MS + step * (DAY_MS / STEPS_A_DAY);
                self.step(at_ms);
                if step == STEPS_A_DAY / 2 {
                    self.list(at_ms);
                    self.owner_at_the_office(at_ms + 151 * SECOND_MS);
                }
            }
            assert!(self.engine.store().bytes() <= self.budget.bytes, "day {day}");
            if day % 5 == 4 {
                self.restart();
            }
        }
    }
}

fn reading<'a>(readings: &'a [Reading], name: &str) -> &'a Reading {
    let slots = SHIPPED.slots();
    let slot = slots.iter().position(|slot| &*slot.name == name);
    &readings[slot.unwrap_or_else(|| panic!("there is no `{name}`"))]
}

/// The state follows from the records alone, also across restarts, as long as nothing was evicted.
#[test]
fn weeks_leave_what_their_records_lead_to() {
    let mut weeks = Weeks::new(1, 64 << 20);
    weeks.live();
    assert_eq!(weeks.estimated, 0);
    assert!(weeks.softened > 0, "nobody attacked from the office");
    let again = Engine::new([7; 16], Arc::clone(&SHIPPED), weeks.budget);
    for (DecisionRecord { attempt, enrichment, decision, .. }, outcome) in &weeks.told {
        again.restore(attempt, enrichment, decision.verdict);
        if let Some(outcome) = outcome {
            again.report(attempt, enrichment, decision.verdict, outcome);
        }
    }
    assert_eq!(again.store().digest(), weeks.engine.store().digest());
}

/// The same invariants where memory is far too short for all the names that strangers make up.
#[test]
fn weeks_hold_where_memory_is_short() {
    for seed in 2..4 {
        let mut weeks = Weeks::new(seed, 256 << 10);
        weeks.live();
        assert!(weeks.estimated > 0, "seed {seed}: memory was not short");
    }
}
