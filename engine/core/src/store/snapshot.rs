//! Snapshots: the whole state at one moment, as bytes, while it goes on changing.
//!
//! ```text
//! head       format u32 · check of the key u64 · shelves u32 · windows u32 · of each: identity u64, span i64, counts u8
//! part       0 u8 · shelf                        `store/saving.rs`
//!            1 u8 · tenant 2 u64 · crowd         `likelihood/saving.rs`
//!            2 u8 · of each tenant: 2 u64, day and week, each a row
//!            3 u8 · of each user id that changed hands: its name and who had it since when   `store/accounts.rs`
//! ```

use std::fmt;
use std::sync::Arc;

use super::Store;
use super::kept::Definition;
use crate::keyed::Name;
use crate::likelihood::{Crowd, CrowdParts};
use crate::packed::{Reader, Writer};
use crate::window::WindowNumber;

/// To be raised with every change of what the bytes mean, those of profiles and crowds included: a snapshot of another format
/// is no snapshot.
const FORMAT: u32 = 3;

/// What is hashed to tell whether the key is the same.
const KEY_CHECK: &[u8] = b"snapshot";

pub(super) const SHELF: u8 = 0;
const CROWD: u8 = 1;
const TRAFFIC: u8 = 2;
const ACCOUNTS: u8 = 3;

/// A snapshot being taken: an iterator over its parts, about as large as a shelf each. Dropped early, it leaves nothing.
pub struct Snapshot<'a> {
    store: &'a Store,
    head: Vec<u8>,
    /// Of the traffic and the accounts, which are written at once.
    small: Vec<Vec<u8>>,
    crowds: Vec<(Name, Arc<Crowd>)>,
    crowd: Option<(Name, CrowdParts)>,
    shelf: usize,
}

/// A snapshot being loaded. Parts may come in any order, and from several threads.
pub struct Loading<'a> {
    store: &'a Store,
    /// The number that each window of the snapshot has here.
    numbers: Vec<Option<WindowNumber>>,
}

/// Why a snapshot cannot be used; the log can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// It was written by a version that keeps its state in another way.
    Format,
    /// Names were hashed with another key.
    Key,
    /// The budget was so different that the state is divided in another way.
    Shelves,
    /// The policy has a window that the snapshot knows nothing of.
    Window,
    /// It is not what was written.
    Damaged,
}

impl Store {
    /// Begins a snapshot of the state as it is during the call, in which nothing else may change it; afterwards everything may.
    pub fn snapshot(&self) -> Snapshot<'_> {
        self.shelves.iter().for_each(|mut shelf| shelf.begin());
        let crowds = self.crowds.iter().map(|entry| (*entry.key(), Arc::clone(entry.value())));
        let crowds: Vec<_> = crowds.collect();
        crowds.iter().for_each(|(_, crowd)| crowd.begin());
        let small = vec![
            part(TRAFFIC, |to| self.traffic.pack(to)),
            part(ACCOUNTS, |to| self.accounts.pack(to)),
        ];
        Snapshot { store: self, head: self.head(), small, crowds, crowd: None, shelf: 0 }
    }

    /// Begins to load a snapshot into this store, which is empty and has been asked to keep the windows of its policy.
    ///
    /// # Errors
    /// If the snapshot is of no use here; then nothing has changed.
    pub fn loading(&self, head: &[u8]) -> Result<Loading<'_>, Unusable> {
        let mut from = Reader::new(head);
        let check = |same, unusable| if same { Ok(()) } else { Err(unusable) };
        check(from.u32() == FORMAT, Unusable::Format)?;
        check(from.u64() == self.keyed.hash(KEY_CHECK), Unusable::Key)?;
        let shelves = usize::try_from(from.u32()).ok();
        check(shelves == Some(self.shelves.count()), Unusable::Shelves)?;
        let mut saved = Vec::new();
        for _ in 0..from.u32() {
            check(!from.done(), Unusable::Damaged)?;
            saved.push(Definition::new(from.u64(), from.i64(), from.u8() != 0));
        }
        check(from.done(), Unusable::Damaged)?;
        let known = |own: &Definition| saved.iter().any(|saved| saved.identity == own.identity);
        check(self.numbers.definitions().iter().all(known), Unusable::Window)?;
        let numbers = saved.into_iter().map(|definition| self.numbers.number(definition)).collect();
        Ok(Loading { store: self, numbers })
    }

    fn head(&self) -> Vec<u8> {
        let mut to = Writer::with_capacity(0);
        to.u32(FORMAT);
        to.u64(self.keyed.hash(KEY_CHECK));
        let definitions = self.numbers.definitions();
        to.u32(u32::try_from(self.shelves.count()).unwrap_or(u32::MAX));
        to.u32(u32::try_from(definitions.len()).unwrap_or(u32::MAX));
        for Definition { identity, span_ms, counts, .. } in definitions {
            to.u64(identity);
            to.i64(span_ms);
            to.u8(u8::from(counts));
        }
        to.into_bytes()
    }
}

impl Snapshot<'_> {
    /// What [`Store::loading`] begins with.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// The next part of a crowd. A crowd is done before the next begins, as it does not learn meanwhile.
    fn crowd_part(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Some((tenant, parts)) = &mut self.crowd
                && let Some(part) = parts.next()
            {
                let mut to = Writer::with_capacity(part.len() + 32);
                to.u8(CROWD);
                tenant.pack(&mut to);
                to.bytes(&part);
                return Some(to.into_bytes());
            }
            self.crowd = None;
            let (tenant, crowd) = self.crowds.pop()?;
            self.crowd = Some((tenant, CrowdParts::of(crowd)));
        }
    }

    fn shelf_part(&mut self) -> Option<Vec<u8>> {
        loop {
            let part = self.store.shelves.get(self.shelf)?.fetch();
            self.shelf += 1;
            if part.is_some() {
                return part;
            }
        }
    }
}

impl Iterator for Snapshot<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let small = self.small.pop();
        small.or_else(|| self.crowd_part()).or_else(|| self.shelf_part())
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        self.crowd = None;
        self.crowds.drain(..).for_each(|(_, crowd)| crowd.end());
        while self.shelf_part().is_some() {}
    }
}

impl Loading<'_> {
    /// Takes in a part.
    ///
    /// # Errors
    /// If it is damaged; then the store is of no use any more.
    pub fn part(&self, bytes: &[u8]) -> Result<(), Unusable> {
        let mut from = Reader::new(bytes);
        let loaded = match from.u8() {
            SHELF => self.shelf(&mut from),
            CROWD => self.crowd(&mut from),
            TRAFFIC => {
                self.store.traffic.load(&mut from);
                Some(())
            }
            ACCOUNTS => {
                self.store.accounts.load(&mut from);
                Some(())
            }
            _ => None,
        };
        loaded.filter(|()| from.done()).ok_or(Unusable::Damaged)
    }

    fn shelf(&self, from: &mut Reader<'_>) -> Option<()> {
        let mut shelf = self.store.shelves.get(usize::try_from(from.u32()).ok()?)?;
        let number = |saved: WindowNumber| self.numbers.get(saved.index()).copied().flatten();
        shelf.unpack(from, &number)
    }

    fn crowd(&self, from: &mut Reader<'_>) -> Option<()> {
        let tenant = Name::unpack(from);
        self.store.crowd(tenant).load(from.bytes())
    }
}

fn part(kind: u8, pack: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut to = Writer::with_capacity(0);
    to.u8(kind);
    pack(&mut to);
    to.into_bytes()
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Format => "another version wrote it",
            Self::Key => "it was written under another state.key",
            Self::Shelves => "it was written with another memory setting",
            Self::Window => "the rules have a window that it knows nothing of",
            Self::Damaged => "it is damaged",
        })
    }
}

impl std::error::Error for Unusable {}
