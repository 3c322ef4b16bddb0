//! A recorded decision, made again from its record.

use std::time::Duration;

use doorward_core::decide::decide;
use doorward_core::decision::Decision;
use doorward_core::policy::Policy;
use doorward_core::value::Reading;
use prost::Message as _;

use super::{reading, time};
use crate::edge::reply::{Heading, reply};
use crate::wire::{self, Sources};

/// What the rules saw, one reading for each slot of `policy`; `None` if the record's readings are
/// those of another table of slots.
pub fn readings(record: &wire::log::DecisionRecord, policy: &Policy) -> Option<Box<[Reading]>> {
    reading::readings(record, policy.slots().iter().map(|slot| slot.kind))
}

/// What `policy` decides on what the rules saw then; `None` as [`readings`].
pub fn decide_again(record: &wire::log::DecisionRecord, policy: &Policy) -> Option<Decision> {
    readings(record, policy).map(|readings| decide(&readings, policy))
}

/// `decision` as it would have been answered in place of the recorded one; `None` if the record has
/// no answer that could have been given.
pub fn answer_again(
    record: &wire::log::DecisionRecord,
    decision: &Decision,
) -> Option<wire::Decision> {
    let answered = record.decision.as_ref()?;
    let taken = answered.time_taken.unwrap_or_default();
    let sources = Sources::new(answered.policy.clone()?, answered.data_versions.clone());
    let heading = Heading {
        decision_id: wire::decision_id(&answered.decision_id)?,
        event_id: &answered.event_id,
        sources: &sources,
        decided_at: time(answered.decided_at.as_ref()).ok()?,
        time_taken: Duration::new(
            u64::try_from(taken.seconds).ok()?,
            u32::try_from(taken.nanos).ok()?,
        ),
    };
    wire::Decision::decode(reply(&heading, decision).bytes).ok()
}
