//! Records on their way to the disk.
//!
//! Callers copy their records into one buffer, and here each gets its sequence and its place on
//! disk; the writer takes the whole buffer at once. So a record costs its callers no allocation and
//! the writer no system call of its own.

use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::frame::{self, FRAME_HEADER_BYTES, frame_bytes};
use super::limits::Limits;
use super::progress::Progress;
use super::segment::FIRST_FRAME_OFFSET;
use super::slot::{ReserveError, Slot};
use super::ticket::{Position, Ticket};

/// Buffers kept for the next batches: one fills while the other is written.
const BUFFERS_KEPT: usize = 2;
/// Memory kept in each after a large batch.
const BUFFER_BYTES_KEPT: usize = 4 << 20;

/// What callers and the writer share.
#[derive(Debug)]
pub(crate) struct Queue {
    limits: Limits,
    state: Mutex<State>,
    /// Signalled when there is something for the writer to do.
    work: Condvar,
    /// Signalled when the queue is closed.
    closing: Condvar,
    pub(crate) progress: Arc<Progress>,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    /// Slots that are claimed and not yet used.
    slots: usize,
    /// Records and bytes that are claimed, waiting or being written.
    taken: Room,
    waiting: Vec<Run>,
    /// Empty buffers that have been written, for the next runs.
    buffers: Vec<Vec<u8>>,
    end: End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Open,
    Closing,
    Failed,
}

/// Room in the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Room {
    records: usize,
    bytes: usize,
}

/// Where the next record goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct End {
    /// The number it gets.
    pub(crate) sequence: u64,
    /// First sequence of the segment being filled.
    pub(crate) segment: u64,
    /// Offset in that segment.
    pub(crate) offset: u32,
    /// Bytes of that segment.
    pub(crate) segment_bytes: u32,
}

/// Frames that are written together: neighbours in one segment.
#[derive(Debug)]
pub(crate) struct Run {
    /// Sequence of the first record.
    pub(crate) first: u64,
    pub(crate) records: usize,
    /// Where it is to be written.
    pub(crate) offset: u32,
    /// Size of the segment that it opens, if it does.
    pub(crate) new_segment_bytes: Option<u32>,
    pub(crate) frames: Vec<u8>,
}

impl Queue {
    /// # Panics
    /// When the limits contradict each other, a mistake of whoever wrote them.
    pub(crate) fn new(limits: Limits, end: End) -> Self {
        assert!(limits.fit(), "the largest record must fit a segment and the queue");
        let state = State {
            phase: Phase::Open,
            slots: 0,
            taken: Room::default(),
            waiting: Vec::new(),
            buffers: Vec::new(),
            end,
        };
        let progress = Arc::new(Progress::new(end.sequence));
        let (work, closing) = (Condvar::new(), Condvar::new());
        Self { limits, state: Mutex::new(state), work, closing, progress }
    }

    pub(crate) fn reserve(&self) -> Result<Slot<'_>, ReserveError> {
        let mut state = self.state();
        match state.phase {
            Phase::Open => {}
            Phase::Closing => return Err(ReserveError::Closed),
            Phase::Failed => return Err(ReserveError::Failed),
        }
        let room = self.claim();
        let Room { records, bytes } = state.taken.plus(room);
        if records > self.limits.queue_records_max || bytes > self.limits.queue_bytes_max {
            let Room { records, bytes } = state.taken;
            return Err(ReserveError::Full { records, bytes });
        }
        state.taken = state.taken.plus(room);
        state.slots += 1;
        Ok(Slot::new(self, self.limits.record_bytes_max))
    }

    /// Waits for records and takes all of them; nothing when the queue is closed and empty.
    pub(crate) fn take(&self) -> Vec<Run> {
        let mut state = self.state();
        while state.waiting.is_empty() && !state.finished() {
            state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        mem::take(&mut state.waiting)
    }

    /// Lets records gather for a while; returns at once when the queue is closed.
    pub(crate) fn rest(&self, time: Duration) {
        let open = |state: &mut State| state.phase == Phase::Open;
        drop(self.closing.wait_timeout_while(self.state(), time, open));
    }

    /// Gives back the room of a run that has been written, and its buffer for another.
    pub(crate) fn release(&self, mut run: Run) {
        let room = Room { records: run.records, bytes: run.frames.len() };
        run.frames.clear();
        run.frames.shrink_to(BUFFER_BYTES_KEPT);
        let mut state = self.state();
        state.taken = state.taken.minus(room);
        if state.buffers.len() < BUFFERS_KEPT {
            state.buffers.push(run.frames);
        }
    }

    /// Refuses what comes from now on; what is claimed may still be appended.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        if state.phase == Phase::Open {
            state.phase = Phase::Closing;
        }
        self.work.notify_one();
        self.closing.notify_one();
    }

    /// Refuses what comes from now on, and forgets what has not been written.
    pub(crate) fn fail(&self) {
        let mut state = self.state();
        state.phase = Phase::Failed;
        state.waiting.clear();
    }

    pub(crate) fn end(&self) -> End {
        self.state().end
    }

    /// Turns a claim into a record.
    pub(crate) fn append(&self, kind: u8, payload: &[u8]) -> Ticket {
        let mut state = self.state();
        state.give_back(self.claim());
        let writer_may_sleep = state.waiting.is_empty();
        let (sequence, position) = state.push(kind, payload, self.limits.segment_bytes);
        drop(state);
        if writer_may_sleep {
            self.work.notify_one();
        }
        Ticket::new(sequence, position, self.progress.wait(sequence.saturating_add(1)))
    }

    /// Gives a claim back.
    pub(crate) fn cancel(&self) {
        self.state().give_back(self.claim());
        self.work.notify_one();
    }

    /// What one slot claims: room for the largest record.
    fn claim(&self) -> Room {
        Room { records: 1, bytes: frame_bytes(self.limits.record_bytes_max) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn finished(&self) -> bool {
        self.phase == Phase::Closing && self.slots == 0
    }

    fn give_back(&mut self, claim: Room) {
        self.slots -= 1;
        self.taken = self.taken.minus(claim);
    }

    /// Puts a record at the end; after a failure, only says where it would have gone.
    fn push(&mut self, kind: u8, payload: &[u8], segment_bytes: u32) -> (u64, Position) {
        let bytes = frame_bytes(payload.len());
        let opens_segment = !self.end.fits(bytes);
        if opens_segment {
            self.end = self.end.next_segment(segment_bytes);
        }
        let End { sequence, segment, offset, .. } = self.end;
        if self.phase != Phase::Failed {
            self.end = self.end.after(bytes);
            self.taken = self.taken.plus(Room { records: 1, bytes });
            if let Some(run) = self.run(opens_segment, sequence, offset) {
                frame::push_record(&mut run.frames, sequence, kind, payload);
                run.records += 1;
            }
        }
        (sequence, Position { segment, offset })
    }

    fn run(&mut self, opens_segment: bool, first: u64, offset: u32) -> Option<&mut Run> {
        if opens_segment || self.waiting.is_empty() {
            let frames = self.buffers.pop().unwrap_or_default();
            let new_segment_bytes = opens_segment.then_some(self.end.segment_bytes);
            self.waiting.push(Run { first, records: 0, offset, new_segment_bytes, frames });
        }
        self.waiting.last_mut()
    }
}

impl End {
    /// Whether a frame fits the segment, with a seal behind it.
    fn fits(&self, bytes: usize) -> bool {
        self.after(bytes + FRAME_HEADER_BYTES).offset <= self.segment_bytes
    }

    fn next_segment(self, segment_bytes: u32) -> Self {
        let (sequence, offset) = (self.sequence, FIRST_FRAME_OFFSET);
        Self { sequence, segment: sequence, offset, segment_bytes }
    }

    fn after(self, bytes: usize) -> Self {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let (sequence, offset) =
            (self.sequence.saturating_add(1), self.offset.saturating_add(bytes));
        Self { sequence, offset, ..self }
    }
}

impl Room {
    fn plus(self, other: Self) -> Self {
        Self { records: self.records + other.records, bytes: self.bytes + other.bytes }
    }

    fn minus(self, other: Self) -> Self {
        Self { records: self.records - other.records, bytes: self.bytes - other.bytes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        segment_bytes: 256,
        record_bytes_max: 100,
        queue_records_max: 3,
        queue_bytes_max: 3 * frame_bytes(100),
    };

    fn queue(limits: Limits) -> Queue {
        let end = End { sequence: 0, segment: 0, offset: FIRST_FRAME_OFFSET, segment_bytes: 256 };
        Queue::new(limits, end)
    }

    #[test]
    fn a_full_queue_says_so() {
        let queue = queue(LIMITS);
        let slots: Vec<_> = (0..3).map(|_| queue.reserve().unwrap()).collect();
        let full = ReserveError::Full { records: 3, bytes: 3 * frame_bytes(100) };
        assert_eq!(queue.reserve().unwrap_err(), full);
        drop(slots);
        assert!(queue.reserve().is_ok());
    }

    #[test]
    fn records_count_until_they_are_written() {
        let queue = queue(LIMITS);
        for _ in 0..3 {
            let _ticket = queue.reserve().unwrap().append(0, b"");
        }
        let runs = queue.take();
        assert!(matches!(queue.reserve(), Err(ReserveError::Full { records: 3, bytes: 72 })));
        runs.into_iter().for_each(|run| queue.release(run));
        assert!(queue.reserve().is_ok());
    }

    #[test]
    fn an_open_slot_counts_as_the_largest_record() {
        let queue = queue(Limits { queue_bytes_max: 2 * frame_bytes(100) - 1, ..LIMITS });
        let slot = queue.reserve().unwrap();
        assert!(queue.reserve().is_err());
        let _ticket = slot.append(0, b"short");
        assert!(queue.reserve().is_ok());
    }

    #[test]
    fn a_record_that_does_not_fit_opens_a_segment() {
        let queue = queue(LIMITS);
        let places: Vec<_> =
            (0..3).map(|_| queue.reserve().unwrap().append(0, &[1; 50]).position()).collect();
        assert_eq!(
            places,
            [(0, 64), (0, 144), (2, 64)].map(|(segment, offset)| Position { segment, offset })
        );
        let runs: Vec<_> =
            queue.take().iter().map(|run| (run.first, run.new_segment_bytes)).collect();
        assert_eq!(runs, [(0, None), (2, Some(256))]);
    }

    #[test]
    fn a_record_that_is_too_long_is_our_mistake_and_costs_no_room() {
        let queue = queue(LIMITS);
        let slot = queue.reserve().unwrap();
        let append = std::panic::AssertUnwindSafe(|| slot.append(0, &[0; 101]));
        assert!(std::panic::catch_unwind(append).is_err());
        queue.close();
        assert!(queue.take().is_empty());
    }

    #[test]
    fn a_slot_claimed_before_the_close_may_be_used() {
        let queue = queue(LIMITS);
        let slot = queue.reserve().unwrap();
        queue.close();
        assert_eq!(queue.reserve().unwrap_err(), ReserveError::Closed);
        let _ticket = slot.append(0, b"last");
        assert_eq!((queue.take().len(), queue.take().len()), (1, 0));
    }
}
