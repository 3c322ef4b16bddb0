//! Outcomes: counted where their attempt was made, once, and only of attempts that are there.

use doorward::edge::Refusal;
use doorward::wire;
use doorward_core::time::DAY_MS;

use super::{CredentialResult, Door, Kind, Visit, codes, outcome, request};
use crate::edge::server::NOW;

fn guess(number: i64) -> Visit {
    let visit = Visit::new(&number.to_string()).user("ana").address("203.0.113.7").at(number);
    visit.credential(CredentialResult::NotChecked)
}

/// The window is a quarter of an hour long, and the outcomes come a day late.
#[tokio::test]
async fn a_credential_checked_later_counts_where_the_attempt_was_made() {
    let door = Door::open();
    let check = async |door: &Door, minutes, expected| {
        let decision = door.decide(&guess(minutes)).await;
        let guessing = codes(&decision).contains(&"ACCOUNT_GUESSING");
        assert_eq!(guessing, expected, "{minutes} {decision:?}");
    };
    for number in 0..10 {
        door.decide(&guess(number)).await;
    }
    check(&door, 10, false).await;
    for number in 0..10 {
        let mut told = outcome(&format!("of {number}"), &number.to_string(), Kind::CredentialWrong);
        told.occurred_at = Some(NOW.into());
        door.tell(&told).await;
    }
    check(&door, 11, true).await;
    check(&door, 24 * 60, false).await;
    assert_eq!(door.desk.digest(), door.replayed());
    let door = door.reopen();
    check(&door, 12, true).await;
    check(&door, 24 * 60 + 1, false).await;
}

#[tokio::test]
async fn an_outcome_counts_once() {
    let check = async |kind: Kind| {
        let door = Door::open();
        let visit = guess(1).device("laptop");
        let decision = door.decide(&visit).await;
        let before = door.desk.digest();
        let told = outcome("o1", "1", kind);
        let first = door.tell(&told).await;
        assert_eq!((first.duplicate, &first.decision_id), (false, &decision.decision_id));
        let sum = door.sum();
        assert_ne!(sum.0, before, "{kind:?} has no effect");

        let again = async |door: &Door| {
            let answer = door.tell(&told).await;
            assert_eq!((answer.duplicate, answer.decision_id), (true, first.decision_id.clone()));
            assert_eq!(door.sum(), sum);
            let mut other = told.clone();
            other.note = "on the phone".to_owned();
            let refusal = door.desk.report(request(&other)).unwrap_err();
            assert_eq!(refusal, Refusal::AlreadyExists { event_id: "o1".to_owned() });
            let attempts_own = outcome("1", "1", kind);
            let refusal = door.desk.report(request(&attempts_own)).unwrap_err();
            assert_eq!(refusal, Refusal::AlreadyExists { event_id: "1".to_owned() });
            assert_eq!(door.sum(), sum);
        };
        again(&door).await;
        let door = door.reopen();
        again(&door).await;

        // The same said by somebody else is on record, and counts no more.
        assert!(!door.tell(&outcome("o2", "1", kind)).await.duplicate);
        assert_eq!(door.sum(), (sum.0, sum.1 + 1), "{kind:?}");
        assert_eq!(door.desk.digest(), door.replayed());
    };
    check(Kind::CredentialRight).await;
    check(Kind::CredentialWrong).await;
    check(Kind::ChallengeFailed).await;
    check(Kind::NotMe).await;
}

/// Of an attempt of another tenant the caller learns no more than of one that never was.
#[tokio::test]
async fn an_outcome_of_no_attempt_changes_nothing() {
    let door = Door::open();
    let decision = door.decide(&guess(1)).await;
    door.tell(&outcome("o1", "1", Kind::ChallengeFailed)).await;
    let sum = door.sum();
    let check = |about: wire::outcome::Attempt, tenant: &str, named: &str| {
        let mut told = outcome("o2", "", Kind::NotMe);
        told.occurred_at = Some(NOW.plus(-DAY_MS).into());
        told.attempt = Some(about);
        tenant.clone_into(&mut told.tenant);
        let refusal = door.desk.report(request(&told)).unwrap_err();
        assert_eq!(refusal, Refusal::NotFound { attempt: named.to_owned() });
        assert_eq!(refusal.to_string(), format!("no attempt `{named}` is on record"));
        assert_eq!(door.sum(), sum);
    };
    let by_decision = |id: &str| wire::outcome::Attempt::DecisionId(id.to_owned());
    let by_event = |id: &str| wire::outcome::Attempt::AttemptEventId(id.to_owned());
    let never = "019a9d3c-5b0e-7c41-9d0a-3f2b6c1e8d57";
    check(by_decision(never), "", never);
    check(by_decision(&decision.decision_id), "other", &decision.decision_id);
    check(by_event("never"), "", "never");
    check(by_event("1"), "other", "1");
    // An outcome is no attempt.
    check(by_event("o1"), "", "o1");
}

/// The key names events in memory; decisions on record keep the names that an older key gave them.
#[tokio::test]
async fn a_decision_is_found_by_its_id_though_the_key_was_lost() {
    let door = Door::open();
    let decision = door.decide(&guess(1)).await;
    std::fs::remove_file(door.data.path().join("state.key")).unwrap();
    let door = door.reopen();
    let mut told = outcome("o1", "", Kind::NotMe);
    let about = wire::outcome::Attempt::DecisionId(decision.decision_id.clone());
    told.attempt = Some(about);
    assert_eq!(door.tell(&told).await.decision_id, decision.decision_id);
}
