//! Snapshots that a desk takes of itself.

use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use doorward_core::store;

use super::Desk;
use crate::snapshot::{Draft, Generations, Head, TakeError};

/// A snapshot that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// How many records it stands for.
    pub records: u64,
    /// How large it is.
    pub bytes: u64,
    /// How long it took; decisions went on.
    pub time: Duration,
}

impl Desk {
    /// Puts the state on disk for the next start to begin with; nothing if no record came since the last time.
    /// Blocks until it is there, and decisions go on meanwhile.
    ///
    /// # Errors
    /// If the disk refuses, or the log has stopped.
    pub fn snapshot(&self) -> Result<Option<Taken>, TakeError> {
        let mut generations = self.generations();
        let began = (self.stopwatch)();
        let Some((records, state)) = self.moment(generations.newest()) else { return Ok(None) };
        // INVARIANT (log first): a snapshot holds nothing that the log could still lose.
        self.log.wait(records).block().map_err(TakeError::Stopped)?;
        let mark = self.log.mark(records).map_err(|error| TakeError::Log(Box::new(error)))?;
        let head = Head { mark, policy: self.policy_at, state: state.head().to_vec() };
        generations.make()?;
        let draft = Draft::new(generations.dir(), &head);
        let draft = draft.and_then(|mut draft| {
            for part in state {
                draft.state(&part)?;
            }
            for events in self.memory.before(records) {
                draft.seen(&events)?;
            }
            Ok(draft)
        });
        let draft = draft.map_err(|error| generations.failed(error))?;
        let bytes = generations.keep(draft, records)?;
        Ok(Some(Taken { records, bytes, time: (self.stopwatch)().saturating_sub(began) }))
    }

    /// The state as it is now, and how many records it stands for; nothing if there is a snapshot of as many.
    fn moment(&self, newest: Option<u64>) -> Option<(u64, store::Snapshot<'_>)> {
        if newest == Some(self.log.appended()) {
            return None;
        }
        let _nobody_inside = self.gate.close();
        Some((self.log.appended(), self.engine.store().snapshot()))
    }

    fn generations(&self) -> MutexGuard<'_, Generations> {
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
