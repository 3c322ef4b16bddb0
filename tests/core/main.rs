//! Tests of the core: pure, no clock, no socket, done in a second.

// `cfg(test)` tells clippy that functions beside the tests are tests too.
#[cfg(test)]
mod policy;
