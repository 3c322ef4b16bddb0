//! The whole run: both servers, every mode, round after round.

use std::error::Error;
use std::process::ExitCode;

use crate::clock;
use crate::options::{Mode, Options};
use crate::report::Report;
use crate::round::{Measure, measure};
use crate::server::Server;

/// Attempts begin this long ago, so that no run is long enough to reach the present.
const BEGIN_AGO_S: i64 = 30 * 24 * 3_600;

/// Compares the servers and prints what was seen.
///
/// Fails if any attempt was not answered well, or a target was asked for and missed.
pub(crate) async fn run(options: &Options) -> Result<ExitCode, Box<dyn Error>> {
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

async fn compare(
    mode: Mode,
    options: &Options,
    servers: [&Server; 2],
) -> Result<Report, Box<dyn Error>> {
    let mut report = Report::begin(mode, options);
    for server in servers {
        let measured = measure(server, mode, options, options.warm_up).await?;
        report.count_errors(server.name, &measured);
    }
    for round in 1..=options.rounds {
        report.add(round, both(mode, options, servers, round % 2 == 0).await?);
    }
    report.print_medians();
    Ok(report)
}

/// Measures one server after the other; `turned` lets the second go first.
async fn both<'a>(
    mode: Mode,
    options: &Options,
    [one, other]: [&'a Server; 2],
    turned: bool,
) -> Result<[(&'a str, Measure); 2], Box<dyn Error>> {
    let first = if turned { other } else { one };
    let second = if turned { one } else { other };
    let first_measure = measure(first, mode, options, options.span).await?;
    let second_measure = measure(second, mode, options, options.span).await?;
    let pair = [(first.name, first_measure), (second.name, second_measure)];
    let [first, second] = pair;
    Ok(if turned { [second, first] } else { [first, second] })
}
