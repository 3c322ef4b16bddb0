//! Doorward's decision as a function of what it is given: events in, decision records out.
//!
//! Nothing in this crate reads a clock, a file or a socket, draws a random number or waits.

pub mod policy;
