//! What is on record, by event and by decision.

use doorward_core::event::Id;
use doorward_core::record::DecisionId;
use doorward_core::seen::{Claim, EventKey, Location, SeenEvent, SeenEvents};

use crate::log::Position;

/// Where the newest events are recorded. A decision is found as its event is.
pub(super) struct Memory(SeenEvents);

/// A place in the log, and the number of the record there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) position: Position,
    pub(super) sequence: u64,
}

/// Why an event cannot be claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// Somebody is handling it right now.
    InFlight,
    /// It was told with another content.
    Conflict,
}

impl Memory {
    pub(super) fn new(key: [u8; 16], events_min: usize) -> Self {
        Self(SeenEvents::new(key, events_min))
    }

    /// The name of an event of a tenant.
    pub(super) fn key(&self, tenant: &Id, event_id: &Id) -> EventKey {
        self.0.key(tenant, event_id)
    }

    /// Claims an event; `None` if it is new, and then it must be completed.
    pub(super) fn claim(&self, event: EventKey, payload: &[u8]) -> Result<Option<Known>, Taken> {
        match self.0.claim(event, self.0.hash(payload)) {
            Claim::New => Ok(None),
            Claim::Same(location) => Ok(Some(location.into())),
            Claim::Conflict => Err(Taken::Conflict),
            Claim::InFlight => Err(Taken::InFlight),
        }
    }

    /// Remembers where a claimed event was recorded.
    pub(super) fn complete(&self, event: EventKey, known: Known) {
        self.0.complete(event, known.into());
    }

    /// Where an event was recorded.
    pub(super) fn event(&self, event: EventKey) -> Option<Known> {
        self.0.find(event).map(Known::from)
    }

    /// Where a decision may be recorded: the record there says whether it is this one.
    pub(super) fn decision(&self, id: DecisionId) -> Option<Known> {
        self.event(id.into())
    }
}

impl Memory {
    /// The events whose records come before record `sequence`, some at a time, to be loaded in this order.
    pub(super) fn before(&self, sequence: u64) -> impl Iterator<Item = Vec<SeenEvent>> {
        self.0.entries().map(move |mut events| {
            events.retain(|event| Known::from(event.location).sequence < sequence);
            events
        })
    }

    /// Remembers an event of a snapshot.
    pub(super) fn load(&self, event: SeenEvent) {
        self.0.load(event);
    }
}

/// A segment is named by its first record, so the rest of a sequence number fits beside the offset.
impl From<Known> for Location {
    fn from(known: Known) -> Self {
        let Position { segment, offset } = known.position;
        let within = known.sequence.saturating_sub(segment);
        (segment, (u64::from(offset) << 32) | (within & 0xffff_ffff))
    }
}

impl From<Location> for Known {
    fn from((segment, rest): Location) -> Self {
        let offset = u32::try_from(rest >> 32).unwrap_or(u32::MAX);
        let sequence = segment.saturating_add(rest & 0xffff_ffff);
        Self { position: Position { segment, offset }, sequence }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A record behind a snapshot may be lost with the power, and its event is new then.
    #[test]
    fn a_snapshot_knows_the_events_of_its_records_only() {
        let memory = || Memory::new([7; 16], 100);
        let (all, some) = (memory(), memory());
        let id = |number: u64| Id::parse(&format!("e{number}")).unwrap();
        let key = |number| all.key(&id(0), &id(number));
        for sequence in 0..5 {
            let position = Position { segment: 0, offset: 64 };
            assert_eq!(all.claim(key(sequence), b""), Ok(None));
            all.complete(key(sequence), Known { position, sequence });
        }
        assert_eq!(all.claim(key(5), b""), Ok(None));
        all.before(3).flatten().for_each(|event| some.load(event));
        let known: Vec<_> = (0..6).map(|number| some.event(key(number))).collect();
        let expected = (0..6).map(|number| all.event(key(number)).filter(|_| number < 3));
        assert_eq!(known, expected.collect::<Vec<_>>());
        assert_eq!(some.claim(key(0), b"other"), Err(Taken::Conflict));
    }

    #[test]
    fn a_place_comes_back_from_its_location() {
        let check = |segment, offset, sequence| {
            let known = Known { position: Position { segment, offset }, sequence };
            assert_eq!(Known::from(Location::from(known)), known);
        };
        check(0, 64, 0);
        check(1 << 40, u32::MAX, (1 << 40) + 900_000);
    }
}
