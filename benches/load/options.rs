//! What can be asked of the load bench.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};

/// Measures Doorward beside a bare tonic echo, with the same messages.
#[derive(Debug, Parser)]
pub(crate) struct Options {
    /// Ways of calling to measure, one after the other
    #[arg(long, value_enum, value_delimiter = ',', default_value = "unary,stream")]
    pub(crate) modes: Vec<Mode>,
    /// Rounds; in each, both servers are measured once
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rounds: u32,
    /// Length of one measurement
    #[arg(long, default_value = "3", value_parser = seconds, value_name = "SECONDS")]
    pub(crate) span: Duration,
    /// Length of the load that each server gets before the first round of each mode
    #[arg(long, default_value = "2", value_parser = seconds, value_name = "SECONDS")]
    pub(crate) warm_up: Duration,
    /// Connections of the client
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) connections: u32,
    /// Unary calls in flight on each connection
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) unary_in_flight: u32,
    /// Attempts in flight on each connection's stream
    #[arg(long, default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) stream_in_flight: u32,
    /// Where Doorward's decision log goes, in a directory of its own that is removed at the end
    #[arg(long, default_value = env!("CARGO_TARGET_TMPDIR"), value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Put the echo on both sides: how far the ratios are from 1 is the noise of the machine
    #[arg(long)]
    pub(crate) noise: bool,
    /// Fail unless the targets are met
    #[arg(long)]
    pub(crate) check: bool,
    /// Be the echo, at this address
    #[arg(long, hide = true)]
    pub(crate) echo: Option<SocketAddr>,
    /// Passed by `cargo bench`; says nothing
    #[arg(long, hide = true)]
    bench: bool,
}

/// Ways of calling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// One call for each attempt
    Unary,
    /// One stream for each connection, attempts pipelined
    Stream,
}

impl Options {
    /// Attempts in flight on each connection.
    pub(crate) fn in_flight(&self, mode: Mode) -> u32 {
        match mode {
            Mode::Unary => self.unary_in_flight,
            Mode::Stream => self.stream_in_flight,
        }
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map_err(|_| "write a number of seconds".to_owned())?;
    let span = Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())?;
    if span.is_zero() { Err("write more than 0 seconds".to_owned()) } else { Ok(span) }
}
