//! Vectors that most often keep one element, in millions of entities and profiles.

use std::mem;
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

/// Elements of which a single one needs no room elsewhere, with a note of a few bytes. Made for elements of two words,
/// with which it takes three.
#[derive(Clone, Debug)]
pub(crate) enum Few<T, N> {
    One(N, T),
    Many(N, Box<[T]>),
}

impl<T, N: Default> Default for Few<T, N> {
    fn default() -> Self {
        Self::Many(N::default(), Box::default())
    }
}

impl<T: Copy, N: Copy> Few<T, N> {
    /// These elements, in a room of just their size.
    pub(crate) fn of(note: N, many: Vec<T>) -> Self {
        match &*many {
            [one] => Self::One(note, *one),
            _ => Self::Many(note, many.into_boxed_slice()),
        }
    }

    pub(crate) fn note(&self) -> N {
        match self {
            Self::One(note, _) | Self::Many(note, _) => *note,
        }
    }

    pub(crate) fn note_mut(&mut self) -> &mut N {
        match self {
            Self::One(note, _) | Self::Many(note, _) => note,
        }
    }

    pub(crate) fn as_slice(&self) -> &[T] {
        match self {
            Self::One(_, one) => slice::from_ref(one),
            Self::Many(_, many) => many,
        }
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [T] {
        match self {
            Self::One(_, one) => slice::from_mut(one),
            Self::Many(_, many) => many,
        }
    }

    /// Bytes that the elements take elsewhere.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::One(..) => 0,
            Self::Many(_, many) => size_of_val::<[T]>(many),
        }
    }

    /// Inserts at `at`, at most the length. There is never room to spare: memory is dear here.
    pub(crate) fn insert(&mut self, at: usize, value: T) {
        match self {
            Self::Many(note, many) if many.is_empty() => *self = Self::One(*note, value),
            Self::Many(_, many) => change(many, |many| {
                many.reserve_exact(1);
                many.insert(at, value);
            }),
            Self::One(note, first) => {
                let pair = if at == 0 { [value, *first] } else { [*first, value] };
                *self = Self::Many(*note, Box::new(pair));
            }
        }
    }

    /// Removes what lies in `range`.
    pub(crate) fn remove(&mut self, range: Range<usize>) {
        match self {
            _ if range.is_empty() => {}
            Self::One(note, _) => *self = Self::Many(*note, Box::default()),
            Self::Many(_, many) => change(many, |many| drop(many.drain(range))),
        }
    }

    /// Keeps the elements that `stays` holds for.
    pub(crate) fn retain(&mut self, stays: impl Fn(&T) -> bool) {
        if self.as_slice().iter().all(&stays) {
            return;
        }
        match self {
            Self::One(note, _) => *self = Self::Many(*note, Box::default()),
            Self::Many(_, many) => change(many, |many| many.retain(stays)),
        }
    }
}

fn change<T>(many: &mut Box<[T]>, change: impl FnOnce(&mut Vec<T>)) {
    let mut vec = mem::take(many).into_vec();
    change(&mut vec);
    *many = vec.into_boxed_slice();
}

#[cfg(test)]
mod tests {
    use super::*;

    type Numbers = Few<u32, u8>;

    #[test]
    fn keeps_what_a_vector_keeps() {
        let (mut few, mut plain) = (Few::default(), Vec::new());
        let mut check = |few: &mut Numbers, change: &dyn Fn(&mut Numbers, &mut Vec<u32>)| {
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
        let mut few: Few<_, [u8; 2]> = Few::default();
        *few.note_mut() = [3, 4];
        few.insert(0, 7);
        assert!(matches!(few, Few::One([3, 4], 7)));
        few.remove(0..0);
        few.remove(0..1);
        assert_eq!((few.as_slice(), few.note()), ([0; 0].as_slice(), [3, 4]));
        assert_eq!(size_of::<Few<[u64; 2], [u8; 2]>>(), 3 * size_of::<u64>());
    }
}
