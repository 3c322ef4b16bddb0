//! The point that a login came from.

use std::sync::Arc;

use super::area::Area;
use super::packed::{Reader, Writer};
use crate::place::{Place, Point};

/// Longest name of a city kept, in bytes; a longer one is cut.
const CITY_BYTES_MAX: usize = 60;

/// Parts of a degree that a point is kept in: a tenth of a metre at most.
const PER_DEGREE: f64 = 1e6;

/// A point and the name of its city, which is empty if it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot<'a> {
    latitude: i32,
    longitude: i32,
    /// Rounded up, in favour of whoever may have come from there.
    accuracy_km: u16,
    city: &'a [u8],
}

impl<'a> Spot<'a> {
    pub(super) const BYTES_MAX: usize = 4 + 4 + 2 + 1 + CITY_BYTES_MAX;

    /// `None` for a place whose point is not known.
    pub(super) fn of(place: &'a Place) -> Option<Self> {
        let point = place.point?;
        let city = place.city.as_deref().unwrap_or_default();
        let (city, _) = city.split_at_checked(city.floor_char_boundary(CITY_BYTES_MAX))?;
        Some(Self {
            latitude: part(point.latitude),
            longitude: part(point.longitude),
            accuracy_km: kilometres(point.accuracy_km),
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
        to.u32(self.latitude.cast_unsigned());
        to.u32(self.longitude.cast_unsigned());
        to.u16(self.accuracy_km);
        to.text(self.city);
    }

    pub(super) fn unpack(from: &mut Reader<'a>) -> Self {
        let (latitude, longitude) = (from.u32().cast_signed(), from.u32().cast_signed());
        Self { latitude, longitude, accuracy_km: from.u16(), city: from.text() }
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
    accuracy_km.ceil() as u16
}
