//! A handful of attempts, counted by hand.

use doorward_core::decision::Verdict;
use doorward_core::event::{Journey, Population};

use super::attacks::{Accounts, FirstCaught};
use super::*;
use crate::simulate::label::{Family, Life, Maker, Phase};

fn good(life: Life, risk: i64, verdict: Verdict) -> Judged {
    Judged {
        maker: Maker::Good(life),
        user: "ana".into(),
        population: Population::Customer,
        journey: Journey::Login,
        verdict,
        risk,
        familiar: life == Life::Routine,
        lost: verdict == Verdict::Deny,
        reasons: Vec::new(),
    }
}

fn attack(phase: Phase, user: &str, risk: i64, verdict: Verdict) -> Judged {
    let maker = Maker::Attacker { family: Family::Takeover, campaign: 0, phase };
    let lost = verdict != Verdict::Allow;
    let reasons = if lost { vec!["NEW_COUNTRY".into()] } else { Vec::new() };
    Judged { maker, user: user.into(), lost, reasons, ..good(Life::Routine, risk, verdict) }
}

/// Ninety-eight ordinary sign-ins, a challenged traveller and somebody denied; four accounts in wrong
/// hands: one stopped at the door, one at the action, one harmed, one left alone.
pub(crate) fn score() -> Score {
    let mut judged = vec![good(Life::Routine, 0, Verdict::Allow); 98];
    judged.push(good(Life::Travel, 45, Verdict::StepUp));
    judged.push(good(Life::NewDevice, 95, Verdict::Deny));
    judged.extend([
        attack(Phase::Guess, "ben", 10, Verdict::Allow),
        attack(Phase::Entry, "ben", 60, Verdict::StepUp),
        attack(Phase::Entry, "eva", 20, Verdict::Allow),
        attack(Phase::Harm, "eva", 50, Verdict::StepUp),
        attack(Phase::Entry, "max", 20, Verdict::Allow),
        attack(Phase::Harm, "max", 50, Verdict::StepUp),
        attack(Phase::Harm, "max", 20, Verdict::Allow),
        attack(Phase::Entry, "zoe", 0, Verdict::Allow),
    ]);
    Score::new(7, "policy".to_owned(), &judged)
}

#[test]
fn what_happened_is_counted_where_it_belongs() {
    let score = score();
    let [row, all] = score.attacks.as_slice() else { panic!("{:?}", score.attacks) };
    assert_eq!((row.family, all.family), (Some(Family::Takeover), None));
    assert_eq!(row.campaigns, Share { part: 1, whole: 1 });
    assert_eq!(row.attempts, Share { part: 3, whole: 8 });
    assert_eq!(row.first_caught, Some(FirstCaught { median: Some(2), worst: Some(2) }));
    assert_eq!(row.entries, Share { part: 1, whole: 4 });
    // One in a hundred may be challenged: all but the one who was denied are spared from 46 on.
    assert_eq!(row.entries_at_bar, Share { part: 1, whole: 4 });
    let Accounts { at_the_door, at_the_action, harmed } = row.accounts;
    assert_eq!((at_the_door, at_the_action, harmed), (1, 2, 1));
    // 0 ties with 98 of 100, each 20 beats them, 60 beats all but the one denied.
    let expected = (0.49 + 0.98 + 0.98 + 0.99) / 4.0;
    assert!((row.area.unwrap().value - expected).abs() < 1e-12, "{:?}", row.area);
}

#[test]
fn good_people_are_counted_by_what_happened_to_them() {
    let score = score();
    let [sign_ins] = score.people.as_slice() else { panic!("{:?}", score.people) };
    assert_eq!(sign_ins.challenged, Share { part: 1, whole: 100 });
    assert_eq!(sign_ins.denied, Share { part: 1, whole: 100 });
    assert_eq!(sign_ins.denied_familiar, Share { part: 0, whole: 98 });
    assert_eq!(sign_ins.turned_away, 1);
    let lives: Vec<&str> = score.lives.iter().map(|row| row.what).collect();
    assert_eq!(lives, ["routine", "travel", "new device"]);
    let [bar] = score.bars.as_slice() else { panic!("{:?}", score.bars) };
    assert_eq!((bar.score, bar.challenged.part), (46, 1));
    let [reason] = score.reasons.as_slice() else { panic!("{:?}", score.reasons) };
    assert_eq!((reason.code.as_str(), reason.good, reason.attacks), ("NEW_COUNTRY", 0, 3));
}

#[test]
fn targets_say_what_is_met() {
    let score = score();
    let met = |what: &str| score.targets.iter().find(|target| target.what == what).unwrap().met;
    assert_eq!(met("customers challenged"), Some(true));
    assert_eq!(met("customers denied"), Some(false));
    assert_eq!(met("… on familiar device, network"), Some(true));
    assert_eq!(met("takeover: entries"), Some(false));
    assert_eq!(met("accounts kept from harm"), Some(false));
}
