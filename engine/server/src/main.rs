//! The `doorward` binary.

use std::process::ExitCode;

use clap::Parser as _;
use doorward::cli::{Cli, Command, LogCommand, RulesCommand};
use doorward::command;
use mimalloc::MiMalloc;

/// A decision is made of many small pieces.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Demo(args) => command::demo(&args),
        Command::Serve(args) => command::serve(&args),
        Command::Replay(args) => command::replay(&args),
        Command::Simulate(args) => command::simulate(&args),
        Command::Explain(args) => command::explain(&args),
        Command::Rules(RulesCommand::Check(args)) => command::rules_check(&args),
        Command::Rules(RulesCommand::Test(args)) => command::rules_test(&args),
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
