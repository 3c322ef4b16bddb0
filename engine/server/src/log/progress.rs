//! How far the disk has come, and who waits for it.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use super::waiters::Waiters;

/// Why a log takes no more records.
#[derive(Clone, Debug)]
pub enum Stopped {
    /// It was closed, and everything that was appended is on disk.
    Closed,
    /// The disk refused a write or a sync.
    ///
    /// Whatever was not synced before is unknown until the next start has read the log.
    Failed(Arc<io::Error>),
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => write!(f, "the log is closed"),
            Self::Failed(error) => write!(
                f,
                "the log could not be written ({error}): check the disk, then start again; \
                 what was answered is safe"
            ),
        }
    }
}

impl std::error::Error for Stopped {}

/// Resolves once a number of records is on disk, or the log has stopped before.
///
/// Wakes its task once. Everything before those records is on disk too, so a stream of many
/// records waits for the last one only.
#[must_use = "a record is on disk only when this has resolved"]
#[derive(Debug)]
pub struct Wait {
    progress: Arc<Progress>,
    records: u64,
    /// Tells this waiter from others that wait for the same number, once it is registered.
    id: Option<u64>,
}

/// Wakes a thread that waits.
struct Parked(Thread);

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

impl Wait {
    /// Blocks this thread until it has resolved.
    pub(crate) fn block(mut self) -> Result<(), Stopped> {
        let waker = Waker::from(Arc::new(Parked(thread::current())));
        loop {
            match Pin::new(&mut self).poll(&mut Context::from_waker(&waker)) {
                Poll::Ready(result) => return result,
                Poll::Pending => thread::park(),
            }
        }
    }
}

impl Future for Wait {
    type Output = Result<(), Stopped>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let registered = self.id.take();
        match self.progress.ended_or_register(self.records, registered, context.waker()) {
            Ended::With(result) => Poll::Ready(result),
            Ended::NotYet { id } => {
                self.id = Some(id);
                Poll::Pending
            }
        }
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.progress.waiting().waiters.remove((self.records, id));
        }
    }
}

/// What a poll of a [`Wait`] found.
enum Ended {
    With(Result<(), Stopped>),
    /// The waker is registered under this id.
    NotYet {
        id: u64,
    },
}

/// The number of records on disk, and the tasks that wait for it to grow.
#[derive(Debug)]
pub(crate) struct Progress {
    /// Written under the lock of `waiting`, so that no waiter registers for what has just come.
    synced: AtomicU64,
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    waiters: Waiters,
    id_next: u64,
    stopped: Option<Stopped>,
}

impl Progress {
    pub(crate) fn new(synced: u64) -> Self {
        Self { synced: AtomicU64::new(synced), waiting: Mutex::default() }
    }

    pub(crate) fn synced(&self) -> u64 {
        self.synced.load(Ordering::Acquire)
    }

    pub(crate) fn stopped(&self) -> Option<Stopped> {
        self.waiting().stopped.clone()
    }

    pub(crate) fn wait(self: &Arc<Self>, records: u64) -> Wait {
        Wait { progress: Arc::clone(self), records, id: None }
    }

    /// Wakes all who wait for `synced` records or fewer.
    pub(crate) fn advance(&self, synced: u64) {
        let mut waiting = self.waiting();
        self.synced.store(synced, Ordering::Release);
        let ready = waiting.waiters.take(synced);
        drop(waiting);
        ready.into_iter().for_each(Waker::wake);
    }

    /// Wakes everybody. The first reason stays.
    pub(crate) fn stop(&self, reason: Stopped) {
        let mut waiting = self.waiting();
        waiting.stopped.get_or_insert(reason);
        let all = waiting.waiters.take(u64::MAX);
        drop(waiting);
        all.into_iter().for_each(Waker::wake);
    }

    fn ended_or_register(&self, records: u64, id: Option<u64>, waker: &Waker) -> Ended {
        if self.synced() >= records {
            return Ended::With(Ok(()));
        }
        let mut waiting = self.waiting();
        if self.synced() >= records {
            return Ended::With(Ok(()));
        }
        if let Some(reason) = &waiting.stopped {
            return Ended::With(Err(reason.clone()));
        }
        let id = match id {
            Some(id) => {
                waiting.waiters.renew((records, id), waker);
                id
            }
            None => {
                let id = waiting.new_id();
                waiting.waiters.add((records, id), waker.clone());
                id
            }
        };
        Ended::NotYet { id }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn new_id(&mut self) -> u64 {
        self.id_next = self.id_next.wrapping_add(1);
        self.id_next
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[derive(Default)]
    struct Wakes(AtomicUsize);

    impl Wake for Wakes {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn poll(wait: &mut Wait, wakes: &Arc<Wakes>) -> Poll<Result<(), Stopped>> {
        Pin::new(wait).poll(&mut Context::from_waker(&Waker::from(Arc::clone(wakes))))
    }

    #[test]
    fn a_waiter_is_woken_once_and_only_for_its_own_record() {
        let progress = Arc::new(Progress::new(0));
        let wakes = Arc::new(Wakes::default());
        let mut wait = progress.wait(3);
        assert!(poll(&mut wait, &wakes).is_pending());
        assert!(poll(&mut wait, &wakes).is_pending());
        progress.advance(2);
        assert_eq!(wakes.0.load(Ordering::Relaxed), 0);
        progress.advance(5);
        progress.advance(6);
        assert_eq!(wakes.0.load(Ordering::Relaxed), 1);
        assert!(matches!(poll(&mut wait, &wakes), Poll::Ready(Ok(()))));
    }

    #[test]
    fn a_thread_that_waits_goes_on_when_its_record_comes() {
        let progress = Arc::new(Progress::new(0));
        let wait = progress.wait(3);
        let waiting = thread::spawn(|| wait.block());
        (1..=3).for_each(|synced| progress.advance(synced));
        assert!(waiting.join().unwrap().is_ok());
        progress.stop(Stopped::Closed);
        assert!(matches!(progress.wait(4).block(), Err(Stopped::Closed)));
    }

    #[test]
    fn a_dropped_waiter_leaves_nothing() {
        let progress = Arc::new(Progress::new(0));
        let mut wait = progress.wait(3);
        assert!(poll(&mut wait, &Arc::default()).is_pending());
        drop(wait);
        assert!(progress.waiting().waiters.take(u64::MAX).is_empty());
    }

    #[test]
    fn a_stop_leaves_what_was_synced_and_refuses_the_rest() {
        let progress = Arc::new(Progress::new(2));
        let wakes = Arc::new(Wakes::default());
        let mut later = progress.wait(3);
        assert!(poll(&mut later, &wakes).is_pending());
        progress.stop(Stopped::Closed);
        assert_eq!(wakes.0.load(Ordering::Relaxed), 1);
        assert!(matches!(poll(&mut later, &wakes), Poll::Ready(Err(Stopped::Closed))));
        assert!(matches!(poll(&mut progress.wait(2), &wakes), Poll::Ready(Ok(()))));
    }
}
