//! Doorward's server: what surrounds the decision.

pub mod wire;
