//! What was looked up, as the log keeps it.

use std::net::IpAddr;

use doorward_core::address;
use doorward_core::agent::{Agent, AgentClass, DeviceKind};
use doorward_core::country::Country;
use doorward_core::enrichment::{Enrichment, Operator};
use doorward_core::network::{NetworkClass, NetworkClasses};
use doorward_core::place::{ACCURACY_KM_DEFAULT, Place, Point};
use doorward_core::value::Cause;

use crate::wire::Fields;
use crate::wire::log;

/// Which field says what of which class.
const CLASSES: [(NetworkClass, u32); NetworkClass::ALL.len()] = [
    (NetworkClass::Hosting, 4),
    (NetworkClass::Vpn, 5),
    (NetworkClass::Proxy, 6),
    (NetworkClass::ResidentialProxy, 7),
    (NetworkClass::Tor, 8),
    (NetworkClass::Relay, 9),
    (NetworkClass::Satellite, 10),
    (NetworkClass::Mobile, 11),
    (NetworkClass::Corporate, 12),
];

/// Writes what was looked up for `address`.
pub(crate) fn write(fields: &mut Fields<'_>, enrichment: &Enrichment, address: Option<IpAddr>) {
    if let Ok(place) = &enrichment.place {
        fields.message(1, |fields| write_place(fields, place));
    }
    if let Some(address) = address {
        fields.message(2, |fields| write_network(fields, enrichment, address));
    }
    if let Ok(agent) = &enrichment.agent {
        fields.message(3, |fields| write_agent(fields, agent));
    }
}

/// What state depends on, as it was; a part that was not found stays unknown, for a cause that only the
/// recorded readings still tell.
pub(crate) fn from_wire(recorded: Option<&log::Enrichment>) -> Enrichment {
    let Some(recorded) = recorded else { return Enrichment::unknown(Cause::LookupFailed) };
    Enrichment {
        place: recorded.place.as_ref().map(place_from_wire).ok_or(Cause::LookupFailed),
        network: recorded.network.as_ref().and_then(network_from_wire).ok_or(Cause::LookupFailed),
        classes: classes_from_wire(recorded.network.as_ref()),
        agent: recorded.agent.as_ref().map(agent_from_wire).ok_or(Cause::MissingInput),
    }
}

fn write_place(fields: &mut Fields<'_>, place: &Place) {
    if let Some(country) = &place.country {
        fields.text(1, country.code());
    }
    fields.text(2, place.region.as_deref().unwrap_or_default());
    fields.text(3, place.city.as_deref().unwrap_or_default());
    if let Some(Point { latitude, longitude, accuracy_km }) = place.point {
        fields.some_double(4, latitude);
        fields.some_double(5, longitude);
        fields.some_double(6, accuracy_km);
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

fn write_network(fields: &mut Fields<'_>, enrichment: &Enrichment, address: IpAddr) {
    if let Ok(Operator { asn, organisation }) = &enrichment.network {
        fields.some_number(1, u64::from(*asn));
        fields.text(2, organisation.as_deref().unwrap_or_default());
    }
    fields.some_number(3, u64::from(address::bogus(address)));
    for (class, field) in CLASSES {
        if let Ok(within) = enrichment.classes.of(class) {
            fields.some_number(field, u64::from(within));
        }
    }
}

fn classes_from_wire(network: Option<&log::Network>) -> NetworkClasses {
    let Some(network) = network else { return NetworkClasses::unknown(Cause::LookupFailed) };
    let within = |class| match class {
        NetworkClass::Hosting => network.hosting,
        NetworkClass::Vpn => network.vpn,
        NetworkClass::Proxy => network.proxy,
        NetworkClass::ResidentialProxy => network.residential_proxy,
        NetworkClass::Tor => network.tor_exit,
        NetworkClass::Relay => network.private_relay,
        NetworkClass::Satellite => network.satellite,
        NetworkClass::Mobile => network.mobile,
        NetworkClass::Corporate => network.corporate,
    };
    NetworkClasses::new(|class| within(class).ok_or(Cause::LookupFailed))
}

fn network_from_wire(network: &log::Network) -> Option<Operator> {
    let organisation = network.organisation.as_str();
    let organisation = (!organisation.is_empty()).then(|| organisation.into());
    network.asn.map(|asn| Operator { asn, organisation })
}

fn write_agent(fields: &mut Fields<'_>, agent: &Agent) {
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
    fields.text(1, agent.family.unwrap_or_default());
    if let Some(major) = agent.major {
        fields.some_number(2, u64::from(major));
    }
    fields.text(3, agent.os.unwrap_or_default());
    fields.word(4, device);
    fields.word(5, class);
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
