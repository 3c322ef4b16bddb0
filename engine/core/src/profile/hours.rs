//! At which hours a person signs in, on a clock that has no beginning.

use std::f64::consts::TAU;
use std::sync::LazyLock;

use crate::packed::{Reader, VARINT_U32_BYTES_MAX, Writer};
use crate::time::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp};

/// Hours on the clock.
const HOURS: usize = 24;

/// Below this length of the mean direction the hours are too spread for a mean to say anything.
const CONCENTRATION_MIN: f64 = 0.3;

/// Logins per local hour of the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Hours([u32; HOURS]);

/// The middle of each hour as a point on the unit circle.
static DIRECTIONS: LazyLock<[(f64, f64); HOURS]> =
    LazyLock::new(|| std::array::from_fn(|hour| ((hour as f64 + 0.5) / 24.0 * TAU).sin_cos()));

impl Hours {
    pub(super) const BYTES_MAX: usize = 4 + HOURS * VARINT_U32_BYTES_MAX;

    pub(crate) fn add(&mut self, hour: u8) {
        if let Some(count) = self.0.get_mut(usize::from(hour)) {
            *count = count.saturating_add(1);
        }
    }

    pub(super) fn join(&mut self, others: &Self) {
        let counts = self.0.iter_mut().zip(&others.0);
        counts.for_each(|(count, other)| *count = count.saturating_add(*other));
    }

    pub(crate) fn take(&mut self, hour: u8) {
        if let Some(count) = self.0.get_mut(usize::from(hour)) {
            *count = count.saturating_sub(1);
        }
    }

    /// A bit for each hour that has logins, then those.
    pub(super) fn pack(&self, to: &mut Writer) {
        let counted = self.0.iter().zip(0..).filter(|(count, _)| **count > 0);
        to.u32(counted.fold(0, |bits, (_, hour)| bits | 1 << hour));
        self.0.iter().filter(|count| **count > 0).for_each(|count| to.varint(*count));
    }

    pub(super) fn unpack(from: &mut Reader<'_>) -> Self {
        let bits = from.u32();
        Self(std::array::from_fn(|hour| if bits >> hour & 1 == 0 { 0 } else { from.varint_u32() }))
    }

    pub(crate) fn count(&self) -> u32 {
        self.0.iter().fold(0, |total, count| total.saturating_add(*count))
    }

    /// The circular mean as milliseconds after midnight; `None` when the hours are spread over the day.
    pub(crate) fn mean_ms(&self) -> Option<f64> {
        let mut total = 0.0;
        let (mut sine, mut cosine) = (0.0, 0.0);
        for (count, (sin, cos)) in self.0.iter().zip(DIRECTIONS.iter()).filter(|(n, _)| **n > 0) {
            let weight = f64::from(*count);
            total += weight;
            sine += weight * sin;
            cosine += weight * cos;
        }
        let concentrated = total > 0.0 && sine.hypot(cosine) / total >= CONCENTRATION_MIN;
        concentrated.then(|| sine.atan2(cosine).rem_euclid(TAU) / TAU * day_ms())
    }

    /// Milliseconds between a time of day and the mean, the short way round.
    #[expect(clippy::cast_possible_truncation, reason = "at most half a day")]
    pub(crate) fn distance_ms(&self, time_of_day_ms: i64) -> Option<i64> {
        let gap = (time_of_day_ms as f64 - self.mean_ms()?).abs();
        Some(gap.min(day_ms() - gap).round() as i64)
    }
}

/// Milliseconds after local midnight.
///
/// The zone is the device's own; without one, the mean solar time of the longitude, which is off by an hour
/// or two. `None` when neither is known: the hour in Greenwich says nothing.
pub(crate) fn time_of_day_ms(
    at: Timestamp,
    utc_offset_min: Option<i16>,
    longitude: Option<f64>,
) -> Option<i64> {
    let offset_ms = match (utc_offset_min, longitude) {
        (Some(minutes), _) => i64::from(minutes) * MINUTE_MS,
        (None, Some(degrees)) => solar_offset_ms(degrees),
        (None, None) => return None,
    };
    Some(at.plus(offset_ms).ms().rem_euclid(DAY_MS))
}

/// The hour of a time of day.
pub(crate) fn hour(time_of_day_ms: i64) -> Option<u8> {
    u8::try_from(time_of_day_ms / HOUR_MS).ok()
}

#[expect(clippy::cast_possible_truncation, reason = "a longitude is at most 180 degrees, 12 hours")]
fn solar_offset_ms(degrees: f64) -> i64 {
    (degrees / 15.0).round() as i64 * HOUR_MS
}

fn day_ms() -> f64 {
    DAY_MS as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnight_is_between_eleven_and_one() {
        let check = |hours: &[u8], time_of_day_ms: i64, expected: Option<i64>| {
            let mut seen = Hours::default();
            hours.iter().for_each(|hour| seen.add(*hour));
            assert_eq!(seen.distance_ms(time_of_day_ms), expected, "{hours:?}");
        };
        let half = HOUR_MS / 2;
        check(&[23, 0, 23, 0], 0, Some(0));
        check(&[9, 9, 9, 9], 9 * HOUR_MS + half, Some(0));
        check(&[1, 1, 1, 1], 23 * HOUR_MS + half, Some(2 * HOUR_MS));
        check(&[0, 6, 12, 18], 0, None);
        check(&[], 0, None);
    }

    #[test]
    fn the_zone_is_the_devices_own() {
        let noon = Timestamp::from_ms(12 * HOUR_MS);
        let hour = |offset, longitude| time_of_day_ms(noon, offset, longitude).and_then(hour);
        assert_eq!(hour(Some(120), Some(-75.0)), Some(14));
        assert_eq!(hour(None, Some(-75.0)), Some(7));
        assert_eq!(hour(Some(-780), None), Some(23));
        assert_eq!(hour(None, None), None);
    }
}
