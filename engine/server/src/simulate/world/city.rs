//! The cities of the simulated world.

/// A city, with what people there have in common.
#[derive(Debug, PartialEq)]
pub struct City {
    /// Its place in [`CITIES`].
    pub number: usize,
    /// ISO 3166-1 alpha-2.
    pub country: &'static str,
    /// The city's name, which stands for its region too.
    pub name: &'static str,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Minutes east of UTC in September, when the simulation takes place.
    pub utc_offset_min: i16,
    /// What browsers there ask for.
    pub language: &'static str,
    /// Round trip to the login service, which stands in Frankfurt.
    pub round_trip_ms: i64,
}

/// How many of [`CITIES`] have customers; the others are for travel and for attackers.
pub const HOMES: usize = 15;
/// The first so many are the service's home market, where most customers live.
pub const MARKET: usize = 5;

/// Where people live, then where they travel.
pub static CITIES: [City; 28] = [
    city(0, "AT", "Vienna", (48.21, 16.37), 120, "de-AT,de;q=0.9", 22),
    city(1, "AT", "Graz", (47.07, 15.44), 120, "de-AT,de;q=0.9", 26),
    city(2, "DE", "Berlin", (52.52, 13.41), 120, "de-DE,de;q=0.9", 18),
    city(3, "DE", "Munich", (48.14, 11.58), 120, "de-DE,de;q=0.9", 14),
    city(4, "DE", "Hamburg", (53.55, 9.99), 120, "de-DE,de;q=0.9", 17),
    city(5, "CH", "Zurich", (47.38, 8.54), 120, "de-CH,de;q=0.9", 15),
    city(6, "FR", "Paris", (48.86, 2.35), 120, "fr-FR,fr;q=0.9", 19),
    city(7, "FR", "Lyon", (45.76, 4.84), 120, "fr-FR,fr;q=0.9", 23),
    city(8, "ES", "Madrid", (40.42, -3.70), 120, "es-ES,es;q=0.9", 38),
    city(9, "ES", "Barcelona", (41.39, 2.17), 120, "es-ES,es;q=0.9", 34),
    city(10, "IT", "Milan", (45.46, 9.19), 120, "it-IT,it;q=0.9", 20),
    city(11, "IT", "Rome", (41.90, 12.50), 120, "it-IT,it;q=0.9", 29),
    city(12, "NL", "Amsterdam", (52.37, 4.90), 120, "nl-NL,nl;q=0.9", 13),
    city(13, "PL", "Warsaw", (52.23, 21.01), 120, "pl-PL,pl;q=0.9", 27),
    city(14, "GB", "London", (51.51, -0.13), 60, "en-GB,en;q=0.9", 18),
    city(15, "US", "New York", (40.71, -74.01), -240, "en-US,en;q=0.9", 88),
    city(16, "US", "Los Angeles", (34.05, -118.24), -420, "en-US,en;q=0.9", 152),
    city(17, "TR", "Istanbul", (41.01, 28.98), 180, "tr-TR,tr;q=0.9", 46),
    city(18, "AE", "Dubai", (25.20, 55.27), 240, "en-AE,en;q=0.9", 118),
    city(19, "TH", "Bangkok", (13.76, 100.50), 420, "th-TH,th;q=0.9", 186),
    city(20, "BR", "Sao Paulo", (-23.55, -46.63), -180, "pt-BR,pt;q=0.9", 206),
    city(21, "NG", "Lagos", (6.52, 3.38), 60, "en-NG,en;q=0.9", 112),
    city(22, "VN", "Hanoi", (21.03, 105.85), 420, "vi-VN,vi;q=0.9", 214),
    city(23, "UA", "Kyiv", (50.45, 30.52), 180, "uk-UA,uk;q=0.9", 41),
    city(24, "ID", "Jakarta", (-6.21, 106.85), 420, "id-ID,id;q=0.9", 196),
    city(25, "IN", "Mumbai", (19.08, 72.88), 330, "en-IN,en;q=0.9", 138),
    city(26, "RO", "Bucharest", (44.43, 26.10), 180, "ro-RO,ro;q=0.9", 36),
    city(27, "PT", "Lisbon", (38.72, -9.14), 60, "pt-PT,pt;q=0.9", 44),
];

const fn city(
    number: usize,
    country: &'static str,
    name: &'static str,
    (latitude, longitude): (f64, f64),
    utc_offset_min: i16,
    language: &'static str,
    round_trip_ms: i64,
) -> City {
    City { number, country, name, latitude, longitude, utc_offset_min, language, round_trip_ms }
}

/// The city of that number; the last ones come round again.
pub fn numbered(number: usize) -> &'static City {
    let [first, ..] = &CITIES;
    CITIES.get(number % CITIES.len()).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cities_stand_where_their_numbers_say() {
        for (at, city) in CITIES.iter().enumerate() {
            assert_eq!(city.number, at, "{}", city.name);
            assert_eq!(numbered(at), city);
        }
        assert!(MARKET < HOMES && HOMES < CITIES.len());
    }
}
