//! The kinds of things that shelves keep: how each is weighed, cools, goes and is written.

use super::ahead;
use super::evict::{Context, HEAT_MAX};
use super::rack::{Kept, Rack, Renumber};
use super::remains::{Part, Sketch};
use super::shelf::{Shelf, Taken};
use crate::egress::Address;
use crate::keyed::Name;
use crate::packed::{Reader, Writer};
use crate::profile::Profile;
use crate::time::{DAY_MS, Timestamp};
use crate::traffic::Row;
use crate::window::Cells;

/// How long failures of an account that was never trusted are remembered once its profile is evicted.
const FAILURES_REMAIN_MS: i64 = DAY_MS;

/// An account that nobody entered for so long is one step colder, until it is as cold as can be.
const DORMANT_MS: i64 = 30 * DAY_MS;

impl Kept for Cells {
    fn rack(shelf: &mut Shelf) -> (&mut Rack<Self>, &mut Taken) {
        (&mut shelf.entities, &mut shelf.taken)
    }

    fn bytes(&self) -> usize {
        self.bytes()
    }

    fn prefetch(&self) {
        ahead::prefetch(self.as_slice());
    }

    fn tied(&self) -> bool {
        self.note().tied
    }

    fn heat(&self, _now: Timestamp) -> u8 {
        self.note().heat
    }

    fn forget(&mut self, context: &Context<'_>) -> bool {
        self.retain(|window, bucket| {
            let definition = context.definitions.get(window.index());
            definition.is_some_and(|it| it.span.forgets_at(bucket) > context.now)
        });
        !self.empty()
    }

    fn cool(&mut self) {
        self.note_mut().heat /= 2;
    }

    fn leave(&self, name: Name, context: &Context<'_>, remains: &mut Sketch) {
        for (window, buckets) in self.windows() {
            let Some(definition) = context.definitions.get(window.index()) else { continue };
            let Some((newest, _)) = buckets.last() else { continue };
            let count = if definition.counts {
                buckets.iter().fold(0, |sum: i64, (_, count)| sum.saturating_add(*count))
            } else {
                i64::try_from(buckets.len()).unwrap_or(i64::MAX)
            };
            let forgets_at = definition.span.forgets_at(*newest);
            remains.add(name, Part::of_window(window), count, forgets_at, context.now);
        }
    }

    fn pack(&self, to: &mut Writer) {
        self.pack(to);
    }

    fn unpack(from: &mut Reader<'_>, number: Renumber<'_>) -> Self {
        Self::unpack(from, number)
    }
}

impl Kept for Profile {
    fn rack(shelf: &mut Shelf) -> (&mut Rack<Self>, &mut Taken) {
        (&mut shelf.profiles, &mut shelf.taken)
    }

    fn bytes(&self) -> usize {
        self.bytes()
    }

    fn prefetch(&self) {
        ahead::prefetch(self.packed());
    }

    fn tied(&self) -> bool {
        self.trusted()
    }

    /// Of an account that was never trusted, how often it failed; of a trusted one, how lately somebody entered it.
    fn heat(&self, now: Timestamp) -> u8 {
        let steps = if self.trusted() {
            let dormant_ms = self.last_trusted_at().map_or(i64::MAX, |at| now.since(at).max(0));
            i64::from(HEAT_MAX) - dormant_ms / DORMANT_MS
        } else {
            self.failures().iter().map(|(_, count, _)| i64::from(*count)).sum()
        };
        u8::try_from(steps.clamp(0, i64::from(HEAT_MAX))).unwrap_or(HEAT_MAX)
    }

    fn leave(&self, name: Name, context: &Context<'_>, remains: &mut Sketch) {
        for (by, count, last_at) in self.failures() {
            let forgets_at = last_at.plus(FAILURES_REMAIN_MS);
            remains.add(name, Part::of_failures(by), i64::from(count), forgets_at, context.now);
        }
    }

    fn pack(&self, to: &mut Writer) {
        to.bytes(self.packed());
    }

    fn unpack(from: &mut Reader<'_>, _number: Renumber<'_>) -> Self {
        Self::from_packed(from.bytes())
    }
}

/// Leaves nothing behind: rows are compared with themselves, and what is under attack is used too much to go.
impl Kept for Row {
    fn rack(shelf: &mut Shelf) -> (&mut Rack<Self>, &mut Taken) {
        (&mut shelf.rows, &mut shelf.taken)
    }

    fn bytes(&self) -> usize {
        self.bytes()
    }

    fn prefetch(&self) {
        ahead::prefetch(self.newest());
    }

    fn tied(&self) -> bool {
        false
    }

    fn heat(&self, _now: Timestamp) -> u8 {
        bits(self.attempts())
    }

    fn forget(&mut self, context: &Context<'_>) -> bool {
        self.forget(context.now);
        !self.buckets().is_empty()
    }

    fn pack(&self, to: &mut Writer) {
        self.pack(to);
    }

    fn unpack(from: &mut Reader<'_>, _number: Renumber<'_>) -> Self {
        Self::unpack(from)
    }
}

/// Leaves nothing behind: who is not known to be regularly there is nobody.
impl Kept for Address {
    fn rack(shelf: &mut Shelf) -> (&mut Rack<Self>, &mut Taken) {
        (&mut shelf.addresses, &mut shelf.taken)
    }

    fn bytes(&self) -> usize {
        self.bytes()
    }

    fn prefetch(&self) {
        ahead::prefetch(self.visits());
    }

    fn tied(&self) -> bool {
        self.shared()
    }

    fn heat(&self, _now: Timestamp) -> u8 {
        bits(self.failures())
    }

    fn forget(&mut self, context: &Context<'_>) -> bool {
        self.forget(context.now)
    }

    fn pack(&self, to: &mut Writer) {
        self.pack(to);
    }

    fn unpack(from: &mut Reader<'_>, _number: Renumber<'_>) -> Self {
        Self::unpack(from)
    }
}

/// How many bits a number has: how much something is used that is used so often.
fn bits(number: u32) -> u8 {
    u8::try_from(u32::BITS - number.leading_zeros()).unwrap_or(HEAT_MAX).min(HEAT_MAX)
}
