//! Tests of the core: pure, no clock, no socket, done in a second.

mod policy;
