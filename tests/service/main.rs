//! Doorward as a service: real files, real sockets, a real process.
//!
//! `cfg(test)` is always on here; it tells clippy that unwrapping is how a test fails.

#[cfg(test)]
mod geo;
#[cfg(test)]
mod recording;
