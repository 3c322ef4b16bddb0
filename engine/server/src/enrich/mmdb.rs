//! MaxMind DB files, in MaxMind's nested schema and in the flat one of DB-IP and ip-location-db.
//!
//! One record type reads both: the names of the two schemas do not collide, except that `city` is a
//! map of names in one and a text in the other.

use std::fmt;
use std::net::IpAddr;
use std::path::Path;

use doorward_core::country::Country;
use doorward_core::enrichment::Operator;
use doorward_core::place::Place;
use maxminddb::{MaxMindDbError, Reader, WithinOptions};
use serde::de::value::MapAccessDeserializer;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::geo::{Found, point};
use super::geo_error::GeoError;
use super::intern::Names;

/// Records read at opening to see what the file is about. Real data describes a place or a network in
/// almost every record.
const PROBED_MAX: usize = 256;

/// One file, in memory.
#[derive(Debug)]
pub(crate) struct Mmdb {
    reader: Reader<Vec<u8>>,
    names: Names,
}

impl Mmdb {
    /// Takes the `bytes` of the file at `path`; refuses a file none of whose first records says anything
    /// that Doorward reads.
    pub(crate) fn parse(path: &Path, bytes: Vec<u8>) -> Result<Self, GeoError> {
        let broken = |error| GeoError::Mmdb { path: path.to_owned(), error };
        let reader = Reader::from_source(bytes).map_err(broken)?;
        let mmdb = Self { reader, names: Names::default() };
        if mmdb.tells().map_err(broken)? {
            Ok(mmdb)
        } else {
            let database_type = mmdb.reader.metadata().database_type.clone();
            Err(GeoError::Schema { path: path.to_owned(), database_type })
        }
    }

    /// When the file was built, in seconds since the epoch.
    pub(crate) fn built_s(&self) -> u64 {
        self.reader.metadata().build_epoch
    }

    /// What the file says of `address`. A file of the other address family says nothing, and so does a
    /// damaged record.
    pub(crate) fn look(&self, address: IpAddr) -> Option<Found> {
        let record = self.reader.lookup(address).ok()?.decode::<Record<'_>>().ok()??;
        Some(record.found(&self.names))
    }

    fn tells(&self) -> Result<bool, MaxMindDbError> {
        for result in self.reader.networks(WithinOptions::default())?.take(PROBED_MAX) {
            if let Some(record) = result?.decode::<Record<'_>>()? {
                let Found { place, network } = record.found(&self.names);
                if place.is_some() || network.is_some() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

/// A record of either schema.
#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    country: Option<Named<'a>>,
    #[serde(borrow)]
    subdivisions: Option<First<'a>>,
    #[serde(borrow)]
    city: Option<Named<'a>>,
    location: Option<Location>,

    country_code: Option<&'a str>,
    state1: Option<&'a str>,
    latitude: Option<Degrees>,
    longitude: Option<Degrees>,

    autonomous_system_number: Option<u32>,
    autonomous_system_organization: Option<&'a str>,
    organization: Option<&'a str>,
}

impl Record<'_> {
    fn found(&self, names: &Names) -> Found {
        let share = |name: Option<&str>| name.and_then(|name| names.share(name));
        let location = self.location.as_ref();
        let code = self.country_code.or(self.country.as_ref().and_then(|country| country.code));
        let region = self.subdivisions.as_ref().and_then(|first| first.0.as_ref()?.name);
        let place = Place {
            country: code.and_then(|code| Country::parse(code).ok()),
            region: share(self.state1.or(region)),
            city: share(self.city.as_ref().and_then(|city| city.name)),
            point: point(
                self.latitude.or(location.and_then(|location| location.latitude)).map(|d| d.0),
                self.longitude.or(location.and_then(|location| location.longitude)).map(|d| d.0),
                location.and_then(|location| location.accuracy_radius).map(f64::from),
            ),
        };
        let network = self.autonomous_system_number.filter(|asn| *asn != 0).map(|asn| Operator {
            asn,
            organisation: share(self.autonomous_system_organization.or(self.organization)),
        });
        Found::new(place, network)
    }
}

/// Where the nested schema keeps the point.
#[derive(Deserialize)]
struct Location {
    latitude: Option<Degrees>,
    longitude: Option<Degrees>,
    accuracy_radius: Option<u16>,
}

/// A coordinate: a double in the nested schema, a float in the flat one.
#[derive(Clone, Copy)]
struct Degrees(f64);

impl<'de> Deserialize<'de> for Degrees {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DegreesVisitor)
    }
}

struct DegreesVisitor;

impl Visitor<'_> for DegreesVisitor {
    type Value = Degrees;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a coordinate")
    }

    fn visit_f64<E>(self, degrees: f64) -> Result<Self::Value, E> {
        Ok(Degrees(degrees))
    }

    fn visit_f32<E>(self, degrees: f32) -> Result<Self::Value, E> {
        Ok(Degrees(f64::from(degrees)))
    }
}

/// A country, subdivision or city: a map with names per language, or the name alone.
struct Named<'a> {
    code: Option<&'a str>,
    name: Option<&'a str>,
}

/// The map of the nested schema.
#[derive(Deserialize)]
struct NamedMap<'a> {
    iso_code: Option<&'a str>,
    #[serde(borrow)]
    names: Option<English<'a>>,
}

/// Names per language. English ones, so that the same place has the same name in every record.
#[derive(Deserialize)]
struct English<'a> {
    en: Option<&'a str>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Named<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NamedVisitor)
    }
}

struct NamedVisitor;

impl<'de> Visitor<'de> for NamedVisitor {
    type Value = Named<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name or a map of names")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Named { code: None, name: Some(name) })
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Self::Value, M::Error> {
        let read = NamedMap::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Named { code: read.iso_code, name: read.names.and_then(|names| names.en) })
    }
}

/// The first of the subdivisions, which is the largest.
struct First<'a>(Option<Named<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for First<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(FirstVisitor)
    }
}

struct FirstVisitor;

impl<'de> Visitor<'de> for FirstVisitor {
    type Value = First<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of subdivisions")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<Self::Value, S::Error> {
        let first = list.next_element()?;
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(First(first))
    }
}
