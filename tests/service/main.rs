//! The service as its operators meet it: real files, real processes, real sockets.

#[cfg(test)]
mod edge;
