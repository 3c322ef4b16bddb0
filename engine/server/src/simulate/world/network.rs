//! One network: a block of addresses in one place, announced by one operator.

use std::net::Ipv4Addr;

use super::city::{CITIES, City};

/// First addresses of the blocks that the world is built from, each with [`BLOCK_NETWORKS`] networks.
/// Ordinary space, so that nothing about an address gives its part in the play away.
const BLOCKS: [u32; 12] = [
    block(31, 0),
    block(46, 16),
    block(62, 32),
    block(77, 48),
    block(81, 64),
    block(93, 80),
    block(109, 96),
    block(151, 32),
    block(176, 16),
    block(185, 64),
    block(188, 96),
    block(212, 48),
];
/// Networks in one block.
const BLOCK_NETWORKS: u32 = 16;
/// Bits of the network: 65,536 addresses each.
const PREFIX: u32 = 16;
/// Addresses behind which a mobile carrier puts all of its customers in one city.
const MOBILE_ADDRESSES: u64 = 4;
/// Exits of a VPN seller in one city.
const VPN_ADDRESSES: u64 = 24;

/// What a network is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Lines of homes and shops; also where residential proxies are.
    Fixed,
    /// Phones, many behind each address.
    Mobile,
    /// Rented machines.
    Hosting,
    /// Exits that people share with strangers.
    Vpn,
    /// An organisation's own, all of its people behind one address per house.
    Office,
}

/// A block of addresses.
#[derive(Debug)]
pub struct Network {
    kind: Kind,
    asn: u32,
    organisation: String,
    city: &'static City,
    base: u32,
    prefix: u32,
}

impl Network {
    /// The range that the shipped list of offices has as its example.
    pub(super) fn offices() -> Self {
        let [city, ..] = &CITIES;
        let base = u32::from(Ipv4Addr::new(192, 0, 2, 32));
        let organisation = "Example Organisation".to_owned();
        Self { kind: Kind::Office, asn: 64_496, organisation, city, base, prefix: 28 }
    }

    /// What it is for.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Where it is.
    pub fn city(&self) -> &'static City {
        self.city
    }

    /// Who announces it.
    pub fn asn(&self) -> u32 {
        self.asn
    }

    /// The address of a host: the same number has the same one. Where many share few addresses, so do
    /// the numbers.
    pub fn address(&self, host: u64) -> Ipv4Addr {
        let room = 1_u64 << (u32::BITS - self.prefix);
        let host = match self.kind {
            Kind::Mobile => host % MOBILE_ADDRESSES,
            Kind::Vpn => host % VPN_ADDRESSES,
            Kind::Fixed | Kind::Hosting | Kind::Office => host % room,
        };
        Ipv4Addr::from(self.base | u32::try_from(host).unwrap_or(0))
    }

    /// How long a packet takes to the login service and back, without chance.
    pub fn round_trip_ms(&self) -> i64 {
        let access = match self.kind {
            Kind::Fixed => 8,
            Kind::Mobile => 38,
            Kind::Hosting | Kind::Office => 1,
            Kind::Vpn => 24,
        };
        self.city.round_trip_ms + access
    }

    /// Phones are found worse than lines: their addresses serve a whole region.
    fn accuracy_km(&self) -> u32 {
        match self.kind {
            Kind::Fixed | Kind::Office => 20,
            Kind::Mobile => 200,
            Kind::Hosting | Kind::Vpn => 50,
        }
    }

    pub(super) fn geo_line(&self) -> String {
        let City { country, name, latitude, longitude, .. } = self.city;
        let (base, prefix) = (Ipv4Addr::from(self.base), self.prefix);
        let (accuracy_km, asn, organisation) = (self.accuracy_km(), self.asn, &self.organisation);
        format!(
            "{base}/{prefix},{country},{name},{name},{latitude},{longitude},{accuracy_km},{asn},{organisation}\n"
        )
    }
}

/// Hands out addresses, none twice.
#[derive(Debug, Default)]
pub(super) struct Space {
    taken: u32,
}

impl Space {
    pub(super) fn network(
        &mut self,
        kind: Kind,
        asn: u32,
        organisation: String,
        city: &'static City,
    ) -> Network {
        let [first, ..] = BLOCKS;
        let block = usize::try_from(self.taken / BLOCK_NETWORKS).unwrap_or(0);
        let within = self.taken % BLOCK_NETWORKS;
        self.taken += 1;
        let base = BLOCKS.get(block).copied().unwrap_or(first) + (within << (u32::BITS - PREFIX));
        Network { kind, asn, organisation, city, base, prefix: PREFIX }
    }
}

const fn block(first: u8, second: u8) -> u32 {
    u32::from_be_bytes([first, second, 0, 0])
}
