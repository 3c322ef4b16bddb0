//! The `doorward` binary.

use std::process::ExitCode;

use clap::Parser as _;
use doorward::cli::{Cli, Command, LogCommand};
use doorward::command;
use mimalloc::MiMalloc;

/// A decision is made of many small pieces.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Serve(args) => command::serve(&args),
        Command::Log(LogCommand::Digest(places)) => command::log_digest(&places),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("doorward: {error}");
            error.exit_code()
        }
    }
}
