//! Doorward as its users meet it: real files, real sockets, real processes.
//!
//! `cfg(test)` is always on here; it tells clippy that unwrapping is how a test fails.

#[cfg(test)]
mod clients;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod edge;
#[cfg(test)]
mod geo;
#[cfg(test)]
mod log;
#[cfg(test)]
mod process;
#[cfg(test)]
mod recording;
#[cfg(test)]
mod replay;
