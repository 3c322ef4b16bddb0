//! Client addresses: one spelling per host, the networks around it, and which ones name nobody.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The address with IPv4 taken out of its IPv6 wrappings: v4-mapped (RFC 4291), 6to4 (RFC 3056)
/// and NAT64 (RFC 6052, the well-known prefix).
pub fn normalise(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => embedded_v4(v6).map_or(address, IpAddr::V4),
    }
}

fn embedded_v4(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = v6.segments();
    let join = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match [a, b, c, d, e, f] {
        [0, 0, 0, 0, 0, 0xffff] | [0x64, 0xff9b, 0, 0, 0, 0] => Some(join(g, h)),
        [0x2002, high, low, ..] => Some(join(high, low)),
        _ => None,
    }
}

/// Whether the address cannot name a client on the internet: loopback, private, carrier-grade NAT,
/// link-local, unique local, unspecified, multicast, reserved. Seeing one is a sign that a proxy
/// header is set up wrongly, never a sign of risk.
pub fn bogus(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => bogus_v4(v4),
        IpAddr::V6(v6) => {
            let [first, ..] = v6.segments();
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || v6.is_unique_local()
                || first & 0xffc0 == 0xfe80
        }
    }
}

fn bogus_v4(v4: Ipv4Addr) -> bool {
    let [a, b, ..] = v4.octets();
    let shared = a == 100 && b & 0xc0 == 64;
    v4.is_loopback()
        || v4.is_private()
        || v4.is_link_local()
        || v4.is_multicast()
        || shared
        || a == 0
        || a >= 240
}

/// A network: the address with the host's bits cleared, and the prefix length.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Network {
    base: IpAddr,
    prefix: u8,
}

/// Whole words, the first of which tells how many follow: what is hashed for every attempt is hashed fast.
impl Hash for Network {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let prefix = u64::from(self.prefix);
        match self.base {
            IpAddr::V4(v4) => state.write_u64(4 << 56 | prefix << 32 | u64::from(u32::from(v4))),
            IpAddr::V6(v6) => {
                state.write_u64(6 << 56 | prefix);
                state.write_u128(u128::from(v6));
            }
        }
    }
}

impl Network {
    /// The network of `prefix` bits around `address`; `None` if the prefix is longer than the address.
    pub fn new(address: IpAddr, prefix: u8) -> Option<Self> {
        let base = match address {
            IpAddr::V4(v4) if prefix <= 32 => {
                let mask = u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0);
                IpAddr::V4(Ipv4Addr::from(u32::from(v4) & mask))
            }
            IpAddr::V6(v6) if prefix <= 128 => {
                let mask = u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0);
                IpAddr::V6(Ipv6Addr::from(u128::from(v6) & mask))
            }
            IpAddr::V4(_) | IpAddr::V6(_) => return None,
        };
        Some(Self { base, prefix })
    }

    /// What one client holds: a single IPv4 address, an IPv6 /64.
    pub fn host(address: IpAddr) -> Self {
        let prefix = if address.is_ipv4() { 32 } else { 64 };
        Self::new(address, prefix).unwrap_or(Self { base: address, prefix })
    }

    /// The neighbourhood: an IPv4 /24, an IPv6 /48.
    pub fn subnet(address: IpAddr) -> Self {
        let prefix = if address.is_ipv4() { 24 } else { 48 };
        Self::new(address, prefix).unwrap_or(Self { base: address, prefix })
    }

    /// The first address.
    pub fn base(&self) -> IpAddr {
        self.base
    }

    /// The last address.
    pub fn last(&self) -> IpAddr {
        let prefix = u32::from(self.prefix);
        match self.base {
            IpAddr::V4(v4) => {
                let host = u32::MAX.checked_shr(prefix).unwrap_or(0);
                IpAddr::V4((u32::from(v4) | host).into())
            }
            IpAddr::V6(v6) => {
                let host = u128::MAX.checked_shr(prefix).unwrap_or(0);
                IpAddr::V6((u128::from(v6) | host).into())
            }
        }
    }

    /// The number of leading bits that all its addresses share.
    pub fn prefix(&self) -> u8 {
        self.prefix
    }

    /// Whether `address` lies inside.
    pub fn contains(&self, address: IpAddr) -> bool {
        Self::new(address, self.prefix) == Some(*self)
    }

    /// Reads `10.0.0.0/8`, or an address alone as a network of one. Host bits may be set.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once('/') {
            Some((address, prefix)) => Self::new(address.parse().ok()?, prefix.parse().ok()?),
            None => {
                let address: IpAddr = text.parse().ok()?;
                Self::new(address, if address.is_ipv4() { 32 } else { 128 })
            }
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.prefix)
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unwraps_ipv4() {
        let check = |text: &str, expected: &str| {
            assert_eq!(normalise(text.parse().unwrap()).to_string(), expected);
        };
        check("::ffff:203.0.113.7", "203.0.113.7");
        check("64:ff9b::203.0.113.7", "203.0.113.7");
        check("2002:cb00:7107::1", "203.0.113.7");
        check("2001:db8::1", "2001:db8::1");
    }

    #[test]
    fn knows_who_is_nobody() {
        let check =
            |text: &str, expected| assert_eq!(bogus(text.parse().unwrap()), expected, "{text}");
        for nobody in
            ["127.0.0.1", "10.1.2.3", "100.64.0.1", "169.254.1.1", "0.0.0.0", "255.255.255.255"]
        {
            check(nobody, true);
        }
        for nobody in ["::1", "::", "fe80::1", "fd00::1", "ff02::1"] {
            check(nobody, true);
        }
        for somebody in ["100.128.0.1", "203.0.113.7", "172.32.0.1", "2001:db8::1"] {
            check(somebody, false);
        }
    }

    #[test]
    fn groups_by_prefix() {
        let address = "2001:db8:1:2:3:4:5:6".parse().unwrap();
        assert_eq!(Network::host(address).to_string(), "2001:db8:1:2::/64");
        assert_eq!(Network::subnet(address).to_string(), "2001:db8:1::/48");
        assert_eq!(Network::parse("203.0.113.7/24").unwrap().to_string(), "203.0.113.0/24");
        assert!(Network::parse("0.0.0.0/0").unwrap().contains("198.51.100.1".parse().unwrap()));
        assert!(Network::parse("10.0.0.0/33").is_none());
    }
}
