//! What a start begins with: the newest snapshot that can be used, or nothing.

use std::path::Path;

use super::restore::Restored;
use crate::clock::Stopwatch;
use crate::log::Recovery;
use crate::snapshot::{Generations, Kept, LoadError};

/// Loads the newest snapshot that can be used, and lets `recovery` go on with the record behind it; else `empty`, and
/// the whole log. Whatever is wrong with a snapshot is told and costs nothing but time.
pub(super) fn newest(
    generations: &mut Generations,
    recovery: &mut Recovery,
    empty: impl Fn() -> Restored,
    stopwatch: Stopwatch,
) -> Restored {
    let files = generations.files().unwrap_or_else(|error| {
        tracing::warn!(error = %generations.failed(error), "no snapshot is used");
        Vec::new()
    });
    for file in files {
        let began = stopwatch();
        match load(&file, recovery, &empty) {
            Ok((restored, bytes)) => {
                let (records, time) = (restored.records(), stopwatch().saturating_sub(began));
                tracing::info!(records, bytes, ?time, "loaded a snapshot");
                generations.note(records);
                return restored;
            }
            Err(error) => {
                tracing::warn!(%error, "a snapshot is not used: the start reads more of the log");
            }
        }
    }
    recovery.restart();
    empty()
}

fn load(
    file: &Path,
    recovery: &mut Recovery,
    empty: impl Fn() -> Restored,
) -> Result<(Restored, u64), LoadError> {
    let kept = Kept::open(file)?;
    recovery.skip_to(kept.head.mark).map_err(|error| kept.another_log(error))?;
    Ok((empty().load(&kept)?, kept.bytes()))
}
