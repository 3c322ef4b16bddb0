//! Doorward as its users meet it: real files, real sockets, real processes.
//!
//! `cfg(test)` is always on here; it tells clippy that unwrapping is how a test fails.

#[cfg(test)]
mod clients;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod edge;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod geo;
#[cfg(test)]
mod log;
#[cfg(test)]
mod network_lists;
#[cfg(test)]
mod process;
#[cfg(test)]
mod recheck;
#[cfg(test)]
mod recording;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod simulate;
#[cfg(test)]
mod snapshots;
