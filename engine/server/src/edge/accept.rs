//! The accept loop: how connections begin, how many there are, and that they end.

use std::pin::pin;
use std::time::Duration;

use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::calls::{Calls, Running};
use super::front::Front;
use super::limits::{ACCEPT_PAUSE, CALLS_MAX, HEAD_BYTES_MAX, Limits};
use super::socket::Socket;

/// Serves until `stop` is ready, then lets calls in flight end, for [`Limits::grace`] at most.
///
/// Returns when no connection is left, however silent its peer: what does not end by itself is cut.
pub async fn serve(
    listener: TcpListener,
    front: Front,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let (drain, draining) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    let mut full = false;
    loop {
        tokio::select! {
            () = &mut stop => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok(_) if connections.len() >= limits.connections_max => {
                    // Told once, or whoever fills the door also fills the log.
                    if !full {
                        tracing::warn!(connections = connections.len(), "closing new connections");
                    }
                    full = true;
                }
                Ok((socket, _)) => {
                    full = false;
                    let connection = connection(socket, front.clone(), limits, draining.clone());
                    connections.spawn(connection);
                }
                Err(error) => {
                    tracing::warn!(%error, "could not accept a connection");
                    sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    front.close().await;
    drain.send_replace(true);
    end(connections, limits.grace).await;
}

/// Waits for the connections to end, then ends them.
async fn end(mut connections: JoinSet<()>, grace: Duration) {
    let all = async { while connections.join_next().await.is_some() {} };
    if timeout(grace, all).await.is_err() {
        tracing::warn!(connections = connections.len(), "cut what did not end by itself");
        connections.shutdown().await;
    }
}

async fn connection(
    socket: TcpStream,
    front: Front,
    limits: Limits,
    mut draining: watch::Receiver<bool>,
) {
    if let Err(error) = socket.set_nodelay(true) {
        tracing::debug!(%error, "the peer was gone before it said anything");
        return;
    }
    let calls = Calls::default();
    let builder = builder(calls.clone(), limits);
    let socket = TokioIo::new(Socket::new(socket, limits.opening));
    let mut running = Running::new(builder.serve_connection(socket, front), calls);
    let ended = tokio::select! {
        ended = &mut running => Some(ended),
        () = async { drop(draining.wait_for(|draining| *draining).await) } => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            running.connection.as_mut().graceful_shutdown();
            running.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}

fn builder(calls: Calls, limits: Limits) -> Builder<Calls> {
    let mut builder = Builder::new(calls);
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(usize::try_from(HEAD_BYTES_MAX).unwrap_or(usize::MAX));
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(CALLS_MAX)
        .max_header_list_size(HEAD_BYTES_MAX)
        .keep_alive_interval(limits.keepalive)
        .keep_alive_timeout(limits.keepalive);
    builder
}
