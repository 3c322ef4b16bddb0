//! From the files a crash left to a log that can be written.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::thread;
use std::time::Duration;

use super::Log;
use super::frame::{FRAME_HEADER_BYTES, Frame};
use super::limits::Limits;
use super::mark::Mark;
use super::queue::End;
use super::read_error::ReadError;
use super::scan::{Scan, Tail, scan, scan_from};
use super::segment::{self, FIRST_FRAME_OFFSET, Header};
use super::sink::{Segments, Sink};
use super::ticket::Position;
use super::writer;

const LOCK_NAME: &str = "lock";
/// How often and how far apart the lock is tried for: half a second in all.
const LOCK_TRIES: u32 = 50;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// A log that is being read before it is written: iterate over all records, then [`start`].
///
/// No other process can open the log meanwhile.
///
/// [`start`]: Recovery::start
#[derive(Debug)]
pub struct Recovery {
    dir: PathBuf,
    limits: Limits,
    lock: File,
    scan: Scan,
}

impl Iterator for Recovery {
    type Item = Result<(Position, Frame), ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.scan.next()
    }
}

impl Recovery {
    /// Claims the log in `dir`, which is made if it is not there.
    pub(crate) fn new(dir: &Path, limits: Limits) -> Result<Self, OpenError> {
        fs::create_dir_all(dir).map_err(|error| failed(dir, error))?;
        let lock = lock(dir)?;
        segment::discard_spare(dir).map_err(|error| failed(dir, error))?;
        Ok(Self { dir: dir.to_path_buf(), limits, lock, scan: scan(dir) })
    }

    /// Goes on with the record behind `mark`, wherever it was. Segments before the one that holds the record before it
    /// are not read; everything from there on is checked as ever.
    ///
    /// # Errors
    /// When this is not the log that the mark was set in, or that segment cannot be read. Nothing has changed.
    pub(crate) fn skip_to(&mut self, mark: Mark) -> Result<(), ReadError> {
        // INVARIANT (log first): whoever set the mark waited until all before it was on disk.
        let (scan, found) = scan_from(&self.dir, mark.sequence)?;
        if found != mark {
            let sequence = mark.sequence.saturating_sub(1);
            return Err(ReadError::Other { dir: self.dir.clone(), sequence });
        }
        self.scan = scan;
        Ok(())
    }

    /// Goes on with the first record, wherever it was.
    pub(crate) fn restart(&mut self) {
        self.scan = scan(&self.dir);
    }

    /// Cuts what a crash left behind the last record, and takes records from now on.
    ///
    /// Reads and checks what has been neither iterated over nor skipped.
    ///
    /// # Errors
    /// When the log is damaged, or the disk refuses.
    pub fn start(self) -> Result<Log, OpenError> {
        self.start_on(|segments| segments)
    }

    /// Like [`Recovery::start`], with a sink between the log and its files.
    ///
    /// # Errors
    /// As [`Recovery::start`], and when the sink refuses.
    pub fn start_on<S: Sink>(mut self, sink: impl FnOnce(Segments) -> S) -> Result<Log, OpenError> {
        for record in self.scan.by_ref() {
            record.map_err(OpenError::Read)?;
        }
        let Self { dir, limits, lock, scan } = self;
        let tail = scan.into_tail().map_err(OpenError::Read)?;
        let (sink, segment, end) =
            resume(&dir, limits, tail, sink).map_err(|error| failed(&dir, error))?;
        Log::start(dir.clone(), limits, lock, sink, segment, end)
            .map_err(|error| failed(&dir, error))
    }
}

/// Makes the files ready to be written behind `tail`.
fn resume<S: Sink>(
    dir: &Path,
    limits: Limits,
    tail: Option<Tail>,
    sink: impl FnOnce(Segments) -> S,
) -> io::Result<(S, Header, End)> {
    match tail {
        None => {
            let header = Header::new(0, limits.segment_bytes)?;
            let segments = Segments::create(dir, header)?;
            Ok((sink(segments), header, first_end(limits)))
        }
        Some(tail) => {
            cut(dir, &tail)?;
            let Header { first, .. } = tail.segment;
            if !tail.sealed {
                segment::rewrite(dir, first, tail.batch..tail.end.offset)?;
            }
            let mut sink = sink(Segments::open(dir, limits.segment_bytes, first)?);
            let end = seal(&mut sink, &tail)?;
            Ok((sink, tail.segment, end))
        }
    }
}

fn first_end(limits: Limits) -> End {
    let segment_bytes = limits.segment_bytes;
    End { sequence: 0, segment: 0, offset: FIRST_FRAME_OFFSET, segment_bytes }
}

/// Overwrites what stands behind the last record, so that it can never be read as one.
fn cut(dir: &Path, tail: &Tail) -> io::Result<()> {
    if tail.torn {
        let End { sequence, segment, offset, .. } = tail.end;
        let file = segment::path(dir, segment);
        tracing::warn!(?file, offset, sequence, "cut a batch that a crash left unfinished");
        segment::clear_from(dir, segment, offset)?;
    }
    segment::sync_dir(dir)
}

/// Puts what was read on disk for good: a killed process leaves records that were never synced.
/// Whoever replayed them may tell of them from now on.
fn seal(sink: &mut impl Sink, tail: &Tail) -> io::Result<End> {
    if tail.sealed {
        sink.sync()?;
        return Ok(tail.end);
    }
    let End { sequence, offset, .. } = tail.end;
    writer::write_seal(sink, tail.segment, sequence, offset)?;
    let bytes = u32::try_from(FRAME_HEADER_BYTES).unwrap_or(u32::MAX);
    Ok(End { offset: offset.saturating_add(bytes), ..tail.end })
}

fn lock(dir: &Path) -> Result<File, OpenError> {
    let path = dir.join(LOCK_NAME);
    let refused = |error| failed(&path, error);
    let mut options = OpenOptions::new();
    let mut file =
        options.create(true).truncate(false).read(true).write(true).open(&path).map_err(refused)?;
    if !try_lock(&file).map_err(refused)? {
        let mut holder = String::new();
        let _unknown_holder = file.read_to_string(&mut holder);
        return Err(OpenError::InUse { dir: dir.to_path_buf(), holder });
    }
    file.set_len(0).map_err(refused)?;
    write!(file, "{}", process::id()).map_err(refused)?;
    Ok(file)
}

/// Whether the lock could be had, at once or soon: a process that ends, and one that is just being
/// started by the holder and has not yet closed what it inherited, let go of it in a moment.
fn try_lock(file: &File) -> io::Result<bool> {
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) => thread::park_timeout(LOCK_PAUSE),
        }
    }
    Ok(false)
}

fn failed(path: &Path, error: io::Error) -> OpenError {
    OpenError::Io { path: path.to_path_buf(), error }
}

/// Why a log cannot be opened. Nothing that was in it has been changed.
#[derive(Debug)]
pub enum OpenError {
    /// Another process writes it.
    InUse {
        /// The log's directory.
        dir: PathBuf,
        /// That process's id as it wrote it down; empty if it did not come to that.
        holder: String,
    },
    /// The file system refused.
    Io {
        /// What was to be read or written.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
    /// What is there is not a whole log.
    Read(ReadError),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse { dir, holder } => write!(
                f,
                "the log in `{}` is in use by process {holder}: stop it, or choose another data \
                 directory",
                dir.display()
            ),
            Self::Io { path, error } => write!(f, "`{}` cannot be used: {error}", path.display()),
            Self::Read(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for OpenError {}
