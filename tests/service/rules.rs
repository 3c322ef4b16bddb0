//! `doorward rules`, and `serve` with rules that are wrong: the real binary, real directories.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

use crate::process::command;

/// The rules of the repository.
const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules");

/// The smallest rules that are right.
const RIGHT: &str = "journey login, registration, recovery, credential_change, profile_change, \
    consent_change, transaction, session { step_up from 40   deny from 90 }
rule place.new {
  when    country.new
  score   +45
  reason  NEW_PLACE \"{country}\"
  if unknown(country.new)  skip
}
";

const PASSING: &str = r#"test "a first sign-in is nothing new" for place.new {
  event  { user "ana"  country FR  credential right }
  expect not fires, verdict allow
}
"#;

const FAILING: &str = r#"test "a first sign-in is new" for place.new {
  event  { user "ana"  country FR  credential right }
  expect verdict step_up
}
"#;

fn directory(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(directory.path().join(name), text).unwrap();
    }
    directory
}

fn rules(act: &str, directory: &Path, more: &[&str]) -> Output {
    let directory = directory.to_str().unwrap();
    command(&["rules", act, directory]).args(more).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn the_shipped_rules_are_clean() {
    let checked = rules("check", Path::new(SHIPPED), &[]);
    assert!(checked.status.success(), "{}", text(&checked.stderr));
    assert_eq!(text(&checked.stderr), "");
    assert!(text(&checked.stdout).starts_with("0 errors, 0 warnings in 15 files\n"));
    let compiled_in = command(&["rules", "check"]).output().unwrap();
    assert_eq!(text(&compiled_in.stdout), text(&checked.stdout), "another policy in the binary");
}

#[test]
fn the_tests_in_the_shipped_rules_pass() {
    let tested = rules("test", Path::new(SHIPPED), &[]);
    let said = text(&tested.stdout);
    assert!(tested.status.success(), "{said}");
    let passed = said.lines().filter(|line| line.starts_with('✓')).count();
    assert!(passed >= 30, "{said}");
    assert!(said.contains(&format!("\n{passed} passed, 0 failed in ")), "{said}");
}

#[test]
fn exit_codes_tell_what_is_wrong() {
    let check = |act: &str, text: &str, code: i32| {
        let directory = directory(&[("a.rules", RIGHT), ("b.rules", text)]);
        let output = rules(act, directory.path(), &[]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{text}\n{said}");
    };
    check("check", "", 0);
    check("check", "rule {", 10);
    check("check", "window w = count by usr over 10m", 11);
    check("check", "window w = count where dormant > 3 by user over 10m", 11);
    check("check", "journey login for tenant \"a\" { step_up from 40  deny from 30 }", 12);
    check("check", "rule {\nwindow w = count by usr over 10m", 10);
    check("check", FAILING, 0);
    check("test", FAILING, 13);
    check("test", PASSING, 0);
    check("test", "rule {", 10);
    let nowhere = rules("check", Path::new("/nowhere/at/all"), &[]);
    assert_eq!(nowhere.status.code(), Some(65));
}

#[test]
fn a_failing_test_is_shown_beside_the_passing_one() {
    let directory = directory(&[("a.rules", &format!("{RIGHT}{PASSING}{FAILING}"))]);
    let tested = rules("test", directory.path(), &[]);
    let said = text(&tested.stdout);
    let path = directory.path().join("a.rules").display().to_string();
    assert!(said.contains(&format!("✓ a first sign-in is nothing new  {path}:8\n")), "{said}");
    assert!(said.contains(&format!("✗ a first sign-in is new  {path}:12\n")), "{said}");
    assert!(said.contains("error[R0401]: the test \"a first sign-in is new\" fails\n"), "{said}");
    assert!(said.contains(&format!("--> {path}:14:10\n")), "{said}");
    assert!(said.contains("^ it was allow with a score of 0\n"), "{said}");
    assert!(said.contains("\n1 passed, 1 failed in "), "{said}");
}

#[test]
fn tests_are_chosen_by_title_or_rule() {
    let directory = directory(&[("a.rules", &format!("{RIGHT}{PASSING}{FAILING}"))]);
    let by_title = rules("test", directory.path(), &["--filter", "nothing new"]);
    assert!(text(&by_title.stdout).contains("\n1 passed, 0 failed, 1 left out in "));
    let by_rule = rules("test", directory.path(), &["--filter", "place.new"]);
    assert!(text(&by_rule.stdout).contains("\n1 passed, 1 failed in "));
    let none = rules("test", directory.path(), &["--filter", "no such thing"]);
    assert_eq!(none.status.code(), Some(64));
}

#[test]
fn findings_are_json_for_editors() {
    let directory =
        directory(&[("a.rules", RIGHT), ("b.rules", "\nwindow w = count by usr over 10m\n")]);
    let checked = rules("check", directory.path(), &["--json"]);
    assert_eq!(checked.status.code(), Some(11));
    let findings: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
    let expected = serde_json::json!([{
        "file": directory.path().join("b.rules").display().to_string(),
        "line": 2,
        "column": 21,
        "end_line": 2,
        "end_column": 24,
        "severity": "error",
        "code": "R0104",
        "message": "unknown name `usr`",
        "label": "not a signal, window or list",
        "help": "did you mean the signal `user`?",
    }]);
    assert_eq!(findings, expected);

    fs::remove_file(directory.path().join("b.rules")).unwrap();
    let clean = rules("check", directory.path(), &["--json"]);
    assert_eq!((clean.status.code(), text(&clean.stdout)), (Some(0), "[]\n"));
}

#[test]
fn serve_stops_at_wrong_rules_and_shows_everything() {
    let broken = directory(&[
        ("a.rules", "window w = count by usr over 10m\n"),
        ("b.rules", "list l cidr from \"lists/none.csv\"\njourney lgin { step_up from 40 }\n"),
        ("c.rules", "rule r {\n  when  time >\n  score +1\n}\n"),
    ]);
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let data = tempfile::tempdir().unwrap();
    let log = data.path().join("data");
    let served = command(&["serve", "--listen", &address.to_string()])
        .arg("--data")
        .arg(&log)
        .arg("--rules")
        .arg(broken.path())
        .output()
        .unwrap();
    let said = text(&served.stderr);
    assert_eq!(served.status.code(), Some(10), "{said}");
    let places = ["a.rules:1:21", "b.rules:1:18", "b.rules:2:9", "c.rules:2:15"];
    for place in places {
        let place = format!("--> {}", broken.path().join(place).display());
        let shown = said.split(&place).nth(1).unwrap_or_else(|| panic!("no {place} in\n{said}"));
        let until_next = shown.split("-->").next().unwrap();
        assert!(until_next.contains('^'), "no caret below {place} in\n{said}");
    }
    assert!(said.contains(&format!("\n{} errors, 0 warnings in 3 files", places.len())), "{said}");
    assert_eq!(text(&served.stdout), "");
    assert!(TcpStream::connect(address).is_err(), "something listens at {address}");
    assert!(!log.exists(), "a log was opened for rules that are wrong");
}

#[test]
fn help_and_reference_agree_on_the_exit_codes() {
    let reference = fs::read_to_string(Path::new(SHIPPED).join("README.md")).unwrap();
    for act in ["check", "test"] {
        let help = command(&["rules", act, "--help"]).output().unwrap();
        let help = text(&help.stdout);
        let codes = help.split_once("Exit codes:\n").unwrap().1;
        let codes = codes.split_once("Of several").unwrap().0;
        assert!(reference.contains(&format!("```text\n{codes}```")), "{codes}");
    }
}
