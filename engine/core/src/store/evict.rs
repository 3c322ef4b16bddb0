//! What goes when a shelf has too little room.
//!
//! First what no window covers any more; then what no trusted account stands behind; and only if all that is not enough,
//! the rest. So strangers push out strangers, and what is tied to trusted accounts is pushed out by others of its
//! kind only, once they take more than fifteen sixteenths of the room. Among equals those of tenants with more than an equal share
//! go first, then those that are used least, as in other caches that have to withstand scans (SLRU, LFU with ageing).

use std::collections::HashSet;

use super::kept::Definition;
use super::remains::{Part, Remains};
use super::shelf::{Kept, NamedMap, Shelf, Taken, Weight};
use crate::keyed::{Name, Tenant};
use crate::profile::Profile;
use crate::time::{DAY_MS, Timestamp};
use crate::window::{Cells, Note};

/// Of so many equal parts of the room, one is free again afterwards.
const FREED: usize = 16;

/// How long failures of an account that was never trusted are remembered once its profile is evicted.
const FAILURES_REMAIN_MS: i64 = DAY_MS;
/// An account that nobody entered for so long is as cold as can be in fifteen steps.
const DORMANT_MS: i64 = 30 * DAY_MS;

/// What is to go.
struct Wanted {
    tied: bool,
    /// Only what this one has, or everybody's.
    tenant: Option<Tenant>,
    bytes: usize,
}

/// What goes: all below a rank, and so many bytes of that rank.
struct Cut {
    rank: usize,
    bytes: usize,
}

/// Something that can go.
trait Evict: Kept {
    /// How much it is used, up to [`Note::HEAT_MAX`].
    fn heat(&self, now: Timestamp) -> u8;

    /// Leaves behind what must not be forgotten.
    fn leave(&self, name: Name, context: &Context<'_>, remains: &mut Remains);
}

struct Context<'a> {
    definitions: &'a [Definition],
    now: Timestamp,
    /// Tenants that have more than an equal share.
    greedy: HashSet<Tenant>,
}

impl Shelf {
    /// Makes room if there is too little, in all or for this tenant.
    pub(super) fn tidy(&mut self, tenant: Tenant, definitions: impl Fn() -> Vec<Definition>) {
        if self.excess(None) == 0 && self.excess(Some(tenant)) == 0 {
            return;
        }
        self.write();
        let definitions = definitions();
        self.remains.begin(self.budget.bytes, self.newest);
        self.forget(&definitions);
        let context =
            Context { definitions: &definitions, now: self.newest, greedy: self.taken.greedy() };
        for tenant in [Some(tenant), None] {
            let mut bytes = self.excess(tenant);
            for tied in [false, true] {
                let before = self.taken.bytes;
                self.evict(&Wanted { tied, tenant, bytes }, &context);
                bytes = bytes.saturating_sub(before - self.taken.bytes);
            }
        }
        self.cool();
    }

    /// Bytes that are too many, and some more so that there is room for a while; zero if there is room.
    fn excess(&self, tenant: Option<Tenant>) -> usize {
        let (taken, room) = match tenant {
            None => (self.taken.bytes, self.budget.bytes.saturating_sub(self.remains.bytes())),
            Some(tenant) => (self.taken.of(tenant), self.budget.tenant_bytes),
        };
        if taken > room { taken - (room - room / FREED) } else { 0 }
    }

    /// Forgets what no window covers any more, whoever asks.
    fn forget(&mut self, definitions: &[Definition]) {
        let (taken, now) = (&mut self.taken, self.newest);
        self.entities.retain(|name, cells| {
            let before = Weight::of(cells);
            cells.retain(|window, bucket| {
                let definition = definitions.get(window.index());
                definition.is_some_and(|it| it.span.forgets_at(bucket) > now)
            });
            let stays = !cells.empty();
            let after = if stays { Weight::of(cells) } else { Weight::default() };
            taken.change(name.tenant(), before, after);
            stays
        });
        self.forgot_at = Some(now);
    }

    fn evict(&mut self, wanted: &Wanted, context: &Context<'_>) {
        if wanted.bytes == 0 {
            return;
        }
        let mut ranks = [0; RANKS];
        tally(&self.entities, wanted, context, &mut ranks);
        tally(&self.profiles, wanted, context, &mut ranks);
        let mut cut = Cut::of(&ranks, wanted.bytes);
        let Self { entities, profiles, remains, taken, .. } = self;
        cut.make(entities, wanted, context, (remains, taken));
        cut.make(profiles, wanted, context, (remains, taken));
    }

    /// What was used often long ago does not count for ever. Maps are laid out anew, since they grow where much came
    /// and went.
    fn cool(&mut self) {
        self.entities.values_mut().for_each(|cells| cells.note_mut().heat /= 2);
        self.entities.shrink_to_fit();
        self.profiles.shrink_to_fit();
    }
}

/// A rank for each heat, first of tenants with more than their share.
const RANKS: usize = 2 * (Note::HEAT_MAX as usize + 1);

/// Where an entry stands in the line of those that go; `None` if it is not in it.
fn rank<V: Evict>(name: Name, kept: &V, wanted: &Wanted, context: &Context<'_>) -> Option<usize> {
    let tenant = name.tenant();
    if kept.tied() != wanted.tied || wanted.tenant.is_some_and(|wanted| wanted != tenant) {
        return None;
    }
    let first = if context.greedy.contains(&tenant) { 0 } else { RANKS / 2 };
    Some(first + usize::from(kept.heat(context.now).min(Note::HEAT_MAX)))
}

fn tally<V: Evict>(
    map: &NamedMap<V>,
    wanted: &Wanted,
    context: &Context<'_>,
    ranks: &mut [usize; RANKS],
) {
    for (name, kept) in map {
        let rank = rank(*name, kept, wanted, context).and_then(|rank| ranks.get_mut(rank));
        if let Some(bytes) = rank {
            *bytes += Weight::of(kept).bytes;
        }
    }
}

impl Cut {
    fn of(ranks: &[usize; RANKS], wanted: usize) -> Self {
        let mut bytes = wanted;
        for (rank, there) in ranks.iter().enumerate() {
            if *there >= bytes {
                return Self { rank, bytes };
            }
            bytes -= there;
        }
        Self { rank: RANKS, bytes: 0 }
    }

    fn make<V: Evict>(
        &mut self,
        map: &mut NamedMap<V>,
        wanted: &Wanted,
        context: &Context<'_>,
        (remains, taken): (&mut Remains, &mut Taken),
    ) {
        map.retain(|name, kept| {
            let Some(rank) = rank(*name, kept, wanted, context) else { return true };
            let weight = Weight::of(kept);
            if rank > self.rank || rank == self.rank && self.bytes == 0 {
                return true;
            }
            if rank == self.rank {
                self.bytes = self.bytes.saturating_sub(weight.bytes);
            }
            kept.leave(*name, context, remains);
            taken.change(name.tenant(), weight, Weight::default());
            false
        });
    }
}

impl Taken {
    fn of(&self, tenant: Tenant) -> usize {
        self.tenants.get(&tenant).copied().unwrap_or(0)
    }

    fn greedy(&self) -> HashSet<Tenant> {
        let share = self.bytes / self.tenants.len().max(1);
        let greedy = self.tenants.iter().filter(|(_, bytes)| **bytes > share);
        greedy.map(|(tenant, _)| *tenant).collect()
    }
}

impl Evict for Cells {
    fn heat(&self, _now: Timestamp) -> u8 {
        self.note().heat
    }

    fn leave(&self, name: Name, context: &Context<'_>, remains: &mut Remains) {
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
}

impl Evict for Profile {
    /// Of an account that was never trusted, how often it failed; of a trusted one, how lately somebody entered it.
    fn heat(&self, now: Timestamp) -> u8 {
        let steps = match self.last_trusted_at() {
            Some(at) => i64::from(Note::HEAT_MAX) - now.since(at).max(0) / DORMANT_MS,
            None => self.failures().iter().map(|(_, count, _)| i64::from(*count)).sum(),
        };
        u8::try_from(steps.clamp(0, i64::from(Note::HEAT_MAX))).unwrap_or(Note::HEAT_MAX)
    }

    fn leave(&self, name: Name, context: &Context<'_>, remains: &mut Remains) {
        for (by, count, last_at) in self.failures() {
            let forgets_at = last_at.plus(FAILURES_REMAIN_MS);
            remains.add(name, Part::of_failures(by), i64::from(count), forgets_at, context.now);
        }
    }
}
