//! The table on a day made up for the purpose.

use doorward_core::time::{HOUR_MS, Timestamp};

use super::*;
use crate::demo::day::Case;
use crate::demo::script::Scene;
use crate::summary::TopReason;
use crate::terminal::width;

fn result(scene: Scene, verdicts: &[(Verdict, usize)]) -> SceneResult {
    let verdicts = verdicts.iter().flat_map(|(verdict, count)| vec![*verdict; *count]).collect();
    SceneResult { scene, verdicts, reasons: Vec::new(), case: None }
}

fn day() -> Day {
    let reason = |code: &str, count, text: &str| TopReason {
        code: code.into(),
        count,
        text: text.to_owned(),
    };
    let stuffing = SceneResult {
        reasons: vec![reason(
            "CREDENTIAL_STUFFING",
            430,
            "96 accounts failed from 203.0.113.77 in 10 min, 99 % of its attempts",
        )],
        case: Some(Case {
            decision_id: "0198f0c1-0000-7000-8000-000000000001".to_owned(),
            occurred_at: Timestamp::from_ms(13 * HOUR_MS + 1),
            user: "david.b@example.com".to_owned(),
            from: "203.0.113.77 (Amsterdam, NL)".to_owned(),
            verdict: Verdict::Deny,
            score: 150,
            reasons: vec![
                ("SUCCESS_UNDER_ATTACK".into(), None, "right credential from 203.0.113.77, where 96 other accounts failed in 10 min (99 % of its attempts)".to_owned()),
                ("ADDRESS_FAILING".into(), Some(40), "210 of 212 attempts failed".to_owned()),
                ("KNOWN_NETWORK".into(), Some(-10), "12 % of sign-ins".to_owned()),
            ],
        }),
        ..result(Scene::Stuffing, &[(Verdict::Allow, 4), (Verdict::StepUp, 8), (Verdict::Deny, 431)])
    };
    let scenes = vec![
        result(Scene::Customers, &[(Verdict::Allow, 1_150), (Verdict::StepUp, 2)]),
        result(Scene::Traveller, &[(Verdict::Allow, 1), (Verdict::StepUp, 1)]),
        stuffing,
    ];
    Day { scenes, took_ms: 1_250, decided_us: 41 }
}

#[test]
fn a_day_reads_from_top_to_bottom() {
    let expected = include_str!("day.txt");
    assert_eq!(draw(&day(), Terminal::new(100, false)), expected);
}

#[test]
fn nothing_is_wider_than_a_narrow_terminal() {
    for line in draw(&day(), Terminal::new(80, false)).lines() {
        assert!(width(line) <= 80, "{line}");
    }
}

#[test]
fn colour_changes_nothing_but_the_colour() {
    let coloured = draw(&day(), Terminal::new(100, true));
    assert!(coloured.contains("\x1b[31mdenied\x1b[0m"));
    assert_eq!(console::strip_ansi_codes(&coloured), draw(&day(), Terminal::new(100, false)));
}
