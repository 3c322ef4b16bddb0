//! `doorward replay`: the real binary on recordings, held against plain searches in their text.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::process::command;

/// Failures after which an address is no longer let by without a question.
const FAILURES_FLAGGED: usize = 5;

/// A log of the data folder beside the checkout.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if !path.exists() {
        println!("skipped: no {name} beside the checkout");
    }
    path.exists().then_some(path)
}

fn run(format: &str, file: &Path, more: &[&str]) -> Output {
    let mut arguments = vec!["replay", "--format", format, file.to_str().unwrap()];
    arguments.extend_from_slice(more);
    command(&arguments).output().unwrap()
}

/// What a successful replay prints.
fn printed(output: &Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    println!("{text}");
    text
}

/// What a replay prints, and its decisions.
fn replayed(format: &str, file: &Path) -> (String, Vec<Value>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("decisions.ndjson");
    let text = printed(&run(format, file, &["--decisions", path.to_str().unwrap()]));
    let lines = fs::read_to_string(path).unwrap();
    (text, lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn text<'a>(decision: &'a Value, field: &str) -> &'a str {
    decision[field].as_str().unwrap_or_else(|| panic!("no {field} in {decision}"))
}

fn stopped(decision: &Value) -> bool {
    text(decision, "verdict") != "VERDICT_ALLOW"
}

/// The line of a syslog that a decision is about: its event id has the number.
fn line_of<'a>(lines: &[&'a str], decision: &Value) -> &'a str {
    let number: usize = text(decision, "eventId").split('-').nth(2).unwrap().parse().unwrap();
    lines[number - 1]
}

fn after<'a>(line: &'a str, phrase: &str) -> Option<&'a str> {
    line.rsplit_once(phrase)?.1.split_whitespace().next()
}

/// `2,000 lines: …` and `536 events: …` without their counts' commas.
fn counts(text: &str) -> (String, String) {
    let mut lines = text.lines().skip(1).map(|line| line.replace(',', ""));
    (lines.next().unwrap(), lines.next().unwrap())
}

/// The number before `what`, zero if that is not told.
fn count(told: &str, what: &str) -> usize {
    let Some((before, _)) = told.split_once(what) else { return 0 };
    before.split_whitespace().last().unwrap().parse().unwrap()
}

/// Every line is in one of the classes, none of them is a line that was not understood.
fn all_understood(told: &str, lines: usize) {
    assert!(told.starts_with(&format!("{lines} lines: ")), "{told}");
    let classes = ["tell of events", "say more", "are no authentication", "were not understood"];
    assert_eq!(classes.iter().map(|class| count(told, class)).sum::<usize>(), lines, "{told}");
    assert_eq!(count(told, "were not understood"), 0, "{told}");
}

#[test]
fn a_laboratory_log_is_judged_sensibly() {
    let Some(path) = shared("OpenSSH_2k.log") else { return };
    let log = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = log.lines().collect();
    let mut failures: BTreeMap<&str, usize> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.contains("Failed password for ")) {
        let times = if line.contains("message repeated 5 times") { 5 } else { 1 };
        *failures.entry(after(line, " from ").unwrap()).or_default() += times;
    }
    let many = failures.iter().filter(|(_, count)| **count >= FAILURES_FLAGGED);
    let expected: BTreeSet<&str> = many.map(|(address, _)| *address).collect();
    let accepted = lines.iter().filter(|line| line.contains("Accepted password for ")).count();
    let attempts = failures.values().sum::<usize>() + accepted;
    assert!(expected.len() > 10 && accepted > 0, "{expected:?} {accepted}");

    let (summary, decisions) = replayed("sshd", &path);
    let (told, events) = counts(&summary);
    all_understood(&told, lines.len());
    assert_eq!(events, format!("{attempts} events: {attempts} attempts"));
    assert_eq!(decisions.len(), attempts);
    let flagged = decisions.iter().filter(|decision| stopped(decision));
    let flagged: BTreeSet<&str> =
        flagged.filter_map(|decision| after(line_of(&lines, decision), " from ")).collect();
    let missed: Vec<&&str> = expected.difference(&flagged).collect();
    assert!(missed.is_empty(), "not flagged: {missed:?}");
    let right = |decision: &&Value| line_of(&lines, decision).contains("Accepted password for ");
    let verdicts: Vec<&str> =
        decisions.iter().filter(right).map(|decision| text(decision, "verdict")).collect();
    assert_eq!(verdicts.len(), accepted);
    assert!(!verdicts.contains(&"VERDICT_DENY"), "{verdicts:?}");
}

#[test]
fn an_older_log_is_judged_by_what_pam_says() {
    let Some(path) = shared("Linux_2k.log") else { return };
    let log = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = log.lines().collect();
    let failed = |line: &&&str| {
        line.contains(" sshd(pam_unix)[") && line.contains("authentication failure;")
    };
    let mut failures: BTreeMap<&str, usize> = BTreeMap::new();
    for line in lines.iter().filter(failed) {
        *failures.entry(after(line, " rhost=").unwrap()).or_default() += 1;
    }
    let (summary, decisions) = replayed("sshd", &path);
    let (told, events) = counts(&summary);
    all_understood(&told, lines.len());
    let attempts: usize = failures.values().sum();
    assert_eq!(events, format!("{attempts} events: {attempts} attempts"));
    assert_eq!(decisions.len(), attempts);
    // Of a host that is only named, no address is known, and nothing can be held against it.
    let numeric = |host: &&str| host.parse::<std::net::Ipv4Addr>().is_ok();
    let many = failures.iter().filter(|(_, count)| **count >= FAILURES_FLAGGED);
    let expected: BTreeSet<&str> = many.map(|(host, _)| *host).filter(numeric).collect();
    let flagged = decisions.iter().filter(|decision| stopped(decision));
    let flagged: BTreeSet<&str> =
        flagged.filter_map(|decision| after(line_of(&lines, decision), " rhost=")).collect();
    assert!(expected.len() > 3, "{expected:?}");
    assert!(expected.is_subset(&flagged), "{expected:?} {flagged:?}");
}

fn attempt(number: u32, minute: u32, result: &str) -> String {
    format!(
        r#"{{"eventId":"e{number}","occurredAt":"2026-03-01T10:{minute:02}:00Z","population":"POPULATION_CUSTOMER","journey":"JOURNEY_LOGIN","user":{{"id":"ana"}},"credential":{{"method":"METHOD_PASSWORD","result":"RESULT_{result}"}},"client":{{"address":"203.0.113.7"}},"device":{{"id":"laptop"}}}}"#
    )
}

fn outcome(event: &str, about: &str, kind: &str) -> String {
    format!(
        r#"{{"outcome":{{"eventId":"{event}","occurredAt":"2026-03-01T11:00:00Z",{about},"kind":"KIND_{kind}"}}}}"#
    )
}

fn file(folder: &Path, lines: &[String]) -> PathBuf {
    let path = folder.join("events.ndjson");
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    path
}

#[test]
fn what_cannot_be_used_is_counted_and_shown_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(
        folder.path(),
        &[
            format!(r#"{{"attempt":{}}}"#, attempt(1, 0, "RIGHT")),
            attempt(2, 1, "WRONG"),
            attempt(2, 1, "WRONG"),
            attempt(2, 2, "WRONG"),
            r#"{"attempt":{"eventId":"","journey":"JOURNEY_LOGIN"}}"#.to_owned(),
            r#"{"eventId":"e3","jurney":"JOURNEY_LOGIN"}"#.to_owned(),
            outcome("o1", r#""attemptEventId":"e1""#, "NOT_ME"),
            outcome("o2", r#""attemptEventId":"e9""#, "NOT_ME"),
            outcome("o3", r#""decisionId":"01988aa0-0000-7000-8000-000000000009""#, "NOT_ME"),
            String::new(),
        ],
    );
    let (summary, decisions) = replayed("ndjson", &path);
    assert_eq!(decisions.len(), 2);
    let (told, events) = counts(&summary);
    assert_eq!(
        told,
        "10 lines: 7 tell of events 1 are no authentication events 2 were not understood"
    );
    assert_eq!(events, "7 events: 2 attempts 1 outcomes 1 told before 3 of no use");
    let row = |line: u32, words: &[&str]| {
        let number = format!("│    {line} │");
        let row = summary.lines().find(|row| row.starts_with(&number));
        let row = row.unwrap_or_else(|| panic!("line {line} is not shown"));
        assert!(words.iter().all(|word| row.contains(word)), "{row}");
    };
    row(4, &["event id `e2` was used before with other content"]);
    row(5, &["attempt.event_id", "attempt.population"]);
    row(6, &["unknown field `jurney`"]);
    row(8, &["no attempt `e9` came before"]);
    row(9, &["no decision `01988aa0-"]);
}

/// Whether the owner's device is known after a sign-in without and with an outcome.
#[test]
fn outcomes_are_learned_by_event_and_by_decision() {
    let folder = tempfile::tempdir().unwrap();
    let knows = |told: &[String]| {
        let mut lines: Vec<String> = (0..5).map(|n| attempt(n, n, "NOT_CHECKED")).collect();
        lines.extend_from_slice(told);
        // A device is trusted once it has been known for a day.
        lines.push(attempt(9, 30, "RIGHT").replace("2026-03-01", "2026-03-02"));
        let (_, decisions) = replayed("ndjson", &file(folder.path(), &lines));
        let trusts = |reason: &Value| reason["code"] == "KNOWN_DEVICE";
        let reasons = decisions.last().unwrap()["reasons"].as_array();
        let known = reasons.is_some_and(|reasons| reasons.iter().any(trusts));
        (known, text(&decisions[0], "decisionId").to_owned())
    };
    let (known, first) = knows(&[]);
    assert!(!known);
    let by_event = outcome("o1", r#""attemptEventId":"e0""#, "CREDENTIAL_RIGHT");
    assert!(knows(&[by_event]).0);
    let by_decision = outcome("o1", &format!(r#""decisionId":"{first}""#), "CREDENTIAL_RIGHT");
    assert!(knows(&[by_decision]).0);
}

#[test]
fn a_recording_told_twice_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines: Vec<String> = (0..40).map(|n| attempt(n, n, "WRONG")).collect();
    lines.push(outcome("o1", r#""attemptEventId":"e1""#, "NOT_ME"));
    let (_, once) = replayed("ndjson", &file(folder.path(), &lines));
    lines.extend_from_within(..);
    let (summary, twice) = replayed("ndjson", &file(folder.path(), &lines));
    assert_eq!(once, twice);
    assert_eq!(counts(&summary).1, "82 events: 40 attempts 1 outcomes 41 told before");
}

/// A log of which the years must be learned first comes through a pipe as it does from a file.
#[test]
fn a_log_may_come_through_a_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("auth.log");
    let line = |n: u32| {
        format!(
            "Dec 10 07:0{n}:00 lab sshd[7]: Failed password for root from 203.0.113.7 port 22 ssh2\n"
        )
    };
    fs::write(&path, (0..6).map(line).collect::<String>()).unwrap();
    let from_file = printed(&run("sshd", &path, &[]));
    let mut piped = command(&["replay", "--format", "sshd", "-"]);
    let mut piped = piped.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    piped.stdin.take().unwrap().write_all(&fs::read(&path).unwrap()).unwrap();
    let from_pipe = printed(&piped.wait_with_output().unwrap());
    let told = |text: &str| text.lines().skip(4).map(str::to_owned).collect::<Vec<String>>();
    assert_eq!(told(&from_file), told(&from_pipe));
    assert!(counts(&from_pipe).1.starts_with("6 events"), "{from_pipe}");
}

#[test]
fn says_what_is_wrong_with_the_command() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), &[attempt(1, 0, "RIGHT")]);
    let check = |output: Output, code: i32, expected: &str| {
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(error.contains(expected), "{error}");
        assert_eq!(output.status.code(), Some(code), "{error}");
    };
    let missing = folder.path().join("none");
    check(run("sshd", &missing, &[]), 66, "none`: No such file");
    check(run("rba-csv", &path, &[]), 66, "names no column `Login Timestamp`");
    check(run("csv", &path, &[]), 2, "`csv` is not one of ndjson, sshd, rba-csv");
    let same = ["--decisions", path.to_str().unwrap()];
    check(run("ndjson", &path, &same), 71, "it is the recording");
    assert_eq!(fs::read_to_string(&path).unwrap(), attempt(1, 0, "RIGHT") + "\n");
    File::create(&path).unwrap();
    assert_eq!(counts(&printed(&run("ndjson", &path, &[]))).0, "0 lines: none");
}
