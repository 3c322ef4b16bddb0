//! Load bench: Doorward beside a bare tonic echo of the same contract, with the same messages.
//!
//! Both servers are processes of their own and live for the whole run; rounds alternate between
//! them, so that whatever else the machine does meets both. See `benches/README.md`.

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;

mod attempts;
#[path = "../chance.rs"]
mod chance;
mod clock;
mod codec;
mod comparison;
mod disk;
mod echo;
mod messages;
mod options;
mod processor;
mod report;
mod round;
mod server;
#[path = "../stopwatch.rs"]
mod stopwatch;
mod stream;
mod tally;
mod unary;

use crate::options::Options;

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("load: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<ExitCode, Box<dyn Error>> {
    let runtime = tokio::runtime::Runtime::new()?;
    match options.echo {
        Some(address) => runtime.block_on(echo::serve(address)).map(|()| ExitCode::SUCCESS),
        None => runtime.block_on(comparison::run(options)),
    }
}
