//! Doorward's server: what surrounds the decision.

pub mod cli;
pub mod clock;
pub mod command;
pub mod config;
pub mod demo;
pub mod desk;
pub mod edge;
pub mod enrich;
pub mod explain;
pub mod log;
pub mod record;
pub mod replay;
pub mod rules;
pub mod simulate;
pub mod snapshot;
pub mod summary;
pub mod terminal;
pub mod wire;
