//! The decision: a function of the readings and the policy.
//!
//! Every rule is looked at, so the order of rules never matters. Points of the rules that fired are added
//! within their groups, the groups are clamped, and the sum meets the narrowest thresholds. Then what is
//! missing hardens, `deny` and throttling beat everything, and then comes the guard that a stranger cannot lock the
//! owner out: what strangers can bring about never denies a known device on a known network, nor anybody whom it may be
//! counted for by mistake. A step-up that was met already is none.

mod effect;
mod proof;
mod tally;
mod text;
mod throttle;

use std::sync::Arc;

use crate::decision::{Decision, Degraded, Reason, ShadowVerdict, Undecided, Verdict};
use crate::policy::Policy;
use crate::policy::facts::Facts;
use crate::policy::plan::Who;
use crate::policy::program::{Condition, Slot};
use crate::value::{Cause, Reading, Value};
use effect::{Effects, gather};
pub use tally::Limits;
use tally::Tally;

/// The code of the reason that the guard gives.
pub const OWNER_PROTECTED: &str = "OWNER_PROTECTED";
/// The code of the reason that too many failures in a row give.
pub const FAILURE_LIMIT: &str = "FAILURE_LIMIT";
/// The code of the reason that a try too soon after a failure gives.
pub const THROTTLED: &str = "THROTTLED";
/// The code of the reason that a proof given before gives.
pub const CHALLENGE_SATISFIED: &str = "CHALLENGE_SATISFIED";
/// The code of the reason that missing data gives.
pub const DEGRADED: &str = "DEGRADED";
/// The code of the reason that counts which may be too high give.
pub const COUNTS_ESTIMATED: &str = "COUNTS_ESTIMATED";
/// What is degraded when counts may be too high, since memory was short.
const MEMORY: &str = "memory";
/// What is degraded when nobody knows where the address is.
const PLACE: &str = "place";
/// What is degraded when nobody knows who announces the address.
const NETWORK: &str = "network";

/// Applies every rule of `policy` to `readings`, which stand as [`Policy::slots`] says.
///
/// Nothing is allocated unless a rule fires, is undecided or the verdict is not allow.
pub fn decide(readings: &[Reading], policy: &Policy) -> Decision {
    let facts = Facts::new(&policy.program, readings);
    let who = policy.who(&facts);
    let effects = gather(policy, &facts, &who);
    let limits = Limits::of(&policy.journeys, &who);
    let degraded = degraded_line(policy, &facts, &who, &effects);
    let row = throttle::Row::of(policy, &facts, &who);
    let throttled = row.as_ref().and_then(throttle::Row::denies);
    let judge = |tally: Tally| limits.verdict(tally, degraded);

    let tally = Tally::of(policy, effects.acting.iter());
    let decided = judge(tally);
    let judged = if throttled.is_some() { Verdict::Deny } else { decided };
    let guard = Guard::of(policy, &facts);
    let mut verdict = guarded(guard, policy, &effects, judged, &judge);
    let mut reasons: Vec<Reason> =
        effects.acting.iter().map(|effect| text::reason(policy, &facts, effect, &tally)).collect();
    if let Some(line) = degraded
        && limits.verdict(tally, None) != decided
    {
        reasons.push(text::missing(line, &effects.undecided));
    }
    reasons.extend(throttled);
    if let Some(guard) = guard.filter(|_| verdict != judged) {
        reasons.push(text::guarded(guard, judged));
    }
    let mut challenge =
        (verdict == Verdict::StepUp).then(|| proof::challenge(&policy.journeys, &who));
    let proof = challenge.as_ref().and_then(|asked| proof::given(asked, policy, &facts));
    if let Some(proof) = &proof {
        (verdict, challenge) = (Verdict::Allow, None);
        reasons.push(text::satisfied(proof));
    }
    reasons
        .sort_by_key(|reason| std::cmp::Reverse(reason.points.map_or(u32::MAX, i32::unsigned_abs)));
    let (retry_after_ms, attempts_remaining) =
        row.map(|row| row.left(verdict)).map_or((None, None), |(wait, left)| (wait, Some(left)));
    Decision {
        verdict,
        score: tally.score,
        level: limits.level(tally.score),
        reasons,
        challenge,
        satisfied_by: proof.map(|proof| proof.by),
        retry_after_ms,
        attempts_remaining,
        degraded: missing(&facts, policy, &effects),
        shadows: shadows(policy, &effects, &judge),
        undecided: effects.undecided,
    }
}

/// The thresholds that [`decide`] holds the score against, for the same readings.
pub fn limits(readings: &[Reading], policy: &Policy) -> Limits {
    let facts = Facts::new(&policy.program, readings);
    Limits::of(&policy.journeys, &policy.who(&facts))
}

/// Why what strangers can bring about leads to a step-up at most.
#[derive(Clone, Copy, Debug)]
enum Guard {
    /// A known device in a known network.
    Owner,
    /// Windows may count what others did.
    Estimated,
}

impl Guard {
    fn of(policy: &Policy, facts: &Facts<'_>) -> Option<Self> {
        if owner_at_door(policy, facts) {
            Some(Self::Owner)
        } else {
            yes(facts, policy.places.counts_estimated).then_some(Self::Estimated)
        }
    }
}

fn owner_at_door(policy: &Policy, facts: &Facts<'_>) -> bool {
    yes(facts, policy.places.device_known) && yes(facts, policy.places.network_known)
}

fn yes(facts: &Facts<'_>, slot: Slot) -> bool {
    *facts.reading(slot) == Reading::Known(Value::Bool(true))
}

/// The verdict, softened to a step-up where only what strangers can bring about speaks for a deny.
fn guarded(
    guard: Option<Guard>,
    policy: &Policy,
    effects: &Effects<'_>,
    verdict: Verdict,
    judge: &impl Fn(Tally) -> Verdict,
) -> Verdict {
    if verdict != Verdict::Deny || guard.is_none() {
        return verdict;
    }
    let witnessed = effects.acting.iter().filter(|effect| !effect.strangers);
    judge(Tally::of(policy, witnessed)).max(Verdict::StepUp)
}

/// What the policy answers when data is missing, if data was missing that a rule needed and that it has no
/// answer for itself.
fn degraded_line(
    policy: &Policy,
    facts: &Facts<'_>,
    who: &Who<'_>,
    effects: &Effects<'_>,
) -> Option<(Verdict, bool)> {
    if !effects.missing {
        return None;
    }
    let line = policy.degraded.iter().find(|line| line.scope.covers(who))?;
    let excepted = |unless: &Condition| facts.holds(unless) == Some(true);
    (!line.unless.as_ref().is_some_and(excepted)).then_some((line.verdict, line.at_least))
}

/// Whether something failed that ought to work, as opposed to history that is not there yet.
fn failed(cause: Cause) -> bool {
    match cause {
        Cause::MissingInput | Cause::LookupFailed | Cause::Incomplete => true,
        Cause::NoHistory | Cause::Excluded | Cause::NotApplicable => false,
    }
}

fn missing(facts: &Facts<'_>, policy: &Policy, effects: &Effects<'_>) -> Vec<Degraded> {
    let mut all: Vec<Degraded> = Vec::new();
    for Undecided { signal, cause, .. } in &effects.undecided {
        if failed(*cause) && !all.iter().any(|known| known.what == *signal) {
            all.push(Degraded { what: Arc::clone(signal), cause: *cause });
        }
    }
    let looked_up = [(PLACE, policy.places.place), (NETWORK, policy.places.network)];
    for (what, slot) in looked_up.iter().filter(|_| effects.lookup_failed) {
        if *facts.reading(*slot) == Reading::Unknown(Cause::LookupFailed) {
            all.push(Degraded { what: Arc::from(*what), cause: Cause::LookupFailed });
        }
    }
    if yes(facts, policy.places.counts_estimated) {
        all.push(Degraded { what: Arc::from(MEMORY), cause: Cause::Incomplete });
    }
    missing_classes(facts, policy, &mut all);
    let base = policy.window_slot() + policy.windows.specs.len();
    for (index, lookup) in policy.lookups.iter().enumerate() {
        let list = policy.lists.get(lookup.list).map(|list| &list.name);
        let given = facts.reading(Slot::Given(lookup.operand)).known().is_some();
        let stale =
            *facts.reading(Slot::Given(base + index)) == Reading::Unknown(Cause::LookupFailed);
        if let Some(name) = list.filter(|_| given && stale)
            && !all.iter().any(|known| known.what == *name || known.what == lookup.name)
        {
            all.push(Degraded { what: Arc::clone(name), cause: Cause::LookupFailed });
        }
    }
    all
}

/// The classes of network that cannot be told and that a condition asks for, also where its rule is decided all
/// the same.
fn missing_classes(facts: &Facts<'_>, policy: &Policy, all: &mut Vec<Degraded>) {
    let failed = |slot| matches!(facts.reading(slot), Reading::Unknown(Cause::LookupFailed));
    for slot in policy.places.classes.into_iter().filter(|slot| failed(*slot)) {
        let name = policy.slot_name(slot);
        if policy.asks(slot) && !all.iter().any(|known| known.what == name) {
            all.push(Degraded { what: name, cause: Cause::LookupFailed });
        }
    }
}

/// What every shadow that fires, or whose rule does, would have made of it.
fn shadows(
    policy: &Policy,
    effects: &Effects<'_>,
    judge: &impl Fn(Tally) -> Verdict,
) -> Vec<ShadowVerdict> {
    let mut verdicts = Vec::new();
    for trial in &effects.trials {
        let others = effects.acting.iter().filter(|it| it.rule != trial.rule);
        let shadow = trial.effect();
        let tally = Tally::of(policy, others.chain(trial.fires.then_some(&shadow)));
        let (verdict, score) = (judge(tally), tally.score);
        verdicts.push(ShadowVerdict { name: Arc::clone(&trial.shadow.name), verdict, score });
    }
    verdicts
}
