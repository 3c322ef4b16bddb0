//! What stands between a desk and its callers: a socket, a sign to stop, an end in order.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::CommandError;
use crate::desk::Desk;
use crate::edge::{self, Front, Limits};

/// A desk that can be called.
pub(super) struct Door {
    listener: TcpListener,
    address: SocketAddr,
    front: Front,
}

impl Door {
    /// Callers can connect from here on; they are answered once [`Door::answer`] runs.
    pub(super) async fn open(
        desk: &Arc<Desk>,
        listener: TcpListener,
    ) -> Result<Self, CommandError> {
        let address = listener.local_addr().map_err(CommandError::system("find out the port"))?;
        let front = Front::open(Arc::clone(desk), Limits::default()).await;
        let front = front.map_err(|error| CommandError::Front(error.to_string()))?;
        Ok(Self { listener, address, front })
    }

    /// Where it answers.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` is ready and the calls in flight are answered.
    pub(super) async fn answer(self, stop: impl Future<Output = ()>) {
        edge::serve(self.listener, self.front, Limits::default(), stop).await;
    }
}

/// Takes the port.
pub(super) async fn listen(address: SocketAddr) -> Result<TcpListener, CommandError> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => CommandError::Taken { address },
        _ => CommandError::system(format!("listen on {address}"))(error),
    })
}

/// Ready when the operator wants it to end, or when nothing can be recorded any more.
pub(super) fn stop(desk: &Desk) -> Result<impl Future<Output = ()> + use<>, CommandError> {
    let hear = |kind| signal(kind).map_err(CommandError::system("hear signals"));
    let (mut terminate, mut interrupt) =
        (hear(SignalKind::terminate())?, hear(SignalKind::interrupt())?);
    let stopped = desk.log().stopped();
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = stopped => {}
        }
    })
}

/// Brings everything to disk and says what there is.
pub(super) fn end(desk: &Desk) -> Result<(), CommandError> {
    desk.log().close()?;
    println!("{} records on disk, state {:032x}", desk.log().synced(), desk.digest());
    Ok(())
}
