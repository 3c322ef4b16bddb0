//! What the run prints.

use crate::options::{Mode, Options};
use crate::round::Measure;

/// Least share of the stock echo's unary requests per second that Doorward should reach.
const UNARY_SHARE_MIN: f64 = 0.8;
/// Least decisions per second that Doorward should stream.
const STREAM_RATE_MIN: f64 = 100_000.0;

/// Requests/s, three latencies and processor time, in the order of the table; not a number where
/// the system does not tell.
type Figures = [f64; 5];

/// The table of one mode, printed as it grows.
#[derive(Debug)]
pub(crate) struct Report {
    mode: Mode,
    echo: Vec<Figures>,
    other: Vec<Figures>,
    /// Attempts without a good answer, warm-up included.
    pub(crate) errors: u64,
}

impl Report {
    /// Prints the head of the table.
    pub(crate) fn begin(mode: Mode, options: &Options) -> Self {
        let (connections, in_flight) = (options.connections, options.in_flight(mode));
        let (rounds, span) = (options.rounds, options.span);
        println!(
            "\n{mode:?}: {connections} connections, {in_flight} in flight on each, {rounds} rounds of {span:?}"
        );
        println!(
            "{:<18}{:>12}{:>10}{:>10}{:>10}{:>14}",
            "", "requests/s", "p50 ms", "p99 ms", "p99.9 ms", "server µs/req"
        );
        Self { mode, echo: Vec::new(), other: Vec::new(), errors: 0 }
    }

    /// Adds a round: the echo's measure first.
    pub(crate) fn add(
        &mut self,
        round: u32,
        [(echo_name, echo), (name, other)]: [(&str, Measure); 2],
    ) {
        self.count_errors(echo_name, &echo);
        self.count_errors(name, &other);
        let (echo, other) = (figures(&echo), figures(&other));
        print_absolute(&format!("{round} {echo_name}"), &echo);
        print_absolute(&format!("{round} {name}"), &other);
        print_ratios(&format!("{round} ratio"), &ratios(&other, &echo));
        self.echo.push(echo);
        self.other.push(other);
    }

    /// Counts and prints attempts without a good answer.
    pub(crate) fn count_errors(&mut self, name: &str, measure: &Measure) {
        self.errors += measure.tally.errors;
        if let Some(error) = &measure.tally.first_error {
            eprintln!(
                "{name}: {} attempts without a good answer, one: {error}",
                measure.tally.errors
            );
        }
    }

    /// Prints the medians over the rounds.
    pub(crate) fn print_medians(&self) {
        print_absolute("median echo", &medians(&self.echo));
        print_absolute("median other", &medians(&self.other));
        print_ratios("median ratio", &medians(&self.ratios()));
    }

    /// Prints the target of the mode and whether it is met.
    pub(crate) fn print_target(&self) -> bool {
        let (what, least, [reached, ..]) = match self.mode {
            Mode::Unary => ("of the echo's requests/s", UNARY_SHARE_MIN, medians(&self.ratios())),
            Mode::Stream => ("decisions/s", STREAM_RATE_MIN, medians(&self.other)),
        };
        let met = reached >= least;
        let word = if met { "met" } else { "missed" };
        println!("target {least} {what}: {word}");
        met
    }

    fn ratios(&self) -> Vec<Figures> {
        self.other.iter().zip(&self.echo).map(|(other, echo)| ratios(other, echo)).collect()
    }
}

fn figures(measure: &Measure) -> Figures {
    let [p50, p99, p999] = [0.5, 0.99, 0.999].map(|share| measure.tally.latency_ms(share));
    [measure.rate(), p50, p99, p999, measure.processor_us().unwrap_or(f64::NAN)]
}

fn ratios(over: &Figures, under: &Figures) -> Figures {
    let mut ratios = *over;
    for (ratio, under) in ratios.iter_mut().zip(under) {
        *ratio /= under;
    }
    ratios
}

/// Column by column.
fn medians(rows: &[Figures]) -> Figures {
    let mut medians = [f64::NAN; 5];
    for (column, median) in medians.iter_mut().enumerate() {
        let mut values: Vec<f64> = rows.iter().filter_map(|row| row.get(column)).copied().collect();
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        let upper = values.get(middle).copied().unwrap_or(f64::NAN);
        let lower = values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(f64::NAN);
        *median = f64::midpoint(lower, upper);
    }
    medians
}

fn print_absolute(name: &str, [rate, p50, p99, p999, processor_us]: &Figures) {
    println!("{name:<18}{rate:>12.0}{p50:>10.2}{p99:>10.2}{p999:>10.2}{processor_us:>14.1}");
}

fn print_ratios(name: &str, [rate, p50, p99, p999, processor_us]: &Figures) {
    println!("{name:<18}{rate:>12.3}{p50:>10.2}{p99:>10.2}{p999:>10.2}{processor_us:>14.2}");
}
