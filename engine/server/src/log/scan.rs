//! Reading a log from its first record to its last, also while a server writes it.
//!
//! One segment is in memory at a time. Nothing is changed and no lock is taken.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::mem;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::frame::{self, Body, FRAME_HEADER_BYTES, Frame, View};
use super::mark::Mark;
use super::queue::End;
use super::read_error::ReadError;
use super::segment::{self, FIRST_FRAME_OFFSET, Header, HeaderError, SEGMENT_HEADER_BYTES};
use super::ticket::Position;

/// All records of the log in `dir`, in order.
///
/// Ends behind the last valid record. What stands there in a log that is being written, or after a
/// crash, is a batch nobody was told of; damage to anything else ends the iteration with an error.
#[must_use]
pub fn scan(dir: &Path) -> Scan {
    Scan::about(dir, 0)
}

/// The records of the log in `dir` from `sequence` on, and the mark before them.
///
/// Reads from the segment on that holds the record before; older ones are not looked at.
///
/// # Errors
/// [`ReadError::Ends`] when the log has not come so far; as [`scan`] for what it has to read.
pub(crate) fn scan_from(dir: &Path, sequence: u64) -> Result<(Scan, Mark), ReadError> {
    let Some(before) = sequence.checked_sub(1) else { return Ok((scan(dir), Mark::START)) };
    let mut scan = Scan::about(dir, before);
    while let Some(found) = scan.next() {
        let (_, frame) = found?;
        if frame.sequence == before {
            return Ok((scan, Mark::behind(&frame)));
        }
    }
    Err(ReadError::Ends { dir: dir.to_path_buf(), records: scan.sequence, wanted: sequence })
}

/// See [`scan`].
#[derive(Debug)]
pub struct Scan {
    dir: PathBuf,
    /// Of the record to come; before a segment is open, of one in the segment to begin with.
    sequence: u64,
    /// Whether a seal came last, or nothing that needs one.
    sealed: bool,
    /// Offset at which the last batch begins.
    batch: u32,
    state: State,
}

#[derive(Debug)]
enum State {
    Unopened,
    In(Segment),
    Ended(Option<Tail>),
    Refused,
}

/// Where a log ends.
#[derive(Debug)]
pub(crate) struct Tail {
    /// The last segment.
    pub(crate) segment: Header,
    pub(crate) end: End,
    pub(crate) sealed: bool,
    /// Offset at which the last batch begins: the one that may never have been synced.
    pub(crate) batch: u32,
    /// Whether something other than zeros follows.
    pub(crate) torn: bool,
}

/// A segment, or what is left of it to read.
#[derive(Debug)]
struct Segment {
    header: Header,
    file: PathBuf,
    /// Offset in the file at which `rest` begins.
    offset: u32,
    bytes: Vec<u8>,
    /// How much of `bytes` has been read.
    read: usize,
}

impl Iterator for Scan {
    type Item = Result<(Position, Frame), ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match mem::replace(&mut self.state, State::Refused) {
                State::Unopened => match self.first() {
                    Ok(state) => self.state = state,
                    Err(error) => return Some(Err(error)),
                },
                State::In(segment) => match self.step(segment) {
                    Ok(Some(record)) => return Some(Ok(record)),
                    Ok(None) => {}
                    Err(error) => return Some(Err(error)),
                },
                ended @ (State::Ended(_) | State::Refused) => {
                    self.state = ended;
                    return None;
                }
            }
        }
    }
}

impl Scan {
    /// Begins with the segment that holds record `sequence`, or would.
    fn about(dir: &Path, sequence: u64) -> Self {
        let dir = dir.to_path_buf();
        Self { dir, sequence, sealed: true, batch: FIRST_FRAME_OFFSET, state: State::Unopened }
    }

    /// Where the log ends, nothing if it has no segment; an error unless read to the end.
    pub(crate) fn into_tail(self) -> Result<Option<Tail>, ReadError> {
        match self.state {
            State::Ended(tail) => Ok(tail),
            State::Unopened | State::In(_) | State::Refused => Err(ReadError::Unread),
        }
    }

    fn first(&mut self) -> Result<State, ReadError> {
        let segments = self.segments()?;
        let Some(&oldest) = segments.first() else { return Ok(State::Ended(None)) };
        match segments.into_iter().rfind(|first| *first <= self.sequence) {
            Some(first) => {
                self.sequence = first;
                Ok(State::In(Segment::open(&self.dir, first)?))
            }
            None => Err(self.missing(oldest)),
        }
    }

    /// Reads one frame; gives nothing for a seal and at the end of a segment.
    fn step(&mut self, mut segment: Segment) -> Result<Option<(Position, Frame)>, ReadError> {
        let Some(view) = segment.view() else {
            self.state = self.behind_the_last_frame(segment)?;
            return Ok(None);
        };
        if view.sequence != self.sequence {
            let found = view.sequence;
            return Err(segment.out_of_order(self.sequence, found));
        }
        let (bytes, batch, record) = (view.bytes, view.batch, view.record());
        let position = Position { segment: segment.header.first, offset: segment.offset() };
        segment.read += bytes;
        self.sealed = record.is_none();
        self.batch = batch;
        self.sequence = self.sequence.saturating_add(u64::from(record.is_some()));
        self.state = State::In(segment);
        Ok(record.map(|frame| (position, frame)))
    }

    /// Decides whether `segment` is full, goes on growing, was torn, or is damaged.
    ///
    /// A server may have written since the file was read, so it is read again after every look at
    /// something that the server does later.
    fn behind_the_last_frame(&self, mut segment: Segment) -> Result<State, ReadError> {
        let first = segment.header.first;
        let next = self.segments()?.into_iter().find(|&later| later > first);
        segment.reload()?;
        if segment.view().is_some() {
            return Ok(State::In(segment));
        }
        match next {
            Some(next) if segment.rest_is_zero() => self.roll(next),
            None if !segment.holds_what_came_later() => Ok(State::Ended(Some(self.tail(&segment)))),
            Some(_) | None => {
                segment.reload()?;
                match segment.view() {
                    Some(_) => Ok(State::In(segment)),
                    None => Err(segment.damaged(self.sequence)),
                }
            }
        }
    }

    fn roll(&self, next: u64) -> Result<State, ReadError> {
        if next == self.sequence {
            Ok(State::In(Segment::open(&self.dir, next)?))
        } else {
            Err(self.missing(next))
        }
    }

    fn tail(&self, segment: &Segment) -> Tail {
        let Header { first, bytes, .. } = segment.header;
        let (offset, sequence) = (segment.offset(), self.sequence);
        let end = End { sequence, segment: first, offset, segment_bytes: bytes };
        let sealed = self.sealed || offset == FIRST_FRAME_OFFSET;
        Tail {
            segment: segment.header,
            end,
            sealed,
            batch: self.batch,
            torn: !segment.rest_is_zero(),
        }
    }

    fn segments(&self) -> Result<Vec<u64>, ReadError> {
        segment::list(&self.dir).map_err(|error| io_error(&self.dir, error))
    }

    fn missing(&self, found: u64) -> ReadError {
        ReadError::Missing {
            file: segment::path(&self.dir, self.sequence),
            sequence: self.sequence,
            found: segment::path(&self.dir, found),
        }
    }
}

impl Segment {
    fn open(dir: &Path, first: u64) -> Result<Self, ReadError> {
        let file = segment::path(dir, first);
        let bytes = fs::read(&file).map_err(|error| io_error(&file, error))?;
        let header = header(&file, &bytes, first)?;
        let found = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if found != u64::from(header.bytes) {
            return Err(ReadError::Resized { file, found, bytes: header.bytes });
        }
        Ok(Self { header, file, offset: 0, bytes, read: SEGMENT_HEADER_BYTES })
    }

    /// Reads again what has not been understood.
    fn reload(&mut self) -> Result<(), ReadError> {
        let offset = self.offset();
        let bytes = read_from(&self.file, offset).map_err(|error| io_error(&self.file, error))?;
        (self.offset, self.bytes, self.read) = (offset, bytes, 0);
        Ok(())
    }

    fn view(&self) -> Option<View<'_>> {
        frame::view(self.rest(), self.header.salt, self.offset())
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.read..).unwrap_or_default()
    }

    /// Where the rest begins in the file.
    fn offset(&self) -> u32 {
        self.offset.saturating_add(u32::try_from(self.read).unwrap_or(u32::MAX))
    }

    fn rest_is_zero(&self) -> bool {
        self.rest().iter().all(|&byte| byte == 0)
    }

    fn holds_what_came_later(&self) -> bool {
        !self.rest_is_zero() && frame::written_after(self.rest(), self.header.salt, self.offset())
    }

    fn damaged(&self, sequence: u64) -> ReadError {
        ReadError::Damaged { file: self.file.clone(), offset: self.offset(), sequence }
    }

    fn out_of_order(&self, sequence: u64, found: u64) -> ReadError {
        let (file, offset) = (self.file.clone(), self.offset());
        ReadError::OutOfOrder { file, offset, sequence, found }
    }
}

impl View<'_> {
    fn record(&self) -> Option<Frame> {
        match self.body {
            Body::Record { kind, payload } => {
                Some(Frame { sequence: self.sequence, kind, payload: payload.to_vec() })
            }
            Body::Seal => None,
        }
    }
}

/// The record at `position` of the log in `dir`, checked like any other.
///
/// # Errors
/// [`ReadError::NoRecord`] where no valid record begins at `position`.
pub fn read(dir: &Path, position: Position) -> Result<Frame, ReadError> {
    let file = segment::path(dir, position.segment);
    match read_record(&file, position) {
        Ok(Some(frame)) => Ok(frame),
        Ok(None) => Err(ReadError::NoRecord { file, offset: position.offset }),
        Err(error) if absent(&error) => Err(ReadError::NoRecord { file, offset: position.offset }),
        Err(error) => Err(io_error(&file, error)),
    }
}

fn read_record(file: &Path, position: Position) -> io::Result<Option<Frame>> {
    let opened = File::open(file)?;
    let offset = u64::from(position.offset);
    let mut start = [0; SEGMENT_HEADER_BYTES];
    opened.read_exact_at(&mut start, 0)?;
    let Ok(segment) = Header::parse(&start) else { return Ok(None) };
    let mut bytes = vec![0; FRAME_HEADER_BYTES];
    opened.read_exact_at(&mut bytes, offset)?;
    let Some(length) = frame::claimed_bytes(&bytes) else { return Ok(None) };
    bytes.resize(length, 0);
    opened.read_exact_at(&mut bytes, offset)?;
    Ok(frame::view(&bytes, segment.salt, position.offset).and_then(|view| view.record()))
}

fn absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::UnexpectedEof)
}

fn header(file: &Path, bytes: &[u8], first: u64) -> Result<Header, ReadError> {
    match Header::parse(bytes) {
        Ok(header) if header.first == first => Ok(header),
        Ok(_other) => Err(ReadError::Renamed { file: file.to_path_buf() }),
        Err(HeaderError::Damaged) => {
            Err(ReadError::Damaged { file: file.to_path_buf(), offset: 0, sequence: first })
        }
        Err(HeaderError::Version { found }) => {
            Err(ReadError::Version { file: file.to_path_buf(), found })
        }
    }
}

fn read_from(file: &Path, offset: u32) -> io::Result<Vec<u8>> {
    let mut file = File::open(file)?;
    file.seek(SeekFrom::Start(u64::from(offset)))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn io_error(file: &Path, error: io::Error) -> ReadError {
    ReadError::Io { file: file.to_path_buf(), error }
}
