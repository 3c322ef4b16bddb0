//! What goes when a shelf has too little room.
//!
//! First what nobody asks for any more; then what no trusted account stands behind; and only if all that is not enough,
//! the rest. So strangers push out strangers. What is tied to trusted accounts is pushed out by others of its kind only:
//! where it does not fit a shelf's share, the shelf borrows from the reserve of all, and only once that is used up some of it
//! goes. Among equals those of tenants with more than an equal share go first, then those that are used least, as in
//! other caches that have to withstand scans (SLRU, LFU with ageing).

use std::collections::HashSet;

use super::budget::Reserve;
use super::kept::Definition;
use super::rack::{Kept, Rack};
use super::remains::Sketch;
use super::shelf::{Shelf, Taken};
use super::weight::Weight;
use crate::keyed::{Name, Tenant};
use crate::time::{MINUTE_MS, Timestamp};

/// As much as something can be used, in the eyes of eviction.
pub(crate) const HEAT_MAX: u8 = 15;

/// Of so many equal parts of the room, one is free again once strangers' things were evicted.
const FREED: usize = 16;
/// Of so many, one is kept free of what is tied, for strangers and for what comes next.
const FREED_OF_TIED: usize = 32;

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
    pub(super) fn tidy(
        &mut self,
        tenant: Tenant,
        reserve: &Reserve,
        definitions: impl Fn() -> Vec<Definition>,
    ) {
        let limited = self.budget.tenant_bytes < self.budget.bytes;
        let limits = limited.then_some(Some(tenant)).into_iter().chain([None]);
        if limits.clone().all(|limit| self.fits(limit)) {
            return;
        }
        self.write();
        let definitions = definitions();
        let context =
            Context { definitions: &definitions, now: self.newest, greedy: self.taken.greedy() };
        self.forget(&context);
        for tenant in limits {
            if self.fits(tenant) {
                continue;
            }
            let bytes = self.excess(tenant, FREED);
            self.evict(&Wanted { tied: false, tenant, bytes }, &context);
            if tenant.is_none() {
                self.borrow(reserve);
            }
            let bytes = self.excess(tenant, FREED_OF_TIED);
            self.evict(&Wanted { tied: true, tenant, bytes }, &context);
        }
        self.entities.cool();
        self.profiles.cool();
        self.rows.cool();
        self.addresses.cool();
    }

    /// What is taken and what may be, in all or by one tenant.
    fn taken_of_room(&self, tenant: Option<Tenant>) -> (usize, usize) {
        match tenant {
            None => (self.bytes(), self.budget.bytes + self.borrowed),
            Some(tenant) => (self.taken.of(tenant), self.budget.tenant_bytes),
        }
    }

    fn fits(&self, tenant: Option<Tenant>) -> bool {
        let (taken, room) = self.taken_of_room(tenant);
        taken <= room
    }

    /// Bytes that have to go so that one of so many equal parts of the room is free.
    fn excess(&self, tenant: Option<Tenant>, parts: usize) -> usize {
        let (taken, room) = self.taken_of_room(tenant);
        taken.saturating_sub(room - room / parts)
    }

    /// Has as much of the reserve as it needs beside its share for what is there, and gives back the rest.
    fn borrow(&mut self, reserve: &Reserve) {
        let needed = self.bytes() + self.bytes().div_ceil(FREED_OF_TIED - 1);
        let wanted = needed.saturating_sub(self.budget.bytes);
        self.borrowed = reserve.exchange(self.borrowed, wanted);
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
