//! The zeros that a segment is made of before it holds records.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

/// Asks the system to write past its page cache.
#[cfg(target_os = "linux")]
const DIRECT: OFlags = OFlags::DIRECT;
#[cfg(not(target_os = "linux"))]
const DIRECT: OFlags = OFlags::empty();

/// Zeros are written and synced in pieces of this size, so that records need not wait behind them.
const PIECE_BYTES: usize = 1 << 20;

/// Where direct writes may take their bytes from.
#[repr(align(4096))]
struct Piece([u8; PIECE_BYTES]);

static PIECE: Piece = Piece([0; PIECE_BYTES]);

/// Puts `bytes` zeros on disk, from the start of a file.
///
/// Nobody reads them, so they go past the page cache where the file system knows how: through it,
/// every page would be memory taken anew, and copied to.
pub(crate) fn fill(path: &Path, bytes: u32) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true);
    let direct = options.clone().custom_flags(DIRECT.bits().cast_signed()).open(path);
    match direct.and_then(|mut file| write(&mut file, u64::from(bytes))) {
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => {
            write(&mut options.open(path)?, u64::from(bytes))
        }
        done => done,
    }
}

/// Writes and syncs `bytes` zeros where the file stands.
pub(crate) fn write(file: &mut File, bytes: u64) -> io::Result<()> {
    let mut left = bytes;
    while left > 0 {
        let piece = usize::try_from(left).unwrap_or(usize::MAX).min(PIECE_BYTES);
        file.write_all(PIECE.0.get(..piece).unwrap_or_default())?;
        file.sync_data()?;
        left = left.saturating_sub(u64::try_from(piece).unwrap_or(u64::MAX));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sizes that direct writes take, that they take in part, and that they refuse.
    #[test]
    fn a_file_of_any_size_is_filled() {
        for bytes in [0, 8, 512, 4_096, 4_100, 1 << 20, (2 << 20) + 8] {
            let file = tempfile::NamedTempFile::new().unwrap();
            fill(file.path(), bytes).unwrap();
            let filled = std::fs::read(file.path()).unwrap();
            assert_eq!(filled.len(), usize::try_from(bytes).unwrap());
            assert!(filled.iter().all(|&byte| byte == 0));
        }
    }
}
