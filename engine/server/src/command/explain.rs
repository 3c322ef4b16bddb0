//! `doorward explain`.

use std::io::{self, Write as _};

use super::CommandError;
use crate::cli::ExplainArgs;
use crate::config::Config;
use crate::explain::{Recheck, draw, find, json};
use crate::rules::RuleText;
use crate::terminal::Terminal;

/// Prints why a decision was taken. Reads only: a service may be writing the same log.
///
/// # Errors
/// If there is no such decision, or more than one.
pub fn explain(args: &ExplainArgs) -> Result<(), CommandError> {
    let config = Config::load(&args.places, None)?;
    let dossier = find(&config.data.join("log"), &args.decision_id)?;
    if args.json {
        return print(&format!("{}\n", json(&dossier)));
    }
    let lists = RuleText::read(config.rules.as_deref())?.lists;
    let recheck = Recheck::of(&dossier, lists);
    print(&draw(&dossier, &recheck, Terminal::of_stdout()))
}

/// A reader that has seen enough, such as `head`, is no failure.
fn print(text: &str) -> Result<(), CommandError> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        printed => printed.map_err(CommandError::system("print")),
    }
}
