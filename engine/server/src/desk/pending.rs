//! Answers that wait for the disk.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use super::RETRY_AFTER;
use super::memory::Known;
use crate::edge::Refusal;
use crate::log::{Log, Ticket, Wait};

/// An answer that may be given once its record is on disk.
#[must_use = "an answer may be given only when its record is on disk"]
pub struct Pending<T> {
    until: Until,
    answer: Option<Answer<T>>,
}

/// What an answer waits for.
enum Until {
    Written(Ticket),
    Synced(Wait),
}

type Read<T> = Box<dyn FnOnce(&Log) -> Result<T, Refusal> + Send>;

enum Answer<T> {
    Ready(T),
    /// Told before: read from the log.
    Recorded(Arc<Log>, Read<T>),
}

impl<T> Pending<T> {
    /// An answer whose record has just been handed to the log.
    pub(super) fn new(ticket: Ticket, answer: T) -> Self {
        Self { until: Until::Written(ticket), answer: Some(Answer::Ready(answer)) }
    }

    /// An answer that `read` takes from the record of an earlier time.
    pub(super) fn recorded(
        log: &Arc<Log>,
        known: Known,
        read: impl FnOnce(&Log) -> Result<T, Refusal> + Send + 'static,
    ) -> Self {
        Self {
            until: Until::Synced(log.wait(known.sequence.saturating_add(1))),
            answer: Some(Answer::Recorded(Arc::clone(log), Box::new(read))),
        }
    }
}

impl<T: Unpin> Future for Pending<T> {
    type Output = Result<T, Refusal>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let synced = match &mut self.until {
            Until::Written(ticket) => ready!(Pin::new(ticket).poll(context)),
            Until::Synced(wait) => ready!(Pin::new(wait).poll(context)),
        };
        if let Err(stopped) = synced {
            tracing::error!(%stopped, "a record did not reach the disk");
            return Poll::Ready(Err(Refusal::Unavailable { retry_after: RETRY_AFTER }));
        }
        match self.answer.take() {
            Some(Answer::Ready(answer)) => Poll::Ready(Ok(answer)),
            Some(Answer::Recorded(log, read)) => Poll::Ready(read(&log)),
            None => Poll::Pending,
        }
    }
}

impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").finish_non_exhaustive()
    }
}
