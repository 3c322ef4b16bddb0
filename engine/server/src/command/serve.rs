//! `doorward serve`.

use std::net::SocketAddr;
use std::sync::Arc;

use super::door::{self, Door};
use super::{CommandError, open};
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
    let enricher = open::enricher(GeoData::open(&config.geo)?, lists);
    let rules = config.rules.as_deref();
    let desk = Arc::new(open::desk(&config.data, rules, enricher, config.budget)?);
    open::runtime()?.block_on(answer(&desk, config.listen))?;
    door::end(&desk)
}

/// Listens, says so, and answers until a signal comes or the log stops.
async fn answer(desk: &Arc<Desk>, address: SocketAddr) -> Result<(), CommandError> {
    let door = Door::open(desk, door::listen(address).await?).await?;
    let stop = door::stop(desk)?;
    println!("doorward answers at http://{} (gRPC and JSON)", door.address());
    door.answer(stop).await;
    Ok(())
}
