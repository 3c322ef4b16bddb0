//! Snapshots and the log that they were taken of.

use std::fs;

use doorward::desk::OpenError;
use doorward::log::limits::Limits;
use doorward::rules::RuleText;

use super::super::Door;
use super::{LIMITS, files, flip, live, opened, segments, take, tried};

/// A dozen records fill a segment, and the policy does not fit any.
const SEGMENTS: Limits = Limits { segment_bytes: 32 << 10, record_bytes_max: 16 << 10, ..LIMITS };
/// The first segment has room for the policy and little else.
const FIRST: Limits = Limits { segment_bytes: 401 << 10, ..LIMITS };

#[tokio::test]
async fn a_start_reads_the_log_from_its_snapshot_on_and_checks_that() {
    let data = tempfile::tempdir().unwrap();
    let text = RuleText::read(None).unwrap();
    drop(tried(data.path(), &text, FIRST).unwrap());
    let door = Door { desk: tried(data.path(), &text, SEGMENTS).unwrap().desk, data };
    let mut number = 0;
    while segments(door.data.path()).len() < 4 {
        live(&door, number..number + 20).await;
        number += 20;
    }
    let taken = take(&door);
    live(&door, number..number + 20).await;
    let Door { desk, data } = door;
    desk.log().close().unwrap();
    let (digest, files, segments) = (desk.digest(), files(data.path()), segments(data.path()));
    drop(desk);

    flip(&segments[1], 100);
    let start = tried(data.path(), &text, SEGMENTS).unwrap();
    assert_eq!((start.loaded, start.desk.digest()), (taken, digest));
    drop(start);

    let refused = || matches!(tried(data.path(), &text, SEGMENTS).err(), Some(OpenError::Read(_)));
    let last = segments.last().unwrap();
    flip(last, 100);
    assert!(refused(), "damage behind the snapshot went unnoticed");
    flip(last, 100);
    fs::remove_file(&files[0]).unwrap();
    assert!(refused(), "damage before the snapshot went unnoticed without it");
}

/// The log was put back to an earlier day, or lost, and went on without what the snapshot stands for.
#[tokio::test]
async fn a_snapshot_of_another_log_is_not_used() {
    let door = Door::open_small();
    live(&door, 0..20).await;
    let earlier = take(&door);
    door.desk.log().close().unwrap();
    let backup: Vec<_> = segments(door.data.path())
        .into_iter()
        .map(|file| (fs::read(&file).unwrap(), file))
        .collect();
    let (door, _) = door.restart();
    live(&door, 20..40).await;
    take(&door);
    let Door { desk, data } = door;
    desk.log().close().unwrap();
    drop(desk);
    for (bytes, file) in &backup {
        fs::write(file, bytes).unwrap();
    }
    // Shorter than the newer snapshot wants it.
    let start = opened(data.path());
    assert_eq!(start.loaded, earlier);
    let door = Door { desk: start.desk, data };
    // And as long, but another.
    live(&door, 50..90).await;
    let (door, loaded) = door.restart();
    assert_eq!((loaded, door.desk.digest()), (earlier, door.replayed()));

    let Door { desk, data } = door;
    desk.log().close().unwrap();
    drop(desk);
    fs::remove_dir_all(data.path().join("log")).unwrap();
    let start = opened(data.path());
    assert_eq!((start.loaded, start.records), (0, 0));
}
