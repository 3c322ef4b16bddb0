//! What was looked up, as the log keeps it.

use std::net::IpAddr;

use doorward_core::address;
use doorward_core::agent::{Agent, AgentClass, DeviceKind};
use doorward_core::country::Country;
use doorward_core::enrichment::{Enrichment, Operator};
use doorward_core::place::{ACCURACY_KM_DEFAULT, Place, Point};
use doorward_core::value::Cause;

use crate::wire::log;

/// The record's form of what was looked up for `address`.
pub(crate) fn to_wire(enrichment: &Enrichment, address: Option<IpAddr>) -> log::Enrichment {
    log::Enrichment {
        address: address.map(|address| address.to_string()).unwrap_or_default(),
        place: enrichment.place.as_ref().ok().map(place_to_wire),
        network: address.map(|address| network_to_wire(&enrichment.network, address)),
        agent: enrichment.agent.as_ref().ok().map(agent_to_wire),
    }
}

/// What state depends on, as it was; a part that was not found stays unknown, for a cause that only the
/// recorded readings still tell.
pub(crate) fn from_wire(recorded: Option<&log::Enrichment>) -> Enrichment {
    let Some(recorded) = recorded else { return Enrichment::unknown(Cause::LookupFailed) };
    Enrichment {
        place: recorded.place.as_ref().map(place_from_wire).ok_or(Cause::LookupFailed),
        network: recorded.network.as_ref().and_then(network_from_wire).ok_or(Cause::LookupFailed),
        agent: recorded.agent.as_ref().map(agent_from_wire).ok_or(Cause::MissingInput),
    }
}

fn place_to_wire(place: &Place) -> log::Place {
    let text = |text: &Option<std::sync::Arc<str>>| text.as_deref().unwrap_or_default().to_owned();
    log::Place {
        country: place.country.map(|country| country.to_string()).unwrap_or_default(),
        region: text(&place.region),
        city: text(&place.city),
        latitude: place.point.map(|point| point.latitude),
        longitude: place.point.map(|point| point.longitude),
        accuracy_radius_km: place.point.map(|point| point.accuracy_km),
    }
}

fn place_from_wire(place: &log::Place) -> Place {
    let text = |text: &str| (!text.is_empty()).then(|| text.into());
    let point = |(latitude, longitude)| Point {
        latitude,
        longitude,
        accuracy_km: place.accuracy_radius_km.unwrap_or(ACCURACY_KM_DEFAULT),
    };
    Place {
        country: Country::parse(&place.country).ok(),
        region: text(&place.region),
        city: text(&place.city),
        point: place.latitude.zip(place.longitude).map(point),
    }
}

fn network_to_wire(network: &Result<Operator, Cause>, address: IpAddr) -> log::Network {
    let organisation = network.as_ref().ok().and_then(|found| found.organisation.as_deref());
    log::Network {
        asn: network.as_ref().ok().map(|found| found.asn),
        organisation: organisation.unwrap_or_default().to_owned(),
        bogus: Some(address::bogus(address)),
        ..log::Network::default()
    }
}

fn network_from_wire(network: &log::Network) -> Option<Operator> {
    let organisation = network.organisation.as_str();
    let organisation = (!organisation.is_empty()).then(|| organisation.into());
    network.asn.map(|asn| Operator { asn, organisation })
}

fn agent_to_wire(agent: &Agent) -> log::Agent {
    let class = match agent.class {
        AgentClass::Empty => log::AgentClass::Empty,
        AgentClass::Browser => log::AgentClass::Browser,
        AgentClass::App => log::AgentClass::App,
        AgentClass::Tool => log::AgentClass::Tool,
        AgentClass::Bot => log::AgentClass::Bot,
        AgentClass::AiBot => log::AgentClass::AiBot,
        AgentClass::Headless => log::AgentClass::Headless,
    };
    let device = agent.device.map_or(log::DeviceKind::Unspecified, |device| match device {
        DeviceKind::Desktop => log::DeviceKind::Desktop,
        DeviceKind::Phone => log::DeviceKind::Phone,
        DeviceKind::Tablet => log::DeviceKind::Tablet,
    });
    log::Agent {
        family: agent.family.unwrap_or_default().to_owned(),
        major: agent.major,
        os: agent.os.unwrap_or_default().to_owned(),
        device_kind: device.into(),
        class: class.into(),
    }
}

fn agent_from_wire(agent: &log::Agent) -> Agent {
    let class = match agent.class() {
        log::AgentClass::Empty => AgentClass::Empty,
        log::AgentClass::Browser => AgentClass::Browser,
        log::AgentClass::App | log::AgentClass::Unspecified => AgentClass::App,
        log::AgentClass::Tool => AgentClass::Tool,
        log::AgentClass::Bot => AgentClass::Bot,
        log::AgentClass::AiBot => AgentClass::AiBot,
        log::AgentClass::Headless => AgentClass::Headless,
    };
    let device = match agent.device_kind() {
        log::DeviceKind::Desktop => Some(DeviceKind::Desktop),
        log::DeviceKind::Phone => Some(DeviceKind::Phone),
        log::DeviceKind::Tablet => Some(DeviceKind::Tablet),
        log::DeviceKind::Unspecified | log::DeviceKind::Thing => None,
    };
    Agent {
        class,
        family: Agent::family_named(&agent.family),
        major: agent.major,
        os: Agent::os_named(&agent.os),
        device,
    }
}
