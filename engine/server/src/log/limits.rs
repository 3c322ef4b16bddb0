//! Every bound of the log, named once.

use std::time::Duration;

use super::frame::{FRAME_HEADER_BYTES, frame_bytes};
use super::segment::SEGMENT_HEADER_BYTES;

/// Bytes of a segment file, taken from the disk when the segment is made.
pub const SEGMENT_BYTES: u32 = 64 << 20;

/// Largest payload of one record, in bytes.
pub const RECORD_BYTES_MAX: usize = 1 << 20;

/// Records that may be claimed, waiting or being written at one time. When a sync takes 1 ms this
/// is room for 65 million records a second; it fills only when the disk stands still.
pub const QUEUE_RECORDS_MAX: usize = 65_536;

/// Bytes that may be claimed, waiting or being written at one time.
pub const QUEUE_BYTES_MAX: usize = 64 << 20;

/// How long the log rests for each record of the batch that it has synced. A fast disk would be asked to
/// sync every dozen records, and so many syncs, wake-ups and small packets cost more than deciding does.
///
/// From one record in this time on, rests grow to [`REST_MAX`]. Below, they stay short: at half of that rate
/// they last as long as the sync, and a call that comes alone never waits for one.
pub(crate) const REST_PER_RECORD: Duration = Duration::from_micros(20);

/// Longest rest. Twice as long saves little, and leaves all callers waiting at once where there are hundreds.
pub(crate) const REST_MAX: Duration = Duration::from_millis(2);

const _: () = {
    assert!(Limits::DEFAULT.fit());
    assert!(SEGMENT_BYTES.is_multiple_of(8));
};

/// The bounds one log runs with. [`Default`] are the constants of this file; tests take less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// See [`SEGMENT_BYTES`]. A segment that exists already keeps the size it has.
    pub segment_bytes: u32,
    /// See [`RECORD_BYTES_MAX`]; never more than that.
    pub record_bytes_max: usize,
    /// See [`QUEUE_RECORDS_MAX`].
    pub queue_records_max: usize,
    /// See [`QUEUE_BYTES_MAX`].
    pub queue_bytes_max: usize,
}

impl Limits {
    const DEFAULT: Self = Self {
        segment_bytes: SEGMENT_BYTES,
        record_bytes_max: RECORD_BYTES_MAX,
        queue_records_max: QUEUE_RECORDS_MAX,
        queue_bytes_max: QUEUE_BYTES_MAX,
    };

    /// Whether the largest record fits an empty segment, with a seal behind it, and the queue.
    pub(crate) const fn fit(&self) -> bool {
        let record = frame_bytes(self.record_bytes_max);
        let needed = SEGMENT_HEADER_BYTES + record + FRAME_HEADER_BYTES;
        self.record_bytes_max <= RECORD_BYTES_MAX
            && needed <= self.segment_bytes as usize
            && record <= self.queue_bytes_max
            && self.queue_records_max > 0
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
