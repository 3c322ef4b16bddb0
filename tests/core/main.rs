//! Tests of the core: pure, no clock, no socket, done in a second.

// `cfg(test)` tells clippy that functions beside the tests are tests too.
#[cfg(test)]
mod account;
#[cfg(test)]
mod anybody;
#[cfg(test)]
mod chance;
#[cfg(test)]
mod egress;
#[cfg(test)]
mod ending;
#[cfg(test)]
mod engine;
#[cfg(test)]
mod history;
#[cfg(test)]
mod likelihood;
#[cfg(test)]
mod map;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod network;
#[cfg(test)]
mod owner;
#[cfg(test)]
mod policy;
#[cfg(test)]
mod profile;
#[cfg(test)]
mod prompted;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod seen;
#[cfg(test)]
mod snapshot;
#[cfg(test)]
mod store;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod told;
#[cfg(test)]
mod traffic;
#[cfg(test)]
mod tree;
#[cfg(test)]
mod unknown;
#[cfg(test)]
mod weeks;
#[cfg(test)]
mod window;
