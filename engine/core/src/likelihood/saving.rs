//! A crowd on its way into a snapshot: meanwhile it learns nothing, and afterwards what it missed.
//!
//! ```text
//! crowd      number u8 · of part 0 the totals, of the others the values with a sixteenth of the hashes
//! totals     newest u16 · logins tally · users tally · of each level: values tally, kept i64, thinned u32
//! value      level u8 · hash u64 · tally
//! tally      newest u16 · counts, each a zigzag varint
//! ```

use std::sync::{Arc, PoisonError};

use super::Taught;
use super::crowd::{Crowd, Level, Mark, Totals};
use super::epoch::{EPOCHS, Epoch, Tally};
use super::shown::{LEVELS, Shown};
use crate::packed::{Reader, Writer};

/// Parts of a crowd, the totals included.
const PARTS: u8 = 17;

/// What a crowd is told while it is saved.
#[derive(Clone, Copy, Debug)]
pub(super) enum Missed {
    Began(Epoch),
    Taught(Shown, Taught),
}

/// A crowd as bytes, part by part. Once they are gone it learns what it missed.
pub(crate) struct CrowdParts {
    crowd: Arc<Crowd>,
    next: u8,
}

impl CrowdParts {
    /// Of a crowd that learns nothing since [`Crowd::begin`].
    pub(crate) fn of(crowd: Arc<Crowd>) -> Self {
        Self { crowd, next: 0 }
    }
}

impl Iterator for CrowdParts {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let part = Some(self.next).filter(|part| *part < PARTS)?;
        self.next += 1;
        Some(self.crowd.pack(part))
    }
}

impl Drop for CrowdParts {
    fn drop(&mut self) {
        self.crowd.end();
    }
}

impl Crowd {
    /// Learns nothing from here on; no attempt may be in anybody's hands.
    pub(crate) fn begin(&self) {
        *self.missed.lock().unwrap_or_else(PoisonError::into_inner) = Some(Vec::new());
    }

    /// Learns what it missed, and whatever comes from here on.
    pub(crate) fn end(&self) {
        let missed = self.missed.lock().unwrap_or_else(PoisonError::into_inner).take();
        for missed in missed.unwrap_or_default() {
            match missed {
                Missed::Began(epoch) => drop(self.advance(epoch)),
                Missed::Taught(shown, taught) => self.teach(&shown, &taught),
            }
        }
    }

    /// Keeps for later what the crowd is told while it is saved; `false` if it is not.
    pub(super) fn miss(&self, missed: Missed) -> bool {
        let mut list = self.missed.lock().unwrap_or_else(PoisonError::into_inner);
        list.as_mut().map(|list| list.push(missed)).is_some()
    }

    fn pack(&self, part: u8) -> Vec<u8> {
        let mut to = Writer::with_capacity(0);
        to.u8(part);
        if part == 0 {
            self.totals().pack(&mut to);
        }
        for entry in self.values.iter().filter(|entry| entry.key().part() == part) {
            let Mark { level, hash } = *entry.key();
            to.count(level);
            to.u64(hash);
            entry.value().pack(&mut to);
        }
        to.into_bytes()
    }

    /// Takes in a part; `None` if it is something else.
    pub(crate) fn load(&self, part: &[u8]) -> Option<()> {
        let mut from = Reader::new(part);
        if from.u8() == 0 {
            *self.totals_mut() = Totals::unpack(&mut from);
        }
        while !from.done() {
            let (level, hash) = (from.count(), from.u64());
            let tally = Tally::unpack(&mut from);
            self.values.insert(Mark { level, hash }, tally);
            (level < LEVELS).then_some(())?;
        }
        Some(())
    }
}

impl Mark {
    fn part(&self) -> u8 {
        let [high, ..] = self.hash.to_be_bytes();
        1 + (high >> 4)
    }
}

impl Totals {
    fn pack(&self, to: &mut Writer) {
        to.u16(self.newest.0);
        self.logins.pack(to);
        self.users.pack(to);
        for level in &self.levels {
            level.values.pack(to);
            to.i64(level.kept);
            to.u32(level.thinned);
        }
    }

    fn unpack(from: &mut Reader<'_>) -> Self {
        let newest = Epoch(from.u16());
        let (logins, users) = (Tally::unpack(from), Tally::unpack(from));
        let level =
            |_| Level { values: Tally::unpack(from), kept: from.i64(), thinned: from.u32() };
        Self { newest, logins, users, levels: [(); LEVELS].map(level) }
    }
}

impl Tally {
    fn pack(&self, to: &mut Writer) {
        to.u16(self.newest.0);
        self.counts.iter().for_each(|count| to.zigzag(*count));
    }

    fn unpack(from: &mut Reader<'_>) -> Self {
        let newest = Epoch(from.u16());
        Self { newest, counts: [(); EPOCHS].map(|()| from.zigzag()) }
    }
}
