//! The file that a recording is in.

use std::fs::{self, File};
use std::io::{self, Seek as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Stands for the standard input.
const STDIN: &str = "-";

/// A recording as a plain file, which can be read more than once and has a length.
#[derive(Debug)]
pub struct Source {
    name: String,
    path: PathBuf,
    bytes: u64,
    /// Removed when dropped.
    copy: Option<NamedTempFile>,
}

impl Source {
    /// The file at `path`, or the standard input if that is `-`. What is no plain file, such as a pipe,
    /// is copied to a temporary one.
    pub fn open(path: &Path) -> io::Result<Self> {
        if path.as_os_str() == STDIN {
            return Self::copied("standard input".to_owned(), &mut io::stdin().lock());
        }
        let (name, metadata) = (path.display().to_string(), fs::metadata(path)?);
        if metadata.is_file() {
            return Ok(Self { name, path: path.to_owned(), bytes: metadata.len(), copy: None });
        }
        Self::copied(name, &mut File::open(path)?)
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it can be read.
    pub fn path(&self) -> &Path {
        self.copy.as_ref().map_or(&self.path, NamedTempFile::path)
    }

    /// How long it is.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    fn copied(name: String, from: &mut dyn io::Read) -> io::Result<Self> {
        let mut copy = NamedTempFile::new()?;
        io::copy(from, &mut copy)?;
        let bytes = copy.stream_position()?;
        Ok(Self { name, path: PathBuf::new(), bytes, copy: Some(copy) })
    }
}
