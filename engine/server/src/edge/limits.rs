//! What one edge takes before it says no, and how long it waits.

use std::time::Duration;

/// Largest request, in bytes. An attempt with every field at its limit stays below half of it.
pub const MESSAGE_BYTES_MAX: usize = 64 * 1_024;
/// Largest head of a request, in bytes.
pub(super) const HEAD_BYTES_MAX: u32 = 16 * 1_024;
/// Attempts of one stream that may wait for the disk. At 100,000 a second that is 10 ms of disk.
pub(super) const PIPELINE_MAX: usize = 1_024;
/// Calls in flight on one connection.
pub(super) const CALLS_MAX: u32 = 1_024;
/// How long to leave a listener alone that cannot accept, which mostly means too many open files.
pub(super) const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The limits that an operator may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once; one more is closed as soon as it is accepted.
    pub connections_max: usize,
    /// From the connection to its first bytes.
    pub opening: Duration,
    /// From the first byte of an HTTP/1.1 request to the end of its head, and from one request of
    /// such a connection to the next.
    pub head: Duration,
    /// From the head of a unary call to its answer, however long its caller would wait.
    pub call: Duration,
    /// How often an HTTP/2 peer must show that it is alive, and how long it has to do so.
    pub keepalive: Duration,
    /// From the wish to stop to the end of the last connection.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: 4_096,
            opening: Duration::from_secs(5),
            head: Duration::from_secs(30),
            call: Duration::from_secs(30),
            keepalive: Duration::from_secs(20),
            grace: Duration::from_secs(10),
        }
    }
}
