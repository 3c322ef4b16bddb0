//! Receipts of a recorded decision, drawn.

use doorward_core::decide::Limits;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::*;
use crate::terminal::width;

fn part<T: DeserializeOwned>(dossier: &Value, name: &str) -> T {
    serde_json::from_value(dossier[name].clone()).unwrap()
}

fn dossier() -> Dossier {
    let dossier: Value = serde_json::from_str(include_str!("receipt.json")).unwrap();
    Dossier {
        record: part(&dossier, "record"),
        outcomes: part(&dossier, "outcomes"),
        policy: part(&dossier, "policy"),
    }
}

fn same() -> Recheck {
    Recheck::Same(Limits { step_up_from: Some(30), deny_from: Some(60) })
}

#[test]
fn a_receipt_reads_from_top_to_bottom() {
    let drawn = draw(&dossier(), &same(), Terminal::new(100, false));
    assert_eq!(drawn, include_str!("receipt.txt"));
}

#[test]
fn nothing_that_can_be_broken_is_wider_than_the_terminal() {
    for line in draw(&dossier(), &same(), Terminal::new(60, false)).lines() {
        assert!(width(line) <= 60 || !line.trim().contains(' '), "{line}");
    }
}

#[test]
fn colour_changes_nothing_but_the_colour() {
    let plain = draw(&dossier(), &same(), Terminal::new(100, false));
    let coloured = draw(&dossier(), &same(), Terminal::new(100, true));
    assert!(coloured.contains("\x1b[33mStepped up: a known device"), "{coloured}");
    assert_eq!(console::strip_ansi_codes(&coloured), plain);
}

#[test]
fn another_answer_is_told_loudly() {
    let check = |recheck: Recheck, expected: &str| {
        let drawn = draw(&dossier(), &recheck, Terminal::new(100, true));
        assert!(drawn.contains(expected), "{drawn}");
    };
    let different = Recheck::Different { verdict: Verdict::Allow, score: 3 };
    check(different, "\x1b[31mNOT THE SAME: on the same readings the same rules now give allow");
    check(Recheck::Untried("its rules are lost"), "not decided again: its rules are lost");
}

#[test]
fn the_verdict_is_one_sentence() {
    let check = |change: fn(&mut Decision), expected: &str| {
        let mut decision = dossier().record.decision.unwrap();
        change(&mut decision);
        let verdict = decision.verdict().into();
        assert_eq!(sentence(&decision, verdict), expected);
    };
    let stuffing = "14 accounts failed from 203.0.113.141 in 10 min, 93 % of its attempts";
    let denied = format!("Denied: {stuffing}; and one more reason.");
    check(|decision| decision.set_verdict(crate::wire::Verdict::Deny), &denied);
    check(
        |decision| {
            decision.set_verdict(crate::wire::Verdict::Allow);
            decision.reasons.clear();
        },
        "Allowed: its score stays below what would ask for more.",
    );
    check(
        |decision| *decision = Decision { verdict: 1, ..Decision::default() },
        "Allowed: nothing weighed against it.",
    );
    check(|decision| decision.verdict = 0, "The record has no verdict.");
}

#[test]
fn a_record_with_nothing_in_it_is_drawn_all_the_same() {
    let recheck = Recheck::Untried("its rules are not on record");
    let drawn = draw(&Dossier::default(), &recheck, Terminal::new(80, false));
    assert!(drawn.contains("The record has no verdict."), "{drawn}");
    assert!(drawn.contains("The names of the readings are not on record."), "{drawn}");
}
