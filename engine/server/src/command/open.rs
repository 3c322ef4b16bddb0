//! What several commands open: the policy, the desk, the runtime.

use std::io::{self, IsTerminal as _};
use std::path::Path;

use doorward_core::policy::Policy;
use doorward_core::store::Budget;
use tracing_subscriber::EnvFilter;

use super::CommandError;
use super::check::{Checked, Sound};
use crate::clock;
use crate::desk::{Desk, Opened, Opening};
use crate::enrich::{Edition, Enricher, GeoData, NetworkLists};
use crate::log::limits::Limits;
use crate::rules::RuleText;

/// The policy of a directory, or the shipped one, and its text.
pub(super) fn policy(directory: Option<&Path>) -> Result<(Policy, RuleText), CommandError> {
    let Sound { policy, text, .. } = Checked::read(directory)?.sound()?;
    Ok((policy, text))
}

/// Looks things up in geo data and network lists, after it has told what a person should know of both.
pub(super) fn enricher(geo: GeoData, lists: NetworkLists) -> Enricher {
    for warning in geo.warnings() {
        tracing::warn!(%warning, "geo data");
    }
    let now = clock::now();
    for Edition { name, version, .. } in geo.stale(now) {
        let advice = "bring the file up to date: until then places and networks that only it knows are unknown";
        tracing::warn!(name, version, advice, "stale geo data");
    }
    for list in lists.iter() {
        let (class, entries) = (list.file.class, list.entries);
        let (name, source) = (&*list.edition.name, &*list.file.source);
        let edition = &*list.edition.version;
        if list.stale(now) {
            let advice = "bring the file up to date: until then its class is unknown";
            tracing::warn!(name, source, %class, edition, entries, advice, "stale network list");
        } else {
            tracing::info!(name, source, %class, edition, entries, "network list");
        }
    }
    Enricher::new(geo).with_lists(lists)
}

/// The desk of a data directory, its state recovered, with the rules of a directory or the shipped
/// ones.
pub(super) fn desk(
    data: &Path,
    rules: Option<&Path>,
    enricher: Enricher,
    budget: Budget,
) -> Result<Desk, CommandError> {
    let (policy, text) = policy(rules)?;
    tracing::info!(bill = %policy.bill(), "policy");
    let opening = Opening {
        data,
        policy,
        text: &text,
        enricher,
        budget,
        limits: Limits::default(),
        clock: clock::now,
        stopwatch: clock::elapsed,
    };
    let Opened { desk, records, loaded } = Desk::open(opening)?;
    tracing::info!(records, loaded, data = %data.display(), "recovered");
    Ok(desk)
}

/// The threads that serve.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, CommandError> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.enable_all().build().map_err(CommandError::system("start threads"))
}

/// Tells operators on standard error what they should know, from `level` on; `RUST_LOG` asks for
/// more or less.
pub(super) fn tell(level: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let colour = io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colour);
    // A second call, in a test, keeps the first.
    let _ = lines.with_writer(io::stderr).try_init();
}
