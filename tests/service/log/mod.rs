//! The log on disks that behave and on disks that do not.

mod crash;
mod damage;
mod disk;
mod life;

use std::path::Path;

use doorward::log::limits::Limits;
use doorward::log::{Frame, Log, Position, ReadError, Stopped, Ticket, scan};

/// Small enough that a few records fill a segment.
const SMALL: Limits = Limits {
    segment_bytes: 512,
    record_bytes_max: 200,
    queue_records_max: 1_000,
    queue_bytes_max: 1 << 20,
};

fn open(dir: &Path) -> Log {
    Log::open(dir, SMALL).expect("the log opens")
}

/// What record `sequence` holds in every test: no two alike, of different lengths.
fn payload(sequence: u64) -> Vec<u8> {
    let length = usize::try_from(sequence * 7 % 41).expect("small");
    format!("record {sequence} {}", "x".repeat(length)).into_bytes()
}

fn kind(sequence: u64) -> u8 {
    u8::try_from(sequence % 256).expect("small")
}

fn append(log: &Log, sequence: u64) -> Ticket {
    let ticket = log.reserve().expect("room").append(kind(sequence), &payload(sequence));
    assert_eq!(ticket.sequence(), sequence);
    ticket
}

/// Appends records one by one, each a batch of its own.
fn append_synced(log: &Log, sequences: std::ops::Range<u64>) {
    for sequence in sequences {
        block_on(append(log, sequence)).expect("synced");
    }
}

/// Asserts that these are the records 0 to their number, in order, as they were appended.
fn assert_whole(records: &[(Position, Frame)]) {
    for (sequence, (_position, frame)) in (0..).zip(records) {
        let (kind, payload) = (kind(sequence), payload(sequence));
        assert_eq!(frame, &Frame { sequence, kind, payload });
    }
}

fn read_all(dir: &Path) -> Result<Vec<(Position, Frame)>, ReadError> {
    scan(dir).collect()
}

fn block_on(future: impl Future<Output = Result<(), Stopped>>) -> Result<(), Stopped> {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
}
