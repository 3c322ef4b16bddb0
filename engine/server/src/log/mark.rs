//! A place between two records that knows what came before it.

use super::frame::Frame;

/// How many records of a log lie behind, and by what the last of them is known again: another log, or
/// one that was put back to an earlier day and went on differently, has another record there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The number of the record to come.
    pub(crate) sequence: u64,
    /// CRC-32 of what the record before holds; zero if there is none.
    pub(crate) checksum: u32,
}

impl Mark {
    /// Before the first record of any log.
    pub(crate) const START: Self = Self { sequence: 0, checksum: 0 };

    /// The place behind a record.
    pub(crate) fn behind(frame: &Frame) -> Self {
        let checksum = crc32fast::hash(&frame.payload);
        Self { sequence: frame.sequence.saturating_add(1), checksum }
    }
}
