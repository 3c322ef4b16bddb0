//! Doorward's server: what surrounds the decision.

pub mod demo;
pub mod log;
pub mod summary;
pub mod terminal;
pub mod wire;
