//! What goes when a shelf has too little room.
//!
//! First what nobody asks for any more; then what no trusted account stands behind; and only if all that is not enough,
//! the rest. So strangers push out strangers, and what is tied to trusted accounts is pushed out by others of its
//! kind only, once they take more than fifteen sixteenths of the room. Among equals those of tenants with more than an
//! equal share go first, then those that are used least, as in other caches that have to withstand scans (SLRU, LFU with
//! ageing).

use std::collections::HashSet;

use super::kept::Definition;
use super::rack::{Kept, Rack};
use super::remains::Sketch;
use super::shelf::{Shelf, Taken};
use super::weight::Weight;
use crate::keyed::{Name, Tenant};
use crate::time::{MINUTE_MS, Timestamp};

/// As much as something can be used, in the eyes of eviction.
pub(crate) const HEAT_MAX: u8 = 15;

/// Of so many equal parts of the room, one is free again afterwards.
const FREED: usize = 16;

/// Time in which so little is forgotten that looking for it is dearer than evicting.
const FORGET_MS_MIN: i64 = MINUTE_MS;

/// A rank for each heat, first of tenants with more than their share.
const RANKS: usize = 2 * (HEAT_MAX as usize + 1);

/// What there is to know when a shelf is tidied.
pub(crate) struct Context<'a> {
    pub(crate) definitions: &'a [Definition],
    /// The newest attempt.
    pub(crate) now: Timestamp,
    /// Tenants that have more than an equal share.
    greedy: HashSet<Tenant>,
}

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

impl Shelf {
    /// Makes room if there is too little, in all or for this tenant.
    pub(super) fn tidy(&mut self, tenant: Tenant, definitions: impl Fn() -> Vec<Definition>) {
        let limited = self.budget.tenant_bytes < self.budget.bytes;
        if self.excess(None) == 0 && !(limited && self.excess(Some(tenant)) > 0) {
            return;
        }
        self.write();
        let definitions = definitions();
        let context =
            Context { definitions: &definitions, now: self.newest, greedy: self.taken.greedy() };
        self.forget(&context);
        for tenant in [Some(tenant), None] {
            let mut bytes = self.excess(tenant);
            for tied in [false, true] {
                let before = self.taken.bytes;
                self.evict(&Wanted { tied, tenant, bytes }, &context);
                bytes = bytes.saturating_sub(before - self.taken.bytes);
            }
        }
        self.entities.cool();
        self.profiles.cool();
        self.rows.cool();
        self.addresses.cool();
    }

    /// Bytes that are too many, and some more so that there is room for a while; zero if there is room.
    fn excess(&self, tenant: Option<Tenant>) -> usize {
        let (taken, room) = match tenant {
            None => (self.bytes(), self.budget.bytes),
            Some(tenant) => (self.taken.of(tenant), self.budget.tenant_bytes),
        };
        if taken > room { taken - (room - room / FREED) } else { 0 }
    }

    /// Forgets what nobody asks for any more; looks for it again when that can be more.
    fn forget(&mut self, context: &Context<'_>) {
        if self.forgot_at.is_some_and(|at| context.now.since(at) < FORGET_MS_MIN) {
            return;
        }
        let Self { entities, profiles, rows, addresses, taken, .. } = self;
        entities.retain(taken, |_, kept| Kept::forget(kept, context));
        profiles.retain(taken, |_, kept| Kept::forget(kept, context));
        rows.retain(taken, |_, kept| Kept::forget(kept, context));
        addresses.retain(taken, |_, kept| Kept::forget(kept, context));
        self.forgot_at = Some(context.now);
    }

    fn evict(&mut self, wanted: &Wanted, context: &Context<'_>) {
        if wanted.bytes == 0 {
            return;
        }
        let mut ranks = [0; RANKS];
        tally(&self.entities, wanted, context, &mut ranks);
        tally(&self.profiles, wanted, context, &mut ranks);
        tally(&self.rows, wanted, context, &mut ranks);
        tally(&self.addresses, wanted, context, &mut ranks);
        let mut cut = Cut::of(&ranks, wanted.bytes);
        let Self { entities, profiles, rows, addresses, remains, taken, budget, newest, .. } = self;
        let remains = remains.begin(wanted.tied, budget.bytes, *newest);
        cut.make(entities, wanted, context, (remains, taken));
        cut.make(profiles, wanted, context, (remains, taken));
        cut.make(rows, wanted, context, (remains, taken));
        cut.make(addresses, wanted, context, (remains, taken));
    }
}

/// Where an entry stands in the line of those that go; `None` if it is not in it.
fn rank<V: Kept>(name: Name, kept: &V, wanted: &Wanted, context: &Context<'_>) -> Option<usize> {
    let tenant = name.tenant();
    if kept.tied() != wanted.tied || wanted.tenant.is_some_and(|wanted| wanted != tenant) {
        return None;
    }
    let first = if context.greedy.contains(&tenant) { 0 } else { RANKS / 2 };
    Some(first + usize::from(kept.heat(context.now).min(HEAT_MAX)))
}

fn tally<V: Kept>(
    rack: &Rack<V>,
    wanted: &Wanted,
    context: &Context<'_>,
    ranks: &mut [usize; RANKS],
) {
    for (name, kept) in rack.iter() {
        let rank = rank(*name, kept, wanted, context).and_then(|rank| ranks.get_mut(rank));
        if let Some(bytes) = rank {
            *bytes += Weight::of(kept).0;
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

    fn make<V: Kept>(
        &mut self,
        rack: &mut Rack<V>,
        wanted: &Wanted,
        context: &Context<'_>,
        (remains, taken): (&mut Sketch, &mut Taken),
    ) {
        rack.retain(taken, |name, kept| {
            let Some(rank) = rank(name, kept, wanted, context) else { return true };
            if rank > self.rank || rank == self.rank && self.bytes == 0 {
                return true;
            }
            if rank == self.rank {
                self.bytes = self.bytes.saturating_sub(Weight::of(kept).0);
            }
            kept.leave(name, context, remains);
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
