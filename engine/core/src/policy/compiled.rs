//! A policy: everything of one rule directory, compiled, immutable, named by the hash of its text.

use std::fmt;
use std::mem;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::facts::{Answered, Facts};
use super::list::List;
use super::plan::{Degraded, Group, Lookup, Places, Rule, Thresholds, Throttle, Who};
use super::program::{Condition, Program, Slot};
use super::sources::Sources;
use crate::decision::Verdict;
use crate::event::{Journey, Population};
use crate::signal::{self, Origin, SIGNALS};
use crate::time::Timestamp;
use crate::value::{Cause, Reading, Type, Value};
use crate::window::{Aggregate, Windows};

/// All rules, windows, thresholds and lists of one rule directory.
///
/// The readings that a policy works on are one vector: the signals in the order of
/// [`SIGNALS`], then the policy's attributes, then its windows, then the answers of its lists. [`Policy::slots`] names them.
#[derive(Debug)]
pub struct Policy {
    pub(crate) version: Version,
    /// By slot that is given: what evidence calls it.
    pub(crate) given_names: Box<[Arc<str>]>,
    pub(crate) windows: Windows,
    pub(crate) filters: WindowFilters,
    pub(crate) lookups: Vec<Lookup>,
    pub(crate) lists: Vec<List>,
    pub(crate) program: Program,
    pub(crate) populations: Vec<Condition>,
    pub(crate) groups: Vec<Group>,
    /// The narrowest scope first.
    pub(crate) journeys: Vec<Thresholds>,
    /// The narrowest scope first.
    pub(crate) degraded: Vec<Degraded>,
    /// The narrowest scope first.
    pub(crate) throttles: Vec<Throttle>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) places: Places,
}

/// Which attempts count in windows.
#[derive(Debug, Default)]
pub(crate) struct WindowFilters {
    program: Program,
    /// Each once: many windows share few conditions.
    conditions: Vec<Condition>,
    /// By window, the place of its condition; all attempts count where there is none.
    by_window: Vec<Option<usize>>,
    /// Where the verdict stands in the readings.
    verdict_slot: usize,
    /// The atoms that ask for it.
    verdict_atoms: Vec<usize>,
    /// The windows that count by it, each with the place of its condition.
    by_verdict: Vec<(usize, usize)>,
}

/// Which windows an attempt counts in, and what was answered to find that out.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    pub(crate) windows: Vec<bool>,
    answered: Answered,
}

/// One place in the readings.
#[derive(Clone, Debug, PartialEq)]
pub struct SlotSpec {
    /// The name in records: a signal, a window, or `ip in corp_egress`.
    pub name: Arc<str>,
    /// Its type.
    pub kind: Type,
}

/// A list's file as the policy holds it, for the record of what data decided.
#[derive(Clone, Debug, PartialEq)]
pub struct ListVersion {
    /// The list.
    pub name: Arc<str>,
    /// The path of its file, as the rules name it.
    pub path: Arc<str>,
    /// When the file was last brought up to date.
    pub updated_at: Timestamp,
    /// How many entries it has.
    pub entries: usize,
}

impl Policy {
    /// The hash of the rule files.
    pub fn version(&self) -> Version {
        self.version
    }

    /// The windows that the store keeps for this policy, in the order of their slots.
    pub fn windows(&self) -> &Windows {
        &self.windows
    }

    /// What stands where in the readings.
    pub fn slots(&self) -> Vec<SlotSpec> {
        let native = SIGNALS.iter().map(|it| SlotSpec { name: it.name.into(), kind: it.kind });
        let attributes = self
            .windows
            .attributes
            .iter()
            .map(|attribute| SlotSpec { name: Arc::clone(&attribute.name), kind: attribute.kind });
        let windows = self.windows.specs.iter().map(|window| SlotSpec {
            name: Arc::clone(&window.name),
            kind: window_kind(&window.aggregate, &self.windows),
        });
        let lookups = self.lookups.iter().map(|lookup| SlotSpec {
            name: Arc::clone(&lookup.name),
            kind: if lookup.attribute.is_some() { Type::Text } else { Type::Bool },
        });
        native.chain(attributes).chain(windows).chain(lookups).collect()
    }

    /// How many readings there are.
    pub fn slot_count(&self) -> usize {
        self.window_slot() + self.windows.specs.len() + self.lookups.len()
    }

    /// The slot of the first window; the others follow.
    pub fn window_slot(&self) -> usize {
        self.windows.first_slot()
    }

    /// The lists with the state of their files.
    pub fn lists(&self) -> impl Iterator<Item = ListVersion> {
        self.lists.iter().map(|list| ListVersion {
            name: Arc::clone(&list.name),
            path: Arc::clone(&list.path),
            updated_at: list.updated_at,
            entries: list.len(),
        })
    }

    /// Asks the lists: fills their slots of `readings` from the signals that stand there already.
    ///
    /// A list that is too old at the attempt's time answers nothing.
    pub fn memberships(&self, readings: &mut [Reading]) {
        self.ask(self.lookups.iter().enumerate(), readings);
    }

    /// Asks only the lists that are asked about signals of the event: before [`Policy::counted`], which may need
    /// them.
    pub fn memberships_of_event(&self, readings: &mut [Reading]) {
        self.ask(self.lookups.iter().enumerate().filter(|(_, lookup)| of_event(lookup)), readings);
    }

    /// Asks the other lists, once memory has been read.
    pub fn memberships_of_memory(&self, readings: &mut [Reading]) {
        self.ask(self.lookups.iter().enumerate().filter(|(_, lookup)| !of_event(lookup)), readings);
    }

    fn ask<'p>(
        &self,
        lookups: impl Iterator<Item = (usize, &'p Lookup)>,
        readings: &mut [Reading],
    ) {
        let now = match self.places.time {
            Slot::Given(slot) => readings.get(slot).map_or_else(Timestamp::default, instant),
            Slot::Derived(_) => Timestamp::default(),
        };
        let base = self.window_slot() + self.windows.specs.len();
        for (index, lookup) in lookups {
            let answer = self.answer(lookup, readings, now);
            if let Some(place) = readings.get_mut(base + index) {
                *place = answer;
            }
        }
    }

    /// Whether the attempt counts in each window, in their order; from what the event tells. `out` is
    /// emptied first.
    pub fn counted(&self, readings: &[Reading], out: &mut Vec<bool>) {
        self.filters.counted(readings, out);
    }

    /// The same, to go on from once the verdict is known.
    pub(crate) fn count(&self, readings: &[Reading]) -> Counted {
        let mut windows = Vec::new();
        let answered = self.filters.counted(readings, &mut windows).into_answered();
        Counted { windows, answered }
    }

    /// The windows that the attempt counts in now that it was decided, and did not before; `None` if there are none.
    /// The readings are the same otherwise, and are left so.
    pub(crate) fn counted_by_verdict(
        &self,
        counted: Counted,
        readings: &mut [Reading],
        verdict: Verdict,
    ) -> Option<Vec<bool>> {
        let WindowFilters { program, verdict_slot, verdict_atoms, by_verdict, .. } = &self.filters;
        if by_verdict.is_empty() {
            return None;
        }
        let known = Reading::Known(Value::Word(verdict.word()));
        let unknown = mem::replace(readings.get_mut(*verdict_slot)?, known);
        let Counted { windows, answered } = counted;
        let facts = Facts::resume(program, readings, answered, verdict_atoms);
        let mut now = vec![false; windows.len()];
        for (window, condition) in by_verdict {
            let holds = |condition| facts.holds(condition) == Some(true);
            let counts = self.filters.conditions.get(*condition).is_some_and(holds);
            let before = windows.get(*window).is_some_and(|counted| *counted);
            if let Some(now) = now.get_mut(*window) {
                *now = counts && !before;
            }
        }
        *readings.get_mut(*verdict_slot)? = unknown;
        now.contains(&true).then_some(now)
    }

    /// What the policy costs, in counts.
    pub fn bill(&self) -> Bill {
        Bill {
            rules: self.rules.len(),
            conditions: self.program.atoms.len(),
            windows: self.windows.specs.len(),
            entities: self.windows.entities.len(),
            lookups: self.lookups.len(),
        }
    }

    /// The name of what stands in the slot.
    pub(crate) fn slot_name(&self, slot: Slot) -> Arc<str> {
        let name = match slot {
            Slot::Given(index) => self.given_names.get(index),
            Slot::Derived(index) => self.program.derived.get(index).map(|derived| &derived.name),
        };
        name.map_or_else(Arc::default, Arc::clone)
    }

    /// Whether a condition asks for what stands in the slot.
    pub(crate) fn asks(&self, slot: Slot) -> bool {
        self.program.atoms.iter().any(|atom| atom.slot == slot)
    }

    pub(crate) fn who<'r>(&self, facts: &'r Facts<'_>) -> Who<'r> {
        let bit = |words: &[&str], slot| {
            let Reading::Known(Value::Word(word)) = facts.reading(slot) else { return 0 };
            words.iter().position(|known| known == word).map_or(0, |position| 1_u64 << position)
        };
        let tenant = match facts.reading(self.places.tenant) {
            Reading::Known(Value::Text(tenant)) => &**tenant,
            Reading::Known(_) | Reading::Unknown(_) => "",
        };
        let members = self.populations.iter().enumerate();
        let custom = members.filter(|(_, condition)| facts.holds(condition) == Some(true));
        Who {
            time: instant(facts.reading(self.places.time)),
            journey: bit(Journey::WORDS, self.places.journey),
            population: bit(Population::WORDS, self.places.population),
            custom: custom.fold(0, |bits, (index, _)| bits | 1 << index),
            tenant,
        }
    }

    fn answer(&self, lookup: &Lookup, readings: &[Reading], now: Timestamp) -> Reading {
        let Some(list) = self.lists.get(lookup.list).filter(|list| !list.stale(now)) else {
            return Reading::Unknown(Cause::LookupFailed);
        };
        let value = match readings.get(lookup.operand) {
            Some(Reading::Known(value)) => value,
            Some(Reading::Unknown(cause)) => return Reading::Unknown(*cause),
            None => return Reading::Unknown(Cause::MissingInput),
        };
        let entry = list.find(value, now);
        match lookup.attribute {
            None => Reading::Known(Value::Bool(entry.is_some())),
            Some(column) => match entry.and_then(|entry| entry.attribute(column)) {
                Some(text) => Reading::Known(Value::Text(Arc::clone(text).into())),
                None => Reading::Unknown(Cause::NotApplicable),
            },
        }
    }
}

impl WindowFilters {
    /// From the condition of each window, whose atoms are those of `program`.
    pub(crate) fn new(program: Program, filters: Vec<Option<Condition>>) -> Self {
        let verdict_slot = signal::find("verdict").unwrap_or(usize::MAX);
        let atoms = program.atoms.iter().enumerate();
        let asked = atoms.filter(|(_, atom)| atom.slot == Slot::Given(verdict_slot));
        let verdict_atoms: Vec<usize> = asked.map(|(number, _)| number).collect();
        let mut all = Self { program, verdict_slot, verdict_atoms, ..Self::default() };
        for (window, filter) in filters.into_iter().enumerate() {
            let mut asks = false;
            if let Some(filter) = &filter {
                filter.atoms(&mut |atom| asks |= all.verdict_atoms.contains(&atom));
            }
            let place = filter.map(|filter| all.place(filter));
            all.by_verdict.extend(place.filter(|_| asks).map(|place| (window, place)));
            all.by_window.push(place);
        }
        all
    }

    /// Whether the attempt counts in each window, in `out`, which is emptied first; and everything that was asked.
    fn counted<'a>(&'a self, readings: &'a [Reading], out: &mut Vec<bool>) -> Facts<'a> {
        out.clear();
        let facts = Facts::new(&self.program, readings);
        let holds = |condition: &Condition| facts.holds(condition) == Some(true);
        let held: Vec<bool> = self.conditions.iter().map(holds).collect();
        let counts = |condition: usize| held.get(condition).is_some_and(|held| *held);
        out.extend(self.by_window.iter().map(|condition| condition.is_none_or(counts)));
        facts
    }

    fn place(&mut self, condition: Condition) -> usize {
        let known = self.conditions.iter().position(|known| *known == condition);
        known.unwrap_or_else(|| {
            self.conditions.push(condition);
            self.conditions.len() - 1
        })
    }
}

/// A policy's name: SHA-256 over the paths and texts of its rule files, in the order of the paths.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Version([u8; 32]);

impl Version {
    /// The version of a rule directory.
    pub fn of(sources: &Sources) -> Self {
        let mut files: Vec<_> =
            sources.iter().map(|(_, file)| (file.path(), file.text())).collect();
        files.sort_unstable();
        let mut hash = Sha256::new();
        for text in files.iter().flat_map(|(path, text)| [path, text]) {
            hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(text.as_bytes());
        }
        Self(hash.finalize().into())
    }

    /// The 32 bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// In hexadecimal; `{:.12}` for the first digits only.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        f.pad(&digits)
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a policy costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bill {
    /// Rules of all three kinds.
    pub rules: usize,
    /// Different atomic conditions.
    pub conditions: usize,
    /// Windows.
    pub windows: usize,
    /// Different keys of windows: one lock each per attempt.
    pub entities: usize,
    /// Questions to lists.
    pub lookups: usize,
}

/// `84 rules, 131 conditions, 9 windows by 4 keys, 3 look-ups`
impl fmt::Display for Bill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rules, conditions, windows, entities, lookups } = self;
        write!(f, "{}, {}", counted(*rules, "rule"), counted(*conditions, "condition"))?;
        write!(f, ", {} by {}", counted(*windows, "window"), counted(*entities, "key"))?;
        write!(f, ", {}", counted(*lookups, "look-up"))
    }
}

fn window_kind(aggregate: &Aggregate, windows: &Windows) -> Type {
    match aggregate {
        Aggregate::Count | Aggregate::Distinct { .. } | Aggregate::Run { .. } => Type::Int,
        Aggregate::Spread => Type::Distance,
        Aggregate::Regularity => Type::Ratio,
        Aggregate::Sum { of }
        | Aggregate::Max { of }
        | Aggregate::Mean { of }
        | Aggregate::Deviation { of } => windows.kind(*of),
        Aggregate::First | Aggregate::Last => Type::Duration,
    }
}

fn instant(reading: &Reading) -> Timestamp {
    match reading {
        Reading::Known(Value::Instant(at)) => *at,
        Reading::Known(_) | Reading::Unknown(_) => Timestamp::default(),
    }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// Whether a list is asked about what the event tells.
fn of_event(lookup: &Lookup) -> bool {
    SIGNALS.get(lookup.operand).is_some_and(|signal| signal.origin == Origin::Event)
}
