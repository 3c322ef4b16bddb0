//! The demo: a scripted day at the door, and the table that tells how it went.

pub mod day;
mod next;
mod play;
pub mod script;
pub mod table;

pub use next::Next;
pub use play::{PlayError, play};

/// Where the script's addresses are, in the format of range files: documentation and benchmark
/// networks only, with invented operators.
pub const GEO_CSV: &str = include_str!("geo.csv");
