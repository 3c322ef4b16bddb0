//! One trusted login, as a profile remembers it.

use std::sync::Arc;

use super::hours;
use super::trace::{Features, Trace, Traits};
use crate::enrichment::Enrichment;
use crate::event::Attempt;
use crate::keyed::Mark;
use crate::place::{Place, Point};
use crate::time::Timestamp;

/// One trusted login.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Login {
    pub(crate) at: Timestamp,
    pub(crate) event: Mark,
    pub(crate) traits: Traits<Option<Mark>>,
    pub(crate) features: Features,
    /// Local, 0 to 23.
    pub(crate) hour: Option<u8>,
    pub(crate) spot: Option<Spot>,
    pub(crate) challenge_passed: bool,
}

impl Login {
    /// A login that shares the name of its place with `last`, if both are in the same.
    pub(crate) fn new(
        trace: &Trace,
        attempt: &Attempt,
        enrichment: &Enrichment,
        challenge_passed: bool,
        last: Option<&Spot>,
    ) -> Self {
        let place = enrichment.place.as_ref().ok();
        Self {
            at: attempt.occurred_at,
            event: trace.event,
            traits: Traits(trace.traits.0.map(Result::ok)),
            features: trace.features,
            hour: time_of_day_ms(attempt, enrichment).and_then(hours::hour),
            spot: place.and_then(|place| Spot::of(place, last)),
            challenge_passed,
        }
    }
}

/// The local time of an attempt's day.
pub(crate) fn time_of_day_ms(attempt: &Attempt, enrichment: &Enrichment) -> Option<i64> {
    let point = enrichment.place.as_ref().ok().and_then(|place| place.point);
    let longitude = point.map(|point| point.longitude);
    hours::time_of_day_ms(attempt.occurred_at, attempt.device.utc_offset_min, longitude)
}

/// Where a login came from: a point kept bit by bit, so that equal states hash alike, and its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Spot {
    bits: [u64; 3],
    /// As people say it: `Paris, FR`.
    pub(crate) name: Option<Arc<str>>,
}

impl Spot {
    fn of(place: &Place, last: Option<&Self>) -> Option<Self> {
        let point = place.point?;
        let same = last.and_then(|last| last.name.as_ref()).filter(|name| names(name, place));
        let name = match (same, &place.city, place.country) {
            (Some(name), ..) => Some(Arc::clone(name)),
            (None, Some(city), Some(country)) => Some([city, ", ", country.code()].concat().into()),
            (None, Some(city), None) => Some(Arc::clone(city)),
            (None, None, Some(country)) => Some(country.code().into()),
            (None, None, None) => None,
        };
        let bits = [point.latitude, point.longitude, point.accuracy_km].map(f64::to_bits);
        Some(Self { bits, name })
    }

    pub(crate) fn point(&self) -> Point {
        let [latitude, longitude, accuracy_km] = self.bits.map(f64::from_bits);
        Point { latitude, longitude, accuracy_km }
    }
}

/// Whether this is the name of a place with city and country.
fn names(name: &str, place: &Place) -> bool {
    let (Some(city), Some(country)) = (&place.city, &place.country) else { return false };
    name.strip_prefix(&**city).and_then(|rest| rest.strip_prefix(", ")) == Some(country.code())
}
