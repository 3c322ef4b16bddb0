//! Bits that flip, files that go: refused, or without effect on what was acknowledged.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use doorward::log::{Log, OpenError, ReadError};
use proptest::prelude::*;

use super::{SMALL, append_synced, assert_whole, block_on, open, read_all};

const RECORDS: u64 = 16;

/// How the process that wrote a log came to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Closed,
    Killed,
    /// Killed, started again, and killed before it wrote another record.
    KilledTwice,
}

/// The segments of a log of [`RECORDS`] records, each a batch of its own.
fn image(ending: Ending) -> Vec<(String, Vec<u8>)> {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path());
    append_synced(&log, 0..RECORDS);
    let killed = segments(dir.path());
    match ending {
        Ending::Killed => killed,
        Ending::Closed => {
            log.close().unwrap();
            segments(dir.path())
        }
        Ending::KilledTwice => {
            let dir = tempfile::tempdir().unwrap();
            put(dir.path(), &killed);
            let _log = open(dir.path());
            segments(dir.path())
        }
    }
}

fn segments(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let segments = files.filter(|file| file.extension().is_some_and(|kind| kind == "log"));
    let mut image: Vec<_> = segments.map(|file| (name(&file), fs::read(&file).unwrap())).collect();
    image.sort();
    image
}

fn name(file: &Path) -> String {
    file.file_name().unwrap().to_str().unwrap().to_owned()
}

fn put(dir: &Path, image: &[(String, Vec<u8>)]) {
    for (name, bytes) in image {
        fs::write(dir.join(name), bytes).unwrap();
    }
}

fn flip(image: &mut [(String, Vec<u8>)], bit: usize) {
    let segment = usize::try_from(SMALL.segment_bytes).unwrap();
    let byte = bit / 8;
    image[byte / segment].1[byte % segment] ^= 1 << (bit % 8);
}

fn bits(image: &[(String, Vec<u8>)]) -> usize {
    image.iter().map(|(_name, bytes)| bytes.len() * 8).sum()
}

/// Flips every bit in turn; at least `kept` records are read, or nothing is.
fn every_bit(ending: Ending, kept: u64) {
    let image = image(ending);
    assert!(image.len() >= 3);
    let dir = tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap());
    let mut refused = 0;
    for bit in 0..bits(&image) {
        let mut flipped = image.clone();
        flip(&mut flipped, bit);
        put(dir.path(), &flipped);
        match read_all(dir.path()) {
            Err(_) => refused += 1,
            Ok(records) => {
                assert!(records.len() as u64 >= kept, "bit {bit} took acknowledged records");
                assert_whole(&records);
            }
        }
    }
    assert!(refused > bits(&image) / 4, "only {refused} flips were noticed");
}

#[test]
fn a_flipped_bit_takes_nothing_from_a_closed_log() {
    every_bit(Ending::Closed, RECORDS);
}

#[test]
fn a_flipped_bit_takes_at_most_the_last_batch_of_a_killed_log() {
    every_bit(Ending::Killed, RECORDS - 1);
}

#[test]
fn a_flipped_bit_takes_nothing_that_a_start_has_read() {
    every_bit(Ending::KilledTwice, RECORDS);
}

static KILLED: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| image(Ending::Killed));

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn whatever_stands_behind_the_last_record_is_cut(
        garbage in proptest::collection::vec(any::<u8>(), 1..300),
    ) {
        let mut image = KILLED.clone();
        let dir = tempfile::tempdir().unwrap();
        let last = &mut image.last_mut().unwrap().1;
        let end = last.iter().rposition(|&byte| byte != 0).unwrap() / 8 * 8 + 8;
        let room = &mut last[end..];
        let bytes = garbage.len().min(room.len());
        room[..bytes].copy_from_slice(&garbage[..bytes]);
        put(dir.path(), &image);

        let log = open(dir.path());
        prop_assert_eq!(log.synced(), RECORDS);
        let file = fs::read(dir.path().join(&image.last().unwrap().0)).unwrap();
        prop_assert!(file[end + 24..].iter().all(|&byte| byte == 0), "behind the seal is zero");
        append_synced(&log, RECORDS..RECORDS + 5);
        log.close().unwrap();
        let records = read_all(dir.path()).unwrap();
        prop_assert_eq!(records.len() as u64, RECORDS + 5);
        assert_whole(&records);
    }
}

/// Changes the files of a closed log and gives what refuses them, which must leave them alone.
fn refusal(change: impl FnOnce(&[PathBuf])) -> ReadError {
    let dir = tempfile::tempdir().unwrap();
    let image = image(Ending::Closed);
    put(dir.path(), &image);
    let files: Vec<_> = image.iter().map(|(name, _bytes)| dir.path().join(name)).collect();
    change(&files);
    let before = fs::read(&files[0]).ok();
    let Err(OpenError::Read(error)) = Log::open(dir.path(), SMALL) else {
        panic!("the damage was not refused")
    };
    assert_eq!(fs::read(&files[0]).ok(), before);
    error
}

#[test]
fn damage_in_the_middle_names_file_offset_and_record() {
    let error = refusal(|files| {
        let mut bytes = fs::read(&files[0]).unwrap();
        bytes[70] ^= 1;
        fs::write(&files[0], bytes).unwrap();
    });
    let text = error.to_string();
    assert!(matches!(error, ReadError::Damaged { offset: 64, sequence: 0, .. }), "{text}");
    assert!(text.contains("00000000000000000000.log") && text.contains("byte 64"), "{text}");
}

#[test]
fn a_zeroed_record_in_the_last_segment_is_damage() {
    let error = refusal(|files| {
        let last = files.last().unwrap();
        let mut bytes = fs::read(last).unwrap();
        bytes[64..88].fill(0);
        fs::write(last, bytes).unwrap();
    });
    assert!(matches!(error, ReadError::Damaged { offset: 64, .. }), "{error}");
}

#[test]
fn a_missing_segment_is_named() {
    for missing in [0, 1] {
        let error = refusal(|files| fs::remove_file(&files[missing]).unwrap());
        assert!(matches!(error, ReadError::Missing { .. }), "{error}");
    }
}

#[test]
fn a_segment_under_another_name_is_refused() {
    let error = refusal(|files| {
        fs::copy(&files[2], &files[1]).unwrap();
    });
    assert!(matches!(error, ReadError::Renamed { .. }), "{error}");
}

#[test]
fn a_record_in_another_ones_place_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path());
    for _record in 0..3 {
        block_on(log.reserve().unwrap().append(0, b"same size")).unwrap();
    }
    log.close().unwrap();
    let file = dir.path().join("00000000000000000000.log");
    let mut bytes = fs::read(&file).unwrap();
    bytes.copy_within(64..104, 104);
    fs::write(&file, bytes).unwrap();
    let error = read_all(dir.path()).unwrap_err();
    let expected =
        matches!(error, ReadError::OutOfOrder { offset: 104, sequence: 1, found: 0, .. });
    assert!(expected, "{error}");
}

#[test]
fn a_cut_file_is_refused() {
    let error = refusal(|files| {
        let last = fs::OpenOptions::new().write(true).open(files.last().unwrap()).unwrap();
        last.set_len(100).unwrap();
    });
    assert!(matches!(error, ReadError::Resized { found: 100, bytes: 512, .. }), "{error}");
}
