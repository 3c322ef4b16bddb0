//! The point that a login came from.

use std::sync::Arc;

use super::area::Area;
use crate::enrichment::Enrichment;
use crate::network::NetworkClass;
use crate::packed::{Reader, Writer};
use crate::place::Point;

/// Longest name of a city kept, in bytes; a longer one is cut.
const CITY_BYTES_MAX: usize = 60;

/// Parts of a degree that a point is kept in: two and a half metres at most. Half the earth is just less than 24 bits hold.
const PER_DEGREE: f64 = 46_000.0;

/// Beside the accuracy: the login came through a mobile network.
const MOBILE: u16 = 1 << 15;

/// A point and the name of its city, which is empty if it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot<'a> {
    latitude: i32,
    longitude: i32,
    /// Rounded up, in favour of whoever may have come from there.
    accuracy_km: u16,
    pub(super) mobile: bool,
    city: &'a [u8],
}

impl<'a> Spot<'a> {
    pub(super) const BYTES_MAX: usize = 3 + 3 + 2 + 1 + CITY_BYTES_MAX;

    /// `None` where the point is not known, or is not where the person was.
    ///
    /// Travel then starts at the login before, as it may: the person was there at that time, whatever hid
    /// where they were since.
    pub(super) fn of(enrichment: &'a Enrichment) -> Option<Self> {
        let point = enrichment.travel_point().ok()?;
        let place = enrichment.place.as_ref().ok()?;
        let city = place.city.as_deref().unwrap_or_default();
        let (city, _) = city.split_at_checked(city.floor_char_boundary(CITY_BYTES_MAX))?;
        Some(Self {
            latitude: part(point.latitude),
            longitude: part(point.longitude),
            accuracy_km: kilometres(point.accuracy_km),
            mobile: enrichment.classes.within(&[NetworkClass::Mobile]),
            city: city.as_bytes(),
        })
    }

    pub(super) fn point(&self) -> Point {
        Point {
            latitude: f64::from(self.latitude) / PER_DEGREE,
            longitude: f64::from(self.longitude) / PER_DEGREE,
            accuracy_km: f64::from(self.accuracy_km),
        }
    }

    /// As people say it: `Paris, FR`.
    pub(super) fn name(&self, area: Option<&Area>) -> Option<Arc<str>> {
        let country = area.and_then(Area::country).unwrap_or_default();
        let city = str::from_utf8(self.city).unwrap_or_default();
        let country = str::from_utf8(&country).unwrap_or_default().trim_end_matches('\0');
        match (city, country) {
            ("", "") => None,
            ("", name) | (name, "") => Some(name.into()),
            (city, country) => Some([city, ", ", country].concat().into()),
        }
    }

    pub(super) fn pack(&self, to: &mut Writer) {
        to.i24(self.latitude);
        to.i24(self.longitude);
        to.u16(self.accuracy_km | if self.mobile { MOBILE } else { 0 });
        to.text(self.city);
    }

    pub(super) fn unpack(from: &mut Reader<'a>) -> Self {
        let (latitude, longitude) = (from.i24(), from.i24());
        let bits = from.u16();
        let (accuracy_km, mobile) = (bits & !MOBILE, bits & MOBILE != 0);
        Self { latitude, longitude, accuracy_km, mobile, city: from.text() }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a degree more or less than 180 at most")]
fn part(degrees: f64) -> i32 {
    (degrees * PER_DEGREE).round() as i32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "further than round the earth is everywhere"
)]
fn kilometres(accuracy_km: f64) -> u16 {
    (accuracy_km.ceil() as u16).min(MOBILE - 1)
}
