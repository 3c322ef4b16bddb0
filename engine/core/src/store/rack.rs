//! A rack: what a shelf keeps of one kind, by name.
//!
//! Entries stand close together in a row that grows by a fifth or so; the map holds four bytes for each, which say where. A map of
//! the entries themselves would double when it grows and be half empty afterwards.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use hashbrown::HashTable;

use super::evict::Context;
use super::remains::Sketch;
use super::shelf::{Shelf, Taken};
use super::weight::{Weight, allotted};
use crate::keyed::{Name, PassThrough};
use crate::packed::{Reader, Writer};
use crate::time::Timestamp;
use crate::window::WindowNumber;

type NamedMap<V> = HashMap<Name, V, BuildHasherDefault<PassThrough>>;

/// The number that a window of a snapshot has here, if it has one.
pub(crate) type Renumber<'a> = &'a dyn Fn(WindowNumber) -> Option<WindowNumber>;

/// Something that is kept under a name, and can go when memory is short.
pub(crate) trait Kept: Clone + Default {
    /// Where a shelf keeps it, and what the shelf counts.
    fn rack(shelf: &mut Shelf) -> (&mut Rack<Self>, &mut Taken);

    /// Bytes that it has elsewhere, all in one piece.
    fn bytes(&self) -> usize;

    /// Asks for the memory of what it has elsewhere, as far as it is looked at first.
    fn prefetch(&self);

    /// Whether a trusted account stands behind it, so that strangers' things never push it out.
    fn tied(&self) -> bool;

    /// How much it is used, up to [`HEAT_MAX`](super::evict::HEAT_MAX).
    fn heat(&self, now: Timestamp) -> u8;

    /// Forgets what nobody asks for any more, however late he is; `false` if nothing is left.
    fn forget(&mut self, _context: &Context<'_>) -> bool {
        true
    }

    /// Is used less than it was; nothing to do where time alone tells.
    fn cool(&mut self) {}

    /// Leaves behind what must not be forgotten when it goes, if anything.
    fn leave(&self, _name: Name, _context: &Context<'_>, _remains: &mut Sketch) {}

    /// Writes what [`Kept::unpack`] reads.
    fn pack(&self, to: &mut Writer);

    /// Reads what [`Kept::pack`] wrote.
    fn unpack(from: &mut Reader<'_>, number: Renumber<'_>) -> Self;
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Rack<V> {
    entries: Vec<(Name, V)>,
    /// Where each stands.
    places: HashTable<u32>,
    /// While the shelf is to be written to a snapshot: what was there when that began, of all that changed since;
    /// `None` where there was nothing.
    before: Option<NamedMap<Option<V>>>,
}

impl<V> Default for Rack<V> {
    fn default() -> Self {
        Self { entries: Vec::new(), places: HashTable::new(), before: None }
    }
}

impl<V: Kept> Rack<V> {
    const ENTRY_BYTES: usize = size_of::<(Name, V)>();

    pub(super) fn get(&self, name: Name) -> Option<&V> {
        let (_, kept) = self.entries.get(self.place(name)?)?;
        Some(kept)
    }

    /// Finds what is kept under a name, if anything, and asks for the rest of it.
    pub(super) fn prefetch(&self, name: Name) {
        if let Some(kept) = self.get(name) {
            kept.prefetch();
        }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Name, &V)> + Clone {
        self.entries.iter().map(|(name, kept)| (name, kept))
    }

    /// Bytes of the row that no entry has yet.
    pub(super) fn spare_bytes(&self) -> usize {
        (self.entries.capacity() - self.entries.len()) * Self::ENTRY_BYTES
    }

    /// Changes what is kept under a name, from nothing if there was nothing.
    pub(super) fn change<R>(
        &mut self,
        name: Name,
        taken: &mut Taken,
        change: impl FnOnce(&mut V) -> R,
    ) -> R {
        let place = self.place(name);
        let known = place.and_then(|place| self.entries.get_mut(place));
        if let Some(before) = &mut self.before {
            before.entry(name).or_insert_with(|| known.as_ref().map(|(_, kept)| kept.clone()));
        }
        let (kept, before) = match known {
            Some((_, kept)) => {
                let weight = Weight::of(kept);
                (kept, weight)
            }
            None => (self.add(name, V::default()), Weight::default()),
        };
        let changed = change(kept);
        taken.change(name.tenant(), before, Weight::of(kept));
        changed
    }

    /// Looks at everything, changes it, and removes that of which `stays` is not true; what was taken for more is given back.
    /// The shelf has been written to its snapshot.
    pub(super) fn retain(
        &mut self,
        taken: &mut Taken,
        mut stays: impl FnMut(Name, &mut V) -> bool,
    ) {
        let before = self.entries.len();
        self.entries.retain_mut(|(name, kept)| {
            let before = Weight::of(kept);
            let stays = stays(*name, kept);
            let after = if stays { Weight::of(kept) } else { Weight::default() };
            taken.change(name.tenant(), before, after);
            stays
        });
        if self.entries.len() < before {
            self.entries.shrink_to(Self::room_for(self.entries.len()));
            self.places.clear();
            for (place, (name, _)) in (0..).zip(&self.entries) {
                self.places.insert_unique(name.key(), place, |place| key(&self.entries, *place));
            }
            if self.places.capacity() > 2 * self.entries.len() {
                self.places.shrink_to_fit(|place| key(&self.entries, *place));
            }
        }
    }

    /// Everything is used less than it was.
    pub(super) fn cool(&mut self) {
        self.entries.iter_mut().for_each(|(_, kept)| kept.cool());
    }

    /// A snapshot begins.
    pub(super) fn begin(&mut self) {
        self.before = Some(HashMap::default());
    }

    /// Writes what was there when the snapshot began, which is over for this rack.
    pub(super) fn pack(&mut self, to: &mut Writer) {
        let before = self.before.take().unwrap_or_default();
        let same = self.iter().filter(|(name, _)| !before.contains_key(name));
        let was = before.iter().filter_map(|(name, was)| Some((name, was.as_ref()?)));
        let all = same.chain(was);
        to.u32(u32::try_from(all.clone().count()).unwrap_or(u32::MAX));
        for (name, kept) in all {
            name.pack(to);
            kept.pack(to);
        }
    }

    /// Takes in what [`Rack::pack`] wrote; `None` if it is something else.
    pub(super) fn unpack(
        &mut self,
        from: &mut Reader<'_>,
        taken: &mut Taken,
        number: Renumber<'_>,
    ) -> Option<()> {
        let count = usize::try_from(from.u32()).ok()?;
        if count > from.len() {
            return None;
        }
        self.entries.reserve_exact(Self::room_for(count));
        self.places.reserve(count, |place| key(&self.entries, *place));
        for _ in 0..count {
            let name = Name::unpack(from);
            let kept = V::unpack(from, number);
            if self.place(name).is_some() {
                return None;
            }
            taken.change(name.tenant(), Weight::default(), Weight::of(&kept));
            self.add(name, kept);
        }
        Some(())
    }

    fn place(&self, name: Name) -> Option<usize> {
        let same = |place: &u32| self.entries.get(index(*place)).is_some_and(|it| it.0 == name);
        self.places.find(name.key(), same).map(|place| index(*place))
    }

    /// Adds what is not there yet.
    fn add(&mut self, name: Name, kept: V) -> &mut V {
        let Self { entries, places, .. } = self;
        let place = entries.len();
        if place == entries.capacity() {
            entries.reserve_exact(Self::room_for(place + 1) - place);
        }
        let number = u32::try_from(place).unwrap_or(u32::MAX);
        places.insert_unique(name.key(), number, |place| key(entries, *place));
        let (_, kept) = entries.push_mut((name, kept));
        kept
    }

    /// As many entries as fit where so many have to.
    fn room_for(entries: usize) -> usize {
        allotted(entries * Self::ENTRY_BYTES) / Self::ENTRY_BYTES
    }
}

fn key<V>(entries: &[(Name, V)], place: u32) -> u64 {
    entries.get(index(place)).map_or(0, |(name, _)| name.key())
}

fn index(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}
