//! What the caller holds of a record on its way to the disk.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::progress::{Stopped, Wait};

/// Where a record stands; stays true as long as the log exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// First sequence of the segment, which names its file.
    pub segment: u64,
    /// Offset of the frame in that file.
    pub offset: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "segment {} at byte {}", self.segment, self.offset)
    }
}

/// The promise that a record will be on disk: resolves once its batch is synced.
#[must_use = "a record is on disk only when its ticket has resolved"]
#[derive(Debug)]
pub struct Ticket {
    sequence: u64,
    position: Position,
    wait: Wait,
}

impl Ticket {
    pub(crate) fn new(sequence: u64, position: Position, wait: Wait) -> Self {
        Self { sequence, position, wait }
    }

    /// The number of the record in the log, from 0 and without gaps.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Where the record can be read, once this ticket has resolved.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }
}

impl Future for Ticket {
    type Output = Result<(), Stopped>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.wait).poll(context)
    }
}
