//! A shelf on its way into a snapshot: what it was when the snapshot began, whatever happens meanwhile.
//!
//! ```text
//! shelf      number u32 · newest i64 · forgot i64 · remains · entities · profiles · rows · addresses
//! remains    of strangers' things, then of those that trusted accounts stood behind: began i64 · forgets i64 · how many varint ·
//!            of each: seconds u32, count u32 · how many parts varint · of each: part u64, seconds u32, count u32
//! rack       how many u32 · of each: name 2 u64 · what is kept
//! entity     note u8 · cells varint · of each: place u64, value i64
//! profile    bytes varint · bytes
//! row        buckets varint · of each: number u32, attempts, failures, strangers varint · accounts 2 u64
//! address    newest u16 · of each epoch: trusted zigzag, failures varint · visits varint · of each: user u32, epoch u16,
//!            logins zigzag
//! ```

use std::mem;

use super::rack::Renumber;
use super::remains::Remains;
use super::shelf::Shelf;
use super::snapshot::SHELF;
use crate::packed::{Reader, Writer};
use crate::time::Timestamp;

/// Whether a shelf is still to be written to a snapshot.
#[derive(Debug, Default)]
pub(super) enum Saving {
    /// There is no snapshot, or the shelf is in it.
    #[default]
    Done,
    /// It is to be written as it was when its newest attempt was this; its racks know what has changed since.
    Wanted { newest: Timestamp },
    /// It had to be written early, and waits to be fetched.
    Written(Vec<u8>),
}

impl Shelf {
    /// A snapshot begins: the shelf is to be written as it is now.
    pub(super) fn begin(&mut self) {
        self.entities.begin();
        self.profiles.begin();
        self.rows.begin();
        self.addresses.begin();
        self.saving = Saving::Wanted { newest: self.newest };
    }

    /// Writes the shelf now, if it is still to be written: soon too much will be different.
    pub(super) fn write(&mut self) {
        match mem::take(&mut self.saving) {
            Saving::Wanted { newest } => self.saving = Saving::Written(self.pack(newest)),
            other => self.saving = other,
        }
    }

    /// The shelf as it was when the snapshot began, as a part of that. Once.
    pub(super) fn fetch(&mut self) -> Option<Vec<u8>> {
        match mem::take(&mut self.saving) {
            Saving::Done => None,
            Saving::Wanted { newest } => Some(self.pack(newest)),
            Saving::Written(bytes) => Some(bytes),
        }
    }

    fn pack(&mut self, newest: Timestamp) -> Vec<u8> {
        let mut to = Writer::with_capacity(self.taken.bytes / 2);
        to.u8(SHELF);
        to.u32(u32::try_from(self.number).unwrap_or(u32::MAX));
        to.i64(newest.ms());
        to.moment(self.forgot_at);
        self.remains.pack(&mut to);
        self.entities.pack(&mut to);
        self.profiles.pack(&mut to);
        self.rows.pack(&mut to);
        self.addresses.pack(&mut to);
        to.into_bytes()
    }

    /// Takes in what follows the number in what [`Shelf::fetch`] gave; `None` if it is something else.
    pub(super) fn unpack(&mut self, from: &mut Reader<'_>, number: Renumber<'_>) -> Option<()> {
        self.newest = Timestamp::from_ms(from.i64());
        self.forgot_at = from.moment();
        self.remains = Remains::unpack(from);
        let Self { entities, profiles, rows, addresses, taken, .. } = self;
        entities.unpack(from, taken, number)?;
        profiles.unpack(from, taken, number)?;
        rows.unpack(from, taken, number)?;
        addresses.unpack(from, taken, number)
    }
}
