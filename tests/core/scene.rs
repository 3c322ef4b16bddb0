//! Attempts and a store to play them on.

use std::sync::Arc;

use doorward_core::address::normalise;
use doorward_core::agent::Agent;
use doorward_core::country::Country;
use doorward_core::decision::Verdict;
use doorward_core::engine::Engine;
use doorward_core::enrichment::{Enrichment, Operator};
use doorward_core::event::*;
use doorward_core::network::{NetworkClass, NetworkClasses};
use doorward_core::place::{Place, Point};
use doorward_core::policy::Policy;
use doorward_core::signal::{self, Origin, SIGNALS, Seen, SignalId};
use doorward_core::store::{Budget, KeptWindows, Observed, Report, Store};
use doorward_core::text::Text;
use doorward_core::time::Timestamp;
use doorward_core::value::{Cause, Reading, Value};
use doorward_core::window::{Aggregate, WindowSpec, Windows};

/// A login that says who and when, and nothing else.
pub(crate) fn login(user: &str, at_ms: i64) -> Attempt {
    Attempt {
        user: User { id: Some(id(user)), ..User::default() },
        ..Attempt::login(
            id(&format!("{user} at {at_ms}")),
            Timestamp::from_ms(at_ms),
            id("acme"),
            Population::Customer,
        )
    }
}

/// What becomes of the account of [`login`]'s user.
pub(crate) fn change(user: &str, at_ms: i64, kind: AccountChangeKind) -> AccountChange {
    AccountChange {
        event_id: id(&format!("{user} at {at_ms}")),
        occurred_at: Timestamp::from_ms(at_ms),
        tenant: id("acme"),
        user: id(user),
        kind,
    }
}

pub(crate) fn id<const BYTES_MAX: usize>(text: &str) -> Text<BYTES_MAX> {
    Text::parse(text).unwrap()
}

pub(crate) fn signal(name: &str) -> SignalId {
    signal::find(name).unwrap_or_else(|| panic!("there is no signal `{name}`"))
}

/// One act at the door, with all that was looked up.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    pub(crate) attempt: Attempt,
    pub(crate) enrichment: Enrichment,
}

impl Act {
    pub(crate) fn new(user: &str, at_ms: i64) -> Self {
        let classes = NetworkClasses::UNLISTED;
        let enrichment = Enrichment { classes, ..Enrichment::unknown(Cause::LookupFailed) };
        Self { attempt: login(user, at_ms), enrichment }
    }

    pub(crate) fn event(mut self, event_id: &str) -> Self {
        self.attempt.event_id = id(event_id);
        self
    }

    pub(crate) fn credential(mut self, result: CredentialResult) -> Self {
        self.attempt.credential.result = Some(result);
        self
    }

    pub(crate) fn right(self) -> Self {
        self.credential(CredentialResult::Right)
    }

    pub(crate) fn wrong(self) -> Self {
        self.credential(CredentialResult::Wrong)
    }

    pub(crate) fn method(mut self, method: Method) -> Self {
        self.attempt.credential.method = Some(method);
        self
    }

    pub(crate) fn tenant(mut self, tenant: &str) -> Self {
        self.attempt.tenant = id(tenant);
        self
    }

    pub(crate) fn device(mut self, device: &str) -> Self {
        self.attempt.device.id = Some(id(device));
        self
    }

    pub(crate) fn ip(mut self, ip: &str) -> Self {
        self.attempt.client.address = Some(normalise(ip.parse().unwrap()));
        self
    }

    pub(crate) fn asn(mut self, asn: u32) -> Self {
        self.enrichment.network = Ok(Operator { asn, organisation: None });
        self
    }

    /// In one more class of network.
    pub(crate) fn class(mut self, class: NetworkClass) -> Self {
        self.enrichment.classes = self.enrichment.classes.with(class, Ok(true));
        self
    }

    pub(crate) fn agent(mut self, agent: &str) -> Self {
        self.attempt.client.user_agent = Some(UserAgent::Text(id(agent)));
        self.enrichment.agent = Ok(Agent::parse(agent));
        self
    }

    pub(crate) fn ja4(mut self, ja4: &str) -> Self {
        self.attempt.client.ja4 = Some(id(ja4));
        self
    }

    pub(crate) fn secret(mut self, tag: &str) -> Self {
        self.attempt.credential.secret_tag = Some(id(tag));
        self
    }

    /// A wrong credential for an account that does not exist.
    pub(crate) fn stranger(mut self) -> Self {
        self.attempt.credential.failure = Some(Failure::UnknownUser);
        self.wrong()
    }

    /// A place with 50 km around it.
    pub(crate) fn at(mut self, country: &str, city: &str, latitude: f64, longitude: f64) -> Self {
        self.enrichment.place = Ok(Place {
            country: Some(Country::parse(country).unwrap()),
            region: None,
            city: Some(city.into()),
            point: Some(Point { latitude, longitude, accuracy_km: 50.0 }),
        });
        self
    }

    pub(crate) fn in_region(mut self, region: &str) -> Self {
        if let Ok(place) = &mut self.enrichment.place {
            place.region = Some(region.into());
        }
        self
    }

    pub(crate) fn in_paris(self) -> Self {
        self.at("FR", "Paris", 48.8566, 2.3522)
    }

    pub(crate) fn in_lagos(self) -> Self {
        self.at("NG", "Lagos", 6.5244, 3.3792)
    }

    /// The attempt as it stands when an outcome told its credential.
    pub(crate) fn told(&self, kind: OutcomeKind) -> Self {
        match kind {
            OutcomeKind::CredentialRight => self.clone().right(),
            OutcomeKind::CredentialWrong => self.clone().wrong(),
            OutcomeKind::ChallengePassed
            | OutcomeKind::ChallengeFailed
            | OutcomeKind::ChallengeAbandoned
            | OutcomeKind::ConfirmedFraud
            | OutcomeKind::ConfirmedGood
            | OutcomeKind::NotMe => self.clone(),
        }
    }
}

/// An engine that has seen nothing, with more memory than tests fill.
pub(crate) fn engine_of(policy: impl Into<Arc<Policy>>) -> Engine {
    Engine::new([7; 16], policy, Budget::of(64 << 20))
}

/// A window and its condition.
pub(crate) type Declared = (WindowSpec, Holds);

type Holds = fn(&Attempt) -> bool;

pub(crate) fn window(
    name: &str,
    aggregate: Aggregate,
    keys: &[&str],
    span_ms: i64,
    holds: Holds,
) -> Declared {
    let identity =
        name.bytes().fold(7, |hash: u64, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let keys = keys.iter().map(|key| signal(key)).collect();
    (WindowSpec { name: name.into(), identity, aggregate, keys, span_ms }, holds)
}

pub(crate) fn always(_: &Attempt) -> bool {
    true
}

pub(crate) fn failed(attempt: &Attempt) -> bool {
    attempt.credential.result == Some(CredentialResult::Wrong)
}

/// Plays trusted logins, then reads signals of one more attempt.
pub(crate) fn check_after(history: &[Act], act: &Act, expected: &[(&str, &str)]) {
    let scene = Scene::new(Vec::new());
    for act in history {
        scene.play(act, Verdict::Allow);
    }
    let seen = scene.observe(act);
    for (name, value) in expected {
        assert_eq!(seen.text(name), *value, "{name} of {:?}", act.enrichment.classes);
    }
}

/// A store under a policy of windows.
pub(crate) struct Scene {
    pub(crate) store: Store,
    windows: KeptWindows,
    holds: Vec<Holds>,
}

impl Scene {
    pub(crate) fn new(declared: Vec<Declared>) -> Self {
        Self::within(Budget::of(64 << 20), declared)
    }

    pub(crate) fn within(budget: Budget, declared: Vec<Declared>) -> Self {
        let store = Store::new([7; 16], budget);
        let (windows, holds) = kept(&store, declared);
        Self { store, windows, holds }
    }

    /// Goes on under another policy, with the same state.
    pub(crate) fn change(&mut self, declared: Vec<Declared>) {
        (self.windows, self.holds) = kept(&self.store, declared);
    }

    /// What is seen of an act, counted but not settled.
    pub(crate) fn observe(&self, act: &Act) -> Readings {
        self.observed(act).1
    }

    fn observed(&self, act: &Act) -> (Observed, Readings) {
        let mut readings = event_readings(act);
        readings.resize(SIGNALS.len() + self.holds.len(), Reading::Unknown(Cause::Incomplete));
        let counted = self.counted(act);
        let Act { attempt, enrichment } = act;
        let windows = &self.windows;
        let observed = self.store.observe(attempt, enrichment, windows, &counted, &mut readings);
        (observed, Readings(readings))
    }

    /// Plays an act to its end.
    pub(crate) fn play(&self, act: &Act, verdict: Verdict) -> Readings {
        let (observed, readings) = self.observed(act);
        self.store.settle(&observed, &act.attempt, &act.enrichment, verdict);
        readings
    }

    pub(crate) fn report(&self, act: &Act, verdict: Verdict, kind: OutcomeKind) {
        self.report_by(act, verdict, kind, None);
    }

    /// An outcome with the method of the challenge.
    pub(crate) fn report_by(
        &self,
        act: &Act,
        verdict: Verdict,
        kind: OutcomeKind,
        method: Option<Method>,
    ) {
        let told = act.told(kind);
        let (before, after) = (self.counted(act), self.counted(&told));
        let counted: Vec<bool> =
            before.iter().zip(after).map(|(before, after)| after && !before).collect();
        self.store.report(&Report {
            attempt: &act.attempt,
            told: &told.attempt,
            enrichment: &act.enrichment,
            verdict,
            kind,
            method,
            windows: &self.windows,
            counted: &counted,
            readings: &event_readings(&told),
        });
    }

    fn counted(&self, act: &Act) -> Vec<bool> {
        self.holds.iter().map(|holds| holds(&act.attempt)).collect()
    }
}

fn kept(store: &Store, declared: Vec<Declared>) -> (KeptWindows, Vec<Holds>) {
    let (specs, holds) = declared.into_iter().unzip();
    (store.keep(&Windows::new(specs)), holds)
}

fn event_readings(act: &Act) -> Vec<Reading> {
    let Act { attempt, enrichment } = act;
    let seen = Seen::event(attempt, enrichment);
    let read = |signal: &&signal::Signal| match signal.origin {
        Origin::Event => (signal.read)(&seen),
        Origin::Profile | Origin::Egress | Origin::Traffic | Origin::Ending => {
            Reading::Unknown(Cause::Incomplete)
        }
    };
    SIGNALS.iter().map(read).collect()
}

/// Everything that was seen of an act.
#[derive(Debug, PartialEq)]
pub(crate) struct Readings(Vec<Reading>);

impl Readings {
    /// A native signal as an analyst reads it.
    pub(crate) fn text(&self, name: &str) -> String {
        self.0[signal(name)].text()
    }

    /// A native signal that is a decimal, unrounded.
    pub(crate) fn decimal(&self, name: &str) -> Option<f64> {
        match self.0[signal(name)].known()? {
            Value::Decimal(number) => Some(*number),
            other => panic!("{name} is {other}"),
        }
    }

    pub(crate) fn window(&self, index: usize) -> &Reading {
        &self.0[SIGNALS.len() + index]
    }

    pub(crate) fn int(&self, index: usize) -> i64 {
        match self.window(index) {
            Reading::Known(Value::Int(number)) => *number,
            other => panic!("window {index} is {}", other.text()),
        }
    }

    /// What the profile says, except for the failures in a row, which strangers can make.
    pub(crate) fn profile(&self) -> Vec<(&'static str, String)> {
        let counters =
            ["user.failures_consecutive", "user.last_failure_age", "user.last_success_age"];
        SIGNALS
            .iter()
            .filter(|signal| signal.origin == Origin::Profile && !counters.contains(&signal.name))
            .map(|signal| (signal.name, self.text(signal.name)))
            .collect()
    }
}
