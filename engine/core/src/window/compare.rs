//! What the values that a window keeps show together: how far apart they are, how regular, how close behind each other.
//!
//! The newest few are kept, as `window/distinct.rs` keeps them.

use crate::place::Point;
use crate::time::Timestamp;

/// Values that are kept: enough to tell, and few enough to compare each with all others.
pub(super) const VALUES_MAX: usize = 16;

/// Times below which nothing can be called regular, and how far from their mean regular gaps are (keycloak's brute force
/// detection).
const TIMES_MIN: usize = 4;
const GAP_MS_OFF_MAX: i64 = 50;

/// Steps that half the globe is cut into from pole to pole, and the globe all around. The longest is 0.6 km.
const STEPS: f64 = 65_535.0;
/// Rounding moves a place by less, in kilometres.
const ROUNDED_KM: f64 = 1.0;

/// A place as a number, at most a kilometre off, which its accuracy takes in.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast from float saturates, and whatever is not on the globe is drawn to it"
)]
pub(crate) fn packed_place(place: &Point) -> u64 {
    let step = |degrees: f64, of: f64| (((degrees / of) + 0.5) * STEPS).round() as u16;
    let accuracy = (place.accuracy_km + ROUNDED_KM).ceil() as u16;
    let [north, east] = [step(place.latitude, 180.0), step(place.longitude, 360.0)];
    u64::from(north) << 32 | u64::from(east) << 16 | u64::from(accuracy)
}

/// The other way round.
fn place(packed: i64) -> Point {
    let [.., a, b, c, d, e, f] = packed.to_be_bytes();
    let degrees = |high, low, of| (f64::from(u16::from_be_bytes([high, low])) / STEPS - 0.5) * of;
    Point {
        latitude: degrees(a, b, 180.0),
        longitude: degrees(c, d, 360.0),
        accuracy_km: f64::from(u16::from_be_bytes([e, f])),
    }
}

/// The greatest distance between two of the places, in kilometres, that their accuracies leave possible; 0 of a single one.
pub(super) fn spread_km(places: impl Iterator<Item = i64>) -> f64 {
    let places: Vec<_> = places.map(place).collect();
    let pairs = places
        .iter()
        .enumerate()
        .flat_map(|(at, one)| places.iter().skip(at + 1).map(|other| one.distance_min_km(other)));
    pairs.fold(0.0, f64::max)
}

/// The share of gaps between attempts up to `now` that are as long as the mean of all; `None` of too few.
pub(super) fn regularity(times_ms: impl Iterator<Item = i64>, now: Timestamp) -> Option<f64> {
    let mut times: Vec<_> = times_ms.filter(|at| *at <= now.ms()).collect();
    times.sort_unstable();
    let (first, last) = times.first().zip(times.last()).filter(|_| times.len() >= TIMES_MIN)?;
    let gaps = i64::try_from(times.len() - 1).unwrap_or(i64::MAX);
    let mean = last.saturating_sub(*first) / gaps;
    let regular = times.array_windows().filter(|[before, after]| {
        after.saturating_sub(*before).saturating_sub(mean).saturating_abs() <= GAP_MS_OFF_MAX
    });
    Some(regular.count() as f64 / gaps as f64)
}

/// How many of the numbers follow each other without one missing between them, at most.
pub(super) fn run(numbers: impl Iterator<Item = i64>) -> i64 {
    let mut numbers: Vec<_> = numbers.collect();
    numbers.sort_unstable();
    let runs = numbers.chunk_by(|before, after| before.checked_add(1) == Some(*after));
    runs.map(<[i64]>::len).max().and_then(|longest| i64::try_from(longest).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// No distance is made longer by the way in which places are kept.
        #[test]
        fn a_place_comes_back_within_its_accuracy(
            north in -90.0..=90.0, east in -180.0..=180.0, accuracy_km in 0.0..20_000.0,
        ) {
            let told = Point { latitude: north, longitude: east, accuracy_km };
            let kept = place(packed_place(&told).cast_signed());
            prop_assert!(kept.distance_km(&told) <= kept.accuracy_km - told.accuracy_km);
            prop_assert!(kept.accuracy_km <= told.accuracy_km + 2.0);
        }
    }

    #[test]
    fn what_is_not_on_the_globe_is_drawn_to_it() {
        for degrees in [f64::NAN, f64::INFINITY, -1e300] {
            let told = Point { latitude: degrees, longitude: degrees, accuracy_km: degrees };
            let kept = place(packed_place(&told).cast_signed());
            assert!(kept.latitude.abs() <= 90.0 && kept.longitude.abs() <= 180.0);
        }
    }

    #[test]
    fn places_are_as_far_apart_as_their_accuracies_leave_possible() {
        let at = |latitude, longitude| {
            packed_place(&Point { latitude, longitude, accuracy_km: 50.0 }).cast_signed()
        };
        let (vienna, linz, tokyo) = (at(48.21, 16.37), at(48.31, 14.29), at(35.68, 139.65));
        let check = |places: &[i64], low: f64, high: f64| {
            let spread = spread_km(places.iter().copied());
            assert!((low..=high).contains(&spread), "{spread} km");
        };
        check(&[], 0.0, 0.0);
        check(&[vienna], 0.0, 0.0);
        check(&[vienna, linz], 40.0, 60.0);
        check(&[linz, tokyo, vienna], 9_000.0, 9_200.0);
    }

    #[test]
    fn gaps_are_regular_that_are_as_long_as_their_mean() {
        let check = |times: &[i64], now, expected| {
            let share = regularity(times.iter().copied(), Timestamp::from_ms(now));
            assert_eq!(share, expected, "{times:?}");
        };
        check(&[0, 1_000, 2_000], 9_000, None);
        check(&[3_000, 0, 2_000, 1_000], 9_000, Some(1.0));
        check(&[0, 1_050, 2_000, 3_000], 9_000, Some(1.0));
        check(&[0, 1_051, 2_000, 3_000], 9_000, Some(1.0 / 3.0));
        check(&[0, 1_000, 2_000, 3_000, 90_000], 9_000, Some(1.0));
        check(&[0, 10, 20, 30, 90_000], 90_000, Some(0.0));
    }

    #[test]
    fn a_run_has_no_number_missing() {
        let check = |numbers: &[i64], expected| {
            assert_eq!(run(numbers.iter().copied()), expected, "{numbers:?}");
        };
        check(&[], 0);
        check(&[7], 1);
        check(&[7, 9, 11], 1);
        check(&[12, 3, 11, 10, 4], 3);
        check(&[i64::MAX, i64::MIN], 1);
    }
}
