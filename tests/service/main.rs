//! Doorward as its users meet it: real files, real sockets, real processes.

#[cfg(test)]
mod edge;
#[cfg(test)]
mod log;
