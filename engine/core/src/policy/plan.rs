//! A policy in its compiled form: what `decide` walks through.

use std::sync::Arc;

use super::ast::{RuleKind, VerdictWord};
use super::program::{Condition, Slot};
use crate::decision::Verdict;
use crate::event::Method;
use crate::network::NetworkClass;
use crate::signal;
use crate::time::Timestamp;

/// A rule with everything that differs by where it applies.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) name: Arc<str>,
    pub(crate) kind: RuleKind,
    /// The narrowest scope first: the first that applies is the rule.
    pub(crate) variants: Box<[Variant]>,
}

/// What a rule is in one scope.
#[derive(Clone, Debug)]
pub(crate) struct Variant {
    pub(crate) scope: Scope,
    /// It applies to everybody and always, as most do.
    pub(crate) everywhere: bool,
    /// It applies before this moment.
    pub(crate) until: Option<Timestamp>,
    pub(crate) rollout: Option<Rollout>,
    pub(crate) condition: Condition,
    pub(crate) points: i32,
    pub(crate) group: Option<usize>,
    pub(crate) reason: Reason,
    pub(crate) lines: Box<[Line]>,
    /// All atoms of the condition, and which of them may be unknown without anything to do.
    pub(crate) asked: Box<[Asked]>,
    /// The rules whose points an `allow` takes away, by index.
    pub(crate) beats: Box<[usize]>,
    /// Whether the condition reads what strangers can bring about: a window, the row of failures, or the traffic.
    pub(crate) reads_strangers: bool,
    pub(crate) shadows: Box<[Shadow]>,
}

/// Atoms of one word that a condition asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) word: usize,
    /// Where one of these is unknown, a line skips the rule, and no line says otherwise.
    pub(crate) skipped: u64,
    /// The others.
    pub(crate) open: u64,
}

/// Where something applies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scope {
    /// Journeys by their position in `Journey::ALL`, one bit each; none means all.
    pub(crate) journeys: u64,
    /// Populations of the schema by their position in `Population::ALL`; with `custom` none means all.
    pub(crate) populations: u64,
    /// Populations that the policy defines, by index.
    pub(crate) custom: u64,
    /// Tenants; empty means all.
    pub(crate) tenants: Box<[Arc<str>]>,
}

/// A share of the values of a slot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rollout {
    pub(crate) by: Slot,
    pub(crate) share: f64,
}

/// `if unknown(…) …`
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// The slots that it names.
    pub(crate) named: Box<[Slot]>,
    /// Other slots that the rule reads, each with a slot that it depends on and that this line answers for.
    pub(crate) through: Box<[(Slot, Slot)]>,
    /// `None` where the rule is skipped.
    pub(crate) points: Option<i32>,
    pub(crate) reason: Option<Reason>,
}

/// What a rule says when it acts.
#[derive(Clone, Debug)]
pub(crate) struct Reason {
    pub(crate) code: Arc<str>,
    pub(crate) template: Box<[Part]>,
    pub(crate) tell: Option<Arc<str>>,
    pub(crate) tags: Arc<[Arc<str>]>,
}

/// One stretch of a reason's text.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    Text(Box<str>),
    Reading(Slot),
}

/// What a rule would be.
#[derive(Clone, Debug)]
pub(crate) struct Shadow {
    /// `travel.impossible/lower_bar`
    pub(crate) name: Arc<str>,
    /// It is evaluated from this moment.
    pub(crate) since: Timestamp,
    /// It is evaluated before this moment.
    pub(crate) until: Timestamp,
    pub(crate) condition: Condition,
    pub(crate) points: i32,
}

/// Bounds of the sum of rules that say the same thing.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) name: Arc<str>,
    pub(crate) at_least: i32,
    pub(crate) at_most: i32,
}

/// One block of thresholds; each part may be left to a wider block.
#[derive(Clone, Debug)]
pub(crate) struct Thresholds {
    pub(crate) scope: Scope,
    pub(crate) step_up_from: Option<i32>,
    pub(crate) deny_from: Option<i32>,
    pub(crate) methods: Option<Arc<[Method]>>,
    pub(crate) methods_forbidden: Option<Arc<[Method]>>,
    pub(crate) acr_values: Option<Arc<[Arc<str>]>>,
    pub(crate) max_age_ms: Option<i64>,
}

/// What is answered when data is missing.
#[derive(Clone, Debug)]
pub(crate) struct Degraded {
    pub(crate) scope: Scope,
    pub(crate) verdict: Verdict,
    /// It only hardens.
    pub(crate) at_least: bool,
    pub(crate) unless: Option<Condition>,
}

/// How failures in a row slow an account down.
#[derive(Clone, Debug)]
pub(crate) struct Throttle {
    pub(crate) scope: Scope,
    /// Failures in a row after which no further try is allowed.
    pub(crate) at_most: u32,
    pub(crate) wait: Option<Wait>,
    pub(crate) unless: Option<Condition>,
}

/// A wait that grows evenly, from one failure in a row to the last before the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wait {
    pub(crate) from: u32,
    pub(crate) shortest_ms: i64,
    pub(crate) longest_ms: i64,
}

impl Throttle {
    /// How long to wait after so many failures in a row, in milliseconds; 0 where there is no wait.
    pub(crate) fn wait_ms(&self, failures: u32) -> i64 {
        let Some(wait) = self.wait.filter(|wait| failures >= wait.from) else { return 0 };
        let steps = i64::from(self.at_most.saturating_sub(1).saturating_sub(wait.from)).max(1);
        let step = i64::from(failures - wait.from).min(steps);
        let more = i128::from(wait.longest_ms - wait.shortest_ms) * i128::from(step);
        wait.shortest_ms + i64::try_from(more / i128::from(steps)).unwrap_or(0)
    }
}

/// A list asked for one signal.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lookup {
    pub(crate) name: Arc<str>,
    /// The reading that is looked for, by index.
    pub(crate) operand: usize,
    /// The list, by index.
    pub(crate) list: usize,
    /// A column's text instead of whether there is an entry.
    pub(crate) attribute: Option<usize>,
}

/// Where the readings stand that scopes, the guard and the list of what is missing ask for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Places {
    pub(crate) time: Slot,
    pub(crate) tenant: Slot,
    pub(crate) population: Slot,
    pub(crate) journey: Slot,
    pub(crate) device_known: Slot,
    pub(crate) network_known: Slot,
    pub(crate) counts_estimated: Slot,
    pub(crate) failures: Slot,
    pub(crate) failure_age: Slot,
    pub(crate) credential: Slot,
    pub(crate) session_acr: Slot,
    pub(crate) session_method: Slot,
    pub(crate) session_proof_age: Slot,
    pub(crate) challenge_method: Slot,
    pub(crate) challenge_age: Slot,
    /// Has a value if the address was found among places.
    pub(crate) place: Slot,
    /// Has a value if the address was found among networks.
    pub(crate) network: Slot,
    /// What network lists say of the address.
    pub(crate) classes: [Slot; CLASS_SIGNALS.len()],
}

/// The signals that network lists answer.
const CLASS_SIGNALS: [&str; 10] = [
    "net.tor",
    "net.vpn",
    "net.proxy",
    "net.residential_proxy",
    "net.hosting",
    "net.relay",
    "net.satellite",
    "net.mobile",
    "net.corporate",
    "net.neutral",
];

const _: () = {
    // Every class, and the one that sums up four of them.
    assert!(CLASS_SIGNALS.len() == NetworkClass::ALL.len() + 1);
};

impl Places {
    /// Finds them in the signal table. One that is not there reads as absent, which is unknown.
    pub(crate) fn find() -> Self {
        let slot = |name| Slot::Given(signal::find(name).unwrap_or(usize::MAX));
        Self {
            time: slot("time"),
            tenant: slot("tenant"),
            population: slot("population"),
            journey: slot("journey"),
            device_known: slot("device.known"),
            network_known: slot("network.known"),
            counts_estimated: slot("counts.estimated"),
            failures: slot("user.failures_consecutive"),
            failure_age: slot("user.last_failure_age"),
            credential: slot("credential"),
            session_acr: slot("session.acr"),
            session_method: slot("session.method"),
            session_proof_age: slot("session.authentication_age"),
            challenge_method: slot("challenge.method"),
            challenge_age: slot("challenge.passed_age"),
            place: slot("country"),
            network: slot("asn"),
            classes: CLASS_SIGNALS.map(slot),
        }
    }
}

/// Who and what a decision is about, as far as scopes ask.
pub(crate) struct Who<'a> {
    pub(crate) time: Timestamp,
    pub(crate) journey: u64,
    pub(crate) population: u64,
    pub(crate) custom: u64,
    pub(crate) tenant: &'a str,
}

impl Rule {
    /// The rule as it is for them: the narrowest block that applies and has not ended.
    #[inline]
    pub(crate) fn variant(&self, who: &Who<'_>) -> Option<&Variant> {
        self.variants.iter().find(|variant| {
            variant.everywhere
                || variant.until.is_none_or(|until| who.time < until) && variant.scope.covers(who)
        })
    }
}

impl Scope {
    /// Whether it applies.
    #[inline]
    pub(crate) fn covers(&self, who: &Who<'_>) -> bool {
        let journey = self.journeys == 0 || self.journeys & who.journey != 0;
        let everyone = self.populations == 0 && self.custom == 0;
        let population =
            everyone || self.populations & who.population != 0 || self.custom & who.custom != 0;
        let tenants = &self.tenants;
        journey
            && population
            && (tenants.is_empty() || tenants.iter().any(|name| **name == *who.tenant))
    }

    /// How narrow it is: first how many of population and tenant it fixes, then whether a population of
    /// the policy's own, then how few journeys.
    pub(crate) fn rank(&self) -> (usize, bool, u32) {
        let population = self.populations != 0 || self.custom != 0;
        let fixed = usize::from(population) + usize::from(!self.tenants.is_empty());
        let journeys = if self.journeys == 0 { 64 } else { self.journeys.count_ones() };
        (fixed, self.custom != 0, 64 - journeys)
    }
}

impl From<VerdictWord> for Verdict {
    fn from(word: VerdictWord) -> Self {
        match word {
            VerdictWord::Allow => Self::Allow,
            VerdictWord::StepUp => Self::StepUp,
            VerdictWord::Deny => Self::Deny,
        }
    }
}
