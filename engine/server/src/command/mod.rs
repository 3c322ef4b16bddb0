//! What the subcommands do: one file each.

mod error;
mod log;
mod open;
mod replay;
mod serve;

pub use error::CommandError;
pub use log::log_digest;
pub use replay::replay;
pub use serve::serve;
