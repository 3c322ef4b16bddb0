//! What a login is recognised by.

use super::features::Features;
use super::route::Host;
use super::tag::Tag;
use crate::address;
use crate::country::Country;
use crate::enrichment::Enrichment;
use crate::event::Attempt;
use crate::keyed::Keyed;
use crate::likelihood::Shown;
use crate::network::NetworkClass;
use crate::place::Place;
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

/// An attempt as a profile sees it: the traits it has, or why one is missing. Nobody's device or address
/// can be read back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trace {
    /// Tells the attempt from others of the same user.
    pub(super) event: Tag,
    pub(super) device: Result<Tag, Cause>,
    pub(super) host: Result<Host, Cause>,
    pub(super) asn: Result<u32, Cause>,
    pub(super) country: Result<Country, Cause>,
    pub(super) region: Result<Tag, Cause>,
    pub(super) city: Result<Tag, Cause>,
    pub(super) features: Features,
    pub(crate) shown: Result<Shown, Cause>,
}

impl Trace {
    pub(crate) fn of(keyed: &Keyed, attempt: &Attempt, enrichment: &Enrichment) -> Self {
        let address = attempt.client.address.filter(|address| !address::bogus(*address));
        let device = attempt.device.id.as_ref();
        let device = device.map(|id| Tag::of_text(keyed, id.as_str()));
        let place = |hidden: &[NetworkClass]| place(enrichment, hidden);
        let network = enrichment.network.as_ref().map_err(|cause| *cause);
        let named = |name: Option<Tag>| name.ok_or(Cause::LookupFailed);
        Self {
            event: Tag::of_text(keyed, attempt.event_id.as_str()),
            device: device.ok_or(Cause::MissingInput),
            host: address.map(|address| Host::of(keyed, address)).ok_or(Cause::MissingInput),
            asn: network.map(|network| network.asn),
            country: place(&[NetworkClass::Satellite])
                .and_then(|place| place.country.ok_or(Cause::LookupFailed)),
            region: place(NetworkClass::ELSEWHERE).and_then(|place| named(region(keyed, place))),
            city: place(NetworkClass::ELSEWHERE).and_then(|place| named(city(keyed, place))),
            features: Features::of(keyed, attempt, enrichment),
            shown: Shown::of(keyed, attempt, enrichment),
        }
    }
}

/// The place of the address, unless it is in a class of network that makes it say nothing about the person.
fn place<'e>(enrichment: &'e Enrichment, hidden: &[NetworkClass]) -> Result<&'e Place, Cause> {
    if enrichment.classes.within(hidden) {
        return Err(Cause::Excluded);
    }
    enrichment.place.as_ref().map_err(|cause| *cause)
}

fn region(keyed: &Keyed, place: &Place) -> Option<Tag> {
    Some(Tag::of(keyed, (place.country, place.region.as_ref()?)))
}

fn city(keyed: &Keyed, place: &Place) -> Option<Tag> {
    Some(Tag::of(keyed, (place.country, &place.region, place.city.as_ref()?)))
}
