//! The networks of a world in which nothing is ever contacted: who has which addresses, and where.

pub mod city;
mod network;

pub use network::{Kind, Network};

use city::{CITIES, City};
use network::Space;

/// Fixed-line providers in each country.
pub const PROVIDERS: usize = 2;
/// Mobile carriers in each country.
pub const CARRIERS: usize = 2;
/// Sellers of VPN access. Each has exits in every city.
pub const VPN_SELLERS: usize = 2;

/// Autonomous systems that rent out machines, by their real numbers, so that lists of such networks
/// know them. Their addresses here are invented like all others.
const HOSTING: &[(u32, &str)] = &[
    (14_061, "DIGITALOCEAN-ASN"),
    (16_276, "OVH"),
    (24_940, "HETZNER-AS"),
    (63_949, "AKAMAI-LINODE-AP"),
    (20_473, "AS-VULTR"),
    (16_509, "AMAZON-02"),
];
/// Those behind commercial VPNs, by their real numbers too.
const VPN: [(u32, &str); VPN_SELLERS] = [(9_009, "M247"), (60_068, "CDN77")];
/// Numbers for private use begin here: nobody's lists know them.
const PRIVATE_ASN: u32 = 64_512;

/// Every network there is.
#[derive(Debug)]
pub struct World {
    /// By city and provider.
    fixed: Vec<Network>,
    /// By city and carrier; those of one country belong to the same carriers.
    mobile: Vec<Network>,
    hosting: Vec<Network>,
    /// By city and seller.
    vpn: Vec<Network>,
    /// Where staff work. The shipped rules have a list that names these addresses as their own.
    offices: Network,
}

impl Default for World {
    fn default() -> Self {
        let mut space = Space::default();
        let mut world = Self {
            fixed: Vec::new(),
            mobile: Vec::new(),
            hosting: Vec::new(),
            vpn: Vec::new(),
            offices: Network::offices(),
        };
        for city in &CITIES {
            for number in 0..PROVIDERS {
                let (asn, name) = operator(city, number, "Broadband");
                world.fixed.push(space.network(Kind::Fixed, asn, name, city));
            }
            for number in 0..CARRIERS {
                let (asn, name) = operator(city, PROVIDERS + number, "Mobile");
                world.mobile.push(space.network(Kind::Mobile, asn, name, city));
            }
            for (asn, name) in VPN {
                world.vpn.push(space.network(Kind::Vpn, asn, name.to_owned(), city));
            }
        }
        let spread = CITIES.iter().step_by(4);
        for ((asn, name), city) in HOSTING.iter().zip(spread) {
            world.hosting.push(space.network(Kind::Hosting, *asn, (*name).to_owned(), city));
        }
        world
    }
}

impl World {
    /// The lines of a provider in a city.
    pub fn fixed(&self, city: &City, provider: usize) -> &Network {
        self.find(&self.fixed, city.number * PROVIDERS + provider % PROVIDERS)
    }

    /// The exits of a mobile carrier in a city.
    pub fn mobile(&self, city: &City, carrier: usize) -> &Network {
        self.find(&self.mobile, city.number * CARRIERS + carrier % CARRIERS)
    }

    /// The exits of a VPN seller in a city.
    pub fn vpn(&self, city: &City, seller: usize) -> &Network {
        self.find(&self.vpn, city.number * VPN_SELLERS + seller % VPN_SELLERS)
    }

    /// Rented machines.
    pub fn hosting(&self, number: usize) -> &Network {
        self.find(&self.hosting, number % self.hosting.len().max(1))
    }

    /// Where staff work.
    pub fn offices(&self) -> &Network {
        &self.offices
    }

    /// What geo data says of this world, in the form that [`crate::enrich`] describes.
    pub fn geo_csv(&self) -> String {
        let header =
            "network,country,region,city,latitude,longitude,accuracy_km,asn,organisation\n";
        let all = [&self.fixed, &self.mobile, &self.vpn, &self.hosting].into_iter().flatten();
        let lines = all.chain([&self.offices]).map(Network::geo_line);
        header.to_owned() + &lines.collect::<String>()
    }

    fn find<'a>(&'a self, among: &'a [Network], number: usize) -> &'a Network {
        among.get(number).unwrap_or(&self.offices)
    }
}

/// The number and the name of a country's `number`-th operator, the same in all of its cities.
fn operator(city: &City, number: usize, trade: &str) -> (u32, String) {
    let same = CITIES.iter().position(|other| other.country == city.country).unwrap_or(0);
    let asn = PRIVATE_ASN + u32::try_from(same * 8 + number).unwrap_or(0);
    (asn, format!("{} {trade} {}", city.country, number + 1))
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;
    use crate::enrich::GeoData;

    #[test]
    fn the_geo_data_knows_every_address() {
        let world = World::default();
        let geo = GeoData::embedded("world", &world.geo_csv()).unwrap();
        assert!(geo.warnings().is_empty());
        let check = |network: &Network, host: u64| {
            let (place, operator) = geo.look(Some(IpAddr::V4(network.address(host))));
            let (place, operator) = (place.unwrap(), operator.unwrap());
            let city = network.city();
            assert_eq!(place.country.unwrap().to_string(), city.country);
            assert_eq!((&*place.city.unwrap(), operator.asn), (city.name, network.asn()));
        };
        for city in &CITIES {
            for host in [0, 1, 77_777, u64::MAX] {
                check(world.fixed(city, 1), host);
                check(world.mobile(city, 0), host);
                check(world.vpn(city, 1), host);
            }
        }
        check(world.hosting(3), 9);
        check(world.offices(), 2);
    }
}
