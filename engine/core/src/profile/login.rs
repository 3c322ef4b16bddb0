//! One trusted login, as a profile remembers it.

use super::area::Area;
use super::failures::By;
use super::features::Features;
use super::hours;
use super::route::Route;
use super::second::Second;
use super::spot::Spot;
use super::tag::Tag;
use super::trace::Trace;
use crate::enrichment::Enrichment;
use crate::event::Attempt;

/// One trusted login; the name of its city lies elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Login<'a> {
    pub(super) at: Second,
    pub(super) event: Tag,
    /// Local, 0 to 23.
    pub(super) hour: Option<u8>,
    /// How a challenge was passed, if one was.
    pub(super) passed_by: Option<By>,
    pub(super) machine: Machine,
    pub(super) source: Source<'a>,
}

/// What a login was made on; `None` for a device that does not tell its identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Machine {
    pub(super) device: Option<Tag>,
    pub(super) features: Features,
}

/// Where a login came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Source<'a> {
    pub(super) route: Option<Route>,
    pub(super) area: Option<Area>,
    pub(super) spot: Option<Spot<'a>>,
}

impl<'a> Login<'a> {
    pub(super) fn new(
        trace: &Trace,
        attempt: &Attempt,
        enrichment: &'a Enrichment,
        passed_by: Option<By>,
    ) -> Self {
        let source = Source {
            route: Route::of(trace.host.ok(), trace.asn.ok()),
            area: Area::of(trace.country.ok(), trace.region.ok(), trace.city.ok()),
            spot: Spot::of(enrichment),
        };
        Self {
            at: Second::of(attempt.occurred_at),
            event: trace.event,
            hour: time_of_day_ms(attempt, enrichment).and_then(hours::hour),
            passed_by,
            machine: Machine { device: trace.device.ok(), features: trace.features },
            source,
        }
    }
}

/// The local time of an attempt's day.
pub(super) fn time_of_day_ms(attempt: &Attempt, enrichment: &Enrichment) -> Option<i64> {
    let utc_offset_min = attempt.device.utc_offset_min;
    hours::time_of_day_ms(attempt.occurred_at, utc_offset_min, enrichment.longitude())
}
