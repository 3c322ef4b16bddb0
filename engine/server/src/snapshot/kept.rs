//! A snapshot on disk.

use std::panic::resume_unwind;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Builder};

use doorward_core::seen::SeenEvent;
use doorward_core::store::Unusable;

use super::block::{Counts, Kind};
use super::block_file::{Block, BlockFile};
use super::error::LoadError;
use super::events;
use super::head::Head;
use crate::log::ReadError;

/// Threads that load; more would wait for the disk.
const THREADS_MAX: usize = 8;

/// A snapshot that has all its blocks, of which the first and the last have been read.
pub(crate) struct Kept {
    file: BlockFile,
    pub(crate) head: Head,
    /// All but the head and the end.
    blocks: Vec<Block>,
}

impl Kept {
    /// Finds the blocks of a file and reads its head.
    pub(crate) fn open(path: &Path) -> Result<Self, LoadError> {
        let file = BlockFile::open(path)?;
        let blocks = file.blocks()?;
        let [head, blocks @ .., end] = blocks.as_slice() else { return Err(file.damaged(0)) };
        let mut counts = Counts::default();
        blocks.iter().for_each(|block| counts.count(block.kind));
        let mut buffer = Vec::new();
        let whole = end.kind == Kind::End
            && head.kind == Kind::Head
            && file.payload(end, &mut buffer)? == counts.encode()
            && blocks.iter().all(|block| matches!(block.kind, Kind::State | Kind::Seen));
        let head = Head::decode(file.payload(head, &mut buffer)?).filter(|_| whole);
        let head = head.ok_or_else(|| file.damaged(0))?;
        let blocks = blocks.to_vec();
        Ok(Self { file, head, blocks })
    }

    /// Bytes of the file.
    pub(crate) fn bytes(&self) -> u64 {
        self.file.bytes
    }

    /// Hands over all parts of the state and all events seen, by several threads and in any order, but for
    /// events that were written together.
    ///
    /// # Errors
    /// The first thing that is wrong; whatever was handed over by then is of no use.
    pub(crate) fn load(
        &self,
        state: impl Fn(&[u8]) -> Result<(), Unusable> + Sync,
        seen: impl Fn(SeenEvent) + Sync,
    ) -> Result<(), LoadError> {
        let take = |kind, payload: &[u8]| match kind {
            Kind::State => state(payload),
            Kind::Seen => {
                events::decode(payload).for_each(&seen);
                Ok(())
            }
            Kind::Head | Kind::End => Err(Unusable::Damaged),
        };
        let next = AtomicUsize::new(0);
        let work = || {
            // Nobody begins another block once one is wrong.
            self.work(&next, take).inspect_err(|_| next.store(self.blocks.len(), Ordering::Relaxed))
        };
        thread::scope(|scope| {
            let help = |_| Builder::new().name("load".into()).spawn_scoped(scope, work).ok();
            let helpers: Vec<_> = (1..threads()).map_while(help).collect();
            let own = work();
            let ended =
                helpers.into_iter().map(|it| it.join().unwrap_or_else(|it| resume_unwind(it)));
            ended.fold(own, Result::and)
        })
    }

    /// Why this snapshot cannot be used here.
    pub(crate) fn unusable(&self, why: Unusable) -> LoadError {
        LoadError::Unusable { path: self.file.path.clone(), why }
    }

    /// Why the log that is there cannot be the one it was taken of.
    pub(crate) fn another_log(&self, error: ReadError) -> LoadError {
        LoadError::Log { path: self.file.path.clone(), error: Box::new(error) }
    }

    pub(crate) fn without_policy(&self) -> LoadError {
        LoadError::Policy { path: self.file.path.clone(), position: self.head.policy }
    }

    /// Hands over blocks that nobody else has begun with, until there are no more.
    fn work(
        &self,
        next: &AtomicUsize,
        take: impl Fn(Kind, &[u8]) -> Result<(), Unusable>,
    ) -> Result<(), LoadError> {
        let mut buffer = Vec::new();
        while let Some(block) = self.blocks.get(next.fetch_add(1, Ordering::Relaxed)) {
            let payload = self.file.payload(block, &mut buffer)?;
            take(block.kind, payload).map_err(|why| self.unusable(why))?;
        }
        Ok(())
    }
}

fn threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::super::Draft;
    use super::*;
    use crate::log::{Mark, Position};

    fn event(tail: u64) -> SeenEvent {
        SeenEvent { tail, payload: 2, location: (3, 4) }
    }

    /// A snapshot of three parts and some events.
    fn written(dir: &Path) -> Vec<u8> {
        let mark = Mark { sequence: 7, checksum: 1 };
        let head = Head { mark, policy: Position { segment: 0, offset: 64 }, state: vec![9; 5] };
        let mut draft = Draft::new(dir, &head).unwrap();
        for part in [&b"one"[..], b"two", &[3; 99]] {
            draft.state(part).unwrap();
        }
        draft.seen(&[event(1), event(2)]).unwrap();
        draft.seen(&[]).unwrap();
        let path = dir.join("whole");
        let bytes = draft.finish(&path).unwrap();
        let written = std::fs::read(path).unwrap();
        assert_eq!(u64::try_from(written.len()).unwrap(), bytes);
        written
    }

    /// What is loaded from a file with these bytes: parts of the state in any order, events in theirs.
    fn load(dir: &Path, bytes: &[u8]) -> Result<(Vec<Vec<u8>>, Vec<u64>), LoadError> {
        let path = dir.join("copy");
        std::fs::write(&path, bytes).unwrap();
        let kept = Kept::open(&path)?;
        assert_eq!((kept.head.mark.sequence, kept.head.state.as_slice()), (7, &[9; 5][..]));
        let (parts, events) = (Mutex::default(), Mutex::default());
        let state = |part: &[u8]| {
            Vec::push(&mut parts.lock().unwrap(), part.to_vec());
            Ok(())
        };
        kept.load(state, |event| Vec::push(&mut events.lock().unwrap(), event.tail))?;
        let (mut parts, events) = (parts.into_inner().unwrap(), events.into_inner().unwrap());
        parts.sort();
        Ok((parts, events))
    }

    #[test]
    fn everything_that_was_written_is_loaded() {
        let dir = tempfile::tempdir().unwrap();
        let bytes = written(dir.path());
        let parts = vec![vec![3; 99], b"one".to_vec(), b"two".to_vec()];
        assert_eq!(load(dir.path(), &bytes).unwrap(), (parts, vec![1, 2]));
        assert!(!dir.path().join("unfinished").exists());
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let dir = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let bytes = written(dir.path());
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(load(dir.path(), &flipped).is_err(), "bit {bit}");
        }
        assert!((0..bytes.len()).all(|cut| load(dir.path(), &bytes[..cut]).is_err()));
        assert!(load(dir.path(), &[&bytes[..], &[0]].concat()).is_err());
    }

    #[test]
    fn a_block_that_is_missing_or_there_twice_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let bytes = written(dir.path());
        let blocks = BlockFile::open(&dir.path().join("whole")).unwrap().blocks().unwrap();
        let places: Vec<_> = blocks.iter().map(Block::place).collect();
        for place in places {
            let without = [&bytes[..place.start], &bytes[place.end..]].concat();
            assert!(load(dir.path(), &without).is_err(), "without {place:?}");
            let twice = [&bytes[..place.end], &bytes[place.start..]].concat();
            assert!(load(dir.path(), &twice).is_err(), "twice {place:?}");
        }
    }

    #[test]
    fn what_the_state_refuses_ends_it() {
        let dir = tempfile::tempdir().unwrap();
        written(dir.path());
        let kept = Kept::open(&dir.path().join("whole")).unwrap();
        let refused = kept.load(|_| Err(Unusable::Window), |_| {});
        assert!(matches!(refused, Err(LoadError::Unusable { why: Unusable::Window, .. })));
    }
}
