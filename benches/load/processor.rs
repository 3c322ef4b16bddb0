//! Processor time of a process.

use std::time::Duration;

/// Unit of the times in `/proc/PID/stat`, fixed by Linux for user space.
const TICK: Duration = Duration::from_millis(10);

/// Processor time used so far by all threads of a process, where the system tells (Linux); `self` is this one.
pub(crate) fn time(process: &str) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program ends with the last `)`; user and system time are fields 14 and 15.
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u32>);
    Some(TICK * ticks.sum::<Result<u32, _>>().ok()?)
}
