//! A disk that fails at a chosen moment and then loses what it had not synced.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use doorward::log::{Header, Segments, Sink};

/// Which operation of a sink fails, counted from 0, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    pub(super) operation: usize,
    /// Bytes that a failing write writes all the same.
    pub(super) bytes_kept: usize,
}

/// What is known of a disk from outside of the log.
#[derive(Debug, Default)]
pub(super) struct Disk {
    operations: usize,
    pub(super) failed: bool,
    /// What a power cut cannot take.
    synced: BTreeMap<PathBuf, Vec<u8>>,
}

/// The log's files, until the fault.
pub(super) struct FaultySink {
    segments: Segments,
    dir: PathBuf,
    fault: Fault,
    disk: Arc<Mutex<Disk>>,
}

impl FaultySink {
    pub(super) fn new(
        segments: Segments,
        dir: &Path,
        fault: Fault,
        disk: &Arc<Mutex<Disk>>,
    ) -> Self {
        disk.lock().unwrap().synced = segment_files(dir);
        Self { segments, dir: dir.to_path_buf(), fault, disk: Arc::clone(disk) }
    }

    /// Whether the operation that begins now is the one to fail.
    fn fails(&self) -> bool {
        let mut disk = self.disk.lock().unwrap();
        assert!(!disk.failed, "a sink was used after it had failed");
        disk.failed = disk.operations == self.fault.operation;
        disk.operations += 1;
        disk.failed
    }

    fn remember(&self) {
        self.disk.lock().unwrap().synced = segment_files(&self.dir);
    }
}

impl Sink for FaultySink {
    fn write(&mut self, offset: u32, bytes: &[u8]) -> io::Result<()> {
        if self.fails() {
            self.segments.write(offset, &bytes[..self.fault.bytes_kept.min(bytes.len())])?;
            return Err(io::Error::other("short write"));
        }
        self.segments.write(offset, bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        if self.fails() {
            return Err(io::Error::other("sync failed"));
        }
        self.segments.sync()?;
        self.remember();
        Ok(())
    }

    fn roll(&mut self, header: Header) -> io::Result<()> {
        if self.fails() {
            return Err(io::Error::other("no space"));
        }
        self.segments.roll(header)?;
        self.remember();
        Ok(())
    }
}

impl Disk {
    /// Cuts the power: of what was not synced, each piece of `piece_bytes` is there or not.
    pub(super) fn cut_power(&self, dir: &Path, piece_bytes: usize, seed: u64) {
        let mut random = seed;
        for (file, mut bytes) in segment_files(dir) {
            let synced = &self.synced[&file];
            for (piece, before) in bytes.chunks_mut(piece_bytes).zip(synced.chunks(piece_bytes)) {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                if random >> 63 == 0 {
                    piece.copy_from_slice(before);
                }
            }
            fs::write(file, bytes).unwrap();
        }
    }
}

fn segment_files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let segments = files.filter(|file| file.extension().is_some_and(|kind| kind == "log"));
    segments.map(|file| (file.clone(), fs::read(file).unwrap())).collect()
}
