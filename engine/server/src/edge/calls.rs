//! The calls of one connection, run by the connection's own task.
//!
//! Their answers become ready together, when a batch of records is on disk. With a task for each call that is a
//! hundred tasks to wake, from another thread, for microseconds of work; here it is one.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use hyper::rt::Executor;

type Call = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Where a connection puts the calls that it begins.
#[derive(Clone, Default)]
pub(super) struct Calls(Arc<Mutex<Vec<Call>>>);

impl Calls {
    fn begun(&self) -> MutexGuard<'_, Vec<Call>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<F: Future<Output = ()> + Send + 'static> Executor<F> for Calls {
    fn execute(&self, call: F) {
        self.begun().push(Box::pin(call));
    }
}

/// A connection with its calls: ready when the connection has ended, and what it has begun is dropped then.
pub(super) struct Running<C> {
    /// The connection.
    pub(super) connection: Pin<Box<C>>,
    calls: Calls,
    running: FuturesUnordered<Call>,
}

impl<C: Future> Running<C> {
    /// Runs `connection`, which begins its calls in `calls`.
    pub(super) fn new(connection: C, calls: Calls) -> Self {
        Self { connection: Box::pin(connection), calls, running: FuturesUnordered::new() }
    }

    /// Goes on with the calls; whether the connection has something to send now.
    fn advance(&mut self, context: &mut Context<'_>) -> bool {
        self.running.extend(self.calls.begun().drain(..));
        let mut ended = false;
        while let Poll::Ready(Some(())) = self.running.poll_next_unpin(context) {
            ended = true;
        }
        ended
    }
}

impl<C: Future> Future for Running<C> {
    type Output = C::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<C::Output> {
        loop {
            if let Poll::Ready(ended) = self.connection.as_mut().poll(context) {
                return Poll::Ready(ended);
            }
            if !self.advance(context) {
                return Poll::Pending;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::task::Waker;

    use tokio::sync::oneshot;

    use super::*;

    /// A connection that begins two calls, the second of which waits for `word`, and ends when `last` is told.
    fn connection(
        calls: &Calls,
        word: oneshot::Receiver<()>,
        told: Arc<Mutex<Vec<&'static str>>>,
        last: usize,
    ) -> impl Future<Output = ()> + use<> {
        let tell = |text| {
            let told = Arc::clone(&told);
            move || told.lock().unwrap().push(text)
        };
        let (first, second) = (tell("first"), tell("second"));
        calls.execute(async move { first() });
        calls.execute(async move {
            drop(word.await);
            second();
        });
        poll_fn(move |_| match told.lock().unwrap().len() >= last {
            true => Poll::Ready(()),
            false => Poll::Pending,
        })
    }

    #[test]
    fn calls_run_with_their_connection_and_wake_it() {
        let (calls, told) = (Calls::default(), Arc::default());
        let (speak, word) = oneshot::channel();
        let mut running = Running::new(connection(&calls, word, Arc::clone(&told), 2), calls);
        let context = &mut Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut running).poll(context).is_pending());
        assert_eq!(*told.lock().unwrap(), ["first"]);
        speak.send(()).unwrap();
        assert!(Pin::new(&mut running).poll(context).is_ready());
        assert_eq!(*told.lock().unwrap(), ["first", "second"]);
    }

    #[test]
    fn an_ended_connection_drops_its_calls() {
        let (calls, told) = (Calls::default(), Arc::default());
        let (speak, word) = oneshot::channel();
        let mut running = Running::new(connection(&calls, word, told, 1), calls);
        let context = &mut Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut running).poll(context).is_ready());
        drop(running);
        assert!(speak.is_closed());
    }
}
