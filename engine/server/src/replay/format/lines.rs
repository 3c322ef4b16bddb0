//! The lines of a file, numbered and bounded.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::RecordingError;

/// Longest line read, in bytes. Syslog ends at 8 KiB; an event in JSON with every field at its bound stays below this.
const LINE_BYTES_MAX: u64 = 65_536;

/// Reads a file line by line.
#[derive(Debug)]
pub(crate) struct Lines {
    reader: BufReader<File>,
    path: PathBuf,
    bytes: Vec<u8>,
    number: u64,
    bytes_read: u64,
}

/// One line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Counted from one.
    pub(crate) number: u64,
    /// The text without its end; bytes that are not UTF-8 are replaced. `None` if it is longer than
    /// [`LINE_BYTES_MAX`].
    pub(crate) text: Option<String>,
}

impl Lines {
    pub(crate) fn open(path: &Path) -> Result<Self, RecordingError> {
        let file = File::open(path).map_err(RecordingError::read(path))?;
        let (path, bytes) = (path.to_owned(), Vec::new());
        Ok(Self { reader: BufReader::new(file), path, bytes, number: 0, bytes_read: 0 })
    }

    /// How much of the file has been read, in bytes.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// The next line, `None` at the end.
    pub(crate) fn read(&mut self) -> Result<Option<Line>, RecordingError> {
        self.bytes.clear();
        let mut bounded = (&mut self.reader).take(LINE_BYTES_MAX + 1);
        let failed = RecordingError::read(&self.path);
        let count = match bounded.read_until(b'\n', &mut self.bytes) {
            Ok(0) => return Ok(None),
            Ok(count) => u64::try_from(count).unwrap_or(u64::MAX),
            Err(error) => return Err(failed(error)),
        };
        self.number += 1;
        self.bytes_read += count;
        let ended = self.bytes.ends_with(b"\n");
        if count > LINE_BYTES_MAX && !ended {
            let skipped = self.reader.skip_until(b'\n').map_err(failed)?;
            self.bytes_read += u64::try_from(skipped).unwrap_or(u64::MAX);
            return Ok(Some(Line { number: self.number, text: None }));
        }
        let text = String::from_utf8_lossy(&self.bytes);
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let text = text.strip_suffix('\r').unwrap_or(text).to_owned();
        Ok(Some(Line { number: self.number, text: Some(text) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lines_of_any_kind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        let long = "x".repeat(100_000);
        std::fs::write(&path, format!("one\r\n\n{long}\nf\u{00fc}nf\nlast").as_bytes()).unwrap();
        let mut lines = Lines::open(&path).unwrap();
        let read: Vec<Line> = std::iter::from_fn(|| lines.read().unwrap()).collect();
        let texts: Vec<Option<&str>> = read.iter().map(|line| line.text.as_deref()).collect();
        assert_eq!(texts, [Some("one"), Some(""), None, Some("fünf"), Some("last")]);
        assert_eq!(read.last().unwrap().number, 5);
    }
}
