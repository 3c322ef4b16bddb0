//! Which way a login came through the internet.

use std::net::IpAddr;

use super::known::{LEVELS, Value};
use super::second::Second;
use super::tag::Tag;
use crate::address::Network;
use crate::keyed::Keyed;
use crate::packed::{Reader, VARINT_U32_BYTES_MAX, Writer};

/// An address within its neighbourhood: an IPv4 host in its /24, an IPv6 /64 in its /48.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Host {
    pub(super) subnet: Tag,
    /// What the subnet leaves open, hidden behind bits of the subnet's hash.
    number: u16,
}

impl Host {
    /// One hash for both: whatever shares the subnet shares the bits that the number is hidden behind.
    pub(super) fn of(keyed: &Keyed, address: IpAddr) -> Self {
        let hash = keyed.hash_of(Network::subnet(address));
        let number = match address {
            IpAddr::V4(v4) => {
                let [.., host] = v4.octets();
                u16::from(host)
            }
            IpAddr::V6(v6) => {
                let [_, _, _, host, ..] = v6.segments();
                host
            }
        };
        let [.., low, high] = hash.to_le_bytes();
        Self { subnet: hash.into(), number: number ^ u16::from_le_bytes([low, high]) }
    }
}

/// Subnet, number of the host in it, autonomous system; as much of it as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Route {
    subnet: Option<Tag>,
    number: Option<u16>,
    asn: Option<u32>,
}

impl Route {
    /// `None` if nothing is known.
    pub(super) fn of(host: Option<Host>, asn: Option<u32>) -> Option<Self> {
        let subnet = host.map(|host| host.subnet);
        Self { subnet, number: host.map(|host| host.number), asn }.told()
    }

    pub(super) fn host(&self) -> Option<Host> {
        let (subnet, number) = self.subnet.zip(self.number)?;
        Some(Host { subnet, number })
    }

    pub(super) fn subnet(&self) -> Option<Tag> {
        self.subnet
    }

    pub(super) fn asn(&self) -> Option<u32> {
        self.asn
    }

    fn told(self) -> Option<Self> {
        (self.subnet.is_some() || self.asn.is_some()).then_some(self)
    }
}

impl Value for Route {
    const LEVELS_MAX: [usize; LEVELS] = [32, 16, 16];

    const BYTES_MAX: usize = 1 + 4 + 2 + VARINT_U32_BYTES_MAX;

    type State = ();

    fn level(&self) -> usize {
        match (self.number, self.subnet) {
            (Some(_), _) => 0,
            (None, Some(_)) => 1,
            (None, None) => 2,
        }
    }

    fn coarser(&self) -> Option<Self> {
        match self.number {
            Some(_) => Some(Self { number: None, ..*self }),
            None => Self { subnet: None, ..*self }.told().filter(|coarser| coarser != self),
        }
    }

    fn both(_: (Second, ()), _: (Second, ())) {}

    fn pack(&self, to: &mut Writer) {
        to.told([self.subnet.is_some(), self.number.is_some(), self.asn.is_some()]);
        self.subnet.iter().for_each(|subnet| to.u32(subnet.0));
        self.number.iter().for_each(|number| to.u16(*number));
        self.asn.iter().for_each(|asn| to.varint(*asn));
    }

    fn unpack(from: &mut Reader<'_>) -> Self {
        let [subnet, number, asn] = from.told();
        Self {
            subnet: subnet.then(|| Tag(from.u32())),
            number: number.then(|| from.u16()),
            asn: asn.then(|| from.varint_u32()),
        }
    }

    fn pack_state((): &(), _: Second, _: &mut Writer) {}

    fn unpack_state(_: &mut Reader<'_>, _: Second) {}
}
