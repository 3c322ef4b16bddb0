//! The edge: sockets become requests, requests become events, answers become bytes.
//!
//! ```text
//! accept ─ socket ─ hyper (HTTP/1.1 or HTTP/2) ─ front ┬─ Evaluate as gRPC ─ unary ───────────────┐
//!           calls ──┘                                  ├─ other gRPC ─ tonic ─┬─ decisions ───────┼─▶ desk
//!                                                      │                      ├─ health           │
//!                                                      │                      └─ reflection       │
//!                                                      └─ anything else ─ connect ────────────────┘
//! ```
//!
//! Our own accept loop, because stock serving is not safe to expose: there a silent socket is never
//! closed and keeps a graceful shutdown from ending.

mod accept;
mod answers;
mod body;
mod calls;
pub mod compose;
mod connect;
mod deadline;
mod decisions;
mod front;
mod limits;
pub mod parse;
mod refusal;
pub mod reply;
mod socket;
mod unary;
mod words;

pub use accept::serve;
pub use front::Front;
pub use limits::{Limits, MESSAGE_BYTES_MAX};
pub use refusal::Refusal;
