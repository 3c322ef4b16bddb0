//! Vectors that most often keep one element, in millions of entities and profiles.

/// Inserts at `at`. The first element takes room for itself only; the standard library would take it
/// for four.
pub(crate) fn insert<T>(few: &mut Vec<T>, at: usize, value: T) {
    if few.capacity() == 0 {
        few.reserve_exact(1);
    }
    few.insert(at, value);
}
