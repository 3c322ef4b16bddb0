//! Replay: recorded events, evaluated again.

pub mod format;
