//! Snapshots that are taken while decisions go on.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use super::super::{Door, replay, request};
use super::visit;

const ROUNDS: u32 = 12;
const CALLERS: usize = 3;
/// Attempts in each round.
const ATTEMPTS: u32 = 80;
const SNAPSHOTS: u32 = 4;

/// Attempts and outcomes by whoever takes the next number, up to `end`. Whoever tells an outcome waits for the disk
/// first, since it is about a record on disk; nobody else does.
fn call(door: &Door, numbers: &AtomicU32, end: u32) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    loop {
        let number = numbers.fetch_add(1, Ordering::Relaxed);
        if number >= end {
            return;
        }
        let pending = door.desk.evaluate(visit(number)).unwrap();
        if number.is_multiple_of(4) {
            runtime.block_on(pending).unwrap();
            for outcome in replay::told(number) {
                drop(door.desk.report(request(&outcome)).unwrap());
            }
        }
    }
}

/// One round: callers at work, and snapshots at moments that `dice` chooses; how many records the last stands for.
fn round(door: &Door, numbers: &AtomicU32, dice: &mut u64) -> Option<u64> {
    let begin = numbers.load(Ordering::Relaxed);
    let end = begin + ATTEMPTS;
    thread::scope(|scope| {
        let callers: Vec<_> =
            (0..CALLERS).map(|_| scope.spawn(|| call(door, numbers, end))).collect();
        let taken = (0..SNAPSHOTS).filter_map(|_| {
            let next = numbers.load(Ordering::Relaxed) + u32::try_from(roll(dice) % 30).unwrap();
            while numbers.load(Ordering::Relaxed) < next
                && !callers.iter().all(|it| it.is_finished())
            {
                thread::yield_now();
            }
            door.desk.snapshot().unwrap()
        });
        taken.last().map(|taken| taken.records)
    })
}

/// The next number of a xorshift generator.
fn roll(dice: &mut u64) -> u64 {
    *dice ^= *dice << 13;
    *dice ^= *dice >> 7;
    *dice ^= *dice << 17;
    *dice
}

#[test]
fn any_moment_leads_with_its_tail_to_the_state_that_was_lived() {
    let (mut door, mut dice) = (Door::open_small(), 0x9e37_79b9_7f4a_7c15);
    let mut numbers = AtomicU32::new(0);
    for _ in 0..ROUNDS {
        let taken = round(&door, &numbers, &mut dice);
        // Each caller has taken one number more than there were.
        *numbers.get_mut() -= u32::try_from(CALLERS).unwrap();
        door.desk.log().close().unwrap();
        let sum = door.sum();
        let (next, loaded) = door.restart();
        door = next;
        assert_eq!((Some(loaded), door.sum()), (taken, sum));
    }
    assert_eq!(door.desk.digest(), door.replayed());
}
