//! The one thread that writes.

use std::io;
use std::sync::Arc;
use std::thread;

use super::frame;
use super::limits::{REST_MAX, REST_PER_RECORD};
use super::progress::Stopped;
use super::queue::{Queue, Run};
use super::segment::Header;
use super::sink::Sink;

/// Takes everything queued, writes it at once, syncs it at once, wakes the waiters, rests the longer the
/// busier it is, and again.
///
/// While it syncs and rests, the next batch gathers: the slower the disk, the larger the batches.
pub(crate) struct Writer<S> {
    sink: S,
    queue: Arc<Queue>,
    /// The one being written.
    segment: Header,
    /// Whether a seal is the last thing written, or there is nothing to seal.
    sealed: bool,
}

impl<S: Sink> Writer<S> {
    pub(crate) fn new(sink: S, queue: Arc<Queue>, segment: Header) -> Self {
        Self { sink, queue, segment, sealed: true }
    }

    /// Runs until the queue is closed and empty, or the sink fails.
    pub(crate) fn run(mut self) {
        let reason = match self.write_all() {
            Ok(()) => Stopped::Closed,
            Err(error) => {
                tracing::error!(%error, "the log cannot be written and takes no more records");
                self.queue.fail();
                Stopped::Failed(Arc::new(error))
            }
        };
        self.queue.progress.stop(reason);
    }

    fn write_all(&mut self) -> io::Result<()> {
        loop {
            let runs = self.queue.take();
            if runs.is_empty() {
                return self.seal();
            }
            let records: usize = runs.iter().map(|run| run.records).sum();
            for run in runs {
                self.write(run)?;
            }
            let records = u32::try_from(records).unwrap_or(u32::MAX);
            self.queue.rest(REST_PER_RECORD.saturating_mul(records).min(REST_MAX));
        }
    }

    fn write(&mut self, mut run: Run) -> io::Result<()> {
        if let Some(bytes) = run.new_segment_bytes {
            self.segment = Header::new(run.first, bytes)?;
            self.sink.roll(self.segment)?;
        }
        write_batch(&mut self.sink, self.segment, run.offset, &mut run.frames)?;
        self.sealed = false;
        let records = u64::try_from(run.records).unwrap_or(u64::MAX);
        let synced = run.first.saturating_add(records);
        self.queue.release(run);
        self.queue.progress.advance(synced);
        Ok(())
    }

    fn seal(&mut self) -> io::Result<()> {
        if self.sealed {
            return Ok(());
        }
        let end = self.queue.end();
        write_seal(&mut self.sink, self.segment, end.sequence, end.offset)
    }
}

impl<S> Drop for Writer<S> {
    /// Nobody may wait for a writer that is gone.
    fn drop(&mut self) {
        if thread::panicking() {
            self.queue.fail();
            let error = io::Error::other("the log's writer panicked");
            self.queue.progress.stop(Stopped::Failed(Arc::new(error)));
        }
    }
}

/// Proves to the next start that everything before `offset` was synced.
pub(crate) fn write_seal(
    sink: &mut impl Sink,
    segment: Header,
    sequence: u64,
    offset: u32,
) -> io::Result<()> {
    let mut seal = Vec::new();
    frame::push_seal(&mut seal, sequence);
    write_batch(sink, segment, offset, &mut seal)
}

/// Completes frames, puts them on disk at `offset`, and leaves them without the zeros behind them.
fn write_batch(
    sink: &mut impl Sink,
    segment: Header,
    offset: u32,
    frames: &mut Vec<u8>,
) -> io::Result<()> {
    let bytes = frames.len();
    frame::stamp(frames, segment.salt, offset);
    segment.fill_block(offset, frames);
    sink.write(offset, frames)?;
    frames.truncate(bytes);
    // INVARIANT (synced in turn): no frame is written before all frames before it are synced,
    // except within one batch.
    sink.sync()
}
