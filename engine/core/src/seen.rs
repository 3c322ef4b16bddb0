//! Events seen before, so that telling one twice changes nothing.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::BuildHasherDefault;
use std::mem;
use std::sync::{Mutex, PoisonError};

use crate::event::Id;
use crate::keyed::{Keyed, PassThrough};

/// Events remembered: about this many at least, and about twice as many at most. Older ones count as new.
pub const EVENTS_SEEN_MIN: usize = 1 << 20;

/// Parts that are locked on their own.
const SHARDS: usize = 64;

/// Where the decision of an event is recorded; opaque here.
pub type Location = (u64, u64);

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

type Generation = HashMap<u128, Event, BuildHasherDefault<PassThrough>>;

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

impl SeenEvents {
    /// Remembers nothing yet, and later about `events_min` events at least, [`EVENTS_SEEN_MIN`] in production.
    /// `key` is secret and random.
    pub fn new(key: [u8; 16], events_min: usize) -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self { keyed: Keyed::new(key), events_min: events_min.div_ceil(SHARDS).max(1), shards }
    }

    /// Claims an event of a tenant; `payload` is a hash of everything it says. Of any number of callers at
    /// once exactly one is told [`Claim::New`].
    pub fn claim(&self, tenant: &Id, event_id: &Id, payload: u64) -> Claim {
        self.with(tenant, event_id.as_str(), |key, generations, events_min| {
            if let Some(event) = generations.old.get(&key) {
                return event.claim(payload);
            }
            match generations.young.entry(key) {
                Entry::Occupied(entry) => return entry.get().claim(payload),
                Entry::Vacant(entry) => entry.insert(Event { payload, location: None }),
            };
            generations.age(events_min);
            Claim::New
        })
        .unwrap_or(Claim::InFlight)
    }

    /// Remembers where the decision of a claimed event was recorded.
    pub fn complete(&self, tenant: &Id, event_id: &Id, location: Location) {
        self.with(tenant, event_id.as_str(), |key, generations, _| {
            if let Some(event) = generations.find(key) {
                event.location = Some(location);
            }
        });
    }

    /// Remembers where something was recorded that nobody claims, because no two get the same name.
    pub fn put(&self, tenant: &Id, name: &str, location: Location) {
        self.with(tenant, name, |key, generations, events_min| {
            generations.young.insert(key, Event { payload: 0, location: Some(location) });
            generations.age(events_min);
        });
    }

    /// Where an event, or what was [`put`](Self::put), was recorded, if it is remembered and complete.
    pub fn find(&self, tenant: &Id, name: &str) -> Option<Location> {
        let found = self.with(tenant, name, |key, generations, _| {
            generations.find(key).and_then(|event| event.location)
        });
        found.flatten()
    }

    /// A hash of everything that an event says, for [`SeenEvents::claim`].
    pub fn hash(&self, payload: &[u8]) -> u64 {
        self.keyed.hash(payload)
    }

    fn with<T>(
        &self,
        tenant: &Id,
        name: &str,
        act: impl FnOnce(u128, &mut Generations, usize) -> T,
    ) -> Option<T> {
        let key = self.keyed.names(tenant.as_str()).of(name);
        let shard = usize::try_from(key >> 121).unwrap_or_default() % SHARDS;
        let mut generations =
            self.shards.get(shard)?.lock().unwrap_or_else(PoisonError::into_inner);
        Some(act(key, &mut generations, self.events_min))
    }
}

impl Generations {
    /// Begins a new generation when the young one is full.
    fn age(&mut self, events_min: usize) {
        if self.young.len() >= events_min {
            self.old = mem::take(&mut self.young);
        }
    }

    fn find(&mut self, key: u128) -> Option<&mut Event> {
        self.young.get_mut(&key).or_else(|| self.old.get_mut(&key))
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
