//! Which part of the world a login came from.

use super::known::{LEVELS, Value};
use super::second::Second;
use super::tag::Tag;
use crate::country::Country;
use crate::packed::{Reader, Writer};

/// Country, region in it, city in both; as much of it as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Area {
    /// The two letters.
    country: Option<[u8; 2]>,
    region: Option<Tag>,
    city: Option<Tag>,
}

impl Area {
    /// `None` if nothing is known.
    pub(super) fn of(
        country: Option<Country>,
        region: Option<Tag>,
        city: Option<Tag>,
    ) -> Option<Self> {
        Self { country: country.map(Country::letters), region, city }.told()
    }

    pub(super) fn country(&self) -> Option<[u8; 2]> {
        self.country
    }

    pub(super) fn region(&self) -> Option<Tag> {
        self.region
    }

    pub(super) fn city(&self) -> Option<Tag> {
        self.city
    }

    fn told(self) -> Option<Self> {
        let told = self.country.is_some() || self.region.is_some() || self.city.is_some();
        told.then_some(self)
    }
}

impl Value for Area {
    const LEVELS_MAX: [usize; LEVELS] = [16, 16, 16];

    const BYTES_MAX: usize = 1 + 2 + 4 + 4;

    type State = ();

    fn level(&self) -> usize {
        match (self.city, self.region) {
            (Some(_), _) => 0,
            (None, Some(_)) => 1,
            (None, None) => 2,
        }
    }

    fn coarser(&self) -> Option<Self> {
        match self.city {
            Some(_) => Self { city: None, ..*self }.told(),
            None => Self { region: None, ..*self }.told().filter(|coarser| coarser != self),
        }
    }

    fn both(_: (Second, ()), _: (Second, ())) {}

    fn pack(&self, to: &mut Writer) {
        to.told([self.country.is_some(), self.region.is_some(), self.city.is_some()]);
        self.country.iter().for_each(|letters| to.u16(u16::from_le_bytes(*letters)));
        [self.region, self.city].iter().flatten().for_each(|tag| to.u32(tag.0));
    }

    fn unpack(from: &mut Reader<'_>) -> Self {
        let [country, region, city] = from.told();
        Self {
            country: country.then(|| from.u16().to_le_bytes()),
            region: region.then(|| Tag(from.u32())),
            city: city.then(|| Tag(from.u32())),
        }
    }

    fn pack_state((): &(), _: Second, _: &mut Writer) {}

    fn unpack_state(_: &mut Reader<'_>, _: Second) {}
}
