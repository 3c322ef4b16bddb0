//! The edge: what is taken, what is refused and how, and that every connection ends.

mod compose;
mod grpc;
mod json;
mod parse;
mod reply;
pub(crate) mod server;
mod sockets;
mod stream;

use doorward::wire;

/// An attempt that says no more than it must.
pub(crate) fn attempt(event_id: &str) -> wire::Attempt {
    wire::Attempt {
        event_id: event_id.to_owned(),
        population: wire::Population::Customer.into(),
        journey: wire::Journey::Login.into(),
        ..wire::Attempt::default()
    }
}

/// An attempt that breaks three rules.
pub(crate) fn wrong_attempt(event_id: &str) -> wire::Attempt {
    let client = wire::Client { address: "999.1".to_owned(), ..wire::Client::default() };
    let device = wire::Device { utc_offset_minutes: Some(900), ..wire::Device::default() };
    wire::Attempt {
        event_id: event_id.to_owned(),
        population: wire::Population::Customer.into(),
        client: Some(client),
        device: Some(device),
        ..wire::Attempt::default()
    }
}

/// What is wrong with [`wrong_attempt`], in the order of its fields.
const WRONG: [(&str, &str); 3] = [
    ("attempt.journey", "must be set"),
    ("attempt.client.address", "`999.1` is not an IP address such as `203.0.113.7`"),
    ("attempt.device.utc_offset_minutes", "is 900, allowed are -720 to 840, east of UTC positive"),
];
