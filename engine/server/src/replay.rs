//! Replay: recorded events, evaluated again.
//!
//! ```text
//! file ─ source ─ format ─▶ events ─ playback ─▶ decisions ─┬─▶ summary
//!                                                           └─▶ decision lines
//! ```
//!
//! Everything happens in memory, in the order of the file and in the time of the events: no clock is
//! read and nothing is written but what was asked for. The same file under the same rules gives the
//! same decisions.

mod decision_lines;
pub mod format;
mod kept;
mod playback;
mod run;
mod source;

pub use decision_lines::DecisionLines;
pub use kept::{ATTEMPTS_KEPT_MAX, Asked};
pub use playback::{Playback, Played};
pub use run::Run;
pub use source::Source;
