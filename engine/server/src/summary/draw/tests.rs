//! Summaries made up for the purpose, drawn.

use doorward_core::time::SECOND_MS;

use super::*;
use crate::replay::format::{Coverage, Misread};
use crate::summary::{AddressRow, Input, TopReason};

fn summary() -> Summary {
    let at = |seconds| Timestamp::from_ms(1_765_350_000_000 + seconds * SECOND_MS);
    let tally = |allowed, stepped_up, denied| Tally { allowed, stepped_up, denied };
    Summary {
        input: Input {
            source: "auth.log (sshd)".to_owned(),
            coverage: Coverage {
                lines: 2_000,
                event_lines: 513,
                events: 521,
                about: 866,
                unrelated: 620,
                not_understood: 1,
                misread: Vec::new(),
            },
            attempts: 521,
            outcomes: 0,
            repeated: 0,
            unused: 0,
            left_out: vec![Misread { line: 1_017, reason: "Dec 10 sshd[".to_owned() }],
        },
        span: Some((at(0), at(15_000))),
        tally: tally(62, 199, 260),
        reasons: vec![TopReason {
            code: "ADDRESS_FAILING".into(),
            count: 459,
            text: "46 of 46 attempts from 103.99.0.122 failed within a day (100 %)".to_owned(),
        }],
        campaigns: vec![Campaign {
            from: "198.51.100.7".to_owned(),
            reason: "ADDRESS_FAILING".into(),
            first_at: at(60),
            last_at: at(700),
            stopped: 282,
            users: 10,
        }],
        addresses: vec![AddressRow {
            address: "198.51.100.7".to_owned(),
            network: Some("AS64504 Cheap Racks Hosting".to_owned()),
            failures: 286,
            users: 10,
            tally: tally(4, 15, 267),
        }],
        untracked: 0,
        took_ms: 12,
    }
}

#[test]
fn a_summary_reads_from_top_to_bottom() {
    assert_eq!(draw(&summary(), Terminal::new(110, false)), include_str!("summary.txt"));
}

#[test]
fn what_is_empty_is_not_drawn() {
    let empty = draw(&Summary::default(), Terminal::new(110, false));
    assert!(!empty.contains("Campaigns") && !empty.contains("Why"), "{empty}");
}

#[test]
fn a_share_says_when_it_is_small() {
    let check = |count, total, expected: &str| assert_eq!(share(count, total), expected);
    check(1, 1_000, "0.1 %");
    check(260, 521, "49.9 %");
    check(0, 0, "0.0 %");
}
