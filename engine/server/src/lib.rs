//! Doorward's service: what surrounds the decision with data, recordings, a log and callers.

pub mod enrich;
pub mod replay;
