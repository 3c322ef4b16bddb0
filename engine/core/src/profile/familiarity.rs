//! What a profile knew about an attempt's parts before the attempt.

use std::sync::Arc;

use super::FAILURES_MAX;
use super::area::Area;
use super::failures::{By, Row};
use super::features::Feature;
use super::known::Sighting;
use super::login::{Login, time_of_day_ms};
use super::memory::Memory;
use super::second::Second;
use super::trace::{Trace, Trait, Traits};
use crate::country::Country;
use crate::enrichment::Enrichment;
use crate::event::{Attempt, CredentialResult, Method};
use crate::likelihood::{Epoch, Own};
use crate::network::NetworkClass;
use crate::place::Point;
use crate::time::Timestamp;
use crate::value::Cause;

/// Logins with an hour that a mean hour needs.
pub const LOGINS_FOR_HOUR_MIN: u32 = 4;

/// What the profile knew about the attempt's parts before the attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct Familiarity {
    /// Trusted logins so far.
    pub trusted_logins: u32,
    /// When and how often each trait was seen; `Ok(None)` if never within the retention, the cause if the
    /// attempt does not show it.
    pub traits: Traits<Result<Option<Sighting>, Cause>>,
    /// Features in common with the nearest known device.
    pub similarity: u8,
    /// When the last trusted login was.
    pub last_trusted_at: Option<Timestamp>,
    /// The last trusted login whose place is known.
    pub last_place: Option<LastPlace>,
    /// The place nearest to the attempt's among those of the newest trusted logins; `None` in a city that is known.
    pub nearest_place: Option<KnownPlace>,
    /// Since when the user's trusted logins are remembered.
    pub known_since: Option<Timestamp>,
    /// Whether a trusted login came with the same TLS fingerprint, if the attempt tells one.
    pub ja4_known: Option<bool>,
    /// Whether one came with the same first language, if the attempt tells one.
    pub language_known: Option<bool>,
    /// Whether one came from the country of the telephone number that the attempt gives.
    pub phone_country_known: bool,
    /// Milliseconds between the hour of the attempt and the user's mean hour.
    pub hour_distance_ms: Result<i64, Cause>,
    /// Failures in a row with the attempt's method, itself included if it failed; at most [`FAILURES_MAX`].
    pub failures: u32,
    /// When the last of them before this attempt was.
    pub failed_at: Option<Timestamp>,
    /// When a credential was last right.
    pub succeeded_at: Option<Timestamp>,
    /// The last challenge that was passed on this device.
    pub challenge_passed: Option<PassedChallenge>,
    /// The logarithm of how much likelier the attempt is somebody else's; the store asks all users' counts for it.
    pub likelihood: Result<f64, Cause>,
    /// The user's own counts for it.
    pub(crate) own: Result<Own, Cause>,
    /// Whether failures may be another user's: see [`Familiarity::add_failures`].
    pub(crate) estimated: bool,
}

impl Familiarity {
    /// Adds failures that may have been this user's, from before the profile was evicted.
    pub(crate) fn add_failures(&mut self, count: i64) {
        self.estimated |= count > 0;
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let failures_max = u32::try_from(FAILURES_MAX).unwrap_or(u32::MAX);
        self.failures = self.failures.saturating_add(count).min(failures_max);
    }
}

/// A challenge that was passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassedChallenge {
    /// When.
    pub at: Timestamp,
    /// How, if that was told.
    pub method: Option<Method>,
}

/// A place that a trusted login came from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KnownPlace {
    /// The point.
    pub point: Point,
    /// The country.
    pub country: Option<Country>,
    /// Whether it is that of a mobile network, and so coarse.
    pub mobile: bool,
}

/// Where and when the last trusted login was.
#[derive(Clone, Debug, PartialEq)]
pub struct LastPlace {
    /// The place.
    pub place: KnownPlace,
    /// Its name, such as `Paris, FR`.
    pub name: Option<Arc<str>>,
    /// When.
    pub at: Timestamp,
}

impl Memory<'_> {
    /// What is known about the attempt before it, in the tenant's newest epoch.
    pub(crate) fn look(
        &self,
        trace: &Trace,
        attempt: &Attempt,
        enrichment: &Enrichment,
        newest: Epoch,
    ) -> Familiarity {
        let now = attempt.occurred_at;
        let history = &self.history;
        let device = trace.device.ok();
        let wrong = usize::from(attempt.credential.result == Some(CredentialResult::Wrong));
        let row = self.failures.row(By::of(attempt.credential.method));
        let failures = row.map_or(0, Row::count).saturating_add(wrong).min(FAILURES_MAX);
        let similarity = history.similarity(device, &trace.features, now);
        let traits = self.traits(trace, now);
        let far = !matches!(traits.get(Trait::City), Ok(Some(_)));
        let to = enrichment.travel_point().ok().filter(|_| far);
        Familiarity {
            trusted_logins: history.logins(),
            traits,
            similarity: u8::try_from(similarity).unwrap_or(u8::MAX),
            last_trusted_at: history.last(now).map(|login| login.at.at()),
            last_place: history.last_placed(now).and_then(last_place),
            nearest_place: to.and_then(|to| self.nearest_place(&to, now)),
            known_since: history.since().map(Second::at),
            ja4_known: self.featured(trace, Feature::Ja4, now),
            language_known: self.featured(trace, Feature::Language, now),
            phone_country_known: phone_country(attempt)
                .is_some_and(|country| history.country(country, now).is_some()),
            hour_distance_ms: self.hour_distance_ms(attempt, enrichment),
            failures: u32::try_from(failures).unwrap_or(u32::MAX),
            failed_at: row.and_then(|row| row.failed_at(now)),
            succeeded_at: self.failures.succeeded_at(),
            challenge_passed: device
                .and_then(|device| history.passed(device))
                .map(|passed| PassedChallenge { at: passed.at.at(), method: passed.by.method() }),
            likelihood: Err(Cause::NoHistory),
            own: trace
                .shown
                .and_then(|shown| self.habits.own(&shown, newest).ok_or(Cause::NoHistory)),
            estimated: false,
        }
    }

    /// In the order of [`Traits`].
    fn traits(&self, trace: &Trace, now: Timestamp) -> Traits<Result<Option<Sighting>, Cause>> {
        let history = &self.history;
        Traits([
            trace.device.map(|device| history.device(device, now)),
            trace.host.map(|host| history.route(|route| route.host() == Some(host), now)),
            trace.host.map(|host| history.route(|route| route.subnet() == Some(host.subnet), now)),
            trace.asn.map(|asn| history.route(|route| route.asn() == Some(asn), now)),
            trace.country.map(|country| history.country(country, now)),
            trace.region.map(|region| history.area(|area| area.region() == Some(region), now)),
            trace.city.map(|city| history.area(|area| area.city() == Some(city), now)),
        ])
    }

    fn featured(&self, trace: &Trace, which: Feature, now: Timestamp) -> Option<bool> {
        trace.features.get(which).map(|feature| self.history.featured(which, feature, now))
    }

    fn nearest_place(&self, to: &Point, now: Timestamp) -> Option<KnownPlace> {
        let places = self.history.placed(now).filter_map(known_place);
        let away = places.map(|place| (to.distance_min_km(&place.point), place));
        away.min_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, place)| place)
    }

    fn hour_distance_ms(&self, attempt: &Attempt, enrichment: &Enrichment) -> Result<i64, Cause> {
        let elsewhere = enrichment.classes.within(NetworkClass::ELSEWHERE);
        let cause = if elsewhere { Cause::Excluded } else { Cause::MissingInput };
        let time_of_day_ms = time_of_day_ms(attempt, enrichment).ok_or(cause)?;
        let hours = self.history.hours();
        if hours.count() < LOGINS_FOR_HOUR_MIN {
            return Err(Cause::NoHistory);
        }
        hours.distance_ms(time_of_day_ms).ok_or(Cause::NoHistory)
    }
}

fn last_place(login: &Login<'_>) -> Option<LastPlace> {
    let name = login.source.spot?.name(login.source.area.as_ref());
    Some(LastPlace { place: known_place(login)?, name, at: login.at.at() })
}

fn known_place(login: &Login<'_>) -> Option<KnownPlace> {
    let spot = login.source.spot?;
    let letters = login.source.area.as_ref().and_then(Area::country);
    let country = letters.and_then(|letters| Country::parse(str::from_utf8(&letters).ok()?).ok());
    Some(KnownPlace { point: spot.point(), country, mobile: spot.mobile })
}

fn phone_country(attempt: &Attempt) -> Option<Country> {
    attempt.contact.as_ref()?.phone.country
}
