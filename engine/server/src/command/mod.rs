//! What the subcommands do: one file each.

mod error;
mod explain;
mod log;
mod open;
mod serve;

pub use error::CommandError;
pub use explain::explain;
pub use log::log_digest;
pub use serve::serve;
