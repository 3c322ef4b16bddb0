//! The claim of room that comes before every change of state.

use std::fmt;

use super::queue::Queue;
use super::ticket::Ticket;

/// Room for one record of any size. Dropped unused, it gives the room back.
#[must_use = "a slot that is dropped gives its room back"]
#[derive(Debug)]
pub struct Slot<'a> {
    queue: &'a Queue,
    record_bytes_max: usize,
    used: bool,
}

impl<'a> Slot<'a> {
    /// A slot whose room is claimed already.
    pub(crate) fn new(queue: &'a Queue, record_bytes_max: usize) -> Self {
        Self { queue, record_bytes_max, used: false }
    }

    /// Puts a record behind all that were appended before. Never waits, never fails.
    ///
    /// `kind` is the caller's, any value, and comes back with the payload.
    ///
    /// # Panics
    /// When `payload` is longer than [`RECORD_BYTES_MAX`](super::limits::RECORD_BYTES_MAX): what
    /// goes into a record is bounded where it is parsed.
    pub fn append(mut self, kind: u8, payload: &[u8]) -> Ticket {
        assert!(
            payload.len() <= self.record_bytes_max,
            "a record of {} bytes is longer than the caller may write",
            payload.len(),
        );
        self.used = true;
        self.queue.append(kind, payload)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        if !self.used {
            self.queue.cancel();
        }
    }
}

/// Why there is no room for a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReserveError {
    /// The disk is slower than the callers; worth another try in a moment.
    Full {
        /// Records before this one.
        records: usize,
        /// Their bytes, those of open slots counted at their largest.
        bytes: usize,
    },
    /// The log is being closed.
    Closed,
    /// The disk refused a write or a sync; the process is about to stop.
    Failed,
}

impl fmt::Display for ReserveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full { records, bytes } => write!(
                f,
                "{records} records ({bytes} bytes) wait for the disk and no more may: try again"
            ),
            Self::Closed => write!(f, "the log is closed: ask another instance"),
            Self::Failed => write!(f, "the log cannot be written: ask another instance"),
        }
    }
}

impl std::error::Error for ReserveError {}
