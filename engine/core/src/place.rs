//! Where an address is, how surely, and how far two places are apart.

use std::sync::Arc;

use crate::country::Country;
use crate::network::{NetworkClass, NetworkClasses};

/// Assumed accuracy of a place that comes without one, in kilometres: fixed lines are located within
/// 3 to 16 km in the median, so 50 km errs on the side of the customer.
pub const ACCURACY_KM_DEFAULT: f64 = 50.0;

/// Assumed accuracy of a place in a mobile network, in kilometres: such places are off by about 200 km in the
/// median.
pub const ACCURACY_MOBILE_KM_DEFAULT: f64 = 200.0;

/// The accuracy to assume where the data has none.
pub fn accuracy_km_assumed(classes: &NetworkClasses) -> f64 {
    if classes.within(&[NetworkClass::Mobile]) {
        ACCURACY_MOBILE_KM_DEFAULT
    } else {
        ACCURACY_KM_DEFAULT
    }
}

/// The mean radius of the earth (IUGG), in kilometres.
const EARTH_RADIUS_KM: f64 = 6_371.008_8;

/// Where an address is, as far as the geo data knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// The country.
    pub country: Option<Country>,
    /// The name of the first subdivision.
    pub region: Option<Arc<str>>,
    /// The name of the city.
    pub city: Option<Arc<str>>,
    /// The middle of where the address may be.
    pub point: Option<Point>,
}

/// A point on the globe with the radius of what it stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Degrees north, −90 to 90.
    pub latitude: f64,
    /// Degrees east, −180 to 180.
    pub longitude: f64,
    /// The true place is within this many kilometres.
    pub accuracy_km: f64,
}

impl Point {
    /// Kilometres between the middles of two points along the great circle (haversine).
    pub fn distance_km(&self, other: &Self) -> f64 {
        if (self.latitude, self.longitude) == (other.latitude, other.longitude) {
            return 0.0;
        }
        let (from, to) = (self.latitude.to_radians(), other.latitude.to_radians());
        let north = (to - from) / 2.0;
        let east = (other.longitude - self.longitude).to_radians() / 2.0;
        let h = north.sin().powi(2) + from.cos() * to.cos() * east.sin().powi(2);
        2.0 * EARTH_RADIUS_KM * h.clamp(0.0, 1.0).sqrt().asin()
    }

    /// The least distance that the two accuracies leave possible, in kilometres.
    pub fn distance_min_km(&self, other: &Self) -> f64 {
        (self.distance_km(other) - self.accuracy_km - other.accuracy_km).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_the_great_circle() {
        let paris = Point { latitude: 48.8566, longitude: 2.3522, accuracy_km: 50.0 };
        let tokyo = Point { latitude: 35.6762, longitude: 139.6503, accuracy_km: 50.0 };
        assert!((paris.distance_km(&tokyo) - 9_712.0).abs() < 5.0);
        assert!((paris.distance_min_km(&tokyo) - 9_612.0).abs() < 5.0);
        assert_eq!(paris.distance_min_km(&paris), 0.0);
        let antipode = Point { latitude: -48.8566, longitude: -177.6478, accuracy_km: 0.0 };
        assert!((paris.distance_km(&antipode) - 20_015.0).abs() < 5.0);
    }
}
