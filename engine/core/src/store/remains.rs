//! What remains of entities that were evicted: counts that may be too high and are never too low.
//!
//! A count-min sketch (Cormode and Muthukrishnan, 2005) of two rows: what is evicted is added at one place of each row,
//! and the smaller count is read. A place takes no more than makes that true (conservative update: Estan and Varghese,
//! 2002). Whose counts share a place is up to a keyed hash. A place begins anew once everything that was added to it would be
//! forgotten.
//!
//! What trusted accounts stood behind has a sketch of its own, so that no flood of strangers' things is read as theirs.

use crate::keyed::Name;
use crate::packed::{Reader, Writer};
use crate::profile::By;
use crate::time::Timestamp;
use crate::window::WindowNumber;

/// Bytes of state for each place of a row: the sketch takes a thirty-second part of the memory.
const BYTES_PER_PLACE: usize = 32 * size_of::<Remain>() * ROWS;

const ROWS: usize = 2;

/// Tells counts under one name apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Part(u64);

impl Part {
    /// A window of an entity.
    pub(super) fn of_window(window: WindowNumber) -> Self {
        Self(u64::try_from(window.index()).unwrap_or(u64::MAX))
    }

    /// Failures of a user with a method; windows have lower numbers.
    pub(super) fn of_failures(by: By) -> Self {
        Self(1 << 32 | u64::from(by.number()))
    }
}

/// What remains of everything that was evicted from one shelf.
#[derive(Clone, Debug, Default)]
pub(crate) struct Remains {
    strangers: Sketch,
    tied: Sketch,
}

/// Takes no memory before the first eviction.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sketch {
    places: Box<[Remain]>,
    /// Everything that was added to each part, by part: what hardly ever counts is not read as what often does.
    totals: Vec<(Part, Remain)>,
    /// When the first eviction was that anything may remain of.
    began_at: Option<Timestamp>,
    /// When everything is forgotten.
    forgets_at: Timestamp,
}

#[derive(Clone, Copy, Debug, Default)]
struct Remain {
    /// Seconds since 1970.
    forgets_at: u32,
    count: u32,
}

impl Remains {
    /// Since when something was evicted that may not be forgotten at `now`: something that a trusted account stood behind,
    /// if it is one that asks, else anything.
    pub(super) fn since(&self, now: Timestamp, tied: bool) -> Option<Timestamp> {
        let strangers = if tied { None } else { self.strangers.since(now) };
        strangers.into_iter().chain(self.tied.since(now)).min()
    }

    /// The most that can have been evicted of this and is not forgotten by `now`.
    pub(super) fn read(&self, name: Name, part: Part, now: Timestamp, tied: bool) -> i64 {
        let strangers = if tied { 0 } else { self.strangers.read(name, part, now) };
        strangers.saturating_add(self.tied.read(name, part, now))
    }

    /// Bytes that the sketches take.
    pub(super) fn bytes(&self) -> usize {
        self.strangers.bytes() + self.tied.bytes()
    }

    /// Where to add what is evicted at `now` from a state of so many bytes.
    pub(super) fn begin(&mut self, tied: bool, state_bytes: usize, now: Timestamp) -> &mut Sketch {
        let sketch = if tied { &mut self.tied } else { &mut self.strangers };
        sketch.begin(state_bytes, now);
        sketch
    }

    pub(super) fn pack(&self, to: &mut Writer) {
        self.strangers.pack(to);
        self.tied.pack(to);
    }

    pub(super) fn unpack(from: &mut Reader<'_>) -> Self {
        Self { strangers: Sketch::unpack(from), tied: Sketch::unpack(from) }
    }
}

impl Sketch {
    fn since(&self, now: Timestamp) -> Option<Timestamp> {
        self.began_at.filter(|_| now < self.forgets_at)
    }

    fn bytes(&self) -> usize {
        size_of_val::<[Remain]>(&self.places) + size_of_val::<[_]>(&*self.totals)
    }

    fn begin(&mut self, state_bytes: usize, now: Timestamp) {
        if self.places.is_empty() {
            let places = (state_bytes / BYTES_PER_PLACE).max(1);
            self.places = vec![Remain::default(); places * ROWS].into();
        }
        self.began_at = self.since(now).or(Some(now));
    }

    /// Adds a count that is evicted at `now` and would have been forgotten at `forgets_at`.
    pub(super) fn add(
        &mut self,
        name: Name,
        part: Part,
        count: i64,
        forgets_at: Timestamp,
        now: Timestamp,
    ) {
        self.forgets_at = self.forgets_at.max(forgets_at.plus(1_000));
        let all = self.read(name, part, now).saturating_add(count);
        let all = u32::try_from(all).unwrap_or(u32::MAX);
        for place in self.at(name, part) {
            let Some(kept) = self.places.get_mut(place) else { continue };
            kept.raise(all, forgets_at, now);
        }
        let place = self.total(part).unwrap_or_else(|place| {
            self.totals.insert(place, (part, Remain::default()));
            place
        });
        if let Some((_, total)) = self.totals.get_mut(place) {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            total.raise(total.at(now).saturating_add(count), forgets_at, now);
        }
    }

    fn read(&self, name: Name, part: Part, now: Timestamp) -> i64 {
        let Ok(total) = self.total(part) else { return 0 };
        let total = self.totals.get(total).map(|(_, total)| total);
        let kept = self.at(name, part).map(|place| self.places.get(place));
        let counts = kept.into_iter().chain([total]).map(|kept| kept.map_or(0, |it| it.at(now)));
        counts.min().map_or(0, i64::from)
    }

    fn pack(&self, to: &mut Writer) {
        to.moment(self.began_at);
        to.i64(self.forgets_at.ms());
        to.length(self.places.len());
        for place in &self.places {
            place.pack(to);
        }
        to.length(self.totals.len());
        for (part, total) in &self.totals {
            to.u64(part.0);
            total.pack(to);
        }
    }

    fn unpack(from: &mut Reader<'_>) -> Self {
        let (began_at, forgets_at) = (from.moment(), Timestamp::from_ms(from.i64()));
        let places = from.several(Remain::unpack).into();
        let totals = from.several(|from| (Part(from.u64()), Remain::unpack(from)));
        Self { places, totals, began_at, forgets_at }
    }

    /// Where the total of a part stands, or would.
    fn total(&self, part: Part) -> Result<usize, usize> {
        self.totals.binary_search_by_key(&part, |(known, _)| *known)
    }

    /// One place in each row.
    fn at(&self, name: Name, part: Part) -> [usize; ROWS] {
        let row = (self.places.len() / ROWS).max(1);
        let [_, low] = name.words();
        // Names are keyed hashes already; the part only has to lead elsewhere.
        let hash = low ^ part.0.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let place = |hash: u64| usize::try_from(hash % (1 << 32)).unwrap_or_default() % row;
        [place(hash), row + place(hash >> 32)]
    }
}

impl Remain {
    /// The count that is not forgotten by `now`.
    fn at(&self, now: Timestamp) -> u32 {
        if self.forgets_at > second(now, 0) { self.count } else { 0 }
    }

    /// Makes at least so many of what is not forgotten by `now`, to be forgotten later.
    fn raise(&mut self, least: u32, forgets_at: Timestamp, now: Timestamp) {
        let count = self.at(now);
        let begun = if count == 0 { 0 } else { self.forgets_at };
        self.count = count.max(least);
        self.forgets_at = begun.max(second(forgets_at, 1));
    }

    fn pack(&self, to: &mut Writer) {
        to.u32(self.forgets_at);
        to.u32(self.count);
    }

    fn unpack(from: &mut Reader<'_>) -> Self {
        Self { forgets_at: from.u32(), count: from.u32() }
    }
}

/// A second before or after a point in time.
fn second(at: Timestamp, later: i64) -> u32 {
    let second = at.ms().div_euclid(1_000).saturating_add(later).max(0);
    u32::try_from(second).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::keyed::Keyed;

    /// Whatever is evicted, nothing is read as less than it was, and most of it as not much more.
    #[test]
    fn never_reads_too_little() {
        let names = Keyed::new([5; 16]).names("acme");
        let at = |second: u64| Timestamp::from_ms(i64::try_from(second).unwrap() * 1_000);
        let mut remains = Sketch::default();
        remains.begin(1 << 20, at(0));
        let mut plain: HashMap<(u64, u64), i64> = HashMap::new();
        for number in 0..4_000 {
            let (name, part) = (number % 1_500, number % 3);
            remains.add(names.name(names.of(name)), Part(part), 2, at(600), at(number / 100));
            *plain.entry((name, part)).or_default() += 2;
        }
        let read =
            |name: u64, part, now| remains.read(names.name(names.of(name)), Part(part), at(now));
        assert!(plain.iter().all(|((name, part), count)| read(*name, *part, 599) >= *count));
        let exact = plain.iter().filter(|((name, part), count)| read(*name, *part, 599) == **count);
        assert!(exact.count() * 10 > plain.len() * 4);
        assert!((0..1_500).all(|name| read(name, 0, 601) == 0));
    }

    #[test]
    fn what_was_forgotten_makes_room() {
        let name = {
            let names = Keyed::new([5; 16]).names("acme");
            names.name(1)
        };
        let mut remains = Sketch::default();
        let second = |second: i64| Timestamp::from_ms(second * 1_000);
        assert_eq!((remains.since(second(0)), remains.read(name, Part(0), second(0))), (None, 0));
        remains.begin(1, second(5));
        remains.add(name, Part(0), 3, second(10), second(5));
        remains.add(name, Part(0), 4, second(30), second(20));
        assert_eq!([20, 30, 31].map(|now| remains.read(name, Part(0), second(now))), [4, 4, 0]);
        let since = [30, 31].map(|now| remains.since(second(now)));
        assert_eq!(since, [Some(second(5)), None]);
    }
}
