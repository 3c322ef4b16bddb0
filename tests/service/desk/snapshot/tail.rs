//! A snapshot and the records behind it.

use doorward::edge::Refusal;
use doorward::log::scan;
use doorward::record::KIND_POLICY;
use doorward::rules::RuleText;

use super::super::{CredentialResult, Door, Kind, Visit, outcome, request};
use super::{files, live, opened_by, take};

#[tokio::test]
async fn leads_with_the_tail_to_the_state_that_was_lived() {
    let door = Door::open_small();
    live(&door, 0..60).await;
    let taken = take(&door);
    live(&door, 60..100).await;
    let sum = door.sum();
    let (door, loaded) = door.restart();
    assert_eq!((loaded, door.sum()), (taken, sum));
    assert_eq!(door.replayed(), sum.0);

    // And goes on from there as from any other start.
    live(&door, 100..110).await;
    let taken = take(&door);
    let sum = door.sum();
    assert_eq!(door.replayed(), sum.0);
    let (door, loaded) = door.restart();
    assert_eq!((loaded, door.sum()), (taken, sum));
}

#[tokio::test]
async fn what_was_told_before_it_is_known_after_it() {
    let door = Door::open_small();
    let visit = Visit::new("e1").user("ana").device("laptop").credential(CredentialResult::Wrong);
    let first = door.ask(&visit).await.decision;
    let by_event = outcome("o1", "e1", Kind::ChallengeFailed);
    door.tell(&by_event).await;
    take(&door);
    let behind = Visit::new("e2").user("ana").credential(CredentialResult::Right);
    let second = door.ask(&behind).await.decision;
    let sum = door.sum();
    let (door, loaded) = door.restart();
    assert_eq!(loaded, 3);

    let again = door.ask(&visit).await;
    assert_eq!((again.duplicate, &again.decision), (true, &first));
    let again = door.ask(&behind).await;
    assert_eq!((again.duplicate, &again.decision), (true, &second));
    let taken = Refusal::AlreadyExists { event_id: "e1".to_owned() };
    assert_eq!(door.refuse(&visit.clone().user("bea")), taken);
    assert!(door.tell(&by_event).await.duplicate);
    let mut other = by_event;
    other.note = "on the phone".to_owned();
    let taken = Refusal::AlreadyExists { event_id: "o1".to_owned() };
    assert_eq!(door.desk.report(request(&other)).unwrap_err(), taken);
    assert_eq!(door.sum(), sum);

    let id = first.unwrap().decision_id;
    let mut by_decision = outcome("o2", "", Kind::ConfirmedFraud);
    let about = doorward::wire::outcome::Attempt::DecisionId(id.clone());
    by_decision.attempt = Some(about);
    let told = door.tell(&by_decision).await;
    assert_eq!((told.duplicate, told.decision_id), (false, id));
    assert_eq!(door.desk.digest(), door.replayed());
}

#[tokio::test]
async fn is_taken_when_there_is_something_new() {
    let door = Door::open_small();
    let first = door.desk.snapshot().unwrap().unwrap();
    assert_eq!(first.records, 1, "the policy");
    assert_eq!(std::fs::metadata(&files(door.data.path())[0]).unwrap().len(), first.bytes);
    assert_eq!(door.desk.snapshot().unwrap(), None);
    let (door, loaded) = door.restart();
    assert_eq!((loaded, door.desk.snapshot().unwrap()), (1, None));
    live(&door, 0..1).await;
    assert!(door.desk.snapshot().unwrap().is_some());
    door.desk.log().close().unwrap();
    assert_eq!(door.desk.snapshot().unwrap(), None);
}

#[tokio::test]
async fn two_generations_are_kept() {
    let door = Door::open_small();
    for number in 0..4 {
        live(&door, number..number + 1).await;
        let names = files(door.data.path());
        take(&door);
        let left = files(door.data.path());
        assert_eq!(left.len(), names.len().min(1) + 1);
        assert_eq!(left.get(1), names.first());
    }
}

#[tokio::test]
async fn is_taken_of_a_closed_log_but_not_without_the_disk() {
    let door = Door::open_small();
    live(&door, 0..20).await;
    door.desk.log().close().unwrap();
    let taken = take(&door);
    let (door, loaded) = door.restart();
    assert_eq!((loaded, door.desk.digest()), (taken, door.replayed()));

    // In the place of the directory stands a file.
    live(&door, 20..21).await;
    let directory = door.data.path().join("snapshots");
    std::fs::remove_dir_all(&directory).unwrap();
    std::fs::write(&directory, "").unwrap();
    let error = door.desk.snapshot().unwrap_err().to_string();
    assert!(error.contains("no snapshot can be written to"), "{error}");
    live(&door, 21..30).await;
    let sum = door.sum();
    let (door, loaded) = door.restart();
    assert_eq!((loaded, door.sum()), (0, sum));
}

#[tokio::test]
async fn knows_which_policy_is_on_record() {
    let door = Door::open_small();
    live(&door, 0..10).await;
    let policies = |door: &Door| {
        scan(&door.log()).filter(|found| found.as_ref().unwrap().1.kind == KIND_POLICY).count()
    };
    let mut text = RuleText::read(None).unwrap();
    let mut check = |door: Door, more: &str, expected| {
        take(&door);
        let Door { desk, data } = door;
        drop(desk);
        text.rules.push((format!("{more}.rules"), format!("# {more}\n")));
        for _ in 0..2 {
            let opened = opened_by(data.path(), &text);
            assert!(opened.loaded > 0);
            opened.desk.log().close().unwrap();
        }
        let door = Door { desk: opened_by(data.path(), &text).desk, data };
        assert_eq!(policies(&door), expected);
        door
    };
    let door = check(door, "a", 2);
    let door = check(door, "b", 3);
    assert_eq!(door.desk.snapshot().unwrap().unwrap().records, door.desk.log().synced());
}
