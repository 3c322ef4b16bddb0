//! The log is the truth: it leads to the state that was lived, without the data that was looked up then.

use doorward::demo::GEO_CSV;
use doorward::enrich::{Enricher, GeoData};
use doorward::wire::{self, EvaluateRequest};
use tempfile::TempDir;

use super::{Door, Kind, outcome};
use crate::edge::server;
use crate::recheck::{ATTEMPTS, attempt};

/// Nothing of one attempt in three, something of another, and something else besides of the third.
pub(super) fn told(number: u32) -> Vec<wire::Outcome> {
    let kinds: Vec<_> = (1..).map_while(|kind| Kind::try_from(kind).ok()).collect();
    let times = number % 3;
    let kind = |time| kinds[usize::try_from((number / 3 + time * 5) % 8).unwrap()];
    let event = format!("event-{number}");
    (0..times).map(|time| outcome(&format!("{time} of {number}"), &event, kind(time))).collect()
}

#[tokio::test]
async fn a_replay_leads_to_the_state_that_was_lived() {
    let data = TempDir::new().unwrap();
    let places = GeoData::embedded("places", GEO_CSV).unwrap();
    let desk = server::desk_with(data.path(), Enricher::new(places));
    let door = Door { desk, data };
    for number in 0..ATTEMPTS {
        let request = EvaluateRequest { attempt: Some(attempt(number)) };
        door.desk.evaluate(request).unwrap().await.unwrap();
        for outcome in told(number) {
            door.tell(&outcome).await;
        }
    }
    let sum = door.sum();
    assert_eq!(door.replayed(), sum.0);
    assert_eq!(door.reopen().sum(), sum);
}
