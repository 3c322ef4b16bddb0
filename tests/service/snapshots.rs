//! Snapshots of the real process: taken while it answers and when it stops, and lost without harm.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use doorward::wire::EvaluateRequest;
use tempfile::TempDir;
use tokio::time::timeout;

use crate::crash::{attempt, connect, digest};
use crate::process::{Doorward, command};

/// How often the process is killed while it writes a snapshot.
const KILLS: usize = 4;
/// How long a snapshot may take to come before it is called missing.
const PATIENCE: Duration = Duration::from_secs(60);

/// Serves on that directory, with a snapshot so often.
fn serve(data: &Path, every: &str) -> Doorward {
    let config = data.join("doorward.toml");
    fs::write(&config, format!("snapshot_every = \"{every}\"\n")).unwrap();
    Doorward::serve(data, &["--config", config.to_str().unwrap()])
}

/// Answers to attempts with these numbers.
async fn ask(doorward: &Doorward, numbers: impl Iterator<Item = usize>) {
    let mut client = connect(doorward).await;
    for number in numbers {
        client.evaluate(EvaluateRequest { attempt: Some(attempt(number)) }).await.unwrap();
    }
}

/// How many records the newest snapshot stands for.
fn newest(data: &Path) -> Option<u64> {
    let entries = fs::read_dir(data.join("snapshots")).ok()?;
    let names = entries.filter_map(|entry| entry.unwrap().file_name().into_string().ok());
    names.filter_map(|name| name.strip_suffix(".snapshot")?.parse().ok()).max()
}

/// How many records there are, by the last words of a service.
fn records(words: &str) -> u64 {
    words.lines().last().unwrap().split(' ').next().unwrap().parse().unwrap()
}

/// The fingerprint of the state that the whole log leads to.
fn replayed(data: &Path) -> String {
    let arguments = ["log", "digest", "--data", data.to_str().unwrap()];
    let words = String::from_utf8(command(&arguments).output().unwrap().stdout).unwrap();
    digest(&words).to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn are_taken_in_time_and_at_an_orderly_end_or_never() {
    let data = TempDir::new().unwrap();
    let never = serve(data.path(), "never");
    ask(&never, 0..3).await;
    never.stop();
    assert_eq!(newest(data.path()), None);

    let often = serve(data.path(), "1s");
    // One when it has started, and one when its time has come.
    let mut number = 3..;
    for _ in 0..2 {
        let before = newest(data.path());
        let come = async {
            while newest(data.path()) == before {
                ask(&often, number.by_ref().take(1)).await;
            }
        };
        timeout(PATIENCE, come).await.unwrap();
    }
    ask(&often, number.take(3)).await;
    let before = newest(data.path());
    let words = often.stop();
    assert_eq!(newest(data.path()), Some(records(&words)));
    assert!(newest(data.path()) > before);
    assert_eq!(digest(&words), replayed(data.path()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_cut_while_one_is_written_costs_nothing() {
    let data = TempDir::new().unwrap();
    let unfinished = data.path().join("snapshots").join("unfinished");
    let mut cut = 0;
    for round in 0..KILLS {
        // What the round before left behind.
        let _ = fs::remove_file(&unfinished);
        let mut doorward = serve(data.path(), "1h");
        ask(&doorward, round * 10..round * 10 + 10).await;
        doorward.terminate();
        while !unfinished.exists() && !doorward.ended() {
            thread::yield_now();
        }
        // Further into it each time.
        (0..round * 40).for_each(|_| drop(fs::metadata(&unfinished)));
        doorward.kill();
        cut += usize::from(unfinished.exists());
    }
    assert!(cut > 0, "no snapshot was cut short");
    let last = serve(data.path(), "1h");
    ask(&last, KILLS * 10..KILLS * 10 + 10).await;
    let words = last.stop();
    assert_eq!(records(&words), u64::try_from(KILLS * 10 + 11).unwrap());
    assert_eq!(newest(data.path()), Some(records(&words)));
    assert!(!unfinished.exists());
    assert_eq!(digest(&words), replayed(data.path()));
}
