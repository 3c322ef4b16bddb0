//! Signals that compare the attempt with what the profile knew before it.

use std::sync::Arc;

use super::contact::phone;
use super::{Origin, Read, Seen, Signal};
use crate::event::Method;
use crate::network::NetworkClass;
use crate::place::Point;
use crate::profile::{
    COUNTRY_RETENTION_MS, FAILURES_MAX, Familiarity, KnownPlace, LOGINS_FOR_HOUR_MIN, LastPlace,
    RETENTION_MS, Sighting, Trait,
};
use crate::time::{DAY_MS, Timestamp};
use crate::value::{Cause, Reading, Type, Value};

/// Trusted logins without which nothing is known and nothing is new: the first login ever is neither.
pub const LOGINS_MIN: u32 = 1;

/// Features, of six, that make an unknown device look like a known one.
pub const SIMILARITY_MIN: u8 = 4;

/// What a login from only the same subnet is worth against one from the same address.
const SUBNET_WEIGHT: f64 = 0.5;
/// What a login from only the same autonomous system is worth.
const ASN_WEIGHT: f64 = 0.25;

/// Trusted logins, and how long they must reach back, for a rate: of fewer, one busy day is a habit.
const LOGINS_FOR_RATE_MIN: u32 = 4;
const KNOWN_FOR_RATE_MS_MIN: i64 = 7 * DAY_MS;

const HOUR_S: f64 = 3_600.0;
const SECOND_MS: f64 = 1_000.0;

const _: () = {
    // The texts below say these numbers to analysts.
    assert!(RETENTION_MS == 90 * DAY_MS);
    assert!(COUNTRY_RETENTION_MS == 400 * DAY_MS);
    assert!(SIMILARITY_MIN == 4);
    assert!(LOGINS_FOR_HOUR_MIN == 4);
    assert!(FAILURES_MAX == 101);
};

const fn row(name: &'static str, kind: Type, doc: &'static str, read: Read) -> Signal {
    Signal { name, kind, origin: Origin::Profile, doc, read }
}

pub(super) const SIGNALS: &[Signal] = &[
    row(
        "device.known",
        Type::Bool,
        "A trusted login of the user came from this device in the last 90 days.",
        |seen| known(seen, Trait::Device).into(),
    ),
    row(
        "device.new",
        Type::Bool,
        "No trusted login of the user came from this device in the last 90 days, but some came from others.",
        |seen| new(seen, Trait::Device).into(),
    ),
    row(
        "device.known_days",
        Type::Int,
        "Whole days since the user's first trusted login from this device; 0 for a device that is not known.",
        |seen| known_days(seen).into(),
    ),
    row(
        "device.similarity",
        Type::Int,
        "How many of agent family, system, JA4, language, screen and UTC offset equal those of the same known device, or else of the nearest.",
        |seen| similarity(seen).into(),
    ),
    row(
        "device.partly_known",
        Type::Bool,
        "The device is not known or has no identifier, but at least four of six features equal those of a known one.",
        |seen| partly_known(seen).into(),
    ),
    row(
        "ja4.known",
        Type::Bool,
        "A trusted login of the user in the last 90 days came with this TLS fingerprint: one of the newest eight, or the last on a device.",
        |seen| featured(seen, |familiarity| familiarity.ja4_known).into(),
    ),
    row("language.known", Type::Bool, "One of them came with this first language.", |seen| {
        featured(seen, |familiarity| familiarity.language_known).into()
    }),
    row(
        "ip.known",
        Type::Bool,
        "A trusted login of the user came from this address in the last 90 days; in a neutral network never false.",
        |seen| known(seen, Trait::Ip).into(),
    ),
    row(
        "subnet.known",
        Type::Bool,
        "A trusted login of the user came from this subnet in the last 90 days; in a neutral network never false.",
        |seen| known(seen, Trait::Subnet).into(),
    ),
    row(
        "asn.known",
        Type::Bool,
        "A trusted login of the user came from this autonomous system in the last 90 days.",
        |seen| known(seen, Trait::Asn).into(),
    ),
    row(
        "network.known",
        Type::Bool,
        "The address, its subnet or its autonomous system is known for the user, as far as they can be told.",
        |seen| network_known(seen).into(),
    ),
    row(
        "network.familiarity",
        Type::Ratio,
        "The share of the user's trusted logins from this address; one from only the same subnet counts half, from only the same autonomous system a quarter.",
        |seen| network_familiarity(seen).into(),
    ),
    row(
        "country.known",
        Type::Bool,
        "A trusted login of the user came from this country in the last 400 days; excluded behind a satellite.",
        |seen| known(seen, Trait::Country).into(),
    ),
    row(
        "country.new",
        Type::Bool,
        "No trusted login of the user came from this country in the last 400 days, but some came from others.",
        |seen| new(seen, Trait::Country).into(),
    ),
    row(
        "phone.country_known",
        Type::Bool,
        "A trusted login of the user came from the country of the telephone number in the last 400 days.",
        phone_country_known,
    ),
    row(
        "region.known",
        Type::Bool,
        "A trusted login of the user came from this region in the last 90 days; excluded behind relay, satellite and VPN.",
        |seen| known(seen, Trait::Region).into(),
    ),
    row(
        "city.known",
        Type::Bool,
        "A trusted login of the user came from this city in the last 90 days; excluded behind relay, satellite and VPN.",
        |seen| known(seen, Trait::City).into(),
    ),
    row(
        "place.distance",
        Type::Distance,
        "The least distance to a place of the user's newest eight trusted logins that both accuracies leave possible; 0 in a city that is known.",
        |seen| place_distance(seen).into(),
    ),
    row(
        "travel.distance",
        Type::Distance,
        "The least distance to the place of the last trusted login that both accuracies leave possible.",
        |seen| travel(seen).map(|travel| Value::Distance(travel.distance_km())).into(),
    ),
    row(
        "travel.elapsed",
        Type::Duration,
        "The time since the last trusted login whose place is known.",
        |seen| travel(seen).map(|travel| Value::Duration(travel.elapsed_ms)).into(),
    ),
    row(
        "travel.speed_min",
        Type::Speed,
        "The least speed at which the person can have come from the place of the last trusted login.",
        |seen| travel(seen).map(|travel| Value::Speed(travel.speed_km_h())).into(),
    ),
    row(
        "travel.from",
        Type::Text,
        "The place of the last trusted login whose place is known.",
        |seen| travel_from(seen).into(),
    ),
    row(
        "hour.distance",
        Type::Duration,
        "How far the local hour is from the user's mean hour, the short way round; needs four logins at similar hours.",
        |seen| hour_distance(seen).into(),
    ),
    row("dormant", Type::Duration, "The time since the user's last trusted login.", |seen| {
        age(seen, |familiarity| familiarity.last_trusted_at).into()
    }),
    row(
        "user.trusted_logins",
        Type::Int,
        "How many logins the user's profile has learned from.",
        |seen| count(seen, |familiarity| familiarity.trusted_logins).into(),
    ),
    row(
        "user.logins_per_day",
        Type::Decimal,
        "How many trusted logins the user has a day, in the mean of all that is remembered; needs four of them and a week.",
        |seen| logins_per_day(seen).into(),
    ),
    row(
        "user.failures_consecutive",
        Type::Int,
        "Wrong credentials of the user with this attempt's method since its last right one, this attempt included if it failed, others that were denied left out; counted up to 101.",
        |seen| count(seen, |familiarity| familiarity.failures).into(),
    ),
    row(
        "user.last_failure_age",
        Type::Duration,
        "The time since the last of these failures before this attempt.",
        |seen| age(seen, |familiarity| familiarity.failed_at).into(),
    ),
    row(
        "user.last_success_age",
        Type::Duration,
        "The time since a credential of the user was last right, whatever the verdict.",
        |seen| age(seen, |familiarity| familiarity.succeeded_at).into(),
    ),
    row(
        "challenge.passed_age",
        Type::Duration,
        "The time since the user last passed a challenge on this device.",
        |seen| challenge_passed_age(seen).into(),
    ),
    row(
        "challenge.method",
        Type::Word(Method::WORDS),
        "How the user passed that challenge.",
        |seen| challenge_method(seen).into(),
    ),
    row(
        "login.likelihood",
        Type::Decimal,
        "How much likelier address and user agent are somebody else's than this user's, by the trusted logins of all users in about three months: the natural logarithm of the score of Freeman et al. (NDSS 2016), where 0 is even.",
        |seen| likelihood(seen).into(),
    ),
    row(
        "counts.estimated",
        Type::Bool,
        "Some window, or the failures in a row, may be counted too high, and never too low: memory was short, and what was evicted can only be estimated.",
        |_| Reading::Known(Value::Bool(false)),
    ),
];

/// What the profile said. It says nothing about an attempt that names no user.
fn familiarity<'a>(seen: &Seen<'a>) -> Result<&'a Familiarity, Cause> {
    seen.familiarity.ok_or(Cause::MissingInput)
}

/// The same, of a user with enough history to compare with.
fn experienced<'a>(seen: &Seen<'a>) -> Result<&'a Familiarity, Cause> {
    familiarity(seen).and_then(|familiarity| {
        let enough = familiarity.trusted_logins >= LOGINS_MIN;
        enough.then_some(familiarity).ok_or(Cause::NoHistory)
    })
}

/// When and how often the attempt's trait was seen. That a neutral network gave out an address which was not
/// seen before is excluded: it does so all the time.
fn sighting(seen: &Seen<'_>, which: Trait) -> Result<Option<Sighting>, Cause> {
    let sighting = *familiarity(seen)?.traits.get(which);
    let sighting = sighting?;
    experienced(seen)?;
    let address = matches!(which, Trait::Ip | Trait::Subnet);
    if address && sighting.is_none() && seen.enrichment.classes.within(NetworkClass::NEUTRAL) {
        return Err(Cause::Excluded);
    }
    Ok(sighting)
}

fn known(seen: &Seen<'_>, which: Trait) -> Result<Value, Cause> {
    sighting(seen, which).map(|sighting| Value::Bool(sighting.is_some()))
}

fn new(seen: &Seen<'_>, which: Trait) -> Result<Value, Cause> {
    sighting(seen, which).map(|sighting| Value::Bool(sighting.is_none()))
}

fn count(seen: &Seen<'_>, read: fn(&Familiarity) -> u32) -> Result<Value, Cause> {
    familiarity(seen).map(|familiarity| Value::Int(i64::from(read(familiarity))))
}

fn age(seen: &Seen<'_>, read: fn(&Familiarity) -> Option<Timestamp>) -> Result<Value, Cause> {
    let since = read(familiarity(seen)?).ok_or(Cause::NoHistory)?;
    Ok(Value::Duration(seen.attempt.occurred_at.since(since).max(0)))
}

fn similarity(seen: &Seen<'_>) -> Result<Value, Cause> {
    experienced(seen).map(|familiarity| Value::Int(i64::from(familiarity.similarity)))
}

fn featured(seen: &Seen<'_>, read: fn(&Familiarity) -> Option<bool>) -> Result<Value, Cause> {
    let known = read(familiarity(seen)?).ok_or(Cause::MissingInput)?;
    experienced(seen).map(|_| Value::Bool(known))
}

fn phone_country_known(seen: &Seen<'_>) -> Reading {
    phone(seen, |phone| {
        let known = experienced(seen).map(|known| Value::Bool(known.phone_country_known));
        phone.country.map_or(Err(Cause::MissingInput), |_| known).into()
    })
}

fn logins_per_day(seen: &Seen<'_>) -> Result<Value, Cause> {
    let Familiarity { trusted_logins, known_since, .. } = *familiarity(seen)?;
    let known_ms = known_since.map_or(0, |since| seen.attempt.occurred_at.since(since));
    if trusted_logins < LOGINS_FOR_RATE_MIN || known_ms < KNOWN_FOR_RATE_MS_MIN {
        return Err(Cause::NoHistory);
    }
    Ok(Value::Decimal(f64::from(trusted_logins) * DAY_MS as f64 / known_ms as f64))
}

fn place_distance(seen: &Seen<'_>) -> Result<Value, Cause> {
    let to = seen.enrichment.travel_point()?;
    if let Ok(Some(_)) = sighting(seen, Trait::City) {
        return Ok(Value::Distance(0.0));
    }
    let near = experienced(seen)?.nearest_place.ok_or(Cause::NoHistory)?;
    if within_mobile(seen, &near) {
        return Err(Cause::Excluded);
    }
    Ok(Value::Distance(to.distance_min_km(&near.point)))
}

fn hour_distance(seen: &Seen<'_>) -> Result<Value, Cause> {
    experienced(seen)?.hour_distance_ms.map(Value::Duration)
}

fn likelihood(seen: &Seen<'_>) -> Result<Value, Cause> {
    experienced(seen)?.likelihood.map(Value::Decimal)
}

fn known_days(seen: &Seen<'_>) -> Result<Value, Cause> {
    let first_at = sighting(seen, Trait::Device)?.map(|sighting| sighting.first_at);
    let known_ms = first_at.map_or(0, |first_at| seen.attempt.occurred_at.since(first_at));
    Ok(Value::Int(known_ms.max(0) / DAY_MS))
}

fn partly_known(seen: &Seen<'_>) -> Result<Value, Cause> {
    let familiarity = experienced(seen)?;
    let known = matches!(familiarity.traits.get(Trait::Device), Ok(Some(_)));
    Ok(Value::Bool(!known && familiarity.similarity >= SIMILARITY_MIN))
}

fn network_known(seen: &Seen<'_>) -> Result<Value, Cause> {
    let tellings = [Trait::Ip, Trait::Subnet, Trait::Asn].map(|which| sighting(seen, which));
    let [ip, ..] = tellings;
    match tellings.iter().filter_map(|telling| telling.ok()).reduce(Option::or) {
        Some(sighting) => Ok(Value::Bool(sighting.is_some())),
        None => ip.map(|sighting| Value::Bool(sighting.is_some())),
    }
}

fn network_familiarity(seen: &Seen<'_>) -> Result<Value, Cause> {
    let familiarity = experienced(seen)?;
    let count = |which| match sighting(seen, which) {
        Ok(Some(sighting)) => f64::from(sighting.count),
        Ok(None) | Err(_) => 0.0,
    };
    sighting(seen, Trait::Ip)?;
    let ip = count(Trait::Ip);
    let subnet = count(Trait::Subnet).max(ip);
    let asn = count(Trait::Asn).max(subnet);
    let weighed = ip + (subnet - ip) * SUBNET_WEIGHT + (asn - subnet) * ASN_WEIGHT;
    Ok(Value::Ratio((weighed / f64::from(familiarity.trusted_logins)).min(1.0)))
}

/// How the person must have travelled since the last trusted login.
struct Travel<'a> {
    from: &'a LastPlace,
    to: Point,
    elapsed_ms: i64,
}

impl Travel<'_> {
    fn distance_km(&self) -> f64 {
        self.to.distance_min_km(&self.from.place.point)
    }

    fn speed_km_h(&self) -> f64 {
        let elapsed_s = (self.elapsed_ms as f64 / SECOND_MS).max(1.0);
        self.distance_km() / (elapsed_s / HOUR_S)
    }
}

fn travel<'a>(seen: &Seen<'a>) -> Result<Travel<'a>, Cause> {
    let to = seen.enrichment.travel_point()?;
    let from = last_place(seen)?;
    if within_mobile(seen, &from.place) {
        return Err(Cause::Excluded);
    }
    Ok(Travel { from, to, elapsed_ms: seen.attempt.occurred_at.since(from.at) })
}

/// Whether one of the two places is that of a mobile network and both may be in one country: a carrier serves
/// all of it from a few cities.
fn within_mobile(seen: &Seen<'_>, from: &KnownPlace) -> bool {
    let mobile = from.mobile || seen.enrichment.classes.within(&[NetworkClass::Mobile]);
    let to = seen.enrichment.place.as_ref().ok().and_then(|place| place.country);
    mobile && from.country.zip(to).is_none_or(|(from, to)| from == to)
}

fn last_place<'a>(seen: &Seen<'a>) -> Result<&'a LastPlace, Cause> {
    familiarity(seen)?.last_place.as_ref().ok_or(Cause::NoHistory)
}

fn travel_from(seen: &Seen<'_>) -> Result<Value, Cause> {
    let name = last_place(seen)?.name.as_ref().ok_or(Cause::LookupFailed)?;
    Ok(Value::Text(Arc::clone(name).into()))
}

fn challenge_passed_age(seen: &Seen<'_>) -> Result<Value, Cause> {
    sighting(seen, Trait::Device)?;
    age(seen, |familiarity| familiarity.challenge_passed.map(|passed| passed.at))
}

fn challenge_method(seen: &Seen<'_>) -> Result<Value, Cause> {
    sighting(seen, Trait::Device)?;
    let passed = familiarity(seen)?.challenge_passed.ok_or(Cause::NoHistory)?;
    passed.method.map(|method| Value::Word(method.word())).ok_or(Cause::MissingInput)
}
