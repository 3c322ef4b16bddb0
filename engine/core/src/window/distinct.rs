//! Different values, exact up to a limit and "at least" above it.
//!
//! The cells of such a window are the values last seen most recently, each at the bucket that it was last
//! seen in. Of more values than the limit, those with the newest bucket stay (equal buckets: the larger mark), so
//! they are the same for any order of arrival. A raised limit counts "at least" until the span has passed once.

use super::cells::{Cell, Cells, Place};

/// Sees a value in a bucket, keeping at most `exact_max` values.
pub(super) fn put(cells: &mut Cells, place: Place, mark: u64, exact_max: usize) {
    let Some(mut range) = cells.open(place) else { return };
    let seen = Cell { place, value: mark.cast_signed() };
    let own = cells.opened(range.clone());
    if let Some(at) = own.iter().position(|cell| cell.value == seen.value) {
        if own.get(at).is_some_and(|cell| cell.place >= place) {
            return;
        }
        cells.remove(range.start + at..range.start + at + 1);
        range.end -= 1;
    }
    let key = |cell: &Cell| (cell.place, cell.value);
    let before = cells.opened(range.clone()).partition_point(|cell| key(cell) < key(&seen));
    cells.insert(range.start + before, seen);
    let beyond = (range.len() + 1).saturating_sub(exact_max.max(1));
    cells.remove(range.start..range.start + beyond);
}
