//! Desk bench: what a decision costs in process, everything included but the wire. See `benches/README.md`.
//!
//! One thread decodes requests, decides and hands over the encoded answers; the log's own threads put the
//! records on disk.

use std::collections::VecDeque;
use std::error::Error;
use std::hint::black_box;
use std::io;
use std::time::Duration;

use clap::Parser;
use doorward::desk::{Desk, Pending};
use doorward::wire::EvaluateRequest;
use doorward::wire::answered::EvaluateResponse;
use doorward_core::store::Budget;
use mimalloc::MiMalloc;
use prost::Message as _;
use tokio::runtime::Runtime;

#[path = "../load/attempts.rs"]
mod attempts;
#[path = "../chance.rs"]
mod chance;
#[path = "../load/clock.rs"]
mod clock;
mod opened;
#[path = "../load/processor.rs"]
mod processor;
#[path = "../stopwatch.rs"]
mod stopwatch;

use attempts::Attempts;

/// How far in the past the attempts begin: event time runs ahead of the clock.
const DAY_S: i64 = 24 * 60 * 60;

/// As in the shipped binary.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Puts one decision after the other through a desk.
#[derive(Debug, Parser)]
struct Options {
    /// Rounds that are measured, after one that is not.
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Decisions in each round.
    #[arg(long, default_value_t = 100_000)]
    decisions: u32,
    /// Answers that may wait for the disk at a time.
    #[arg(long, default_value_t = 2_048)]
    in_flight: usize,
    /// `cargo bench` passes this; it changes nothing.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let data = tempfile::Builder::new().prefix("desk-").tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let desk = opened::desk(data.path(), Budget::default())?;
    let attempts = Attempts::beginning_at(clock::unix_seconds() - DAY_S);
    let mut round = Round { desk, runtime: Runtime::new()?, waiting: VecDeque::new() };
    round.run(&requests(&attempts, options.decisions), options.in_flight)?;
    println!("{:>7} {:>12} {:>10} {:>12}", "round", "decisions/s", "us each", "us processor");
    for number in 1..=options.rounds {
        let requests = requests(&attempts, options.decisions);
        let (began_at, began) = (stopwatch::now(), processor::time("self"));
        round.run(&requests, options.in_flight)?;
        let (took, worked) = (stopwatch::now() - began_at, processor::time("self").zip(began));
        let each = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(options.decisions);
        let worked = worked.map_or(f64::NAN, |(now, began)| each(now - began));
        let each = each(took);
        println!("{number:>7} {:>12.0} {each:>10.2} {worked:>12.2}", 1e6 / each);
    }
    round.desk.log().close()?;
    Ok(())
}

fn requests(attempts: &Attempts, count: u32) -> Vec<Vec<u8>> {
    let request = || EvaluateRequest { attempt: Some(attempts.take()) };
    (0..count).map(|_| request().encode_to_vec()).collect()
}

struct Round {
    desk: Desk,
    runtime: Runtime,
    waiting: VecDeque<Pending<EvaluateResponse>>,
}

impl Round {
    fn run(&mut self, requests: &[Vec<u8>], in_flight: usize) -> Result<(), Box<dyn Error>> {
        for request in requests {
            if self.waiting.len() >= in_flight {
                // All answers of a batch come at once; going on with a half keeps the log busy.
                self.answer(in_flight / 2)?;
            }
            let request = EvaluateRequest::decode(request.as_slice())?;
            let pending = self.desk.evaluate(request);
            self.waiting
                .push_back(pending.map_err(|refusal| io::Error::other(format!("{refusal:?}")))?);
        }
        self.answer(0)
    }

    /// Takes answers until only `left` are waited for.
    fn answer(&mut self, left: usize) -> Result<(), Box<dyn Error>> {
        while self.waiting.len() > left
            && let Some(pending) = self.waiting.pop_front()
        {
            let answer = self.runtime.block_on(pending);
            black_box(answer.map_err(|refusal| io::Error::other(format!("{refusal:?}")))?);
        }
        Ok(())
    }
}
