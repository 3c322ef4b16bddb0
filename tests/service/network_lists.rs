//! Network lists from real files, in a real service.

use std::fs;
use std::path::PathBuf;

use doorward::enrich::{Enricher, GeoData, NetworkListFile, NetworkLists};
use doorward::wire::decision_service_client::DecisionServiceClient;
use doorward::wire::{self, EvaluateRequest, google};
use doorward_core::event::{Attempt, Population};
use doorward_core::network::{NetworkClass, NetworkClasses};
use doorward_core::text::Text;
use doorward_core::time::{DAY_MS, Timestamp};
use doorward_core::value::Cause;
use tempfile::TempDir;

use crate::process::{Doorward, command};

/// 2025-11-20T00:00:00Z, when the lists were brought up to date.
const UPDATED_S: i64 = 1_763_596_800;
const DAY_S: i64 = 86_400;

/// What `sysexits.h` calls a wrong command line, and wrong data.
const USAGE: i32 = 64;
const NO_DATA: i32 = 65;

const TOR: &str = "# updated: 2025-11-20\n203.0.113.70   # an exit\n198.51.100.0/28\n";

const CONFIG: &str = r#"
[[network_list]]
class = "tor"
path = "lists/tor-exits.txt"
source = "the Tor project"
stale_after = "3d"

[[network_list]]
class = "relay"
name = "private relay"
path = "lists/relay.csv"
source = "its operator"
"#;

/// A folder with a configuration and two lists.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("lists")).unwrap();
    fs::write(folder.path().join("lists/tor-exits.txt"), TOR).unwrap();
    let relay = "# updated: 2025-11-20\nnetwork,country\n192.0.2.0/24,AT\n";
    fs::write(folder.path().join("lists/relay.csv"), relay).unwrap();
    fs::write(folder.path().join("doorward.toml"), CONFIG).unwrap();
    folder
}

fn config(folder: &TempDir) -> String {
    folder.path().join("doorward.toml").to_str().unwrap().to_owned()
}

/// A right password of ana's, so many days after the lists were brought up to date.
async fn login(service: &Doorward, event_id: &str, ip: &str, days: i64) -> wire::Decision {
    let attempt = wire::Attempt {
        event_id: event_id.to_owned(),
        occurred_at: Some(google::Timestamp { seconds: UPDATED_S + days * DAY_S, nanos: 0 }),
        population: wire::Population::Customer.into(),
        journey: wire::Journey::Login.into(),
        user: Some(wire::User { id: "ana".to_owned(), ..Default::default() }),
        credential: Some(wire::Credential {
            result: wire::credential::Result::Right.into(),
            ..Default::default()
        }),
        client: Some(wire::Client { address: ip.to_owned(), ..Default::default() }),
        ..Default::default()
    };
    let address = format!("http://{}", service.address);
    let mut client = DecisionServiceClient::connect(address).await.unwrap();
    let request = EvaluateRequest { attempt: Some(attempt) };
    client.evaluate(request).await.unwrap().into_inner().decision.unwrap()
}

fn codes(decision: &wire::Decision) -> Vec<&str> {
    decision.reasons.iter().map(|reason| reason.code.as_str()).collect()
}

fn degraded(decision: &wire::Decision) -> Vec<&str> {
    decision.degraded.iter().map(|it| it.what.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_in_the_reasons_and_among_the_data_versions() {
    let (folder, data) = (folder(), TempDir::new().unwrap());
    let service = Doorward::serve(data.path(), &["--config", &config(&folder)]);
    let decision = login(&service, "e1", "203.0.113.70", 1).await;
    assert_eq!(codes(&decision), ["TOR_EXIT"]);
    let versions: Vec<_> = decision.data_versions.iter().collect();
    let dated = |name: &str| {
        let found = versions.iter().find(|version| version.name == name);
        found.is_some_and(|found| found.version.starts_with("2025-11-20 "))
    };
    assert!(dated("tor-exits") && dated("private relay"), "{versions:?}");
    assert!(!degraded(&decision).contains(&"net.tor"), "{:?}", decision.degraded);
    assert_eq!(codes(&login(&service, "e2", "198.51.100.16", 1).await), [""; 0]);

    let arguments = ["explain", "--data", data.path().to_str().unwrap(), &decision.decision_id];
    let receipt = command(&arguments).output().unwrap();
    let receipt = String::from_utf8(receipt.stdout).unwrap();
    assert!(receipt.contains("203.0.113.70 · Tor\n"), "{receipt}");
    assert!(receipt.contains("tor-exits of 2025-11-20 "), "{receipt}");
    assert!(receipt.contains("the same answer, word for word"), "{receipt}");
    service.stop();
}

/// The list is three days old at the most; an attempt's own time decides whether it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_stale_list_says_nothing_and_that_is_told() {
    let (folder, data) = (folder(), TempDir::new().unwrap());
    let service = Doorward::serve(data.path(), &["--config", &config(&folder)]);
    let fresh = login(&service, "e1", "203.0.113.70", 3).await;
    assert_eq!(codes(&fresh), ["TOR_EXIT"]);
    let stale = login(&service, "e2", "203.0.113.70", 4).await;
    assert!(!codes(&stale).contains(&"TOR_EXIT"), "{:?}", stale.reasons);
    let named = stale.degraded.iter().find(|it| it.what == "net.tor").unwrap();
    assert_eq!(named.cause, "lookup_failed");
    let again = login(&service, "e3", "203.0.113.70", 2).await;
    assert!(codes(&again).contains(&"TOR_EXIT"));
    service.stop();
}

/// What was looked up is on record: the state after a restart is what it was, whatever lists there are now.
#[tokio::test(flavor = "multi_thread")]
async fn a_restart_remembers_what_the_lists_said() {
    let (folder, data) = (folder(), TempDir::new().unwrap());
    let geo = folder.path().join("geo.csv");
    let places = "network,country,city,latitude,longitude,asn\n\
                  192.0.2.0/24,AT,Vienna,48.2,16.37,64500\n\
                  198.18.0.0/24,AT,Graz,47.07,15.44,64501\n";
    fs::write(&geo, places).unwrap();
    let geo = ["--geo", geo.to_str().unwrap()];
    let config = config(&folder);
    let with_lists = [&["--config", &config], &geo[..]].concat();
    let service = Doorward::serve(data.path(), &with_lists);
    for (event, ip) in [("e1", "192.0.2.7"), ("e2", "198.18.0.7"), ("e3", "192.0.2.9")] {
        login(&service, event, ip, 1).await;
    }
    let state = service.stop();
    assert_eq!(Doorward::serve(data.path(), &geo).stop(), state);
    // The class is part of what the state depends on: without lists, another one comes about.
    let (elsewhere, key) = (TempDir::new().unwrap(), "state.key");
    fs::copy(data.path().join(key), elsewhere.path().join(key)).unwrap();
    let service = Doorward::serve(elsewhere.path(), &geo);
    for (event, ip) in [("e1", "192.0.2.7"), ("e2", "198.18.0.7"), ("e3", "192.0.2.9")] {
        login(&service, event, ip, 1).await;
    }
    assert_ne!(service.stop(), state);
}

#[test]
fn everything_that_is_wrong_stops_the_start() {
    let folder = folder();
    let lists = folder.path().join("lists");
    fs::write(lists.join("tor-exits.txt"), "203.0.113.70\n203.0.113\nAS-1\n").unwrap();
    fs::write(lists.join("relay.csv"), "range\n192.0.2.0/24\n").unwrap();
    let more = "[[network_list]]\nclass = \"vpn\"\npath = \"lists/none.txt\"\nsource = \"x\"\n\
                [[network_list]]\nclass = \"vpn\"\npath = \"other/tor-exits.txt\"\nsource = \"x\"\n";
    let check = |text: &str, code: i32, expected: &[&str]| {
        fs::write(folder.path().join("doorward.toml"), text).unwrap();
        let data = TempDir::new().unwrap();
        let data = data.path().to_str().unwrap();
        let config = config(&folder);
        let output = command(&["serve", "--data", data, "--config", &config]).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{error}");
        for part in expected {
            assert!(error.contains(part), "{part}: {error}");
        }
    };
    let expected = [
        "tor-exits.txt:2: `203.0.113` is no entry, write 203.0.113.0/24",
        "tor-exits.txt:3: `AS-1` is no autonomous system, write AS64500",
        "relay.csv:1: no column `network` or `asn` in `range`",
        "cannot read `",
        "none.txt`",
        "other/tor-exits.txt: another network list is called `tor-exits`, give this one a `name`",
    ];
    check(&format!("{CONFIG}{more}"), NO_DATA, &expected);
    let unknown = CONFIG.replace("\"relay\"", "\"rely\"");
    let expected = ["doorward.toml", "line 9", "`rely` is no class of network, write one of tor"];
    check(&unknown, USAGE, &expected);
    check(&CONFIG.replace("\"3d\"", "\"soon\""), USAGE, &["line 6", "write `36h` or `3d`"]);
    check(&CONFIG.replace("source = \"the", "sauce = \"the"), USAGE, &["line 5", "`sauce`"]);
}

#[test]
fn a_replay_reads_the_same_lists_and_warns_of_stale_ones() {
    let folder = folder();
    let events = folder.path().join("events.ndjson");
    let event = r#"{"attempt": {"eventId": "e1", "population": "POPULATION_CUSTOMER", "journey": "JOURNEY_LOGIN",
        "occurredAt": "2025-11-21T00:00:00Z", "client": {"address": "203.0.113.70"}}}"#;
    fs::write(&events, event.replace('\n', " ")).unwrap();
    let decisions = folder.path().join("decisions.ndjson");
    let arguments = ["replay", "--format", "ndjson", "--config", &config(&folder)];
    let mut replay = command(&arguments);
    let output = replay.arg("--decisions").arg(&decisions).arg(&events).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    let stale = told.lines().find(|line| line.contains("stale network list")).unwrap();
    for part in ["WARN", "tor-exits", "the Tor project", "2025-11-20 "] {
        assert!(stale.contains(part), "{part}: {stale}");
    }
    assert!(fs::read_to_string(decisions).unwrap().contains("TOR_EXIT"));
}

fn open(class: NetworkClass, path: PathBuf, stale_after_ms: Option<i64>) -> NetworkListFile {
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    NetworkListFile { class, name, path, source: "a test".to_owned(), stale_after_ms }
}

fn classes(lists: NetworkLists, geo: &str, ip: &str, days: i64) -> NetworkClasses {
    let enricher = Enricher::new(GeoData::embedded("geo", geo).unwrap()).with_lists(lists);
    let at = Timestamp::from_ms(UPDATED_S * 1_000 + days * DAY_MS);
    let id = || Text::parse("e1").unwrap();
    let mut attempt = Attempt::login(id(), at, id(), Population::Customer);
    attempt.client.address = (!ip.is_empty()).then(|| ip.parse().unwrap());
    enricher.enrich(&attempt).classes
}

/// Three values, and each cause of the third.
#[test]
fn a_class_is_true_false_or_unknown() {
    const GEO: &str = "network,asn\n198.18.0.0/24,64500\n198.18.1.0/24,64501\n";
    let folder = TempDir::new().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let tor = file("tor.txt", TOR);
    let more_tor = file("more-tor.txt", "# updated: 2025-11-30\n203.0.113.71\n");
    let mobile = file("carriers.csv", "asn,name\n64500,Example\n");
    let empty = file("empty.txt", "# updated: 2025-11-20\n");
    let check = |files: &[NetworkListFile], class, ip: &str, days, expected| {
        let lists = NetworkLists::open(files).unwrap();
        let said = classes(lists, GEO, ip, days);
        assert_eq!(said.of(class), expected, "{class} of {ip} after {days} days");
    };
    let (missing, failed) = (Err(Cause::MissingInput), Err(Cause::LookupFailed));
    let one = [open(NetworkClass::Tor, tor.clone(), Some(3 * DAY_MS))];
    let tors = |ip, days, expected| check(&one, NetworkClass::Tor, ip, days, expected);
    tors("203.0.113.70", 3, Ok(true));
    tors("198.51.100.15", 0, Ok(true));
    tors("198.51.100.16", 0, Ok(false));
    tors("2001:db8::1", 0, Ok(false));
    tors("203.0.113.70", -1, Ok(true));
    tors("203.0.113.70", 4, failed);
    tors("198.51.100.16", 4, failed);
    tors("10.0.0.7", 0, missing);
    tors("", 0, missing);
    check(&one, NetworkClass::Vpn, "203.0.113.70", 0, Err(Cause::NotApplicable));
    check(&[], NetworkClass::Tor, "203.0.113.70", 0, Err(Cause::NotApplicable));

    // What a fresh list holds is known; what only a stale one could rule out is not.
    let two =
        [open(NetworkClass::Tor, tor, Some(3 * DAY_MS)), open(NetworkClass::Tor, more_tor, None)];
    check(&two, NetworkClass::Tor, "203.0.113.71", 9, Ok(true));
    check(&two, NetworkClass::Tor, "203.0.113.72", 9, failed);
    check(&two, NetworkClass::Tor, "203.0.113.72", 1, Ok(false));

    let carriers = [open(NetworkClass::Mobile, mobile, None)];
    let carriers = |ip, expected| check(&carriers, NetworkClass::Mobile, ip, 0, expected);
    carriers("198.18.0.7", Ok(true));
    carriers("198.18.1.7", Ok(false));
    carriers("198.18.2.7", failed);

    let nothing = [open(NetworkClass::Relay, empty, None)];
    check(&nothing, NetworkClass::Relay, "198.18.0.7", 0, failed);
}

#[test]
fn places_of_a_carrier_are_coarse() {
    const GEO: &str = "network,latitude,longitude,accuracy_km,asn\n\
                       198.18.0.0/24,48.2,16.37,,64500\n198.18.1.0/24,48.2,16.37,30,64500\n\
                       198.18.2.0/24,48.2,16.37,,64501\n";
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("carriers.txt");
    fs::write(&path, "AS64500\n").unwrap();
    let lists = NetworkLists::open(&[open(NetworkClass::Mobile, path, None)]).unwrap();
    let enricher = Enricher::new(GeoData::embedded("geo", GEO).unwrap()).with_lists(lists);
    for (ip, expected_km) in [("198.18.0.7", 200.0), ("198.18.1.7", 30.0), ("198.18.2.7", 50.0)] {
        let id = || Text::parse("e1").unwrap();
        let mut attempt = Attempt::login(id(), Timestamp::default(), id(), Population::Customer);
        attempt.client.address = Some(ip.parse().unwrap());
        let place = enricher.enrich(&attempt).place.unwrap();
        assert_eq!(place.point.unwrap().accuracy_km, expected_km, "{ip}");
    }
}

/// A file without a date is as old as its last writing.
#[test]
fn a_file_is_as_old_as_it_says_or_as_it_is() {
    let folder = TempDir::new().unwrap();
    let dated = |text: &str| {
        let path = folder.path().join("list.txt");
        fs::write(&path, text).unwrap();
        let lists = NetworkLists::open(&[open(NetworkClass::Tor, path, None)]).unwrap();
        lists.iter().next().unwrap().edition.clone()
    };
    let told = dated(TOR);
    assert_eq!(told.built_at, Some(Timestamp::from_ms(UPDATED_S * 1_000)));
    assert_eq!((&*told.name, told.version.len()), ("list", "2025-11-20 0123456789ab".len()));
    let written = dated("203.0.113.70\n").built_at.unwrap();
    assert!(written.since(Timestamp::from_ms(UPDATED_S * 1_000)) > 0);
}
