//! The whole run: both servers, every mode, round after round.

use std::error::Error;
use std::process::ExitCode;

use prost::Message as _;

use crate::attempts::Attempts;
use crate::options::{Mode, Options};
use crate::report::Report;
use crate::round::{Measure, measure};
use crate::server::Server;
use crate::{clock, disk};

/// Attempts begin this long ago, so that no run is long enough to reach the present.
const BEGIN_AGO_S: i64 = 30 * 24 * 3_600;

/// Attempts that the mean size is taken of.
const SAMPLE: usize = 10_000;

/// Compares the servers and prints what was seen.
///
/// Fails if any attempt was not answered well, or if a target is to be met and is not.
pub(crate) async fn run(options: &Options) -> Result<ExitCode, Box<dyn Error>> {
    println!("one attempt: {} bytes on average", attempt_bytes());
    println!("one write and sync of 4 KiB beside the log: {:?}", disk::sync_time(&options.data)?);
    let begin_s = clock::unix_seconds() - BEGIN_AGO_S;
    let echo = Server::echo("echo", begin_s).await?;
    let other = if options.noise {
        Server::echo("echo again", begin_s).await?
    } else {
        Server::doorward(begin_s, &options.data).await?
    };
    let mut good = true;
    for &mode in &options.modes {
        let report = compare(mode, options, [&echo, &other]).await?;
        good &= report.errors == 0;
        good &= report.print_target() || !options.check;
    }
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn compare<'a>(
    mode: Mode,
    options: &Options,
    servers: [&'a Server; 2],
) -> Result<Report<'a>, Box<dyn Error>> {
    let mut report = Report::begin(mode, options, servers);
    for server in servers {
        report.count_errors(&measure(server, mode, options, options.warm_up).await?);
    }
    for round in 1..=options.rounds {
        report.add(round, &both(mode, options, servers, round % 2 == 0).await?);
    }
    report.print_medians();
    Ok(report)
}

/// Measures one server after the other, the second one first if `turned`.
async fn both(
    mode: Mode,
    options: &Options,
    [one, other]: [&Server; 2],
    turned: bool,
) -> Result<[Measure; 2], Box<dyn Error>> {
    if turned {
        let other = measure(other, mode, options, options.span).await?;
        return Ok([measure(one, mode, options, options.span).await?, other]);
    }
    let one = measure(one, mode, options, options.span).await?;
    Ok([one, measure(other, mode, options, options.span).await?])
}

/// Mean size of the first attempts of the sequence.
fn attempt_bytes() -> usize {
    let attempts = Attempts::beginning_at(0);
    let bytes: usize = (0..SAMPLE).map(|_| attempts.take().encoded_len()).sum();
    bytes / SAMPLE
}
