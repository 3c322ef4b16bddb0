//! Snapshots that are taken while decisions go on.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;

use super::super::{Door, replay, request};
use super::{files, opened, visit};

const ROUNDS: u32 = 3;
const CALLERS: usize = 3;
/// In each round; every one of them is tried as a start.
const SNAPSHOTS: u32 = 5;

/// Attempts and outcomes by whoever takes the next number, until `done`. Whoever tells an outcome waits for the disk
/// first, since it is about a record on disk; nobody else does.
fn call(door: &Door, numbers: &AtomicU32, done: &AtomicBool) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    while !done.load(Ordering::Relaxed) {
        let number = numbers.fetch_add(1, Ordering::Relaxed);
        let pending = door.desk.evaluate(visit(number)).unwrap();
        if number.is_multiple_of(16) {
            runtime.block_on(pending).unwrap();
            for outcome in replay::told(number) {
                drop(door.desk.report(request(&outcome)).unwrap());
            }
        }
    }
}

/// Lets callers stop, whatever happens.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Callers at work, and snapshots at moments that `dice` chooses: where each is put aside, and how many records it
/// stands for.
fn round(door: &Door, numbers: &AtomicU32, dice: &mut u64) -> Vec<(PathBuf, u64)> {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let done = Done(&done);
        let call = || call(door, numbers, done.0);
        let callers: Vec<_> = (0..CALLERS).map(|_| scope.spawn(call)).collect();
        let taken = (0..SNAPSHOTS).filter_map(|_| {
            let next = numbers.load(Ordering::Relaxed) + u32::try_from(roll(dice) % 8).unwrap();
            while numbers.load(Ordering::Relaxed) < next && !callers[0].is_finished() {
                thread::yield_now();
            }
            let records = door.desk.snapshot().unwrap()?.records;
            let aside = door.data.path().join(records.to_string());
            fs::copy(&files(door.data.path())[0], &aside).unwrap();
            Some((aside, records))
        });
        taken.collect()
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
    let numbers = AtomicU32::new(0);
    for _ in 0..ROUNDS {
        let taken = round(&door, &numbers, &mut dice);
        assert!(taken.len() > 1);
        let Door { mut desk, data } = door;
        let digest = desk.digest();
        for (aside, records) in taken {
            desk.log().close().unwrap();
            drop(desk);
            for file in files(data.path()) {
                fs::remove_file(file).unwrap();
            }
            let name = format!("{records:020}.snapshot");
            fs::rename(aside, data.path().join("snapshots").join(name)).unwrap();
            let start = opened(data.path());
            desk = start.desk;
            assert_eq!((start.loaded, desk.digest()), (records, digest));
        }
        door = Door { desk, data };
    }
    assert_eq!(door.desk.digest(), door.replayed());
}
