//! Power cuts: what was acknowledged is there, in order, once; nothing else is ever answered.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use doorward::log::{Header, Log, ReserveError, Sink, Stopped, Ticket};

use super::disk::{Disk, Fault, FaultySink};
use super::{SMALL, append, append_synced, assert_whole, block_on, kind, open, payload, read_all};

const RECORDS: u64 = 24;

/// Appends groups of `group` records until the fault or the end; how many were acknowledged.
fn run_until(dir: &Path, fault: Fault, group: usize, disk: &Arc<Mutex<Disk>>) -> u64 {
    let recovery = Log::recover(dir, SMALL).unwrap();
    let log = recovery.start_on(|files| FaultySink::new(files, dir, fault, disk)).unwrap();
    let mut acknowledged = 0;
    let mut sequence = 0;
    while sequence < RECORDS {
        let mut tickets = Vec::new();
        while tickets.len() < group {
            let Ok(slot) = log.reserve() else { break };
            tickets.push(slot.append(kind(sequence), &payload(sequence)));
            sequence += 1;
        }
        let Some(synced) = acknowledge(tickets) else { break };
        acknowledged += synced;
    }
    let closed = log.close().is_ok();
    assert_eq!(disk.lock().unwrap().failed, !closed);
    assert!(acknowledged >= RECORDS || !closed);
    acknowledged
}

/// How many tickets resolved well, which must be the first ones; nothing if there are none.
fn acknowledge(tickets: Vec<Ticket>) -> Option<u64> {
    let resolved: Vec<_> = tickets.into_iter().map(|ticket| block_on(ticket).is_ok()).collect();
    assert!(resolved.is_sorted_by(|before, after| before >= after), "a gap was acknowledged");
    let synced = resolved.iter().filter(|ok| **ok).count();
    (synced > 0).then(|| u64::try_from(synced).unwrap())
}

/// Whether the fault was reached; asserts everything that a crash must leave.
fn survives(fault: Fault, group: usize, piece_bytes: usize, seed: u64) -> bool {
    let dir = tempfile::tempdir().unwrap();
    let disk = Arc::new(Mutex::new(Disk::default()));
    let acknowledged = run_until(dir.path(), fault, group, &disk);
    disk.lock().unwrap().cut_power(dir.path(), piece_bytes, seed);

    let log = open(dir.path());
    let recovered = log.synced();
    assert!(recovered >= acknowledged, "{recovered} of {acknowledged} are left: {fault:?}");
    append_synced(&log, recovered..recovered + 3);
    log.close().unwrap();
    let records = read_all(dir.path()).unwrap();
    assert_eq!(records.len() as u64, recovered + 3);
    assert_whole(&records);
    disk.lock().unwrap().failed
}

/// Every operation of a run fails once.
fn every_operation(group: usize, bytes_kept: usize, piece_bytes: usize) {
    let fails = |operation: &usize| {
        let fault = Fault { operation: *operation, bytes_kept };
        survives(fault, group, piece_bytes, *operation as u64)
    };
    let failures = (0..).take_while(fails).count();
    assert!(failures > 5, "only {failures} operations were there to fail");
}

#[test]
fn power_cut_at_every_operation() {
    every_operation(1, 0, 1);
}

#[test]
fn power_cut_in_batches_that_reach_the_disk_in_pieces() {
    for piece_bytes in [1, 8, 64, 512] {
        every_operation(7, usize::MAX, piece_bytes);
    }
}

#[test]
fn power_cut_at_every_byte_of_a_write() {
    for operation in [0, 12] {
        for bytes_kept in 0..90 {
            survives(Fault { operation, bytes_kept }, 1, 8, bytes_kept as u64);
        }
    }
}

#[test]
fn a_failed_sync_ends_it_all() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Arc::new(Mutex::new(Disk::default()));
    let fault = Fault { operation: 1, bytes_kept: 0 };
    let recovery = Log::recover(dir.path(), SMALL).unwrap();
    let log = recovery.start_on(|files| FaultySink::new(files, dir.path(), fault, &disk)).unwrap();
    let slot = log.reserve().unwrap();

    assert!(matches!(block_on(append(&log, 0)), Err(Stopped::Failed(_))));
    assert!(matches!(block_on(log.stopped()), Err(Stopped::Failed(_))));
    assert_eq!(log.reserve().unwrap_err(), ReserveError::Failed);
    assert!(block_on(slot.append(0, b"late")).is_err());
    assert!(log.close().is_err());
    assert_eq!(log.synced(), 0);
}

/// A sink with a mistake in it.
struct Panic;

impl Sink for Panic {
    fn write(&mut self, _offset: u32, _bytes: &[u8]) -> io::Result<()> {
        panic!("a mistake")
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn roll(&mut self, _header: Header) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn nobody_waits_for_a_writer_that_panicked() {
    let dir = tempfile::tempdir().unwrap();
    let log = Log::recover(dir.path(), SMALL).unwrap().start_on(|_files| Panic).unwrap();
    assert!(matches!(block_on(append(&log, 0)), Err(Stopped::Failed(_))));
    assert_eq!(log.reserve().unwrap_err(), ReserveError::Failed);
}

#[test]
fn a_crash_between_two_segments_is_recovered() {
    let dir = tempfile::tempdir().unwrap();
    append_synced(&open(dir.path()), 0..3);
    std::fs::write(dir.path().join("spare"), [7; 100]).unwrap();
    append_synced(&open(dir.path()), 3..20);
    let records = read_all(dir.path()).unwrap();
    assert_eq!(records.len(), 20);
    assert_whole(&records);
}
