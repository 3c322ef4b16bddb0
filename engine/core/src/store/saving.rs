//! A shelf on its way into a snapshot: what it was when the snapshot began, whatever happens meanwhile.
//!
//! ```text
//! shelf      newest i64 · forgot i64 · remains · entities u32 · profiles u32 · these
//! remains    began i64 · forgets i64 · how many varint · of each: seconds u32, count u32
//! entity     name 2 u64 · note u8 · cells varint · of each: place u64, value i64
//! profile    name 2 u64 · bytes varint · bytes
//! ```

use std::mem;

use super::remains::Remains;
use super::shelf::{NamedMap, Shelf, Weight};
use crate::keyed::Name;
use crate::packed::{Reader, Writer};
use crate::profile::Profile;
use crate::time::Timestamp;
use crate::window::{Cells, WindowNumber};

/// Stands for no time.
const NEVER: Timestamp = Timestamp::from_ms(i64::MIN);

/// Whether a shelf is still to be written to a snapshot.
#[derive(Debug, Default)]
pub(super) enum Saving {
    /// There is no snapshot, or the shelf is in it.
    #[default]
    Done,
    /// It is to be written as it was before these changes.
    Changed(Box<Before>),
    /// It had to be written early, and waits to be fetched.
    Written(Vec<u8>),
}

/// What was there when the snapshot began, of all that changed since; `None` where there was nothing.
#[derive(Debug)]
pub(super) struct Before {
    entities: NamedMap<Option<Cells>>,
    profiles: NamedMap<Option<Profile>>,
    newest: Timestamp,
}

impl Saving {
    pub(super) fn keep_entity(&mut self, name: Name, entities: &NamedMap<Cells>) {
        if let Self::Changed(before) = self {
            before.entities.entry(name).or_insert_with(|| entities.get(&name).cloned());
        }
    }

    pub(super) fn keep_profile(&mut self, name: Name, profiles: &NamedMap<Profile>) {
        if let Self::Changed(before) = self {
            before.profiles.entry(name).or_insert_with(|| profiles.get(&name).cloned());
        }
    }
}

impl Shelf {
    /// A snapshot begins: the shelf is to be written as it is now.
    pub(super) fn begin(&mut self) {
        let (entities, profiles) = (NamedMap::default(), NamedMap::default());
        let before = Before { entities, profiles, newest: self.newest };
        self.saving = Saving::Changed(Box::new(before));
    }

    /// Writes the shelf now, if it is still to be written: soon too much will be different.
    pub(super) fn write(&mut self) {
        match mem::take(&mut self.saving) {
            Saving::Changed(before) => self.saving = Saving::Written(self.pack(&before)),
            other => self.saving = other,
        }
    }

    /// The shelf as it was when the snapshot began, once.
    pub(super) fn fetch(&mut self) -> Option<Vec<u8>> {
        match mem::take(&mut self.saving) {
            Saving::Done => None,
            Saving::Changed(before) => Some(self.pack(&before)),
            Saving::Written(bytes) => Some(bytes),
        }
    }

    fn pack(&self, before: &Before) -> Vec<u8> {
        let mut to = Writer::with_capacity(self.taken.bytes / 2);
        to.i64(before.newest.ms());
        to.i64(self.forgot_at.unwrap_or(NEVER).ms());
        self.remains.pack(&mut to);
        let (entities, profiles) =
            (then(&self.entities, &before.entities), then(&self.profiles, &before.profiles));
        to.u32(u32::try_from(entities.clone().count()).unwrap_or(u32::MAX));
        to.u32(u32::try_from(profiles.clone().count()).unwrap_or(u32::MAX));
        for (name, cells) in entities {
            pack_name(*name, &mut to);
            cells.pack(&mut to);
        }
        for (name, profile) in profiles {
            pack_name(*name, &mut to);
            to.bytes(profile.packed());
        }
        to.into_bytes()
    }

    /// Takes in what [`Shelf::fetch`] gave, under the numbers that windows have now; `None` if it is something else.
    pub(super) fn unpack(
        &mut self,
        bytes: &[u8],
        number: impl Fn(WindowNumber) -> Option<WindowNumber>,
    ) -> Option<()> {
        let mut from = Reader::new(bytes);
        self.newest = Timestamp::from_ms(from.i64());
        self.forgot_at = Some(Timestamp::from_ms(from.i64())).filter(|at| *at != NEVER);
        self.remains = Remains::unpack(&mut from);
        let [entities, profiles] =
            [from.u32(), from.u32()].map(|count| usize::try_from(count).ok());
        let [entities, profiles] = [entities?, profiles?];
        if entities.saturating_add(profiles) > bytes.len() {
            return None;
        }
        self.entities.reserve(entities);
        self.profiles.reserve(profiles);
        for _ in 0..entities {
            let name = unpack_name(&mut from);
            let cells = Cells::unpack(&mut from, &number);
            self.taken.change(name.tenant(), Weight::default(), Weight::of(&cells));
            self.entities.insert(name, cells);
        }
        for _ in 0..profiles {
            let name = unpack_name(&mut from);
            let profile = Profile::from_packed(from.bytes());
            self.taken.change(name.tenant(), Weight::default(), Weight::of(&profile));
            self.profiles.insert(name, profile);
        }
        from.done().then_some(())
    }
}

/// What a map was: what it is, with what was before in the place of what changed.
fn then<'a, V>(
    now: &'a NamedMap<V>,
    before: &'a NamedMap<Option<V>>,
) -> impl Iterator<Item = (&'a Name, &'a V)> + Clone {
    let same = now.iter().filter(|(name, _)| !before.contains_key(name));
    same.chain(before.iter().filter_map(|(name, was)| Some((name, was.as_ref()?))))
}

fn pack_name(name: Name, to: &mut Writer) {
    name.words().into_iter().for_each(|word| to.u64(word));
}

fn unpack_name(from: &mut Reader<'_>) -> Name {
    Name::from_words([from.u64(), from.u64()])
}
