//! Refuse first, then act: what is refused leaves no trace, and what is taken is not undone by a caller that leaves.

use doorward::edge::Refusal;
use doorward::enrich::{Enricher, GeoData};
use doorward::log::limits::Limits;
use doorward::wire::{EvaluateRequest, ReportRequest};
use tempfile::TempDir;

use super::{CredentialResult, Door, Kind, Visit, outcome, request};
use crate::edge::{server, wrong_attempt};

/// Records that may wait in a queue that is soon full.
const QUEUE_RECORDS_MAX: usize = 2;

fn visit(event_id: &str) -> Visit {
    Visit::new(event_id).user("ana").address("203.0.113.7").credential(CredentialResult::Wrong)
}

#[tokio::test]
async fn what_is_refused_changes_nothing() {
    let door = Door::open();
    door.ask(&visit("e1")).await;
    let sum = door.sum();
    let check = |refusal: Refusal, expected: fn(&Refusal) -> bool| {
        assert!(expected(&refusal), "{refusal:?}");
        assert_eq!(door.sum(), sum, "{refusal}");
    };
    let invalid: fn(&Refusal) -> bool = |refusal| matches!(refusal, Refusal::Invalid(_));
    let evaluate = |request| door.desk.evaluate(request).unwrap_err();
    check(evaluate(EvaluateRequest::default()), invalid);
    check(door.refuse(&Visit(wrong_attempt("e2"))), invalid);
    check(door.refuse(&visit("")), invalid);
    check(door.refuse(&visit("e2").at(25 * 60)), invalid);
    check(door.refuse(&visit("e1").user("bea")), |refusal| {
        matches!(refusal, Refusal::AlreadyExists { .. })
    });

    let report = |request| door.desk.report(request).unwrap_err();
    check(report(ReportRequest::default()), invalid);
    check(report(request(&outcome("o1", "e1", Kind::Unspecified))), invalid);
    check(report(request(&outcome("o1", "never", Kind::NotMe))), |refusal| {
        matches!(refusal, Refusal::NotFound { .. })
    });

    // What was refused was not taken for told either.
    assert!(!door.ask(&visit("e2")).await.duplicate);
    assert!(!door.tell(&outcome("o1", "e1", Kind::NotMe)).await.duplicate);
}

fn unavailable(refusal: &Refusal) {
    assert!(matches!(refusal, Refusal::Unavailable { .. }), "{refusal:?}");
}

#[tokio::test]
async fn a_full_queue_refuses_before_anything_is_counted() {
    let data = TempDir::new().unwrap();
    let limits = Limits { queue_records_max: QUEUE_RECORDS_MAX, ..Limits::default() };
    let desk = server::desk_limited(data.path(), Enricher::new(GeoData::default()), limits);
    let door = Door { desk, data };
    let full = || {
        let mut slots = Vec::new();
        while slots.len() < QUEUE_RECORDS_MAX {
            // Until the writer is through with what came before.
            slots.extend(door.desk.log().reserve());
            std::thread::yield_now();
        }
        slots
    };

    let slots = full();
    let sum = door.sum();
    unavailable(&door.refuse(&visit("e1")));
    assert_eq!(door.sum(), sum);
    drop(slots);
    assert!(!door.ask(&visit("e1")).await.duplicate);

    let slots = full();
    let (sum, told) = (door.sum(), outcome("o1", "e1", Kind::NotMe));
    unavailable(&door.desk.report(request(&told)).unwrap_err());
    assert_eq!(door.sum(), sum);
    drop(slots);
    assert!(!door.tell(&told).await.duplicate);
    assert_eq!(door.desk.digest(), door.replayed());
}

#[tokio::test]
async fn a_log_that_ended_refuses_before_anything_is_counted() {
    let door = Door::open();
    door.ask(&visit("e1")).await;
    door.desk.log().close().unwrap();
    let sum = door.sum();
    unavailable(&door.refuse(&visit("e2")));
    unavailable(&door.desk.report(request(&outcome("o1", "e1", Kind::NotMe))).unwrap_err());
    assert_eq!(door.sum(), sum);
}

#[tokio::test]
async fn a_caller_that_leaves_half_way_is_counted_and_on_record() {
    let door = Door::open();
    let empty = door.desk.digest();
    drop(door.desk.evaluate(visit("e1").request()).unwrap());
    let counted = door.desk.digest();
    assert_ne!(counted, empty);
    assert!(door.ask(&visit("e1")).await.duplicate);
    assert_eq!(door.sum(), (counted, 1));

    let told = outcome("o1", "e1", Kind::NotMe);
    drop(door.desk.report(request(&told)).unwrap());
    let counted = door.desk.digest();
    assert!(door.tell(&told).await.duplicate);
    assert_eq!(door.sum(), (counted, 2));
    assert_eq!(door.replayed(), counted);
}
