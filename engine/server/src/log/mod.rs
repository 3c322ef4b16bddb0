//! The decision log: bytes in, bytes out, and nothing forgotten.
//!
//! ```text
//! reserve ─▶ slot.append ─▶ queue ─▶ writer thread ─▶ segment file ─ sync ─▶ tickets resolve
//!                                                          │
//!                                     scan, read, recover ◀┘
//! ```
//!
//! Records are numbered from 0 without gaps, in the order they were appended, and are on disk in
//! that order: when one is, all before it are. `frame.rs` draws a record's bytes, `segment.rs` a
//! file's. The log does not know what a record means.
//!
//! A crash can cost only what no ticket promised. Damage to anything older refuses the start, with
//! one exception that no single log can tell from a crash: the last batch before a crash, damaged
//! while the process was down.

mod frame;
pub mod limits;
mod mark;
mod progress;
mod queue;
mod read_error;
mod recovery;
mod scan;
mod segment;
mod sink;
mod slot;
mod ticket;
mod waiters;
mod writer;
mod zeros;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

pub use frame::Frame;
pub(crate) use mark::Mark;
pub use progress::{Stopped, Wait};
pub use read_error::ReadError;
pub use recovery::{OpenError, Recovery};
pub use scan::{Scan, read, scan};
pub use segment::Header;
pub use sink::{Segments, Sink};
pub use slot::{ReserveError, Slot};
pub use ticket::{Position, Ticket};

use limits::Limits;
use queue::{End, Queue};
use writer::Writer;

/// A log that takes records. Dropped, it is closed.
#[derive(Debug)]
pub struct Log {
    dir: PathBuf,
    queue: Arc<Queue>,
    writer: Mutex<Option<JoinHandle<()>>>,
    /// Held so that no other process writes; released when the writer is gone.
    _lock: File,
}

impl Log {
    /// Claims the log in `dir`, to be read and then started.
    ///
    /// # Errors
    /// When another process has it, or the file system refuses.
    pub fn recover(dir: &Path, limits: Limits) -> Result<Recovery, OpenError> {
        Recovery::new(dir, limits)
    }

    /// Opens the log in `dir` without a look at its records; every one is checked all the same.
    ///
    /// # Errors
    /// As [`Log::recover`] and [`Recovery::start`].
    pub fn open(dir: &Path, limits: Limits) -> Result<Self, OpenError> {
        Self::recover(dir, limits)?.start()
    }

    pub(crate) fn start<S: Sink>(
        dir: PathBuf,
        limits: Limits,
        lock: File,
        sink: S,
        segment: Header,
        end: End,
    ) -> io::Result<Self> {
        let queue = Arc::new(Queue::new(limits, end));
        let writer = Writer::new(sink, Arc::clone(&queue), segment);
        let thread = thread::Builder::new().name("log-writer".into()).spawn(|| writer.run())?;
        Ok(Self { dir, queue, writer: Mutex::new(Some(thread)), _lock: lock })
    }

    /// Claims room for one record before any state changes. Never waits.
    ///
    /// Hold a slot only for as long as it takes to decide: it claims the largest record's room.
    ///
    /// # Errors
    /// When the disk is behind, the log is closed, or it has failed.
    pub fn reserve(&self) -> Result<Slot<'_>, ReserveError> {
        self.queue.reserve()
    }

    /// How many records are on disk: all whose sequence is smaller.
    #[must_use]
    pub fn synced(&self) -> u64 {
        self.queue.progress.synced()
    }

    /// How many records were appended, on disk or not: all whose sequence is smaller.
    pub(crate) fn appended(&self) -> u64 {
        self.queue.end().sequence
    }

    /// The place before record `sequence`; the record before it is on disk.
    ///
    /// # Errors
    /// When that record cannot be read.
    pub(crate) fn mark(&self, sequence: u64) -> Result<Mark, ReadError> {
        scan::scan_from(&self.dir, sequence).map(|(_, mark)| mark)
    }

    /// Resolves once [`Log::synced`] is at least `records`.
    pub fn wait(&self, records: u64) -> Wait {
        self.queue.progress.wait(records)
    }

    /// Resolves, with the reason as its error, once the log takes no more records.
    ///
    /// On [`Stopped::Failed`] the process must stop: no answer can be given any more.
    pub fn stopped(&self) -> Wait {
        self.wait(u64::MAX)
    }

    /// Reads one record again.
    ///
    /// # Errors
    /// [`ReadError::NoRecord`] where there is none, or not on disk yet.
    pub fn read(&self, position: Position) -> Result<Frame, ReadError> {
        let frame = read(&self.dir, position)?;
        if frame.sequence < self.synced() {
            return Ok(frame);
        }
        let file = segment::path(&self.dir, position.segment);
        Err(ReadError::NoRecord { file, offset: position.offset })
    }

    /// Refuses new records, puts on disk what was appended and ends the writer.
    ///
    /// Blocks until then: for every open [`Slot`], and for the disk.
    ///
    /// # Errors
    /// When the log failed, now or before.
    pub fn close(&self) -> Result<(), Stopped> {
        self.queue.close();
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = writer {
            let _stopped_says_why = thread.join();
        }
        match self.queue.progress.stopped() {
            Some(failed @ Stopped::Failed(_)) => Err(failed),
            Some(Stopped::Closed) | None => Ok(()),
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let _stopped_says_why = self.close();
    }
}
