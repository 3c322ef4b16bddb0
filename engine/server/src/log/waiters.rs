//! Who waits for the disk, in the order in which it comes to them.

use std::collections::VecDeque;
use std::task::Waker;

/// The number of records waited for, then the waiter's own number.
pub(crate) type Key = (u64, u64);

/// A queue: nearly everybody waits for more than all before, and the disk comes to many at once.
///
/// Who gives up leaves an empty place, so that a thousand callers who hang up together move nothing; the
/// empty places go when their turn comes, or when they outnumber the others.
#[derive(Debug, Default)]
pub(crate) struct Waiters {
    /// Sorted by key.
    places: VecDeque<(Key, Option<Waker>)>,
    empty: usize,
}

impl Waiters {
    /// Adds a waiter; no other has its key.
    pub(crate) fn add(&mut self, key: Key, waker: Waker) {
        let behind = self.places.iter().rev().take_while(|(other, _)| *other > key).count();
        self.places.insert(self.places.len() - behind, (key, Some(waker)));
    }

    /// Wakes a waiter that was added before by this waker from now on.
    pub(crate) fn renew(&mut self, key: Key, waker: &Waker) {
        if let Some(Some(known)) = self.place(key) {
            known.clone_from(waker);
        }
    }

    /// Forgets a waiter that may have been taken already.
    pub(crate) fn remove(&mut self, key: Key) {
        if self.place(key).and_then(Option::take).is_none() {
            return;
        }
        self.empty += 1;
        self.close_up();
    }

    /// Takes all who wait for `records` or fewer.
    pub(crate) fn take(&mut self, records: u64) -> Vec<Waker> {
        let ready = self.places.partition_point(|((wanted, _), _)| *wanted <= records);
        let mut wakers = Vec::with_capacity(ready);
        wakers.extend(self.places.drain(..ready).filter_map(|(_, waker)| waker));
        self.empty -= ready - wakers.len();
        self.close_up();
        wakers
    }

    /// Keeps the empty places from outnumbering the others.
    fn close_up(&mut self) {
        if self.empty > self.places.len() / 2 {
            self.places.retain(|(_, waker)| waker.is_some());
            self.empty = 0;
        }
    }

    fn place(&mut self, key: Key) -> Option<&mut Option<Waker>> {
        let at = self.places.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        self.places.get_mut(at).map(|(_, waker)| waker)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;
    use std::task::Wake;

    use proptest::prelude::*;

    use super::*;

    /// Somebody who can be told from others.
    struct Nobody;

    impl Wake for Nobody {
        fn wake(self: Arc<Self>) {}
    }

    fn waker() -> Waker {
        Waker::from(Arc::new(Nobody))
    }

    fn same(wakers: &[Waker], expected: &[Waker]) -> bool {
        wakers.len() == expected.len()
            && wakers.iter().zip(expected).all(|(one, other)| one.will_wake(other))
    }

    proptest! {
        /// The queue agrees with a map, whatever is asked of it in whatever order.
        #[test]
        fn agrees_with_the_plain_map(steps in proptest::collection::vec((0..6_u8, 0..40_u64), 0..300)) {
            let (mut waiters, mut plain) = (Waiters::default(), BTreeMap::<Key, Waker>::new());
            for (id, (act, number)) in (0..).zip(steps) {
                let some = plain.keys().nth(usize::try_from(number).unwrap()).copied();
                match (act, some) {
                    (0, Some(key)) => {
                        plain.remove(&key);
                        waiters.remove(key);
                        waiters.remove(key);
                    }
                    (1, Some(key)) => {
                        plain.insert(key, waker());
                        waiters.renew(key, &plain[&key]);
                    }
                    (2, _) => {
                        let later = plain.split_off(&(number + 1, 0));
                        let ready: Vec<Waker> = plain.into_values().collect();
                        plain = later;
                        prop_assert!(same(&waiters.take(number), &ready));
                    }
                    _ => {
                        plain.insert((number, id), waker());
                        waiters.add((number, id), plain[&(number, id)].clone());
                    }
                }
                prop_assert!(waiters.places.len() <= 2 * plain.len());
            }
            let rest: Vec<Waker> = plain.into_values().collect();
            prop_assert!(same(&waiters.take(u64::MAX), &rest));
            prop_assert_eq!((waiters.places.len(), waiters.empty), (0, 0));
        }
    }
}
