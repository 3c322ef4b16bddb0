//! What the subcommands do: one file each.

mod error;
mod log;
mod open;
mod serve;

pub use error::CommandError;
pub use log::log_digest;
pub use serve::serve;
