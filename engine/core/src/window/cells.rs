//! The cells of one entity: all that its windows remember, in one sorted row.

use std::ops::Range;

use super::buckets::Bucket;
use crate::few::Few;
use crate::packed::{Reader, Writer};
use crate::time::Timestamp;

/// A window's number in the store that keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WindowNumber(u32);

impl WindowNumber {
    /// Numbers there are.
    const COUNT: u32 = 1 << (u64::BITS - Bucket::BITS);

    /// Stands for the entity itself: no window has it.
    const ENTITY: Self = Self(Self::COUNT - 1);

    /// The number of the window that comes after `before` others, while there are numbers.
    pub(crate) fn after(before: usize) -> Option<Self> {
        u32::try_from(before).ok().map(Self).filter(|number| *number < Self::ENTITY)
    }

    /// How many windows come before it.
    pub(crate) fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// A bucket of a window. Sorts by window, then by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place(u64);

impl Place {
    pub(crate) fn new(window: WindowNumber, bucket: Bucket) -> Self {
        Self(u64::from(window.0) << Bucket::BITS | bucket.bits())
    }

    /// The first and the last bucket of the window.
    fn ends(window: WindowNumber) -> [Self; 2] {
        let first = u64::from(window.0) << Bucket::BITS;
        [Self(first), Self(first | ((1 << Bucket::BITS) - 1))]
    }

    pub(crate) fn window(self) -> WindowNumber {
        WindowNumber(u32::try_from(self.0 >> Bucket::BITS).unwrap_or(u32::MAX))
    }

    pub(crate) fn bucket(self) -> Bucket {
        Bucket::from_bits(self.0)
    }
}

/// Something that a window remembers of a bucket; what it means is the window's affair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) place: Place,
    pub(crate) value: i64,
}

impl Cell {
    /// Whether it says something of the entity and not of a window.
    fn of_entity(&self) -> bool {
        self.place.window() == WindowNumber::ENTITY
    }
}

/// The cells of all windows of an entity, by place; then one that says since when it is there, if that was noted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cells(Few<Cell, Note>);

/// What is noted of an entity beside its cells, for when memory is short.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Note {
    /// How often something was counted, halved now and then; at most 15.
    pub(crate) heat: u8,
    /// Whether an account that knew every key of the entity has used it.
    pub(crate) tied: bool,
    /// Whether entities had been evicted before it came: it may be one of them.
    pub(crate) late: bool,
}

impl Note {
    /// Most of it that is noted.
    const HEAT_MAX: u8 = 15;

    const TIED: u8 = 1 << 4;
    const LATE: u8 = 1 << 5;

    fn bits(self) -> u8 {
        let flag = |flag, bit| if flag { bit } else { 0 };
        self.heat & Note::HEAT_MAX | flag(self.tied, Self::TIED) | flag(self.late, Self::LATE)
    }

    fn from_bits(bits: u8) -> Self {
        let heat = bits & Note::HEAT_MAX;
        Self { heat, tied: bits & Self::TIED != 0, late: bits & Self::LATE != 0 }
    }
}

impl Cells {
    /// Of an entity that is not there.
    pub(crate) fn unseen() -> Self {
        let mut cells = Self::default();
        cells.note_mut().late = true;
        cells
    }

    pub(crate) fn note(&self) -> Note {
        self.0.note()
    }

    /// Notes that something is counted, on behalf of an account that knows the entity or not.
    pub(crate) fn touch(&mut self, tied: bool) {
        let note = self.0.note_mut();
        note.heat = note.heat.saturating_add(1).min(Note::HEAT_MAX);
        note.tied |= tied;
    }

    pub(crate) fn note_mut(&mut self) -> &mut Note {
        self.0.note_mut()
    }

    /// Bytes beside the entity's place in a map.
    pub(crate) fn bytes(&self) -> usize {
        self.0.bytes()
    }

    /// Whether no window remembers anything.
    pub(crate) fn empty(&self) -> bool {
        self.of_windows().is_empty()
    }

    /// Since when it is there at the latest, if that was noted: everything that was told before is older.
    pub(crate) fn since(&self) -> Option<Timestamp> {
        let noted = self.as_slice().last().filter(|cell| cell.of_entity())?;
        Some(Timestamp::from_ms(noted.value))
    }

    /// Notes that it is there while the newest attempt of all is this old.
    pub(crate) fn note_since(&mut self, newest: Timestamp) {
        let [place, _] = Place::ends(WindowNumber::ENTITY);
        self.put(place, newest.ms(), i64::min);
    }

    pub(crate) fn pack(&self, to: &mut Writer) {
        to.u8(self.note().bits());
        to.length(self.as_slice().len());
        for cell in self.as_slice() {
            to.u64(cell.place.0);
            to.i64(cell.value);
        }
    }

    /// The other way round. A window may have another number now; what has none is left out.
    pub(crate) fn unpack(
        from: &mut Reader<'_>,
        number: impl Fn(WindowNumber) -> Option<WindowNumber>,
    ) -> Self {
        let note = Note::from_bits(from.u8());
        let cells = from.several(|from| {
            let (place, value) = (Place(from.u64()), from.i64());
            let cell = Cell { place, value };
            if cell.of_entity() {
                return Some(cell);
            }
            let window = number(place.window())?;
            Some(Cell { place: Place::new(window, place.bucket()), value })
        });
        let mut cells: Vec<_> = cells.into_iter().flatten().collect();
        // Cells of the same bucket keep their order.
        cells.sort_by_key(|cell| cell.place);
        Self(Few::of(note, cells))
    }

    /// Forgets the buckets that `kept` does not hold for.
    pub(crate) fn retain(&mut self, kept: impl Fn(WindowNumber, Bucket) -> bool) {
        self.0.retain(|cell| cell.of_entity() || kept(cell.place.window(), cell.place.bucket()));
    }

    /// All of them, in order.
    pub(crate) fn as_slice(&self) -> &[Cell] {
        self.0.as_slice()
    }

    /// The cells without the one that says since when the entity is there.
    fn of_windows(&self) -> &[Cell] {
        match self.as_slice() {
            [own @ .., last] if last.of_entity() => own,
            own => own,
        }
    }

    /// Every window that remembers something, with its buckets and what it remembers of them.
    pub(crate) fn windows(&self) -> impl Iterator<Item = (WindowNumber, Vec<(Bucket, i64)>)> {
        let own = |cell: &Cell, next: &Cell| cell.place.window() == next.place.window();
        self.of_windows().chunk_by(own).filter_map(|cells| {
            let parts = cells.iter().map(|cell| (cell.place.bucket(), cell.value));
            Some((cells.first()?.place.window(), parts.collect()))
        })
    }

    /// The cells of one window after the other, oldest first. Ask in the order of the numbers.
    pub(crate) fn in_turn<'a>(&'a self) -> impl FnMut(WindowNumber) -> &'a [Cell] {
        let mut rest = self.as_slice();
        move |window| {
            let own;
            let [first, last] = Place::ends(window);
            (_, rest) = split(rest, |place| place < first);
            (own, rest) = split(rest, |place| place <= last);
            own
        }
    }

    /// Where the cells of the window are once a bucket is counted that is as new as `place`: what it makes
    /// too old is forgotten. `None` if `place` itself is too old.
    pub(super) fn open(&mut self, place: Place) -> Option<Range<usize>> {
        let range = self.range(place.window());
        let own = self.as_slice().get(range.clone())?;
        let Some(newest) = own.last().map(|cell| cell.place) else { return Some(range) };
        if place.bucket() < newest.bucket().oldest_kept() {
            return None;
        }
        let oldest = place.max(newest).bucket().oldest_kept();
        let oldest = Place::new(place.window(), oldest);
        let (forgotten, _) = split(own, |place| place < oldest);
        let forgotten = forgotten.len();
        self.0.remove(range.start..range.start + forgotten);
        Some(range.start..range.end - forgotten)
    }

    /// The cells of a range from [`Cells::open`].
    pub(super) fn opened(&mut self, range: Range<usize>) -> &mut [Cell] {
        self.0.as_mut_slice().get_mut(range).unwrap_or_default()
    }

    /// Inserts where the order demands it.
    pub(super) fn insert(&mut self, at: usize, cell: Cell) {
        self.0.insert(at, cell);
    }

    pub(super) fn remove(&mut self, range: Range<usize>) {
        self.0.remove(range);
    }

    /// Adds a number to its bucket, where there may be one already. `merge` commutes.
    pub(super) fn put(&mut self, place: Place, value: i64, merge: fn(i64, i64) -> i64) {
        let Some(range) = self.open(place) else { return };
        let own = self.opened(range.clone());
        match own.binary_search_by_key(&place, |cell| cell.place) {
            Ok(at) => {
                if let Some(cell) = own.get_mut(at) {
                    cell.value = merge(cell.value, value);
                }
            }
            Err(at) => self.insert(range.start + at, Cell { place, value }),
        }
    }

    fn range(&self, window: WindowNumber) -> Range<usize> {
        let [first, last] = Place::ends(window);
        let (before, rest) = split(self.as_slice(), |place| place < first);
        let (own, _) = split(rest, |place| place <= last);
        before.len()..before.len() + own.len()
    }
}

/// Cells that are looked at one by one: most rows are shorter, and halving them would take longer.
const CELLS_FEW: usize = 8;

/// The cells whose place something is true of, which come first, and the others.
#[inline]
pub(super) fn split(cells: &[Cell], first: impl Fn(Place) -> bool) -> (&[Cell], &[Cell]) {
    let first = |cell: &Cell| first(cell.place);
    let firsts = if cells.len() <= CELLS_FEW {
        cells.iter().take_while(|cell| first(cell)).count()
    } else {
        cells.partition_point(first)
    };
    cells.split_at(firsts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keyed::Name;

    /// Millions of entities have one cell: it lies in the map itself.
    #[test]
    fn an_entity_takes_three_words() {
        assert_eq!((size_of::<Cell>(), size_of::<Cells>()), (16, 24));
    }

    /// Six windows with a cell each, in a map that has just grown.
    #[test]
    fn an_active_address_takes_at_most_160_bytes() {
        let mut cells = Cells::default();
        for window in 0..6 {
            let place = Place::new(WindowNumber::after(window).unwrap(), Bucket::from_bits(7));
            cells.put(place, 1, i64::saturating_add);
        }
        // A place in a map, too.
        let entry = size_of::<(Name, Cells)>() + 12;
        assert!(entry + cells.bytes() <= 160);
    }

    #[test]
    fn numbers_end() {
        let last = WindowNumber::after((1 << 24) - 2).unwrap();
        assert_eq!(Place::new(last, Bucket::from_bits(5)).window(), last);
        assert_eq!(WindowNumber::after((1 << 24) - 1), None);
    }

    #[test]
    fn since_when_an_entity_is_there_is_no_cell_of_a_window() {
        let mut cells = Cells::default();
        cells.note_since(Timestamp::from_ms(5));
        assert!(cells.empty());
        let window = WindowNumber::after(3).unwrap();
        cells.put(Place::new(window, Bucket::from_bits(7)), 1, i64::saturating_add);
        let mut to = Writer::with_capacity(0);
        cells.pack(&mut to);
        let bytes = to.into_bytes();
        let mut cells = Cells::unpack(&mut Reader::new(&bytes), Some);
        assert_eq!((cells.empty(), cells.windows().count()), (false, 1));
        cells.retain(|_, _| false);
        assert_eq!((cells.empty(), cells.since()), (true, Some(Timestamp::from_ms(5))));
    }
}
