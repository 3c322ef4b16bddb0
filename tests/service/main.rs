//! Doorward as its users meet it: real files, real sockets, real processes.

#[cfg(test)]
mod log;
