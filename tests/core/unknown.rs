//! What every signal can come to: a flag to yes and to no, everything else to a value, and each to the causes of which it is
//! unknown, shown by attempts of all kinds. The reference tells the causes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use doorward_core::decision::Verdict;
use doorward_core::engine::Engine;
use doorward_core::event::{Outcome, OutcomeKind};
use doorward_core::record::DecisionId;
use doorward_core::signal::{Origin, SIGNALS};
use doorward_core::store::Budget;
use doorward_core::time::{DAY_MS, SECOND_MS};
use doorward_core::value::{Reading, Type, Value};

use crate::anybody;
use crate::chance::Chance;
use crate::engine::SHIPPED;
use crate::scene::{Act, id};

const BEGIN_MS: i64 = 20_000 * DAY_MS;
const ATTEMPTS: i64 = 30_000;
/// Event time from one attempt to the next.
const STEP_MS: i64 = 11 * SECOND_MS;

/// What was seen of a signal.
#[derive(Default)]
pub(crate) struct Seen {
    yes: bool,
    no: bool,
    value: bool,
    /// Why it was unknown.
    pub(crate) causes: BTreeSet<&'static str>,
}

/// Of each signal, by name.
pub(crate) static SEEN: LazyLock<BTreeMap<&'static str, Seen>> = LazyLock::new(|| {
    let mut world = World::new(Budget::of(64 << 20));
    for days in [10, 1] {
        (0..30).for_each(|step| world.colleague(BEGIN_MS - days * DAY_MS + step * STEP_MS));
    }
    (0..ATTEMPTS).for_each(|step| world.anybody(BEGIN_MS + step * STEP_MS));
    let mut crowded = World { engine: World::new(Budget::of(256 << 10)).engine, ..world };
    (0..2_000).for_each(|step| crowded.stranger(BEGIN_MS + step * STEP_MS));
    crowded.seen
});

struct World {
    engine: Engine,
    chance: Chance,
    seen: BTreeMap<&'static str, Seen>,
}

impl World {
    fn new(budget: Budget) -> Self {
        let engine = Engine::new([7; 16], Arc::clone(&SHIPPED), budget);
        Self { engine, chance: Chance(1), seen: BTreeMap::new() }
    }

    /// One of ten who sign in from one office.
    fn colleague(&mut self, at_ms: i64) {
        let name = format!("colleague-{}", at_ms / STEP_MS % 10);
        self.play(&Act::new(&name, at_ms).ip("185.9.0.1").device(&name).right());
    }

    /// One of a few users, in the last tenth of the time mostly strangers who guess.
    fn anybody(&mut self, at_ms: i64) {
        let attacked = at_ms >= BEGIN_MS + ATTEMPTS * STEP_MS / 10 * 9;
        if attacked && !self.chance.once_in(4) {
            return self.stranger(at_ms);
        }
        let act = anybody::act(&mut self.chance, at_ms);
        self.play(&act);
    }

    fn stranger(&mut self, at_ms: i64) {
        let mut act = anybody::act(&mut self.chance, at_ms);
        act.attempt.user.id = Some(id(&format!("nobody-{}", self.chance.below(100_000))));
        self.play(&act.stranger());
    }

    fn play(&mut self, act: &Act) {
        let at = act.attempt.occurred_at;
        let (attempt, enrichment) = (act.attempt.clone(), act.enrichment.clone());
        let record = self.engine.evaluate(DecisionId::new(at, 0, 0), at, attempt, enrichment);
        for (signal, reading) in SIGNALS.iter().zip(&record.readings) {
            self.seen.entry(signal.name).or_default().note(reading);
        }
        if self.chance.once_in(3) {
            let Act { attempt, enrichment } = act;
            let outcome = Outcome {
                event_id: id("an outcome"),
                occurred_at: at,
                kind: self.chance.one(OutcomeKind::ALL),
                failure: None,
                method: attempt.credential.method,
            };
            let verdict = self.chance.one(&[record.decision.verdict, Verdict::StepUp]);
            self.engine.report(attempt, enrichment, verdict, &outcome);
        }
    }
}

impl Seen {
    fn note(&mut self, reading: &Reading) {
        match reading {
            Reading::Known(Value::Bool(true)) => self.yes = true,
            Reading::Known(Value::Bool(false)) => self.no = true,
            Reading::Known(_) => self.value = true,
            Reading::Unknown(cause) => drop(self.causes.insert(cause.word())),
        }
    }
}

#[test]
fn every_signal_can_be_everything_that_its_type_says() {
    for signal in SIGNALS.iter().filter(|signal| signal.origin != Origin::Ending) {
        let seen = SEEN.get(signal.name).unwrap();
        let wanted = signal.kind == Type::Bool;
        let shown = [seen.yes, seen.no, seen.value];
        assert_eq!(shown, [wanted, wanted, !wanted], "{}: yes, no, a value", signal.name);
    }
}
