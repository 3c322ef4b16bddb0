//! Doorward the service: edge, log, views and command line around the core's decision.

pub mod demo;
pub mod summary;
pub mod terminal;
