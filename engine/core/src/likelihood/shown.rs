//! What a login shows of itself: address and user agent, each from the whole to what it has in common with most.

use std::net::IpAddr;

use crate::address;
use crate::agent::DeviceKind;
use crate::enrichment::Enrichment;
use crate::event::{Attempt, UserAgent};
use crate::keyed::Keyed;
use crate::value::Cause;

/// Levels of an address: itself, its autonomous system, its country.
pub(crate) const ADDRESS_LEVELS: usize = 3;
/// Levels of a user agent: the whole text, browser with its major version, operating system, kind of device.
pub(crate) const AGENT_LEVELS: usize = 4;
/// Levels of both.
pub(crate) const LEVELS: usize = ADDRESS_LEVELS + AGENT_LEVELS;

/// A keyed hash for each level, the finest first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) address: [u64; ADDRESS_LEVELS],
    pub(crate) agent: [u64; AGENT_LEVELS],
}

impl Shown {
    /// The cause if anything is missing that all logins show: a part of the score would be no score. A browser or a
    /// system that has no name is a value like others.
    pub(crate) fn of(
        keyed: &Keyed,
        attempt: &Attempt,
        enrichment: &Enrichment,
    ) -> Result<Self, Cause> {
        let client = &attempt.client;
        let address = client.address.filter(|address| !address::bogus(*address));
        let address = address.ok_or(Cause::MissingInput)?;
        let text = client.user_agent.as_ref().ok_or(Cause::MissingInput)?;
        let agent = enrichment.agent.as_ref().map_err(|cause| *cause)?;
        let network = enrichment.network.as_ref().map_err(|cause| *cause)?;
        let place = enrichment.place.as_ref().map_err(|cause| *cause)?;
        let country = place.country.ok_or(Cause::LookupFailed)?;
        // Levels are told apart wherever hashes are kept, so the same hash may mean different things on two of them.
        Ok(Self {
            address: [
                host(keyed, address),
                keyed.hash_of(network.asn),
                keyed.hash(&country.letters()),
            ],
            agent: [
                keyed.hash(whole(text).as_bytes()),
                keyed.hash_of((agent.family, agent.major)),
                keyed.hash(agent.os.unwrap_or_default().as_bytes()),
                keyed.hash(agent.device.map_or("", DeviceKind::word).as_bytes()),
            ],
        })
    }

    /// Every hash with the number of its level, those of the address first.
    pub(crate) fn levels(&self) -> impl Iterator<Item = (usize, u64)> {
        self.address.iter().chain(&self.agent).copied().enumerate()
    }
}

/// An IPv4 address, an IPv6 /64.
fn host(keyed: &Keyed, address: IpAddr) -> u64 {
    match address {
        IpAddr::V4(v4) => keyed.hash(&v4.octets()),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            keyed.hash_of([a, b, c, d])
        }
    }
}

fn whole(agent: &UserAgent) -> &str {
    match agent {
        UserAgent::Empty => "",
        UserAgent::Text(text) => text.as_str(),
    }
}
