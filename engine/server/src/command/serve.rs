//! `doorward serve`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::door::{self, Door};
use super::{CommandError, open, snapshots};
use crate::cli::ServeArgs;
use crate::config::Config;
use crate::desk::Desk;
use crate::enrich::{GeoData, NetworkLists};

/// Answers until told to stop.
///
/// # Errors
/// If it cannot start, or if the log fails.
pub fn serve(args: &ServeArgs) -> Result<(), CommandError> {
    open::tell("info");
    let config = Config::load(&args.places, args.listen)?;
    let lists = NetworkLists::open(&config.network_lists)?;
    let enricher =
        open::enricher(GeoData::open(&config.geo)?.stale_after(config.geo_stale_after_ms), lists);
    let rules = config.rules.as_deref();
    let desk = Arc::new(open::desk(&config.data, rules, enricher, config.budget)?);
    open::runtime()?.block_on(answer(&desk, config.listen, config.snapshot_every))?;
    desk.log().close()?;
    if config.snapshot_every.is_some() {
        snapshots::take(&desk);
    }
    door::end(&desk)
}

/// Listens, says so, takes snapshots, and answers until a signal comes or the log stops.
async fn answer(
    desk: &Arc<Desk>,
    address: SocketAddr,
    snapshot_every: Option<Duration>,
) -> Result<(), CommandError> {
    let door = Door::open(desk, door::listen(address).await?).await?;
    let stop = door::stop(desk)?;
    println!("doorward answers at http://{} (gRPC and JSON)", door.address());
    tokio::select! {
        () = door.answer(stop) => {}
        () = snapshots::keep_taking(desk, snapshot_every) => {}
    }
    Ok(())
}
