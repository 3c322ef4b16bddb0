//! Doorward's server: what surrounds the decision.

pub mod desk;
pub mod edge;
pub mod enrich;
pub mod log;
pub mod replay;
pub mod wire;
