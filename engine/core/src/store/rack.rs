//! A rack: what a shelf keeps of one kind, by name.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::BuildHasherDefault;

use super::evict::Context;
use super::remains::Sketch;
use super::shelf::{Shelf, Taken, Weight};
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

    /// Bytes beside the place in the map.
    fn bytes(&self) -> usize;

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
    kept: NamedMap<V>,
    /// While the shelf is to be written to a snapshot: what was there when that began, of all that changed since;
    /// `None` where there was nothing.
    before: Option<NamedMap<Option<V>>>,
}

impl<V> Default for Rack<V> {
    fn default() -> Self {
        Self { kept: HashMap::default(), before: None }
    }
}

impl<V: Kept> Rack<V> {
    pub(super) fn get(&self, name: Name) -> Option<&V> {
        self.kept.get(&name)
    }

    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Name, &V)> {
        self.kept.iter()
    }

    /// Changes what is kept under a name, from nothing if there was nothing.
    pub(super) fn change<R>(
        &mut self,
        name: Name,
        taken: &mut Taken,
        change: impl FnOnce(&mut V) -> R,
    ) -> R {
        if let Some(before) = &mut self.before {
            before.entry(name).or_insert_with(|| self.kept.get(&name).cloned());
        }
        let (kept, before) = match self.kept.entry(name) {
            Entry::Occupied(entry) => {
                let kept = entry.into_mut();
                let weight = Weight::of(kept);
                (kept, weight)
            }
            Entry::Vacant(entry) => (entry.insert(V::default()), Weight::default()),
        };
        let changed = change(kept);
        taken.change(name.tenant(), before, Weight::of(kept));
        changed
    }

    /// Looks at everything, changes it, and removes that of which `stays` is not true. The shelf has been written to its
    /// snapshot.
    pub(super) fn retain(
        &mut self,
        taken: &mut Taken,
        mut stays: impl FnMut(Name, &mut V) -> bool,
    ) {
        self.kept.retain(|name, kept| {
            let before = Weight::of(kept);
            let stays = stays(*name, kept);
            let after = if stays { Weight::of(kept) } else { Weight::default() };
            taken.change(name.tenant(), before, after);
            stays
        });
    }

    /// Everything is used less than it was. A map grows where much came and went: then it is laid out anew, so that
    /// [`Weight`] stays true.
    pub(super) fn cool(&mut self) {
        self.kept.values_mut().for_each(V::cool);
        if self.kept.capacity() > 2 * self.kept.len() {
            self.kept.shrink_to_fit();
        }
    }

    /// A snapshot begins.
    pub(super) fn begin(&mut self) {
        self.before = Some(HashMap::default());
    }

    /// Writes what was there when the snapshot began, which is over for this rack.
    pub(super) fn pack(&mut self, to: &mut Writer) {
        let before = self.before.take().unwrap_or_default();
        let same = self.kept.iter().filter(|(name, _)| !before.contains_key(name));
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
        self.kept.reserve(count);
        for _ in 0..count {
            let name = Name::unpack(from);
            let kept = V::unpack(from, number);
            taken.change(name.tenant(), Weight::default(), Weight::of(&kept));
            self.kept.insert(name, kept);
        }
        Some(())
    }
}
