//! Snapshots that cannot be used.

use std::fs;
use std::path::Path;

use doorward::rules::RuleText;

use super::super::Door;
use super::{files, flip, live, opened, opened_by, take};

/// A log with two snapshots and records behind each; what they stand for, and the state.
async fn lived() -> (tempfile::TempDir, [u64; 2], u128) {
    let door = Door::open_small();
    live(&door, 0..40).await;
    let older = take(&door);
    live(&door, 40..60).await;
    let newer = take(&door);
    live(&door, 60..70).await;
    let Door { desk, data } = door;
    desk.log().close().unwrap();
    let digest = desk.digest();
    assert_eq!(files(data.path()).len(), 2);
    (data, [newer, older], digest)
}

/// A start on that directory loads a snapshot of so many records and reaches that state.
fn check(data: &Path, loaded: u64, digest: u128) {
    let opened = opened(data);
    assert_eq!((opened.loaded, opened.desk.digest()), (loaded, digest));
    opened.desk.log().close().unwrap();
}

#[tokio::test]
async fn a_damaged_or_cut_one_falls_back_to_the_one_before_and_to_the_log() {
    let (data, [newer, older], digest) = lived().await;
    check(data.path(), newer, digest);
    let images: Vec<_> =
        files(data.path()).into_iter().map(|file| (fs::read(&file).unwrap(), file)).collect();
    let bytes = images[0].0.len();
    for byte in [9, 40, bytes / 3, bytes - 9] {
        flip(&images[0].1, byte);
        check(data.path(), older, digest);
        fs::write(&images[0].1, &images[0].0).unwrap();
    }
    for cut in [bytes / 2, bytes - 1] {
        fs::write(&images[0].1, &images[0].0[..cut]).unwrap();
        check(data.path(), older, digest);
    }
    flip(&images[1].1, images[1].0.len() / 2);
    check(data.path(), 0, digest);
    fs::write(&images[0].1, [&images[0].0[..], &[0]].concat()).unwrap();
    check(data.path(), 0, digest);
    fs::remove_file(&images[0].1).unwrap();
    fs::write(&images[1].1, &images[1].0).unwrap();
    check(data.path(), older, digest);
}

#[tokio::test]
async fn the_next_one_takes_the_place_of_the_damaged() {
    let (data, [_, older], _) = lived().await;
    flip(&files(data.path())[0], 100);
    let sound = files(data.path()).pop();
    let door = Door { desk: opened(data.path()).desk, data };
    live(&door, 70..71).await;
    take(&door);
    let left = files(door.data.path());
    assert_eq!((left.len(), left.get(1)), (2, sound.as_ref()));
    flip(&left[0], 100);
    assert_eq!(door.restart().1, older);
}

#[tokio::test]
async fn one_under_another_key_is_not_used() {
    let (data, [newer, _], digest) = lived().await;
    let key = fs::read(data.path().join("state.key")).unwrap();
    fs::remove_file(data.path().join("state.key")).unwrap();
    let door = Door { desk: opened(data.path()).desk, data };
    assert_ne!(door.desk.digest(), digest);
    assert_eq!(door.desk.digest(), door.replayed());
    let (door, loaded) = door.restart();
    assert_eq!(loaded, 0);
    let Door { desk, data } = door;
    drop(desk);
    fs::write(data.path().join("state.key"), key).unwrap();
    check(data.path(), newer, digest);
}

#[tokio::test]
async fn one_that_lacks_a_window_is_not_used() {
    let (data, [newer, _], _) = lived().await;
    let mut text = RuleText::read(None).unwrap();
    let more = "window logins_per_device_3h = count  by device.id  over 3h\n\
        rule more.busy_device {\n  say \"Busy\"\n  when logins_per_device_3h >= 2\n  score +1\n  \
        reason BUSY \"busy\"\n  if unknown(logins_per_device_3h) skip\n}\n";
    text.rules.push(("more.rules".to_owned(), more.to_owned()));
    let with_window = opened_by(data.path(), &text);
    assert_eq!(with_window.loaded, 0);
    let digest = with_window.desk.digest();
    let taken = with_window.desk.snapshot().unwrap().unwrap().records;
    drop(with_window);

    // From then on it is, and so it is where the window has gone again: what is known of it stays.
    let again = opened_by(data.path(), &text);
    assert_eq!((again.loaded, again.desk.digest()), (taken, digest));
    assert!(taken > newer);
    drop(again);
    assert_eq!(opened(data.path()).loaded, taken);
}
