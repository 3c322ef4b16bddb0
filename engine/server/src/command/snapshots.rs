//! Snapshots, taken while a desk is open and when it closes.

use std::future;
use std::sync::Arc;
use std::time::Duration;

use crate::desk::{Desk, Taken};

/// Takes a snapshot now and whenever so much time has passed, if ever, and never ends. Dropped, it leaves one that has
/// begun to its end.
///
/// Now, because a start that had to read much of the log should be the last that has to, even if the next comes soon.
pub(super) async fn keep_taking(desk: &Arc<Desk>, every: Option<Duration>) {
    let Some(every) = every else { return future::pending().await };
    loop {
        let desk = Arc::clone(desk);
        let taken = tokio::task::spawn_blocking(move || take(&desk)).await;
        if let Err(error) = taken {
            tracing::error!(%error, "no snapshot is taken any more");
            return future::pending().await;
        }
        tokio::time::sleep(every).await;
    }
}

/// Takes a snapshot if there is anything new, and says what it cost. Without one, a start only takes longer.
pub(super) fn take(desk: &Desk) {
    match desk.snapshot() {
        Ok(None) => {}
        Ok(Some(Taken { records, bytes, time })) => {
            tracing::info!(records, bytes, ?time, "took a snapshot");
        }
        Err(error) => {
            tracing::warn!(%error, "took no snapshot: the next start reads more of the log")
        }
    }
}
