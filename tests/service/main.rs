//! The service as its operators meet it: real files, real processes, real sockets.

mod log;
