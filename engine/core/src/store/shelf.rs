//! A shelf: a part of the state that is locked on its own, and counts and bounds its own bytes.
//!
//! Names are keyed hashes, so shelves fill evenly and each keeps an equal share of the budget. A shelf is a plain map
//! under a lock and no concurrent map: eviction has to see all that competes for the same bytes at one moment.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::BuildHasherDefault;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::budget::Budget;
use super::remains::Remains;
use super::saving::Saving;
use crate::keyed::{Name, PassThrough, Tenant};
use crate::profile::Profile;
use crate::time::Timestamp;
use crate::window::Cells;

/// Most shelves: so many that nobody waits long while one of them grows or is tidied.
const SHELVES_MAX: usize = 4_096;
/// Bytes of a shelf below which there would be fewer shelves instead.
const SHELF_BYTES_MIN: usize = 256 * 1_024;

pub(super) type NamedMap<V> = HashMap<Name, V, BuildHasherDefault<PassThrough>>;

/// All shelves.
pub(super) struct Shelves(Box<[Mutex<Shelf>]>);

/// What is kept of the names that fall to one shelf.
pub(super) struct Shelf {
    pub(super) entities: NamedMap<Cells>,
    pub(super) profiles: NamedMap<Profile>,
    pub(super) remains: Remains,
    pub(super) taken: Taken,
    /// The newest attempt that anything was counted of.
    pub(super) newest: Timestamp,
    /// What the newest was when the shelf was last tidied: what no window covered then is forgotten.
    pub(super) forgot_at: Option<Timestamp>,
    pub(super) budget: Budget,
    pub(super) saving: Saving,
}

/// What a shelf keeps under a name.
pub(super) trait Kept: Default {
    /// Bytes beside the place in the map.
    fn bytes(&self) -> usize;

    /// Whether a trusted account stands behind it, so that strangers' things never push it out.
    fn tied(&self) -> bool;
}

/// Bytes that are taken, estimated from above.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) bytes: usize,
    pub(super) tied: usize,
    pub(super) tenants: HashMap<Tenant, usize, BuildHasherDefault<PassThrough>>,
}

/// What one entry adds to the bytes taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Weight {
    pub(super) bytes: usize,
    pub(super) tied: bool,
}

impl Weight {
    pub(super) fn of<V: Kept>(kept: &V) -> Self {
        // A map keeps a byte beside each entry, and seven in sixteen are taken once it has grown. An allocator gives
        // an eighth more than was asked for at most.
        let place = (size_of::<(Name, V)>() + 1) * 16 / 7;
        let heap = kept.bytes();
        Self { bytes: place + heap + heap.div_ceil(16), tied: kept.tied() }
    }
}

impl Shelves {
    pub(super) fn new(budget: Budget) -> Self {
        let shelves = (budget.bytes / SHELF_BYTES_MIN).clamp(1, SHELVES_MAX);
        // The largest power of two that is not above.
        let shelves = 1 << shelves.ilog2();
        let shelf = |_| Mutex::new(Shelf::new(budget.part(shelves)));
        Self((0..shelves).map(shelf).collect())
    }

    /// The shelf of a name, locked. Never hold two.
    pub(super) fn lock(&self, name: Name) -> Option<MutexGuard<'_, Shelf>> {
        let shelf = usize::try_from(name.spread()).unwrap_or_default() & (self.0.len() - 1);
        self.nth(shelf)
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// One by its number, locked.
    pub(super) fn nth(&self, number: usize) -> Option<MutexGuard<'_, Shelf>> {
        self.0.get(number).map(|shelf| shelf.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Each in turn, locked.
    pub(super) fn iter(&self) -> impl Iterator<Item = MutexGuard<'_, Shelf>> {
        self.0.iter().map(|shelf| shelf.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Shelf {
    fn new(budget: Budget) -> Self {
        Self {
            entities: HashMap::default(),
            profiles: HashMap::default(),
            remains: Remains::default(),
            taken: Taken::default(),
            newest: Timestamp::from_ms(i64::MIN),
            forgot_at: None,
            budget,
            saving: Saving::default(),
        }
    }

    /// Changes what is kept of an entity, from nothing if there was nothing.
    pub(super) fn change_entity<R>(
        &mut self,
        name: Name,
        at: Timestamp,
        change: impl FnOnce(&mut Cells, &Remains) -> R,
    ) -> R {
        self.newest = self.newest.max(at);
        self.saving.keep_entity(name, &self.entities);
        let (cells, before) = place(&mut self.entities, name);
        if before == Weight::default() {
            cells.note_mut().late = self.remains.since(at).is_some();
        }
        let changed = change(cells, &self.remains);
        self.taken.change(name.tenant(), before, Weight::of(cells));
        changed
    }

    /// Changes a profile, from nothing if there was none.
    pub(super) fn change_profile<R>(
        &mut self,
        name: Name,
        change: impl FnOnce(&mut Profile) -> R,
    ) -> R {
        self.saving.keep_profile(name, &self.profiles);
        let (profile, before) = place(&mut self.profiles, name);
        let changed = change(profile);
        self.taken.change(name.tenant(), before, Weight::of(profile));
        changed
    }
}

impl Taken {
    pub(super) fn change(&mut self, tenant: Tenant, before: Weight, after: Weight) {
        if before == after {
            return;
        }
        let put = |bytes: &mut usize, before, after| {
            *bytes = bytes.saturating_add(after).saturating_sub(before);
        };
        let tied = |weight: Weight| if weight.tied { weight.bytes } else { 0 };
        put(&mut self.bytes, before.bytes, after.bytes);
        put(&mut self.tied, tied(before), tied(after));
        let own = self.tenants.entry(tenant).or_default();
        put(own, before.bytes, after.bytes);
        if *own == 0 {
            self.tenants.remove(&tenant);
        }
    }
}

impl Kept for Cells {
    fn bytes(&self) -> usize {
        self.bytes()
    }

    fn tied(&self) -> bool {
        self.note().tied
    }
}

impl Kept for Profile {
    fn bytes(&self) -> usize {
        self.bytes()
    }

    fn tied(&self) -> bool {
        self.trusted()
    }
}

/// What is under a name, from now on if there was nothing, and what it weighed; nothing if it is new.
fn place<V: Kept>(map: &mut NamedMap<V>, name: Name) -> (&mut V, Weight) {
    match map.entry(name) {
        Entry::Occupied(entry) => {
            let kept = entry.into_mut();
            let weight = Weight::of(kept);
            (kept, weight)
        }
        Entry::Vacant(entry) => (entry.insert(V::default()), Weight::default()),
    }
}
