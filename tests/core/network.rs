//! Classes of network: what they say, and what they switch off.

use doorward_core::decision::Verdict;
use doorward_core::network::{NetworkClass, NetworkClasses};
use doorward_core::time::{DAY_MS, HOUR_MS};
use doorward_core::value::Cause;
use proptest::prelude::*;
use proptest::sample::select;

use crate::scene::{Act, Scene, check_after as check};

const EXCLUDED: &str = "unknown (excluded)";

/// Behind these nobody's place shows.
const HIDDEN: [NetworkClass; 4] =
    [NetworkClass::Relay, NetworkClass::Satellite, NetworkClass::Vpn, NetworkClass::Corporate];

fn paris(at_ms: i64) -> Act {
    Act::new("ana", at_ms).right().device("laptop").ip("203.0.113.7").asn(64_500).in_paris()
}

fn lagos(at_ms: i64) -> Act {
    Act::new("ana", at_ms).right().device("phone").ip("198.51.100.1").asn(64_501).in_lagos()
}

fn marseille(at_ms: i64) -> Act {
    paris(at_ms).at("FR", "Marseille", 43.2965, 5.3698)
}

fn travel(history: &[Act], act: &Act, distance: &str, elapsed: &str, speed: &str) {
    let expected =
        [("travel.distance", distance), ("travel.elapsed", elapsed), ("travel.speed_min", speed)];
    check(history, act, &expected);
}

#[test]
fn every_class_is_a_signal_with_three_values() {
    for class in NetworkClass::ALL {
        let name = format!("net.{class}");
        let read = |known, expected| {
            let mut act = paris(0);
            act.enrichment.classes = NetworkClasses::UNLISTED.with(*class, known);
            check(&[], &act, &[(&name, expected)]);
        };
        read(Ok(true), "yes");
        read(Ok(false), "no");
        read(Err(Cause::NotApplicable), "unknown (not_applicable)");
        read(Err(Cause::LookupFailed), "unknown (lookup_failed)");
        read(Err(Cause::MissingInput), "unknown (missing_input)");
        let neutral = NetworkClass::NEUTRAL.contains(class);
        check(
            &[],
            &paris(0).class(*class),
            &[("net.neutral", if neutral { "yes" } else { "unknown (not_applicable)" })],
        );
    }
    check(&[], &paris(0), &[("net.neutral", "unknown (not_applicable)")]);
}

#[test]
fn nobody_travels_to_where_a_place_is_hidden() {
    travel(&[paris(0)], &lagos(HOUR_MS), "4608 km", "1 h", "4608 km/h");
    for class in HIDDEN {
        travel(&[paris(0)], &lagos(HOUR_MS).class(class), EXCLUDED, EXCLUDED, EXCLUDED);
    }
    for class in [NetworkClass::Tor, NetworkClass::Proxy, NetworkClass::Hosting] {
        travel(&[paris(0)], &lagos(HOUR_MS).class(class), "4608 km", "1 h", "4608 km/h");
    }
}

/// The person was in Paris at that time, whatever hid where they were since: a speed from there is
/// the least there can have been.
#[test]
fn nobody_travels_from_where_a_place_was_hidden() {
    for class in HIDDEN {
        let hidden = lagos(HOUR_MS).class(class);
        let home = [paris(0), hidden.clone()];
        travel(&home, &paris(2 * HOUR_MS), "0 km", "2 h", "0 km/h");
        travel(&home, &lagos(2 * HOUR_MS), "4608 km", "2 h", "2304 km/h");
        let nowhere = "unknown (no_history)";
        travel(&[hidden], &paris(2 * HOUR_MS), nowhere, nowhere, nowhere);
    }
}

#[test]
fn a_carrier_is_everywhere_in_its_country() {
    let mobile = NetworkClass::Mobile;
    travel(&[paris(0)], &marseille(HOUR_MS), "560 km", "1 h", "560 km/h");
    travel(&[paris(0)], &marseille(HOUR_MS).class(mobile), EXCLUDED, EXCLUDED, EXCLUDED);
    travel(&[paris(0).class(mobile)], &marseille(HOUR_MS), EXCLUDED, EXCLUDED, EXCLUDED);
    travel(&[paris(0).class(mobile)], &lagos(HOUR_MS), "4608 km", "1 h", "4608 km/h");
    travel(&[paris(0)], &lagos(HOUR_MS).class(mobile), "4608 km", "1 h", "4608 km/h");
}

#[test]
fn what_a_class_hides_is_neither_known_nor_learned() {
    let check = |class, expected: [&str; 4]| {
        let names = ["country.known", "country.new", "region.known", "city.known"];
        let expected: Vec<_> = names.into_iter().zip(expected).collect();
        check(
            &[paris(0).in_region("IDF")],
            &paris(DAY_MS).in_region("IDF").class(class),
            &expected,
        );
    };
    for class in NetworkClass::ALL {
        check(
            *class,
            match class {
                NetworkClass::Relay | NetworkClass::Vpn => ["yes", "no", EXCLUDED, EXCLUDED],
                NetworkClass::Satellite => [EXCLUDED; 4],
                NetworkClass::Tor | NetworkClass::Proxy | NetworkClass::ResidentialProxy => {
                    ["yes", "no", "yes", "yes"]
                }
                NetworkClass::Hosting | NetworkClass::Mobile | NetworkClass::Corporate => {
                    ["yes", "no", "yes", "yes"]
                }
            },
        );
    }
    let learned = |class, country, city| {
        let history = [paris(0), lagos(HOUR_MS).class(class)];
        self::check(&history, &lagos(DAY_MS), &[("country.known", country), ("city.known", city)]);
    };
    learned(NetworkClass::Tor, "yes", "yes");
    learned(NetworkClass::Relay, "yes", "no");
    learned(NetworkClass::Vpn, "yes", "no");
    learned(NetworkClass::Satellite, "no", "no");
}

#[test]
fn a_new_address_says_nothing_in_a_neutral_network() {
    let same_carrier = || paris(DAY_MS).ip("192.0.2.9");
    let names = ["ip.known", "subnet.known", "asn.known", "network.known", "network.familiarity"];
    let check = |act: Act, expected: [&str; 5]| {
        let expected: Vec<_> = names.into_iter().zip(expected).collect();
        check(&[paris(0)], &act, &expected);
    };
    check(same_carrier(), ["no", "no", "yes", "yes", "25 %"]);
    for class in NetworkClass::NEUTRAL {
        check(paris(DAY_MS).class(*class), ["yes", "yes", "yes", "yes", "100 %"]);
        check(same_carrier().class(*class), [EXCLUDED, EXCLUDED, "yes", "yes", EXCLUDED]);
        let other = same_carrier().asn(64_999).class(*class);
        check(other, [EXCLUDED, EXCLUDED, "no", "no", EXCLUDED]);
        let mut nobodys = same_carrier().class(*class);
        nobodys.enrichment.network = Err(Cause::LookupFailed);
        check(nobodys, [EXCLUDED, EXCLUDED, "unknown (lookup_failed)", EXCLUDED, EXCLUDED]);
    }
    check(same_carrier().class(NetworkClass::Vpn), ["no", "no", "yes", "yes", "25 %"]);
}

#[test]
fn the_hour_is_not_that_of_an_exit() {
    let history: Vec<Act> = (0..4).map(|day| paris(day * DAY_MS)).collect();
    let at = |class| paris(4 * DAY_MS).class(class);
    let check = |act: Act, expected| check(&history, &act, &[("hour.distance", expected)]);
    check(at(NetworkClass::Corporate), "30 min");
    for class in [NetworkClass::Relay, NetworkClass::Satellite, NetworkClass::Vpn] {
        check(at(class), EXCLUDED);
        let mut told = at(class);
        told.attempt.device.utc_offset_min = Some(0);
        check(told, "30 min");
    }
}

/// A class that is not known to be that of the address changes nothing.
#[test]
fn unknown_switches_nothing_off() {
    let play = |classes: NetworkClasses| {
        let scene = Scene::new(Vec::new());
        let with = |mut act: Act| {
            act.enrichment.classes = classes;
            act
        };
        scene.play(&with(paris(0)), Verdict::Allow);
        let seen = scene.observe(&with(lagos(HOUR_MS)));
        (seen.profile(), scene.store.digest())
    };
    let none = play(NetworkClasses::UNLISTED);
    for known in [Ok(false), Err(Cause::LookupFailed), Err(Cause::MissingInput)] {
        assert_eq!(play(NetworkClasses::new(|_| known)), none, "{known:?}");
    }
}

proptest! {
    /// What is learned is the same in any order, whatever the classes were.
    #[test]
    fn any_order_of_classes_leaves_the_same_state(
        acts in prop::collection::vec((0_i64..500, select(NetworkClass::ALL), any::<bool>()), 1..8),
    ) {
        let act = |(at, class, far): &(i64, NetworkClass, bool)| {
            let act = if *far { lagos(at * HOUR_MS) } else { marseille(at * HOUR_MS) };
            act.class(*class)
        };
        let digest = |acts: &mut dyn Iterator<Item = Act>| {
            let scene = Scene::new(Vec::new());
            acts.for_each(|act| drop(scene.play(&act, Verdict::Allow)));
            scene.store.digest()
        };
        let mut once = acts.clone();
        once.sort_by_key(|(at, ..)| *at);
        once.dedup_by_key(|(at, ..)| *at);
        prop_assert_eq!(digest(&mut once.iter().map(act)), digest(&mut once.iter().rev().map(act)));
    }
}
