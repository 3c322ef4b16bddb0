//! What the subcommands do: one file each.

mod check;
mod demo;
mod door;
mod error;
mod explain;
mod log;
mod open;
mod replay;
mod rules;
mod serve;
mod simulate;
mod snapshots;

pub use demo::demo;
pub use error::CommandError;
pub use explain::explain;
pub use log::log_digest;
pub use replay::replay;
pub use rules::{rules_check, rules_test};
pub use serve::serve;
pub use simulate::simulate;
