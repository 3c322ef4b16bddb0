//! What lets a snapshot see the state of one moment, and a change of an account come before or after every attempt.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Open to everybody who changes the state, closed while somebody looks at all of it or changes what depends on order.
#[derive(Default)]
pub(super) struct Gate(RwLock<()>);

impl Gate {
    /// To be held from before an event is claimed until it is complete. Never enter twice.
    pub(super) fn enter(&self) -> RwLockReadGuard<'_, ()> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nobody is inside, and keeps everybody out: all that was appended to the log is counted in the state,
    /// and nothing else is. To be held for a moment only.
    pub(super) fn close(&self) -> RwLockWriteGuard<'_, ()> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}
