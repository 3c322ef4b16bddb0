//! A shelf: a part of the state that is locked on its own, and counts and bounds its own bytes.
//!
//! Names are keyed hashes, so shelves fill evenly and each keeps an equal share of the budget. A shelf is plain maps
//! under a lock and no concurrent map: eviction has to see all that competes for the same bytes at one moment.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::iter;
use std::sync::{Mutex, MutexGuard, PoisonError};

use prefetch_index::prefetch_index;

use super::budget::{Budget, Reserve};
use super::rack::{Kept, Rack};
use super::remains::Remains;
use super::saving::Saving;
use super::weight::Weight;
use crate::egress::Address;
use crate::keyed::{Name, PassThrough, Tenant};
use crate::profile::Profile;
use crate::time::Timestamp;
use crate::traffic::Row;
use crate::window::{Cells, Note};

/// Most shelves: so many that nobody waits long while one of them grows or is tidied.
const SHELVES_MAX: usize = 4_096;
/// Bytes of a shelf below which there would be fewer shelves instead.
const SHELF_BYTES_MIN: usize = 256 * 1_024;

/// All shelves. There is always a first.
pub(super) struct Shelves {
    first: Mutex<Shelf>,
    others: Box<[Mutex<Shelf>]>,
    pub(super) reserve: Reserve,
}

/// What is kept of the names that fall to one shelf.
pub(crate) struct Shelf {
    /// Among all shelves.
    pub(super) number: usize,
    pub(super) entities: Rack<Cells>,
    pub(super) profiles: Rack<Profile>,
    pub(crate) rows: Rack<Row>,
    pub(crate) addresses: Rack<Address>,
    pub(super) remains: Remains,
    pub(crate) taken: Taken,
    /// The newest attempt that anything was counted of.
    pub(super) newest: Timestamp,
    /// What the newest was when the shelf was last tidied: what no window covered then is forgotten.
    pub(super) forgot_at: Option<Timestamp>,
    /// Its own share.
    pub(super) budget: Budget,
    /// Bytes that it has from the reserve beside its share.
    pub(super) borrowed: usize,
    pub(super) saving: Saving,
}

/// Bytes that entries take.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(super) bytes: usize,
    pub(super) tenants: HashMap<Tenant, usize, BuildHasherDefault<PassThrough>>,
}

impl Shelves {
    pub(super) fn new(budget: Budget) -> Self {
        let shelves = (budget.bytes / SHELF_BYTES_MIN).clamp(1, SHELVES_MAX);
        // The largest power of two that is not above.
        let shelves = 1 << shelves.ilog2();
        let (share, reserve) = budget.shares(shelves);
        let shelf = |number| Mutex::new(Shelf::new(number, share));
        Self { first: shelf(0), others: (1..shelves).map(shelf).collect(), reserve }
    }

    /// The shelf of a name, locked. Never hold two.
    pub(super) fn lock(&self, name: Name) -> MutexGuard<'_, Shelf> {
        lock(self.nth(self.number(name)).unwrap_or(&self.first))
    }

    /// Asks for the memory of the name's shelf.
    pub(super) fn approach(&self, name: Name) {
        if let Some(other) = self.number(name).checked_sub(1) {
            prefetch_index(&self.others, other);
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        1 + self.others.len()
    }

    /// One by its number, locked.
    pub(super) fn get(&self, number: usize) -> Option<MutexGuard<'_, Shelf>> {
        self.nth(number).map(lock)
    }

    /// Each in turn, locked.
    pub(super) fn iter(&self) -> impl Iterator<Item = MutexGuard<'_, Shelf>> {
        iter::once(&self.first).chain(&self.others).map(lock)
    }

    fn number(&self, name: Name) -> usize {
        usize::try_from(name.spread()).unwrap_or_default() & (self.count() - 1)
    }

    fn nth(&self, number: usize) -> Option<&Mutex<Shelf>> {
        number.checked_sub(1).map_or(Some(&self.first), |number| self.others.get(number))
    }
}

fn lock(shelf: &Mutex<Shelf>) -> MutexGuard<'_, Shelf> {
    shelf.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shelf {
    fn new(number: usize, budget: Budget) -> Self {
        Self {
            number,
            entities: Rack::default(),
            profiles: Rack::default(),
            rows: Rack::default(),
            addresses: Rack::default(),
            remains: Remains::default(),
            taken: Taken::default(),
            newest: Timestamp::from_ms(i64::MIN),
            forgot_at: None,
            budget,
            borrowed: 0,
            saving: Saving::default(),
        }
    }

    /// Bytes that everything takes.
    pub(super) fn bytes(&self) -> usize {
        let spare = self.entities.spare_bytes()
            + self.profiles.spare_bytes()
            + self.rows.spare_bytes()
            + self.addresses.spare_bytes();
        self.taken.bytes + spare + self.remains.bytes()
    }

    /// Changes what is kept under a name, from nothing if there was nothing.
    pub(super) fn change<V: Kept, R>(
        &mut self,
        name: Name,
        at: Timestamp,
        change: impl FnOnce(&mut V) -> R,
    ) -> R {
        self.newest = self.newest.max(at);
        let (rack, taken) = V::rack(self);
        rack.change(name, taken, change)
    }

    /// Changes an entity, from nothing if there was nothing: then it may be one that was evicted.
    pub(super) fn change_entity<R>(
        &mut self,
        name: Name,
        at: Timestamp,
        change: impl FnOnce(&mut Cells, &Remains) -> R,
    ) -> R {
        self.newest = self.newest.max(at);
        let Self { entities, remains, taken, newest, .. } = self;
        entities.change(name, taken, |cells| {
            if cells.empty() && cells.note() == Note::default() {
                cells.note_mut().late = remains.since(at, false).is_some();
            } else if cells.note().late && cells.since().is_none() {
                // What comes once and never again is not worth a cell.
                cells.note_since(*newest);
            }
            change(cells, remains)
        })
    }
}

impl Taken {
    pub(super) fn change(&mut self, tenant: Tenant, before: Weight, after: Weight) {
        if before == after {
            return;
        }
        let put =
            |bytes: &mut usize| *bytes = bytes.saturating_add(after.0).saturating_sub(before.0);
        put(&mut self.bytes);
        let own = self.tenants.entry(tenant).or_default();
        put(own);
        if *own == 0 {
            self.tenants.remove(&tenant);
        }
    }
}
