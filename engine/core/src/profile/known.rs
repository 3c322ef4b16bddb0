//! Values that older logins had, and how often.

use std::fmt::Debug;

use super::second::Second;
use crate::few;
use crate::packed::{Reader, VARINT_U32_BYTES_MAX, Writer};
use crate::time::Timestamp;

/// When and how often something was part of a trusted login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sighting {
    /// The first time, as far as whole seconds tell.
    pub first_at: Timestamp,
    /// The last time, as far as whole seconds tell.
    pub last_at: Timestamp,
    /// How many times.
    pub count: u32,
}

/// Levels of detail that a value can be known in.
pub(super) const LEVELS: usize = 3;

/// Something that logins have in common: exactly, or only in part.
pub(super) trait Value: Copy + Ord + Debug {
    /// Most values kept of each level of detail, the finest first.
    const LEVELS_MAX: [usize; LEVELS];

    /// Most bytes that a value takes with its state.
    const BYTES_MAX: usize;

    /// What is remembered beside the times.
    type State: Copy + Eq + Debug;

    /// How coarsely the value is known.
    fn level(&self) -> usize;

    /// The value with its finest part forgotten; `None` if nothing would be left.
    fn coarser(&self) -> Option<Self>;

    /// What both say together, each as it was at its second. Commutes.
    fn both(one: (Second, Self::State), other: (Second, Self::State)) -> Self::State;

    fn pack(&self, to: &mut Writer);

    fn unpack(from: &mut Reader<'_>) -> Self;

    fn pack_state(state: &Self::State, last: Second, to: &mut Writer);

    fn unpack_state(from: &mut Reader<'_>, last: Second) -> Self::State;
}

/// Most values kept of all levels.
pub(super) const fn values_max<V: Value>() -> usize {
    let [fine, middle, coarse] = V::LEVELS_MAX;
    fine + middle + coarse
}

/// Most bytes that all of them take.
pub(super) const fn bytes_max<V: Value>() -> usize {
    1 + values_max::<V>() * (V::BYTES_MAX + SEEN_BYTES_MAX)
}

/// Most bytes of a [`Seen`].
const SEEN_BYTES_MAX: usize = 4 + VARINT_U32_BYTES_MAX + VARINT_U32_BYTES_MAX;

/// When and how often, in a profile's own units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) first: Second,
    pub(super) last: Second,
    pub(super) count: u32,
}

impl Seen {
    pub(super) fn once(at: Second) -> Self {
        Self { first: at, last: at, count: 1 }
    }

    /// Both together. Commutes.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            first: self.first.min(other.first),
            last: self.last.max(other.last),
            count: self.count.saturating_add(other.count),
        }
    }

    pub(super) fn sighting(self) -> Sighting {
        Sighting { first_at: self.first.at(), last_at: self.last.at(), count: self.count }
    }

    fn pack(self, to: &mut Writer) {
        to.u32(self.last.0);
        to.varint(self.last.since(self.first));
        to.varint(self.count);
    }

    fn unpack(from: &mut Reader<'_>) -> Self {
        let last = Second(from.u32());
        Self { first: last.before(from.varint_u32()), last, count: from.varint_u32() }
    }
}

/// One value that older logins had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KnownValue<V: Value> {
    pub(super) value: V,
    pub(super) seen: Seen,
    pub(super) state: V::State,
}

impl<V: Value> KnownValue<V> {
    fn join(&mut self, other: &Self) {
        self.state = V::both((self.seen.last, self.state), (other.seen.last, other.state));
        self.seen = self.seen.and(other.seen);
    }
}

/// The values of one kind, sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known<V: Value>(Vec<KnownValue<V>>);

impl<V: Value> Default for Known<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V: Value> Known<V> {
    pub(super) fn values(&self) -> &[KnownValue<V>] {
        &self.0
    }

    /// When the first of all was first seen.
    pub(super) fn first(&self) -> Option<Second> {
        self.0.iter().map(|known| known.seen.first).min()
    }

    /// Adds sightings. Of more values than are kept, the longest unseen is remembered less finely, and in the
    /// end not at all; only then does the order of learning matter.
    pub(super) fn add(&mut self, value: KnownValue<V>) {
        let mut next = Some(value);
        while let Some(value) = next {
            match self.position(&value.value) {
                Ok(at) => {
                    if let Some(known) = self.0.get_mut(at) {
                        known.join(&value);
                    }
                }
                Err(at) => few::insert(&mut self.0, at, value),
            }
            next = self.surplus(value.value.level()).and_then(|longest| {
                longest.value.coarser().map(|coarser| KnownValue { value: coarser, ..longest })
            });
        }
    }

    /// Adds all of another's.
    pub(super) fn join(&mut self, others: &Self) {
        others.0.iter().for_each(|value| self.add(*value));
    }

    /// Takes one sighting back; the value goes with its last one.
    pub(super) fn take(&mut self, value: V) {
        let mut finest = std::iter::successors(Some(value), Value::coarser);
        let Some(at) = finest.find_map(|value| self.position(&value).ok()) else { return };
        let Some(known) = self.0.get_mut(at) else { return };
        known.seen.count = known.seen.count.saturating_sub(1);
        if known.seen.count == 0 {
            self.0.remove(at);
        }
    }

    pub(super) fn pack(&self, to: &mut Writer) {
        to.count(self.0.len());
        for known in &self.0 {
            known.value.pack(to);
            known.seen.pack(to);
            V::pack_state(&known.state, known.seen.last, to);
        }
    }

    pub(super) fn unpack(from: &mut Reader<'_>) -> Self {
        let count = from.count();
        let known = |_| {
            let (value, seen) = (V::unpack(from), Seen::unpack(from));
            KnownValue { value, seen, state: V::unpack_state(from, seen.last) }
        };
        Self((0..count).map(known).collect())
    }

    /// Removes the longest unseen value of a level that has too many.
    fn surplus(&mut self, level: usize) -> Option<KnownValue<V>> {
        let values_max = V::LEVELS_MAX.get(level).copied().unwrap_or_default();
        let same = |(_, known): &(usize, &KnownValue<V>)| known.value.level() == level;
        if self.0.iter().enumerate().filter(same).count() <= values_max {
            return None;
        }
        let unseen = |(_, known): &(usize, &KnownValue<V>)| (known.seen.last, known.value);
        let longest = self.0.iter().enumerate().filter(same).min_by_key(unseen);
        longest.map(|(at, _)| at).map(|at| self.0.remove(at))
    }

    fn position(&self, value: &V) -> Result<usize, usize> {
        self.0.binary_search_by_key(value, |known| known.value)
    }
}
