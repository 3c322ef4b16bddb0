//! What all users of one tenant have in common.

use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;

use super::epoch::{Epoch, Tally};
use super::saving::Missed;
use super::score::{All, Own};
use super::shown::{ADDRESS_LEVELS, AGENT_LEVELS, LEVELS, Shown};
use crate::keyed::PassThrough;

/// Values kept of one level for one tenant: about 30 MiB when a level is full, which only addresses and whole user
/// agents ever are.
///
/// Beyond it a level is thinned: half of the values go, by a bit of their keyed hash, so it is always the same
/// ones that stay. A value that was thinned out counts on its coarser levels only, and is read as one that nobody
/// but this user has: it is rarer in the score than it is in life, and so the score is too low rather than too high. How
/// many values there are is estimated from those that stay.
///
/// Only trusted logins teach, so filling a level takes as many logins with the right credential, let in from as many
/// addresses; it makes the score blunter, and forgets nobody's own.
pub const VALUES_MAX: i64 = 1 << 18;

/// Times that a level can be thinned; no tenant has so many values.
const THINNED_MAX: u32 = 32;

/// Parts of the map that are locked on their own; there is a map for each tenant.
const MAP_PARTS: usize = 64;

/// The counts of a tenant's trusted logins. Any order of teaching leads to the same; once a level is thinned, as long as
/// nothing is taken back or forgotten.
pub(crate) struct Crowd {
    pub(super) values: DashMap<Mark, Tally, BuildHasherDefault<PassThrough>>,
    totals: RwLock<Totals>,
    values_max: i64,
    /// What it is told while it is saved, to be learned afterwards.
    pub(super) missed: Mutex<Option<Vec<Missed>>>,
}

/// A value of a level by its keyed hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) level: usize,
    pub(super) hash: u64,
}

impl Hash for Mark {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

#[derive(Clone, Copy, Default)]
pub(super) struct Totals {
    /// The epoch of the newest attempt.
    pub(super) newest: Epoch,
    pub(super) logins: Tally,
    /// Each user once, in the epoch of the newest login.
    pub(super) users: Tally,
    pub(super) levels: [Level; LEVELS],
}

#[derive(Clone, Copy, Default)]
pub(super) struct Level {
    /// Each value once, in the newest epoch that has it.
    pub(super) values: Tally,
    /// Signed, as a value may be known to have gone before it is known to have come.
    pub(super) kept: i64,
    /// How often the level was thinned.
    pub(super) thinned: u32,
}

/// What a profile learned or took back, as far as it matters to all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Taught {
    pub(crate) epoch: Epoch,
    /// Logins more.
    pub(crate) by: i64,
    /// The epoch of the user's newest login before and after.
    pub(crate) last: [Option<Epoch>; 2],
}

/// What became of a value in the map.
struct Change {
    level: usize,
    /// The newest epoch that has it, before and after.
    last: [Option<Epoch>; 2],
    /// Whether it is in the map, before and after.
    kept: [bool; 2],
}

impl Default for Crowd {
    fn default() -> Self {
        Self::new(VALUES_MAX)
    }
}

impl Crowd {
    fn new(values_max: i64) -> Self {
        let values =
            DashMap::with_hasher_and_shard_amount(BuildHasherDefault::default(), MAP_PARTS);
        Self { values, totals: RwLock::default(), values_max, missed: Mutex::default() }
    }

    /// An attempt was made in this epoch, trusted or not: what is too old by then is forgotten. Returns the newest
    /// epoch so far.
    pub(crate) fn advance(&self, epoch: Epoch) -> Epoch {
        let newest = self.totals().newest;
        if epoch <= newest {
            return newest;
        }
        if self.miss(Missed::Began(epoch)) {
            return epoch;
        }
        let mut totals = self.totals_mut();
        let begun = epoch > totals.newest;
        totals.newest = totals.newest.max(epoch);
        let newest = totals.newest;
        drop(totals);
        if begun {
            self.count(&self.retain(|_, tally| !tally.empty(newest)));
        }
        newest
    }

    /// Counts what a profile learned or took back. Its attempt's epoch has begun.
    pub(crate) fn teach(&self, shown: &Shown, taught: &Taught) {
        if self.miss(Missed::Taught(*shown, *taught)) {
            return;
        }
        let mut totals = self.totals_mut();
        let newest = totals.newest;
        totals.logins.add(taught.epoch, taught.by);
        totals.users.shift_one(taught.last);
        let thinned = totals.levels.map(|level| level.thinned);
        drop(totals);
        if taught.by == 0 || taught.epoch.back(newest).is_none() {
            return;
        }
        let marks = shown.levels().map(|(level, hash)| Mark { level, hash });
        let kept = marks.filter(|mark| mark.kept(&thinned));
        let changes: Vec<Change> = kept.map(|mark| self.add(mark, newest, taught)).collect();
        let telling =
            |change: &Change| change.last[0] != change.last[1] || change.kept[0] != change.kept[1];
        if changes.iter().any(telling) {
            self.count(&changes);
        }
    }

    /// A user's newest login is in another epoch now, though nobody logged in: before and after.
    pub(crate) fn shift_user(&self, last: [Option<Epoch>; 2]) {
        let nothing = Shown { address: [0; ADDRESS_LEVELS], agent: [0; AGENT_LEVELS] };
        if last[0] != last[1] {
            self.teach(&nothing, &Taught { epoch: Epoch::default(), by: 0, last });
        }
    }

    /// How often all users showed what is shown. Slightly stale while others teach.
    pub(crate) fn read(&self, shown: &Shown) -> All {
        let (newest, mut all) = self.totals().read();
        let count = |(level, hash)| {
            let tally = self.values.view(&Mark { level, hash }, |_, tally| tally.sum(newest));
            tally.unwrap_or(0)
        };
        let places = all.own.address.iter_mut().chain(&mut all.own.agent);
        places.zip(shown.levels().map(count)).for_each(|(place, count)| *place = count);
        all
    }

    /// Everything that counts, in no order: a part for each value, and one for the rest.
    pub(crate) fn parts(&self) -> impl Iterator<Item = impl Hash> {
        let totals = *self.totals();
        let newest = totals.newest;
        let counts = move |tally: &Tally| tally.kept(newest).collect::<Vec<_>>();
        let rest = [totals.logins, totals.users]
            .into_iter()
            .chain(totals.levels.map(|level| level.values));
        let rest = rest
            .enumerate()
            .map(move |(number, tally)| ((LEVELS + number, u64::from(newest.0)), counts(&tally)));
        let values = self.values.iter().map(move |entry| {
            let Mark { level, hash } = *entry.key();
            ((level, hash), counts(entry.value()))
        });
        let values = values.filter(|(_, counts)| !counts.is_empty());
        values.chain(rest)
    }

    fn add(&self, mark: Mark, newest: Epoch, taught: &Taught) -> Change {
        let Mark { level, .. } = mark;
        let mut entry = match self.values.entry(mark) {
            Entry::Occupied(entry) => entry,
            Entry::Vacant(entry) => {
                let mut tally = Tally::default();
                tally.advance(newest);
                tally.add(taught.epoch, taught.by);
                let last = [None, tally.last()];
                entry.insert(tally);
                return Change { level, last, kept: [false, true] };
            }
        };
        let tally = entry.get_mut();
        tally.advance(newest);
        let before = tally.last();
        tally.add(taught.epoch, taught.by);
        let last = [before, tally.last()];
        let stays = !tally.empty(newest);
        if !stays {
            entry.remove();
        }
        Change { level, last, kept: [true, stays] }
    }

    /// Takes note of what became of values, and thins levels that have too many.
    fn count(&self, changes: &[Change]) {
        let mut totals = self.totals_mut();
        for change in changes {
            if let Some(level) = totals.levels.get_mut(change.level) {
                level.count(change);
            }
        }
        let full = |level: &Level| level.kept > self.values_max && level.thinned < THINNED_MAX;
        if !totals.levels.iter().any(full) {
            return;
        }
        let full = totals.levels.iter_mut().filter(|level| full(level));
        full.for_each(|level| level.thinned += 1);
        let thinned = totals.levels.map(|level| level.thinned);
        drop(totals);
        self.count(&self.retain(|mark, _| mark.kept(&thinned)));
    }

    /// Removes values, and says which.
    fn retain(&self, stays: impl Fn(&Mark, &Tally) -> bool) -> Vec<Change> {
        let mut gone = Vec::new();
        self.values.retain(|mark, tally| {
            let stays = stays(mark, tally);
            if !stays {
                let last = [tally.last(), None];
                gone.push(Change { level: mark.level, last, kept: [true, false] });
            }
            stays
        });
        gone
    }

    pub(super) fn totals(&self) -> RwLockReadGuard<'_, Totals> {
        self.totals.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn totals_mut(&self) -> RwLockWriteGuard<'_, Totals> {
        self.totals.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Totals {
    /// The newest epoch and what is counted of no value alone.
    fn read(&self) -> (Epoch, All) {
        let newest = self.newest;
        let (address, agent) = self.levels.split_at(ADDRESS_LEVELS);
        let values =
            |levels: &[Level]| levels.iter().skip(1).map(|level| level.values(newest)).sum();
        let all = All {
            own: Own { logins: self.logins.sum(newest), ..Own::default() },
            users: self.users.sum(newest),
            address_values: values(address),
            agent_values: values(agent),
        };
        (newest, all)
    }
}

impl Mark {
    fn kept(&self, thinned: &[u32; LEVELS]) -> bool {
        // Bits that the map does not tell its places by.
        let bits = self.hash << THINNED_MAX;
        thinned.get(self.level).is_none_or(|thinned| bits.leading_zeros() >= *thinned)
    }
}

impl Level {
    fn count(&mut self, change: &Change) {
        self.values.shift_one(change.last);
        let [before, after] = change.kept.map(i64::from);
        self.kept += after - before;
    }

    /// How many different values there are, about as many where some were thinned out.
    fn values(&self, newest: Epoch) -> u64 {
        self.values.sum(newest).saturating_mul(1_u64.checked_shl(self.thinned).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A login of a user of its own, who shows what has this number, and one of three browsers.
    fn shown(number: u64) -> Shown {
        // What a keyed hash makes of small numbers.
        let spread = |number: u64| (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
        let own = spread(number);
        let common = spread(number % 3);
        Shown { address: [own, common, common], agent: [common; 4] }
    }

    fn teach(crowd: &Crowd, epoch: u16, number: u64, by: i64) {
        let epoch = Epoch(epoch);
        crowd.advance(epoch);
        let last = if by > 0 { [None, Some(epoch)] } else { [Some(epoch), None] };
        crowd.teach(&shown(number), &Taught { epoch, by, last });
    }

    fn marks(crowd: &Crowd) -> Vec<(usize, u64)> {
        let mut marks: Vec<_> =
            crowd.values.iter().map(|entry| (entry.key().level, entry.key().hash)).collect();
        marks.sort_unstable();
        marks
    }

    #[test]
    fn what_is_taken_back_leaves_nothing() {
        let crowd = Crowd::new(10);
        (0..5).for_each(|number| teach(&crowd, 7, number, 1));
        (0..5).for_each(|number| teach(&crowd, 7, number, -1));
        assert_eq!((crowd.read(&shown(1)), marks(&crowd)), (All::default(), Vec::new()));
    }

    /// Values that nobody showed for long take no room, whoever shows others.
    #[test]
    fn old_values_fall_away() {
        let crowd = Crowd::new(1_000);
        (0..100).for_each(|number| teach(&crowd, 7, number, 1));
        assert_eq!((marks(&crowd).len(), crowd.read(&shown(1)).users), (100 + 6 * 3, 100));
        teach(&crowd, 10, 1, 1);
        let all = crowd.read(&shown(1));
        assert_eq!((all.own.logins, all.own.address), (101, [2, 34, 34]));
        crowd.advance(Epoch(11));
        let all = crowd.read(&shown(1));
        assert_eq!((marks(&crowd).len(), all.users, all.address_values), (7, 1, 2));
        assert_eq!((all.own.logins, all.own.address, all.own.agent), (1, [1; 3], [1; 4]));
    }

    #[test]
    fn a_level_is_thinned_to_the_same_in_any_order() {
        let (crowd, other) = (Crowd::new(100), Crowd::new(100));
        (0..1_000).for_each(|number| teach(&crowd, 7, number, 1));
        (0..1_000).rev().for_each(|number| teach(&other, 7, number, 1));
        assert_eq!(marks(&crowd), marks(&other));
        let leaves = marks(&crowd).iter().filter(|(level, _)| *level == 0).count();
        assert!((20..=100).contains(&leaves), "{leaves}");
        // What is common to many is counted as before, and a value that was thinned out by what it shares.
        let reads: Vec<All> = (0..1_000).map(|number| crowd.read(&shown(number))).collect();
        assert!(reads.iter().all(|all| all.own.address[1] >= 333 && all.address_values == 6));
        assert_eq!(reads.iter().filter(|all| all.own.address[0] == 1).count(), leaves);
        assert!(reads.iter().all(|all| all.own.logins == 1_000 && all.users == 1_000));
    }

    /// How many values there are is known about, also of a level that was thinned.
    #[test]
    fn values_of_a_thinned_level_are_estimated() {
        let crowd = Crowd::new(200);
        for number in 0..2_000 {
            let Shown { address: [own, ..], agent } = shown(number);
            crowd.advance(Epoch(7));
            let taught = Taught { epoch: Epoch(7), by: 1, last: [None, Some(Epoch(7))] };
            crowd.teach(&Shown { address: [own; 3], agent }, &taught);
        }
        let values = crowd.read(&shown(0)).address_values;
        assert!((2_800..5_200).contains(&values), "{values}");
    }
}
