//! Outcomes: counted where their attempt was made, once, and only of attempts that are there.

use doorward::edge::Refusal;
use doorward::log::{Frame, scan};
use doorward::record::{KIND_DECISION, KIND_OUTCOME};
use doorward::wire;
use doorward_core::time::DAY_MS;
use prost::Message as _;

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

/// A start remembers less than the log holds.
#[tokio::test]
async fn an_outcome_of_an_old_decision_is_restored() {
    let door = Door::open();
    let (events_min, attempts) = (64, 1_000);
    for number in 0..attempts {
        door.decide(&guess(number)).await;
    }
    let before = door.desk.digest();
    door.tell(&outcome("late", "0", Kind::ChallengeFailed)).await;
    assert_ne!(door.desk.digest(), before);
    assert_eq!(door.replayed_with(events_min), door.desk.digest());
}

#[tokio::test]
async fn an_outcome_is_not_restored_from_another_record_than_its_decision() {
    let door = Door::open();
    for number in 0..2 {
        door.decide(&guess(number)).await;
    }
    door.tell(&outcome("o", "1", Kind::ChallengeFailed)).await;
    let frames: Vec<_> = scan(&door.log()).map(Result::unwrap).collect();
    let (at, told) = frames.iter().find(|(_, frame)| frame.kind == KIND_OUTCOME).unwrap();
    let record = wire::log::OutcomeRecord::decode(told.payload.as_slice()).unwrap();
    let check = |segment, offset, expected: Option<&str>| {
        let mut moved = record.clone();
        let place = wire::log::Position { segment, offset };
        moved.envelope.as_mut().unwrap().decision_position = Some(place);
        let frame = Frame { payload: moved.encode_to_vec(), ..told.clone() };
        let told = door.restored(100).apply(*at, &frame).map_err(|error| error.to_string());
        match expected {
            None => assert_eq!(told, Ok(())),
            Some(words) => assert!(told.as_ref().unwrap_err().contains(words), "{told:?}"),
        }
    };
    let decisions: Vec<_> =
        frames.iter().filter(|(_, frame)| frame.kind == KIND_DECISION).map(|(at, _)| at).collect();
    let id = record.envelope.as_ref().unwrap().decision_id.clone();
    let not_there = |offset| format!("its decision `{id}` is not in segment 0 at byte {offset}");
    check(0, decisions[1].offset, None);
    check(0, decisions[0].offset, Some(&not_there(decisions[0].offset)));
    check(0, at.offset, Some(&not_there(at.offset)));
    check(0, at.offset + 8, Some("has no record at byte"));
    check(7, at.offset, Some("has no record at byte"));
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
