//! The snapshots of one log.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::draft::Draft;
use super::error::TakeError;

/// How many are kept.
const GENERATIONS: usize = 2;

const ENDING: &str = ".snapshot";

/// A directory of snapshots, each named by the first record that its state does not contain.
pub(crate) struct Generations {
    dir: PathBuf,
    /// The one that was loaded or written last, and so is known to be sound.
    newest: Option<u64>,
}

impl Generations {
    /// Those in `dir`, which need not be there; none of them has been looked at.
    pub(crate) fn new(dir: PathBuf) -> Self {
        Self { dir, newest: None }
    }

    /// Where they are.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The record behind the newest that is known to be sound.
    pub(crate) fn newest(&self) -> Option<u64> {
        self.newest
    }

    /// Notes that this one is sound.
    pub(crate) fn note(&mut self, sequence: u64) {
        self.newest = Some(sequence);
    }

    /// All files, the newest first.
    pub(crate) fn files(&self) -> io::Result<Vec<PathBuf>> {
        Ok(self.sequences()?.into_iter().map(|sequence| self.path(sequence)).collect())
    }

    /// Makes the directory where it is missing.
    pub(crate) fn make(&self) -> Result<(), TakeError> {
        fs::create_dir_all(&self.dir).map_err(|error| self.failed(error))
    }

    /// Finishes a snapshot as the newest and removes those that are too many; how many bytes it has.
    pub(crate) fn keep(&mut self, draft: Draft, sequence: u64) -> Result<u64, TakeError> {
        let bytes = draft.finish(&self.path(sequence)).map_err(|error| self.failed(error))?;
        File::open(&self.dir).and_then(|dir| dir.sync_all()).map_err(|error| self.failed(error))?;
        let before = self.newest.replace(sequence);
        if let Err(error) = self.prune(sequence, before) {
            tracing::warn!(%error, dir = %self.dir.display(), "an old snapshot stays");
        }
        Ok(bytes)
    }

    /// What is wrong with the directory or a file in it.
    pub(crate) fn failed(&self, error: io::Error) -> TakeError {
        TakeError::File { path: self.dir.clone(), error }
    }

    /// Keeps this one and the one before it: of several, the one that is known to be sound.
    fn prune(&self, sequence: u64, before: Option<u64>) -> io::Result<()> {
        let mut others = self.sequences()?;
        others.retain(|other| *other != sequence);
        others.sort_by_key(|other| Some(*other) != before);
        for other in others.into_iter().skip(GENERATIONS - 1) {
            fs::remove_file(self.path(other))?;
        }
        Ok(())
    }

    /// Of all files, the newest first. Other names are passed over.
    fn sequences(&self) -> io::Result<Vec<u64>> {
        let entries = match fs::read_dir(&self.dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut sequences = Vec::new();
        for entry in entries {
            sequences.extend(sequence_of(&entry?.path()));
        }
        sequences.sort_unstable_by(|one, other| other.cmp(one));
        Ok(sequences)
    }

    fn path(&self, sequence: u64) -> PathBuf {
        self.dir.join(format!("{sequence:020}{ENDING}"))
    }
}

fn sequence_of(file: &Path) -> Option<u64> {
    let digits = file.file_name()?.to_str()?.strip_suffix(ENDING)?;
    let sequence = digits.parse().ok()?;
    (format!("{sequence:020}") == digits).then_some(sequence)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of `names` are left when a snapshot is kept as 30 and `before` is known to be sound.
    fn check(names: &[u64], before: Option<u64>, expected: &[u64]) {
        let dir = tempfile::tempdir().unwrap();
        let generations = Generations { dir: dir.path().to_owned(), newest: before };
        for name in names.iter().chain(&[30]) {
            File::create(generations.path(*name)).unwrap();
        }
        File::create(dir.path().join("40.snapshot")).unwrap();
        generations.prune(30, before).unwrap();
        assert_eq!(generations.sequences().unwrap(), expected);
        assert!(dir.path().join("40.snapshot").exists());
    }

    #[test]
    fn two_are_kept_the_sound_ones_before_others() {
        check(&[], None, &[30]);
        check(&[10, 20], Some(20), &[30, 20]);
        check(&[10, 20], Some(10), &[30, 10]);
        check(&[10, 20], None, &[30, 20]);
        // Of a log that was put back to an earlier day.
        check(&[10, 90], Some(10), &[30, 10]);
        check(&[90], None, &[90, 30]);
    }

    #[test]
    fn where_nothing_was_ever_kept_there_is_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let generations = Generations::new(dir.path().join("snapshots"));
        assert_eq!(generations.files().unwrap().len(), 0);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
