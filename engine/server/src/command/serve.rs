//! `doorward serve`.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::{CommandError, open};
use crate::cli::ServeArgs;
use crate::clock;
use crate::config::Config;
use crate::desk::{Desk, Opened, Opening};
use crate::edge::{self, Front, Limits};
use crate::enrich::{Enricher, GeoData};
use crate::log;

/// Answers until told to stop.
///
/// # Errors
/// If it cannot start, or if the log fails.
pub fn serve(args: &ServeArgs) -> Result<(), CommandError> {
    open::tell();
    let config = Config::load(&args.places, args.listen)?;
    let (policy, text) = open::policy(config.rules.as_deref())?;
    tracing::info!(bill = %policy.bill(), "policy");
    let geo = GeoData::open(&config.geo)?;
    for warning in geo.warnings() {
        tracing::warn!(%warning, "geo data");
    }
    let opening = Opening {
        data: &config.data,
        policy,
        text: &text,
        enricher: Enricher::new(geo),
        limits: log::limits::Limits::default(),
        clock: clock::now,
        stopwatch: clock::elapsed,
    };
    let Opened { desk, records } = Desk::open(opening)?;
    tracing::info!(records, data = %config.data.display(), "recovered");
    let desk = Arc::new(desk);
    open::runtime()?.block_on(answer(Arc::clone(&desk), config.listen))?;
    end(&desk)
}

/// Listens, says so, and answers until a signal comes or the log stops.
async fn answer(desk: Arc<Desk>, address: SocketAddr) -> Result<(), CommandError> {
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(CommandError::system(format!("listen on {address}")))?;
    let bound = listener.local_addr().map_err(CommandError::system("find out the port"))?;
    let limits = Limits::default();
    let front = Front::open(Arc::clone(&desk), limits).await;
    let front = front.map_err(|error| CommandError::Front(error.to_string()))?;
    let stop = stop(&desk)?;
    println!("doorward answers at http://{bound} (gRPC and JSON)");
    edge::serve(listener, front, limits, stop).await;
    Ok(())
}

/// Ready when the operator wants it to end, or when nothing can be recorded any more.
fn stop(desk: &Desk) -> Result<impl Future<Output = ()> + use<>, CommandError> {
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
fn end(desk: &Desk) -> Result<(), CommandError> {
    desk.log().close()?;
    println!("{} records on disk, state {:032x}", desk.log().synced(), desk.digest());
    Ok(())
}
