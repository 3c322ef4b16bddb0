//! Events seen before, so that telling one twice changes nothing.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::BuildHasherDefault;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::event::Id;
use crate::keyed::{Keyed, PassThrough, halves};
use crate::record::{DecisionId, TAIL_BITS};
use crate::time::Timestamp;

/// Events remembered: about this many at least, and about twice as many at most. Older ones count as new.
///
/// A little less than a million: a hash table with a power of two of places is full at seven eighths.
pub const EVENTS_SEEN_MIN: usize = 7 << 17;

/// Parts that are locked on their own.
const SHARDS: usize = 64;

/// Where the decision of an event is recorded; opaque here.
pub type Location = (u64, u64);

/// An event by a keyed hash of its tenant and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventKey(u128);

/// An event that is recorded, as one memory hands it to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenEvent {
    /// Part of its key.
    pub tail: u64,
    /// The hash of everything that it says.
    pub payload: u64,
    /// Where it is recorded.
    pub location: Location,
}

/// What is known of an event that somebody wants to handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Never seen: whoever asked handles it, and then completes it.
    New,
    /// Seen with the same payload, and recorded there.
    Same(Location),
    /// Seen with another payload.
    Conflict,
    /// Seen with the same payload, and somebody is handling it right now.
    InFlight,
}

/// The newest events and where their decisions are.
pub struct SeenEvents {
    keyed: Keyed,
    events_min: usize,
    shards: Box<[Mutex<Generations>]>,
}

type Generation = HashMap<u64, Event, BuildHasherDefault<PassThrough>>;

/// Two generations: when the young one is full it becomes the old one, and the old one is forgotten.
#[derive(Default)]
struct Generations {
    young: Generation,
    old: Generation,
}

#[derive(Clone, Copy)]
struct Event {
    payload: u64,
    location: Option<Location>,
}

impl EventKey {
    /// The id of the decision on the event: a UUID of version 7 (RFC 9562) that has the key's bits where
    /// others have random ones.
    ///
    /// So whoever remembers the event finds it by the decision's id too, the same event is never decided
    /// under two ids of one millisecond, and nobody without the secret key can choose an id.
    pub fn decision_id(self, decided_at: Timestamp) -> DecisionId {
        let [high, low] = halves(self.0);
        DecisionId::new(decided_at, u16::try_from(high >> 52).unwrap_or_default(), low)
    }

    /// What the memory goes by: all that a decision's id keeps of the key, at both ends of the word, since
    /// a hash table looks at both.
    fn tail(self) -> u64 {
        let tail = DecisionId(self.0).tail();
        tail << (64 - TAIL_BITS) | tail >> (2 * TAIL_BITS - 64)
    }
}

/// The event by the id of the decision on it, as [`EventKey::decision_id`] made it.
impl From<DecisionId> for EventKey {
    fn from(id: DecisionId) -> Self {
        Self(id.0)
    }
}

impl SeenEvents {
    /// Remembers nothing yet, and later about `events_min` events at least, [`EVENTS_SEEN_MIN`] in production.
    /// `key` is secret and random.
    pub fn new(key: [u8; 16], events_min: usize) -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self { keyed: Keyed::new(key), events_min: events_min.div_ceil(SHARDS).max(1), shards }
    }

    /// The name of an event of a tenant.
    pub fn key(&self, tenant: &Id, event_id: &Id) -> EventKey {
        EventKey(self.keyed.names(tenant.as_str()).of(event_id))
    }

    /// A hash of everything that an event says, for [`SeenEvents::claim`].
    pub fn hash(&self, payload: &[u8]) -> u64 {
        self.keyed.hash(payload)
    }

    /// Claims an event; `payload` is a hash of everything it says. Of any number of callers at once exactly
    /// one is told [`Claim::New`].
    pub fn claim(&self, event: EventKey, payload: u64) -> Claim {
        let Some(mut generations) = self.generations(event) else { return Claim::InFlight };
        if let Some(event) = generations.old.get(&event.tail()) {
            return event.claim(payload);
        }
        match generations.young.entry(event.tail()) {
            Entry::Occupied(entry) => return entry.get().claim(payload),
            Entry::Vacant(entry) => entry.insert(Event { payload, location: None }),
        };
        generations.age(self.events_min);
        Claim::New
    }

    /// Remembers where the decision of a claimed event was recorded.
    pub fn complete(&self, event: EventKey, location: Location) {
        if let Some(mut generations) = self.generations(event)
            && let Some(event) = generations.find(event)
        {
            event.location = Some(location);
        }
    }

    /// Where an event was recorded, if it is remembered and complete.
    pub fn find(&self, event: EventKey) -> Option<Location> {
        self.generations(event)?.find(event)?.location
    }

    /// Every event that is complete, a few thousand at a time, the older before the newer.
    pub fn entries(&self) -> impl Iterator<Item = Vec<SeenEvent>> {
        self.shards.iter().map(|shard| {
            let generations = shard.lock().unwrap_or_else(PoisonError::into_inner);
            let events = generations.old.iter().chain(&generations.young);
            let complete = events.filter_map(|(tail, event)| {
                Some(SeenEvent { tail: *tail, payload: event.payload, location: event.location? })
            });
            complete.collect()
        })
    }

    /// Remembers an event that another memory under the same key had.
    pub fn load(&self, event: SeenEvent) {
        let SeenEvent { tail, payload, location } = event;
        if let Some(mut generations) = self.generations_of(tail) {
            generations.young.insert(tail, Event { payload, location: Some(location) });
            generations.age(self.events_min);
        }
    }

    fn generations(&self, event: EventKey) -> Option<MutexGuard<'_, Generations>> {
        self.generations_of(event.tail())
    }

    fn generations_of(&self, tail: u64) -> Option<MutexGuard<'_, Generations>> {
        let shard = usize::try_from(tail >> 32).unwrap_or_default() % SHARDS;
        self.shards.get(shard).map(|shard| shard.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Generations {
    /// Begins a new generation, in the memory of the one before the last, when the young one is full.
    fn age(&mut self, events_min: usize) {
        if self.young.len() >= events_min {
            mem::swap(&mut self.young, &mut self.old);
            self.young.clear();
        }
    }

    fn find(&mut self, event: EventKey) -> Option<&mut Event> {
        let tail = event.tail();
        self.young.get_mut(&tail).or_else(|| self.old.get_mut(&tail))
    }
}

impl Event {
    fn claim(&self, payload: u64) -> Claim {
        match self.location {
            _ if self.payload != payload => Claim::Conflict,
            Some(location) => Claim::Same(location),
            None => Claim::InFlight,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_leads_back_to_its_event() {
        let check = |bits: u128, ms: i64, expected: u128| {
            let key = EventKey(bits);
            let id = key.decision_id(Timestamp::from_ms(ms));
            assert_eq!(id.0, expected, "{id}");
            assert_eq!(EventKey::from(id).tail(), key.tail());
        };
        check(0, 0, 0x0000_0000_0000_7000_8000_0000_0000_0000);
        check(u128::MAX, 0x0199_c0de_6a3f, 0x0199_c0de_6a3f_7fff_bfff_ffff_ffff_ffff);
        check(0xabc << 116 | 0x1234, 1, 0x0000_0000_0001_7abc_8000_0000_0000_1234);
    }
}
