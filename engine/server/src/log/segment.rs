//! One file of the log: its name, its header, and how it comes to be.
//!
//! A segment is named by the sequence of its first record, has its full size from the start, and is
//! zero behind its last frame. It gets its name only when its header is on disk, so a named file
//! without a valid header is damage, never an accident of timing. Numbers are little-endian.
//!
//! ```text
//! offset  bytes  field
//!      0      8  magic     "DOORLOG" and a zero
//!      8      4  version   1
//!     12      4  salt      random; every checksum in this segment begins with it
//!     16      8  first     sequence of the first record
//!     24      4  bytes     size of the file; a shorter one has been cut by somebody else
//!     28     32            zero
//!     60      4  checksum  CRC-32 of offset 0 to 60
//!     64         frames, see `frame.rs`
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::zeros;

/// Bytes of a segment before its first frame.
pub(crate) const SEGMENT_HEADER_BYTES: usize = 64;

/// [`SEGMENT_HEADER_BYTES`] as an offset.
pub(crate) const FIRST_FRAME_OFFSET: u32 = 64;

const MAGIC: &[u8; 8] = b"DOORLOG\0";
const VERSION: u32 = 1;
const CHECKSUM_OFFSET: usize = 60;

/// Name of the file that is made ready to become the next segment.
const SPARE_NAME: &str = "spare";

/// What file systems read and write at once: to change a part of a block that is not in memory, the
/// system reads it first.
const BLOCK_BYTES: usize = 4096;

const _: () = assert!(FIRST_FRAME_OFFSET as usize == SEGMENT_HEADER_BYTES);

/// What a segment says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Sequence of the first record, which also names the file.
    pub first: u64,
    /// What every checksum of the segment begins with.
    pub salt: u32,
    /// Size of the file.
    pub bytes: u32,
}

/// Why the start of a file is not a segment's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeaderError {
    /// Not as it was written.
    Damaged,
    /// Written by a later release.
    Version {
        /// The format's number.
        found: u32,
    },
}

impl Header {
    /// A header with a fresh salt.
    pub(crate) fn new(first: u64, bytes: u32) -> io::Result<Self> {
        Ok(Self { first, salt: getrandom::u32()?, bytes })
    }

    /// Completes frames that are to be written at `offset` with the zeros that stand behind them, to
    /// the end of their last block or of the segment.
    pub(crate) fn fill_block(self, offset: u32, frames: &mut Vec<u8>) {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        let segment = usize::try_from(self.bytes).unwrap_or(usize::MAX);
        let end = offset.saturating_add(frames.len()).next_multiple_of(BLOCK_BYTES).min(segment);
        frames.resize(end.saturating_sub(offset), 0);
    }

    fn encode(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(SEGMENT_HEADER_BYTES);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&self.salt.to_le_bytes());
        bytes.extend_from_slice(&self.first.to_le_bytes());
        bytes.extend_from_slice(&self.bytes.to_le_bytes());
        bytes.resize(CHECKSUM_OFFSET, 0);
        let checksum = crc32fast::hash(&bytes);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// Reads the header from the start of a segment's bytes.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, HeaderError> {
        let (version, header) = Self::read(bytes).ok_or(HeaderError::Damaged)?;
        match version {
            VERSION => Ok(header),
            found => Err(HeaderError::Version { found }),
        }
    }

    fn read(bytes: &[u8]) -> Option<(u32, Self)> {
        let (covered, rest) = bytes.split_at_checked(CHECKSUM_OFFSET)?;
        let checksum = u32::from_le_bytes(*rest.first_chunk()?);
        let (version, rest) = covered.strip_prefix(MAGIC)?.split_first_chunk()?;
        let (salt, rest) = rest.split_first_chunk()?;
        let (first, rest) = rest.split_first_chunk()?;
        let header = Self {
            first: u64::from_le_bytes(*first),
            salt: u32::from_le_bytes(*salt),
            bytes: u32::from_le_bytes(*rest.first_chunk()?),
        };
        (crc32fast::hash(covered) == checksum).then_some((u32::from_le_bytes(*version), header))
    }
}

/// Where the segment whose first record is `first` lives.
pub(crate) fn path(dir: &Path, first: u64) -> PathBuf {
    dir.join(format!("{first:020}.log"))
}

/// First sequences of all segments of a log, in order. Other files are passed over.
pub(crate) fn list(dir: &Path) -> io::Result<Vec<u64>> {
    let mut firsts = Vec::new();
    for entry in fs::read_dir(dir)? {
        firsts.extend(first_of(&entry?.path()));
    }
    firsts.sort_unstable();
    Ok(firsts)
}

fn first_of(file: &Path) -> Option<u64> {
    let digits = file.file_name()?.to_str()?.strip_suffix(".log")?;
    let first = digits.parse().ok()?;
    (format!("{first:020}") == digits).then_some(first)
}

/// Makes a file of `bytes` zeros that are on disk, for [`adopt`] to name.
///
/// The zeros are written, not only allocated: a later write then changes no metadata, and a sync
/// is the cheapest it can be.
pub(crate) fn prepare(dir: &Path, bytes: u32) -> io::Result<File> {
    let path = dir.join(SPARE_NAME);
    let file = File::create(&path)?;
    zeros::fill(&path, bytes)?;
    file.sync_all()?;
    Ok(file)
}

/// Turns the prepared file into the segment of `header`, and puts its name on disk.
pub(crate) fn adopt(dir: &Path, spare: File, header: Header) -> io::Result<File> {
    spare.write_all_at(&header.encode(), 0)?;
    spare.sync_data()?;
    fs::rename(dir.join(SPARE_NAME), path(dir, header.first))?;
    sync_dir(dir)?;
    Ok(spare)
}

/// Removes what an earlier [`prepare`] left behind, if anything.
pub(crate) fn discard_spare(dir: &Path) -> io::Result<()> {
    match fs::remove_file(dir.join(SPARE_NAME)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _removed_or_absent => Ok(()),
    }
}

/// Opens a segment to write to.
pub(crate) fn open(dir: &Path, first: u64) -> io::Result<File> {
    OpenOptions::new().write(true).open(path(dir, first))
}

/// Overwrites a segment with zeros from `offset` to its end, and syncs it.
pub(crate) fn clear_from(dir: &Path, first: u64, offset: u32) -> io::Result<()> {
    let mut file = open(dir, first)?;
    let offset = file.seek(SeekFrom::Start(u64::from(offset)))?;
    let bytes = file.metadata()?.len().saturating_sub(offset);
    zeros::write(&mut file, bytes)?;
    file.sync_all()
}

/// Writes a part of a segment again, as it reads, for the next sync to put on disk.
///
/// After a failed sync the system may keep bytes in memory, and count them as written, that are
/// not on disk: another sync alone would not write them.
pub(crate) fn rewrite(dir: &Path, first: u64, part: Range<u32>) -> io::Result<()> {
    let file = OpenOptions::new().read(true).write(true).open(path(dir, first))?;
    let mut bytes = vec![0; part.len()];
    file.read_exact_at(&mut bytes, u64::from(part.start))?;
    file.write_all_at(&bytes, u64::from(part.start))
}

/// Puts on disk which files a directory holds.
pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flipped_bit_of_a_header_is_noticed() {
        let header = Header { first: 9, salt: 77, bytes: 4096 };
        let bytes = header.encode();
        assert_eq!((bytes.len(), Header::parse(&bytes)), (SEGMENT_HEADER_BYTES, Ok(header)));
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Header::parse(&flipped), Err(HeaderError::Damaged), "bit {bit}");
        }
    }

    #[test]
    fn a_later_format_is_named() {
        let mut bytes = Header { first: 0, salt: 1, bytes: 64 }.encode();
        bytes[8] = 2;
        let checksum = crc32fast::hash(&bytes[..CHECKSUM_OFFSET]).to_le_bytes();
        bytes[CHECKSUM_OFFSET..].copy_from_slice(&checksum);
        assert_eq!(Header::parse(&bytes), Err(HeaderError::Version { found: 2 }));
    }

    #[test]
    fn frames_are_written_with_the_rest_of_their_block() {
        let check = |offset, bytes, expected| {
            let mut frames = vec![7; bytes];
            Header { first: 0, salt: 1, bytes: 10_000 }.fill_block(offset, &mut frames);
            assert_eq!(frames.len(), expected, "{bytes} at {offset}");
            assert!(frames.iter().take(bytes).all(|&byte| byte == 7));
            assert!(frames.iter().skip(bytes).all(|&byte| byte == 0));
        };
        check(64, 8, 4_096 - 64);
        check(4_000, 96, 96);
        check(4_000, 104, 96 + 4_096);
        check(9_000, 8, 1_000);
        check(9_000, 1_000, 1_000);
    }

    #[test]
    fn only_names_of_segments_are_listed() {
        let dir = tempfile::tempdir().unwrap();
        let names = ["00000000000000000012.log", "12.log", "spare", "00000000000000000003.log.bak"];
        for name in names {
            File::create(dir.path().join(name)).unwrap();
        }
        assert_eq!(list(dir.path()).unwrap(), [12]);
    }
}
