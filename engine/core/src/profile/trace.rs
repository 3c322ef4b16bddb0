//! What a login is recognised by.

use std::hash::Hash;
use std::net::IpAddr;

use crate::address::{self, Network};
use crate::enrichment::Enrichment;
use crate::event::{Attempt, Id};
use crate::keyed::{Keyed, Mark};
use crate::place::Place;
use crate::signal::primary_language;
use crate::value::Cause;

/// Something a later login can have in common with an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trait {
    /// The device's identifier.
    Device,
    /// The address: an IPv4 host, an IPv6 /64.
    Ip,
    /// The neighbourhood of the address.
    Subnet,
    /// The autonomous system.
    Asn,
    /// The country.
    Country,
    /// The first subdivision within the country.
    Region,
    /// The city within the region.
    City,
}

impl Trait {
    /// Every trait, in the order of [`Traits`].
    pub const ALL: [Self; 7] =
        [Self::Device, Self::Ip, Self::Subnet, Self::Asn, Self::Country, Self::Region, Self::City];

    /// Most values of this trait that a profile's summary keeps. Logins that fell out of the summary are
    /// unknown again, the longest unseen first.
    pub(crate) const fn values_max(self) -> usize {
        match self {
            Self::Device | Self::Asn | Self::Country => 16,
            Self::Subnet | Self::Region | Self::City => 32,
            Self::Ip => 64,
        }
    }
}

/// One value per [`Trait`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Traits<T>(pub(crate) [T; 7]);

impl<T> Traits<T> {
    /// The value of one trait.
    pub fn get(&self, which: Trait) -> &T {
        let [device, ip, subnet, asn, country, region, city] = &self.0;
        match which {
            Trait::Device => device,
            Trait::Ip => ip,
            Trait::Subnet => subnet,
            Trait::Asn => asn,
            Trait::Country => country,
            Trait::Region => region,
            Trait::City => city,
        }
    }
}

/// How many [`Features`] two devices can have in common.
pub(crate) const FEATURES: usize = 6;

/// What a device is like, whatever it calls itself: agent family, operating system, JA4, language, screen,
/// offset from UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Features([Option<Mark>; FEATURES]);

impl Features {
    /// How many features are told by both and equal.
    pub(crate) fn common(&self, other: &Self) -> usize {
        self.0.iter().zip(&other.0).filter(|(own, others)| own.is_some() && own == others).count()
    }

    fn of(keyed: &Keyed, attempt: &Attempt, enrichment: &Enrichment) -> Self {
        let agent = enrichment.agent.as_ref().ok();
        let language = attempt.client.accept_language.as_ref();
        let language = language.and_then(|header| primary_language(header.as_str()));
        Self([
            agent.and_then(|agent| agent.family).map(|family| keyed.mark(10, family)),
            agent.and_then(|agent| agent.os).map(|os| keyed.mark(11, os)),
            attempt.client.ja4.as_ref().map(|ja4| keyed.mark(12, ja4)),
            language.map(|language| keyed.mark(13, language)),
            attempt.device.screen.as_ref().map(|screen| keyed.mark(14, screen)),
            attempt.device.utc_offset_min.map(|offset| keyed.mark(15, offset)),
        ])
    }
}

/// An attempt as a profile sees it: nothing of it can be read back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trace {
    /// Tells the attempt from others of the same user.
    pub(crate) event: Mark,
    /// The traits it has, or why one is missing.
    pub(crate) traits: Traits<Result<Mark, Cause>>,
    /// What its device is like.
    pub(crate) features: Features,
}

impl Trace {
    pub(crate) fn of(keyed: &Keyed, attempt: &Attempt, enrichment: &Enrichment) -> Self {
        let ip = attempt.client.address.filter(|ip| !address::bogus(*ip));
        let ip = ip.ok_or(Cause::MissingInput);
        let host = |ip: IpAddr| keyed.mark(1, Network::host(ip));
        let network = enrichment.network.as_ref().map_err(|cause| *cause);
        let device = attempt.device.id.as_ref().ok_or(Cause::MissingInput);
        let place = enrichment.place.as_ref().map_err(|cause| *cause);
        Self {
            event: event_mark(keyed, &attempt.event_id),
            traits: Traits([
                device.map(|id| keyed.mark(0, id)),
                ip.map(host),
                ip.map(|ip| keyed.mark(2, Network::subnet(ip))),
                network.map(|network| keyed.mark(3, network.asn)),
                named(keyed, 4, place, |place| place.country),
                named(keyed, 5, place, |place| Some((place.country, place.region.as_ref()?))),
                named(keyed, 6, place, |place| {
                    Some((place.country, &place.region, place.city.as_ref()?))
                }),
            ]),
            features: Features::of(keyed, attempt, enrichment),
        }
    }
}

/// Tells one attempt of a user from the others.
pub(crate) fn event_mark(keyed: &Keyed, event_id: &Id) -> Mark {
    keyed.mark(20, event_id)
}

fn named<'a, Name: Hash>(
    keyed: &Keyed,
    kind: u64,
    place: Result<&'a Place, Cause>,
    name: fn(&'a Place) -> Option<Name>,
) -> Result<Mark, Cause> {
    name(place?).map(|name| keyed.mark(kind, name)).ok_or(Cause::LookupFailed)
}
