//! The desk: where an event is taken, decided on and recorded. The edge knows nothing behind it.
//!
//! ```text
//! request ─ parse ─ reserve ─ claim ─┬─ new ─── enrich ─ evaluate ─ append ─▶ pending
//!                                    └─ known ─ the record of the first time ─▶ pending
//! ```
//!
//! Everything up to `claim` may refuse; nothing after it fails, and nothing here waits for the disk.

mod account;
mod attempt;
mod gate;
mod load;
mod memory;
mod open;
mod outcome;
mod pending;
mod restore;
mod snapshot;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use doorward_core::engine::Engine;
use doorward_core::event::Id;
use doorward_core::seen::EventKey;

pub use self::open::{OpenError, Opened, Opening, key};
pub use self::pending::Pending;
pub use self::restore::{RestoreError, Restored};
pub use self::snapshot::Taken;

use self::gate::Gate;
use self::memory::{Known, Memory};
use crate::clock::{Clock, Stopwatch};
use crate::edge::Refusal;
use crate::enrich::Enricher;
use crate::log::{Log, Position, Slot};
use crate::snapshot::Generations;
use crate::wire::Sources;

/// How long a caller should wait before it sends again what found no room.
const RETRY_AFTER: Duration = Duration::from_millis(20);
/// How often to look whether the same event, in the hands of another caller, is done; that takes
/// microseconds.
const IN_FLIGHT_LOOKS_MAX: u32 = 10_000;

/// Decides and records.
pub struct Desk {
    engine: Engine,
    enricher: Enricher,
    log: Arc<Log>,
    memory: Memory,
    gate: Gate,
    generations: Mutex<Generations>,
    /// Where the policy that decides is on record.
    policy_at: Position,
    sources: Sources,
    clock: Clock,
    stopwatch: Stopwatch,
}

impl Desk {
    /// A fingerprint of everything that is remembered; walks all of it.
    pub fn digest(&self) -> u128 {
        self.engine.store().digest()
    }

    /// What decides. Nothing that is told to it here is on record, and none of it outlives the process but in a snapshot.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The log that everything goes to.
    pub fn log(&self) -> &Arc<Log> {
        &self.log
    }

    fn reserve(&self) -> Result<Slot<'_>, Refusal> {
        self.log.reserve().map_err(|error| {
            tracing::warn!(%error, "refused an event");
            Refusal::Unavailable { retry_after: RETRY_AFTER }
        })
    }

    /// `Ok(None)` for an event that is new and now ours to handle; where it is on record otherwise.
    fn claim(
        &self,
        event: EventKey,
        event_id: &Id,
        payload: &[u8],
    ) -> Result<Option<Known>, Refusal> {
        for _ in 0..IN_FLIGHT_LOOKS_MAX {
            match self.memory.claim(event, payload) {
                Ok(known) => return Ok(known),
                Err(memory::Taken::InFlight) => std::thread::yield_now(),
                Err(memory::Taken::Conflict) => {
                    return Err(Refusal::AlreadyExists { event_id: event_id.as_str().to_owned() });
                }
            }
        }
        Err(Refusal::Unavailable { retry_after: RETRY_AFTER })
    }
}
