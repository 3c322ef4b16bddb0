//! Doorward's server: what surrounds the decision.

pub mod desk;
pub mod edge;
pub mod log;
pub mod wire;
