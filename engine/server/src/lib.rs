//! Doorward's server: what surrounds the decision.

pub mod log;
pub mod wire;
