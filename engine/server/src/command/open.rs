//! What several commands open: the policy, the geo data, the runtime.

use std::io::{self, IsTerminal as _};
use std::path::Path;

use doorward_core::policy::Policy;
use tracing_subscriber::EnvFilter;

use super::CommandError;
use super::check::{Checked, Sound};
use crate::rules::RuleText;

/// The policy of a directory, or the shipped one, and its text.
pub(super) fn policy(directory: Option<&Path>) -> Result<(Policy, RuleText), CommandError> {
    let Sound { policy, text, .. } = Checked::read(directory)?.sound()?;
    Ok((policy, text))
}

/// The threads that serve.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, CommandError> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.enable_all().build().map_err(CommandError::system("start threads"))
}

/// Tells operators on standard error what they should know; `RUST_LOG` asks for more or less.
pub(super) fn tell() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let colour = io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colour);
    // A second call, in a test, keeps the first.
    let _ = lines.with_writer(io::stderr).try_init();
}
