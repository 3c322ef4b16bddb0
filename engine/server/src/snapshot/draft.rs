//! A snapshot that is being written.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use doorward_core::seen::SeenEvent;

use super::block::{self, Counts, Kind};
use super::events;
use super::head::Head;

/// Name of the file until all of it is on disk. One process writes snapshots, one at a time.
const NAME: &str = "unfinished";

/// What is written before it is synced: records that go to disk meanwhile need not wait behind more.
const SYNC_BYTES: usize = 8 << 20;

/// Dropped unfinished, it is gone.
pub(crate) struct Draft {
    path: PathBuf,
    file: File,
    counts: Counts,
    /// Since the last sync.
    unsynced_bytes: usize,
    bytes: u64,
}

impl Draft {
    /// Begins a file in `dir`, in the place of one that a crash left unfinished. Whoever can read it can tell nobody's
    /// name from it, and yet it is for its owner only, as the key is.
    pub(crate) fn new(dir: &Path, head: &Head) -> io::Result<Self> {
        let path = dir.join(NAME);
        let mut options = OpenOptions::new();
        options.create(true).truncate(true).write(true).mode(0o600);
        let file = options.open(&path)?;
        let counts = Counts::default();
        let mut draft = Self { path, file, counts, unsynced_bytes: 0, bytes: 0 };
        draft.write(&block::file_header())?;
        draft.block(Kind::Head, 0, &head.encode())?;
        Ok(draft)
    }

    /// Adds a part of the state.
    pub(crate) fn state(&mut self, part: &[u8]) -> io::Result<()> {
        self.add(Kind::State, part)
    }

    /// Adds events seen, which are loaded in this order.
    pub(crate) fn seen(&mut self, events: &[SeenEvent]) -> io::Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        self.add(Kind::Seen, &events::encode(events))
    }

    /// Puts the rest on disk and gives the file its name; how many bytes it has.
    pub(super) fn finish(mut self, path: &Path) -> io::Result<u64> {
        self.block(Kind::End, self.counts.next(), &self.counts.encode())?;
        self.file.sync_all()?;
        fs::rename(&self.path, path)?;
        Ok(self.bytes)
    }

    fn add(&mut self, kind: Kind, payload: &[u8]) -> io::Result<()> {
        self.block(kind, self.counts.next(), payload)?;
        self.counts.count(kind);
        Ok(())
    }

    fn block(&mut self, kind: Kind, number: u32, payload: &[u8]) -> io::Result<()> {
        if u32::try_from(payload.len()).is_err() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.write(&block::header(kind, number, payload))?;
        self.write(payload)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.unsynced_bytes += bytes.len();
        if self.unsynced_bytes >= SYNC_BYTES {
            self.unsynced_bytes = 0;
            self.file.sync_data()?;
        }
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Finished, it has another name.
        let _overwritten_by_the_next = fs::remove_file(&self.path);
    }
}
