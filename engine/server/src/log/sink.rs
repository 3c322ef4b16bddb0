//! Where the writer puts bytes.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use super::segment::{self, Header};

/// A disk as the writer sees it: the files of the log, or the failing disk of the crash tests.
///
/// After an error nothing further is asked of a sink: what a failed write or sync left on the disk
/// is unknown, and a second sync may say that all is well when it is not.
pub trait Sink: Send + 'static {
    /// Writes `bytes` at `offset` of the segment. Frames are written once, the zeros behind them again
    /// and again.
    ///
    /// # Errors
    /// Some, all or none of `bytes` may have been written.
    fn write(&mut self, offset: u32, bytes: &[u8]) -> io::Result<()>;

    /// Returns once everything written so far survives a power cut.
    ///
    /// # Errors
    /// Nothing is known of what was written since the last sync.
    fn sync(&mut self) -> io::Result<()>;

    /// Goes on in a new segment. Everything written has been synced before this is called.
    ///
    /// # Errors
    /// The new segment may or may not be there, and holds no record.
    fn roll(&mut self, header: Header) -> io::Result<()>;
}

/// The files of the log.
///
/// Once a segment is half full a thread makes the next one ready, so that a roll costs one small
/// write and a rename and not the writing of a whole segment.
#[derive(Debug)]
pub struct Segments {
    dir: PathBuf,
    /// Size of the segments to come.
    segment_bytes: u32,
    file: File,
    spare: Option<JoinHandle<Option<File>>>,
}

impl Segments {
    /// Starts with the empty segment of `header`.
    pub(crate) fn create(dir: &Path, header: Header) -> io::Result<Self> {
        let file = segment::adopt(dir, segment::prepare(dir, header.bytes)?, header)?;
        Ok(Self::new(dir, header.bytes, file))
    }

    /// Goes on in the segment whose first record is `first`.
    pub(crate) fn open(dir: &Path, segment_bytes: u32, first: u64) -> io::Result<Self> {
        Ok(Self::new(dir, segment_bytes, segment::open(dir, first)?))
    }

    fn new(dir: &Path, segment_bytes: u32, file: File) -> Self {
        Self { dir: dir.to_path_buf(), segment_bytes, file, spare: None }
    }

    fn prepare_ahead(&mut self) -> io::Result<()> {
        let (dir, bytes) = (self.dir.clone(), self.segment_bytes);
        let work = move || segment::prepare(&dir, bytes).inspect_err(warn_of_the_roll).ok();
        self.spare = Some(thread::Builder::new().name("log-spare".into()).spawn(work)?);
        Ok(())
    }

    /// The file made ready, or one made now: space may have been freed since that failed.
    fn spare(&mut self) -> io::Result<File> {
        match self.spare.take().and_then(|work| work.join().ok()?) {
            Some(file) => Ok(file),
            None => segment::prepare(&self.dir, self.segment_bytes),
        }
    }
}

impl Sink for Segments {
    fn write(&mut self, offset: u32, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all_at(bytes, u64::from(offset))?;
        if offset >= self.segment_bytes / 2 && self.spare.is_none() {
            self.prepare_ahead()?;
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn roll(&mut self, header: Header) -> io::Result<()> {
        let spare = self.spare()?;
        self.file = segment::adopt(&self.dir, spare, header)?;
        Ok(())
    }
}

impl Drop for Segments {
    /// Gives the disk space of an unused spare back; what cannot be removed is at the next start.
    fn drop(&mut self) {
        if self.spare.take().is_some_and(|work| work.join().is_ok()) {
            let _at_next_start = segment::discard_spare(&self.dir);
        }
    }
}

fn warn_of_the_roll(error: &io::Error) {
    tracing::warn!(%error, "no next segment could be made: free disk space before this one is full");
}
