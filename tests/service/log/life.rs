//! A log on a disk that behaves: opened, filled, read, closed.

use std::thread;

use doorward::log::limits::Limits;
use doorward::log::{Log, OpenError, Position, ReadError, ReserveError, scan};

use super::{SMALL, append, append_synced, assert_whole, block_on, open, read_all};

#[test]
fn records_come_back_in_order_across_segments_and_starts() {
    let dir = tempfile::tempdir().unwrap();
    for start in (0..40).step_by(8) {
        let log = open(dir.path());
        assert_eq!(log.synced(), start);
        append_synced(&log, start..start + 8);
        log.close().unwrap();
    }
    let records = read_all(dir.path()).unwrap();
    assert_eq!(records.len(), 40);
    assert_whole(&records);
    assert!(records.last().unwrap().0.segment > 0, "no segment was full");
}

#[test]
fn recovery_shows_every_record_before_the_log_starts() {
    let dir = tempfile::tempdir().unwrap();
    append_synced(&open(dir.path()), 0..20);
    let mut recovery = Log::recover(dir.path(), SMALL).unwrap();
    let records: Vec<_> = recovery.by_ref().map(Result::unwrap).collect();
    assert_eq!(records.len(), 20);
    assert_whole(&records);
    assert_eq!(recovery.start().unwrap().synced(), 20);
}

#[test]
fn a_record_is_read_where_its_ticket_says() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path());
    let positions: Vec<_> = (0..20)
        .map(|sequence| {
            let ticket = append(&log, sequence);
            let position = ticket.position();
            block_on(ticket).unwrap();
            position
        })
        .collect();
    let scanned = read_all(dir.path()).unwrap();
    for (position, (scanned_at, frame)) in positions.into_iter().zip(scanned) {
        assert_eq!((position, log.read(position).unwrap()), (scanned_at, frame));
    }
    for nowhere in [(0, 72), (0, 500), (0, 4096), (1, 64)] {
        let (segment, offset) = nowhere;
        let error = log.read(Position { segment, offset }).unwrap_err();
        assert!(matches!(error, ReadError::NoRecord { .. }), "{error}");
    }
}

#[test]
fn starts_without_records_add_nothing() {
    let dir = tempfile::tempdir().unwrap();
    append_synced(&open(dir.path()), 0..3);
    let bytes = std::fs::read(dir.path().join("00000000000000000000.log")).unwrap();
    for _start in 0..50 {
        open(dir.path()).close().unwrap();
    }
    let again = std::fs::read(dir.path().join("00000000000000000000.log")).unwrap();
    assert!(bytes == again);
}

#[test]
fn one_process_writes_a_log() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path());
    let error = Log::open(dir.path(), SMALL).unwrap_err();
    assert!(matches!(error, OpenError::InUse { .. }), "{error}");
    assert!(error.to_string().contains(&format!("process {}", std::process::id())), "{error}");
    drop(log);
    open(dir.path());
}

#[test]
fn a_closed_log_has_everything_and_takes_no_more() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path());
    let tickets: Vec<_> = (0..100).map(|sequence| append(&log, sequence)).collect();
    log.close().unwrap();
    assert_eq!(log.reserve().unwrap_err(), ReserveError::Closed);
    assert!(tickets.into_iter().all(|ticket| block_on(ticket).is_ok()));
    assert_eq!((log.synced(), read_all(dir.path()).unwrap().len()), (100, 100));
}

#[test]
fn a_stream_waits_once_for_many_records() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path());
    for sequence in 0..50 {
        drop(append(&log, sequence));
    }
    block_on(log.wait(50)).unwrap();
    assert_eq!(log.synced(), 50);
}

#[test]
fn a_log_can_be_scanned_while_it_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path());
    let writing = thread::spawn(move || append_synced(&log, 0..300));
    let mut seen = 0;
    while !writing.is_finished() {
        let records = read_all(dir.path()).unwrap();
        assert!(records.len() >= seen, "a record went away");
        assert_whole(&records);
        seen = records.len();
    }
    writing.join().unwrap();
    assert_eq!(scan(dir.path()).count(), 300);
}

#[test]
fn many_threads_share_a_log() {
    let dir = tempfile::tempdir().unwrap();
    let log = Log::open(dir.path(), Limits { segment_bytes: 1 << 20, ..SMALL }).unwrap();
    thread::scope(|scope| {
        for thread in 0..4_u8 {
            let log = &log;
            scope.spawn(move || {
                for record in 0..250_u32 {
                    let ticket = log.reserve().unwrap().append(thread, &record.to_le_bytes());
                    block_on(ticket).unwrap();
                }
            });
        }
    });
    let records = read_all(dir.path()).unwrap();
    for thread in 0..4_u8 {
        let of_thread = records.iter().filter(|(_position, frame)| frame.kind == thread);
        let payloads: Vec<_> = of_thread.map(|(_position, frame)| &frame.payload[..]).collect();
        let appended: Vec<_> = (0..250_u32).map(u32::to_le_bytes).collect();
        assert!(payloads == appended, "the order of a thread's records was not kept");
    }
}
