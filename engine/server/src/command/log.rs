//! `doorward log …`.

use doorward_core::engine::Engine;
use doorward_core::seen::EVENTS_SEEN_MIN;
use doorward_core::store::Budget;

use super::{CommandError, open};
use crate::cli::Places;
use crate::config::Config;
use crate::desk::{Restored, key};
use crate::log;

/// Replays the log into an empty state, from its first record whatever snapshots there are, and prints
/// what it leads to. Reads only: a service may be writing the same log.
///
/// # Errors
/// If the log is damaged or the rules are wrong.
pub fn log_digest(places: &Places) -> Result<(), CommandError> {
    let config = Config::load(places, None)?;
    let (policy, _) = open::policy(config.rules.as_deref())?;
    let directory = config.data.join("log");
    let key = key(&config.data)?;
    let mut restored = Restored::new(
        &directory,
        key,
        Engine::new(key, policy, Budget::default()),
        EVENTS_SEEN_MIN,
    );
    for found in log::scan(&directory) {
        let (position, frame) = found?;
        restored.apply(position, &frame)?;
    }
    let digest = restored.engine().store().digest();
    println!("{} records on disk, state {digest:032x}", restored.records());
    Ok(())
}
