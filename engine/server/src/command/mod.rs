//! What the subcommands do: one file each.

mod demo;
mod door;
mod error;
mod log;
mod open;
mod serve;

pub use demo::demo;
pub use error::CommandError;
pub use log::log_digest;
pub use serve::serve;
