//! What the run prints.

use crate::options::{Mode, Options};
use crate::round::Measure;
use crate::server::Server;

/// Least share of the stock echo's unary requests per second that Doorward should reach.
const UNARY_SHARE_MIN: f64 = 0.8;
/// Least decisions per second that Doorward should stream.
const STREAM_RATE_MIN: f64 = 100_000.0;

/// The columns of the table; not a number where the system does not tell.
///
/// Answers in a second; latencies that half, 99 % and 99.9 % of the answers did not exceed; the
/// server's processor time for one answer; size of one answer.
type Figures = [f64; 6];

/// The table of one mode, printed as it grows.
#[derive(Debug)]
pub(crate) struct Report<'a> {
    mode: Mode,
    /// The echo, and what is held against it.
    names: [&'a str; 2],
    rounds: Vec<[Figures; 2]>,
    /// Attempts without a good answer, warm-up included.
    pub(crate) errors: u64,
}

impl<'a> Report<'a> {
    /// Prints the head of the table.
    pub(crate) fn begin(mode: Mode, options: &Options, servers: [&'a Server; 2]) -> Self {
        println!(
            "\n{mode:?}: {} connections, {} in flight on each, {} rounds of {:?}",
            options.connections,
            options.in_flight(mode),
            options.rounds,
            options.span,
        );
        println!(
            "{:<18}{:>12}{:>9}{:>9}{:>10}{:>12}{:>12}",
            "", "answers/s", "p50 ms", "p99 ms", "p99.9 ms", "server µs", "bytes"
        );
        Self { mode, names: servers.map(|server| server.name), rounds: Vec::new(), errors: 0 }
    }

    /// Adds a round.
    pub(crate) fn add(&mut self, round: u32, measures: &[Measure; 2]) {
        for measure in measures {
            self.count_errors(measure);
        }
        let pair = measures.each_ref().map(figures);
        self.print(&round.to_string(), &pair, &ratios(&pair));
        self.rounds.push(pair);
    }

    /// Counts and prints attempts without a good answer.
    pub(crate) fn count_errors(&mut self, measure: &Measure) {
        self.errors += measure.tally.errors;
        if let Some(error) = &measure.tally.first_error {
            eprintln!("{} attempts without a good answer, one: {error}", measure.tally.errors);
        }
    }

    /// Prints the medians over the rounds.
    pub(crate) fn print_medians(&self) {
        let [echo, other] = self.columns();
        self.print("median", &[medians(&echo), medians(&other)], &medians(&self.ratios()));
    }

    /// Prints the target of the mode and whether it is met.
    pub(crate) fn print_target(&self) -> bool {
        let [_, other] = self.columns();
        let (least, what, [reached, ..]) = match self.mode {
            Mode::Unary => (UNARY_SHARE_MIN, "of the echo's answers/s", medians(&self.ratios())),
            Mode::Stream => (STREAM_RATE_MIN, "answers/s", medians(&other)),
        };
        let met = reached >= least;
        println!("target: {least} {what}, {}", if met { "met" } else { "missed" });
        met
    }

    fn columns(&self) -> [Vec<Figures>; 2] {
        let (echo, other) = self.rounds.iter().map(|[echo, other]| (echo, other)).unzip();
        [echo, other]
    }

    fn ratios(&self) -> Vec<Figures> {
        self.rounds.iter().map(ratios).collect()
    }

    fn print(&self, label: &str, pair: &[Figures; 2], ratios: &Figures) {
        for (name, [rate, p50, p99, p999, server_us, bytes]) in self.names.iter().zip(pair) {
            let name = format!("{label} {name}");
            println!(
                "{name:<18}{rate:>12.0}{p50:>9.2}{p99:>9.2}{p999:>10.2}{server_us:>12.1}{bytes:>12.0}"
            );
        }
        let [rate, p50, p99, p999, server_us, bytes] = ratios;
        let name = format!("{label} ratio");
        println!(
            "{name:<18}{rate:>12.3}{p50:>9.2}{p99:>9.2}{p999:>10.2}{server_us:>12.2}{bytes:>12.2}"
        );
    }
}

fn figures(measure: &Measure) -> Figures {
    let tally = &measure.tally;
    let [p50, p99, p999] = [0.5, 0.99, 0.999].map(|share| tally.latency_ms(share));
    let server_us = measure.processor_us().unwrap_or(f64::NAN);
    [measure.rate(), p50, p99, p999, server_us, tally.answer_bytes()]
}

/// The second over the first.
fn ratios([under, over]: &[Figures; 2]) -> Figures {
    let mut ratios = *over;
    for (ratio, under) in ratios.iter_mut().zip(under) {
        *ratio /= under;
    }
    ratios
}

/// Column by column.
fn medians(rows: &[Figures]) -> Figures {
    let mut medians = Figures::default();
    for (column, median) in medians.iter_mut().enumerate() {
        *median = middle(rows.iter().filter_map(|row| row.get(column)).copied().collect());
    }
    medians
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
    f64::midpoint(at(values.len() / 2), at(values.len().saturating_sub(1) / 2))
}
