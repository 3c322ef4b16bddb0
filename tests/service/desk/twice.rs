//! An event told again is answered with what was decided, and counts once.

use std::collections::HashSet;
use std::sync::Arc;

use doorward::edge::Refusal;
use tokio::sync::Barrier;

use super::{CredentialResult, Door, Visit, told};

const CALLERS: usize = 32;

fn visit() -> Visit {
    let visit = Visit::new("e1").user("ana").device("laptop").address("203.0.113.7");
    visit.credential(CredentialResult::Wrong)
}

fn taken() -> Refusal {
    Refusal::AlreadyExists { event_id: "e1".to_owned() }
}

#[tokio::test]
async fn an_event_told_again_gets_the_recorded_decision() {
    let door = Door::open();
    let first = door.ask(&visit()).await;
    assert!(!first.duplicate);
    let sum = door.sum();
    let check = async |door: &Door| {
        let again = door.ask(&visit()).await;
        assert!(again.duplicate);
        assert_eq!(again.decision, first.decision);
        assert_eq!(door.refuse(&visit().user("bea")), taken());
        assert_eq!(door.refuse(&visit().at(1)), taken());
        assert_eq!(door.sum(), sum);
    };
    check(&door).await;
    let door = door.reopen();
    check(&door).await;
    let other = door.ask(&visit().tenant("other")).await;
    assert!(!other.duplicate);
    assert_ne!(other.decision, first.decision);
    assert_eq!((door.events(), door.desk.digest()), (2, door.replayed()));
}

/// Tells the same event many times at once, every second time with `other`; the decisions that were given,
/// and how many were new.
async fn crowd(door: &Arc<Door>, other: Visit) -> (HashSet<String>, usize, usize) {
    let start = Arc::new(Barrier::new(CALLERS));
    let call = |number: usize| {
        let (door, start) = (Arc::clone(door), Arc::clone(&start));
        let visit = if number.is_multiple_of(2) { visit() } else { other.clone() };
        tokio::spawn(async move {
            start.wait().await;
            match door.desk.evaluate(visit.request()) {
                Ok(pending) => Ok(told(pending.await.unwrap())),
                Err(refusal) => Err(refusal),
            }
        })
    };
    let calls: Vec<_> = (0..CALLERS).map(call).collect();
    let (mut decisions, mut new, mut refused) = (HashSet::new(), 0, 0);
    for call in calls {
        match call.await.unwrap() {
            Ok(answer) => {
                decisions.insert(answer.decision.unwrap().decision_id);
                new += usize::from(!answer.duplicate);
            }
            Err(refusal) => {
                assert_eq!(refusal, taken());
                refused += 1;
            }
        }
    }
    (decisions, new, refused)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_callers_with_one_event_one_is_decided_on() {
    let check = async |other: Visit, expected_refused: usize| {
        let door = Arc::new(Door::open());
        let (decisions, new, refused) = crowd(&door, other).await;
        assert_eq!((decisions.len(), new, refused), (1, 1, expected_refused));
        assert_eq!((door.events(), door.desk.digest()), (1, door.replayed()));
    };
    check(visit(), 0).await;
    check(visit().user("bea"), CALLERS / 2).await;
}
