//! `doorward simulate`: the real binary on a tiny world, its files held against one another.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::process::command;

/// Few people and few days: a debug build has them in seconds.
const TINY: [&str; 7] = ["simulate", "--customers", "60", "--staff", "8", "--days", "3"];

/// What `doorward` prints.
fn run(arguments: &[&str]) -> String {
    let output = command(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn simulate(more: &[&str]) -> String {
    run(&[&TINY, more].concat())
}

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The event id of an attempt, or of the attempt that an outcome is about.
fn about(event: &Value) -> &str {
    let attempt = event["attempt"]["eventId"].as_str();
    attempt.or_else(|| event["outcome"]["attemptEventId"].as_str()).unwrap()
}

#[test]
fn what_it_writes_can_be_replayed_and_every_attempt_has_its_truth() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (out, labels, geo) = (path("out.ndjson"), path("labels.ndjson"), path("world.csv"));
    let told = simulate(&["--out", &out, "--labels", &labels, "--geo", &geo]);
    let events = lines(Path::new(&out));
    let attempts: Vec<&str> =
        events.iter().filter(|event| event.get("attempt").is_some()).map(about).collect();
    let labelled = lines(Path::new(&labels));
    let labels: Vec<&str> =
        labelled.iter().map(|label| label["event_id"].as_str().unwrap()).collect();
    assert_eq!(attempts, labels, "one to one and in the same order");
    let kinds: BTreeSet<&str> =
        labelled.iter().map(|label| label["kind"].as_str().unwrap()).collect();
    for kind in ["routine", "stuffing", "spray", "takeover", "session-replay", "device-farm"] {
        assert!(kinds.contains(kind), "{kinds:?}");
    }
    println!("{told}");

    let decisions = path("decisions.ndjson");
    let arguments =
        ["replay", "--format", "ndjson", "--geo", &geo, "--decisions", &decisions, &out];
    let summary = run(&arguments).replace(',', "");
    let outcomes = events.len() - attempts.len();
    let line = format!("{} events: {} attempts {outcomes} outcomes", events.len(), attempts.len());
    assert!(summary.contains(&line), "{line}\n{summary}");
    let decided = lines(Path::new(&decisions));
    let decided: Vec<&str> = decided.iter().map(|it| it["eventId"].as_str().unwrap()).collect();
    assert_eq!(decided, attempts);
}

#[test]
fn the_same_seed_writes_the_same_bytes_and_attacks_leave_good_people_alone() {
    let folder = tempfile::tempdir().unwrap();
    let labels = folder.path().join("labels");
    let written = |name: &str, more: &[&str]| {
        let path = folder.path().join(name);
        simulate(&[&["--out", path.to_str().unwrap()], more].concat());
        fs::read_to_string(path).unwrap()
    };
    let all = written("all", &["--labels", labels.to_str().unwrap()]);
    assert_eq!(all, written("again", &[]));
    assert_ne!(all, written("other", &["--seed", "2"]));
    let good: BTreeSet<String> = lines(&labels)
        .iter()
        .filter(|label| label["label"] == "good")
        .map(|label| label["event_id"].as_str().unwrap().to_owned())
        .collect();
    let theirs = all.lines().filter(|line| {
        let event: Value = serde_json::from_str(line).unwrap();
        good.contains(about(&event))
    });
    let alone = written("none", &["--attacks", "none"]);
    assert_eq!(theirs.collect::<Vec<_>>(), alone.lines().collect::<Vec<_>>());
}

#[test]
fn a_score_is_the_same_again_and_counts_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("labels.ndjson");
    let json = simulate(&["--score", "--json", "--labels", path.to_str().unwrap()]);
    assert_eq!(json, simulate(&["--score", "--json"]));
    let score: Value = serde_json::from_str(&json).unwrap();
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut scored = 0;
    for label in lines(&path).iter().filter(|label| label["scored"] == true) {
        scored += 1;
        if label["label"] == "attack" {
            *counts.entry(label["kind"].as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    assert_eq!(score["attempts"], scored);
    let rows = score["attacks"].as_array().unwrap();
    let told = rows.iter().filter_map(|row| {
        Some((row["family"].as_str()?.to_owned(), row["attempts"]["whole"].as_u64().unwrap()))
    });
    assert_eq!(told.collect::<BTreeMap<_, _>>(), counts);
}

#[test]
fn it_says_what_it_needs() {
    let check = |more: &[&str], expected: &str| {
        let output = command(&[&TINY, more].concat()).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(expected), "{error}");
    };
    check(&[], "--score");
    check(&["--score", "--attacks", "sprai"], "`sprai` is not one of all, none, stuffing");
}
