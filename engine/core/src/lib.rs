//! Doorward's decision as a function of what it is given: events in, decision records out.
//!
//! Nothing in this crate reads a clock, a file or a socket, draws a random number or waits.

pub mod address;
pub mod agent;
pub mod country;
pub mod currency;
pub mod decide;
pub mod decision;
pub mod egress;
pub mod engine;
pub mod enrichment;
pub mod event;
mod few;
mod keyed;
pub mod likelihood;
pub mod local_part;
pub mod network;
mod numbered;
mod packed;
pub mod place;
pub mod policy;
pub mod profile;
pub mod record;
pub mod seen;
pub mod signal;
pub mod store;
pub mod text;
pub mod time;
pub mod traffic;
pub mod value;
pub mod window;
mod words;
