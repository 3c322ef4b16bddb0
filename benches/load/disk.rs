//! How long the disk below the log takes, so that the waiting in the figures can be told apart.

use std::fs::File;
use std::io::{Result, Write};
use std::path::Path;
use std::time::Duration;

use crate::stopwatch;

/// What is written before each sync.
const BLOCK: [u8; 4_096] = [0x5a; 4_096];
/// Writes that are timed.
const WRITES: usize = 101;

/// Median time to append one block and sync it, in `directory`.
pub(crate) fn sync_time(directory: &Path) -> Result<Duration> {
    let mut file: File = tempfile::tempfile_in(directory)?;
    let mut times = Vec::with_capacity(WRITES);
    for _ in 0..WRITES {
        let started_at = stopwatch::now();
        file.write_all(&BLOCK)?;
        file.sync_data()?;
        times.push(stopwatch::now() - started_at);
    }
    times.sort();
    Ok(times.get(WRITES / 2).copied().unwrap_or_default())
}
