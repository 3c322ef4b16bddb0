//! Vectors that most often keep one element, in millions of entities and profiles.

use std::ops::Range;
use std::slice;

/// Inserts at `at`. The first element takes room for itself only; the standard library would take it
/// for four.
pub(crate) fn insert<T>(few: &mut Vec<T>, at: usize, value: T) {
    if few.capacity() == 0 {
        few.reserve_exact(1);
    }
    few.insert(at, value);
}

/// Elements of which a single one needs no room elsewhere. Made for elements of two words, with which it takes
/// no more than a vector.
#[derive(Clone, Debug)]
pub(crate) enum Few<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl<T: Copy> Few<T> {
    pub(crate) fn as_slice(&self) -> &[T] {
        match self {
            Self::One(one) => slice::from_ref(one),
            Self::Many(many) => many,
        }
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [T] {
        match self {
            Self::One(one) => slice::from_mut(one),
            Self::Many(many) => many,
        }
    }

    /// Inserts at `at`, at most the length. Room grows by a quarter and not by the double: memory is dear here.
    pub(crate) fn insert(&mut self, at: usize, value: T) {
        match self {
            Self::Many(many) if many.capacity() == 0 => *self = Self::One(value),
            Self::Many(many) => {
                if many.len() == many.capacity() {
                    many.reserve_exact(many.len().div_ceil(4));
                }
                many.insert(at, value);
            }
            Self::One(first) => {
                let mut many = Vec::with_capacity(2);
                many.push(*first);
                many.insert(at, value);
                *self = Self::Many(many);
            }
        }
    }

    /// Removes what lies in `range`.
    pub(crate) fn remove(&mut self, range: Range<usize>) {
        match self {
            _ if range.is_empty() => {}
            Self::One(_) => *self = Self::default(),
            Self::Many(many) => drop(many.drain(range)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_a_vector_keeps() {
        let (mut few, mut plain) = (Few::default(), Vec::new());
        let mut check = |few: &mut Few<u32>, change: &dyn Fn(&mut Few<u32>, &mut Vec<u32>)| {
            change(few, &mut plain);
            assert_eq!(few.as_slice(), plain);
            assert_eq!(few.as_mut_slice(), plain);
        };
        for (at, value) in [(0, 1), (0, 2), (1, 3), (3, 4)] {
            check(&mut few, &|few, plain| {
                few.insert(at, value);
                plain.insert(at, value);
            });
        }
        for range in [2..2, 1..3, 1..2, 0..1, 0..0] {
            check(&mut few, &|few, plain| {
                few.remove(range.clone());
                drop(plain.drain(range.clone()));
            });
        }
    }

    #[test]
    fn one_element_is_kept_without_a_vector() {
        let mut few = Few::default();
        few.insert(0, 7);
        assert!(matches!(few, Few::One(7)));
        few.remove(0..0);
        few.remove(0..1);
        assert_eq!(few.as_slice(), [0; 0]);
        assert_eq!(size_of::<Few<[u64; 2]>>(), size_of::<Vec<u64>>());
    }
}
