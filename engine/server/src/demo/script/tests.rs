//! What the script has to hold: it never changes, and its scenes are what they are called.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use doorward_core::address::Network;
use doorward_core::event::{CredentialResult, Journey, Population};
use doorward_core::time::HOUR_MS;

use super::*;
use crate::demo::GEO_CSV;

const NOW: Timestamp = Timestamp::from_ms(1_763_807_400_000);

fn script() -> Vec<Moment> {
    day(NOW).unwrap()
}

fn attempts() -> Vec<(Scene, Attempt)> {
    let attempt = |moment: Moment| match moment.event {
        Event::Attempt { attempt, .. } => Some((moment.scene, *attempt)),
        Event::Outcome { .. } => None,
    };
    script().into_iter().filter_map(attempt).collect()
}

#[test]
fn the_script_is_the_same_on_every_run_and_moves_with_now() {
    assert_eq!(script(), script());
    let later = day(NOW.plus(HOUR_MS)).unwrap();
    let shift = |(first, second): (&Moment, &Moment)| {
        assert_eq!(second.occurred_at().since(first.occurred_at()), HOUR_MS);
    };
    script().iter().zip(&later).for_each(shift);
}

#[test]
fn it_is_a_day_in_order_with_days_before_it() {
    let script = script();
    assert!(script.is_sorted_by_key(Moment::occurred_at));
    assert!(script.last().unwrap().occurred_at() <= NOW);
    for moment in &script {
        let today = moment.occurred_at() > NOW.plus(-DAY_MS);
        assert_eq!(today, moment.scene != Scene::Before, "{moment:?}");
    }
    assert!((2_500..=4_000).contains(&script.len()), "{} moments", script.len());
}

#[test]
fn every_event_has_an_id_of_its_own() {
    let ids: BTreeSet<String> = attempts().iter().map(|(_, a)| a.event_id.to_string()).collect();
    assert_eq!(ids.len(), attempts().len());
}

#[test]
fn outcomes_speak_of_attempts_before_them() {
    let attempts = attempts();
    let mut outcomes = 0;
    for moment in script() {
        let Event::Outcome { of, outcome } = moment.event else { continue };
        let attempt = attempts.iter().find(|(_, attempt)| attempt.event_id == of).unwrap();
        assert!(attempt.1.occurred_at < outcome.occurred_at);
        outcomes += 1;
    }
    assert_eq!(outcomes, 2);
}

#[test]
fn every_scene_plays_and_the_stories_have_their_highlight() {
    let mut shown = BTreeMap::<Scene, usize>::new();
    for moment in script() {
        *shown.entry(moment.scene).or_default() += usize::from(moment.highlight);
    }
    let told: Vec<_> = Scene::ALL.iter().map(|scene| shown.get(scene).copied()).collect();
    let (none, one) = (Some(0), Some(1));
    assert_eq!(told, [none, none, none, none, one, one, one, one, one]);
}

#[test]
fn every_address_is_in_a_network_that_the_geo_data_knows() {
    let networks: Vec<Network> = GEO_CSV
        .lines()
        .skip(1)
        .map(|line| Network::parse(line.split(',').next().unwrap()).unwrap())
        .collect();
    for (scene, attempt) in attempts() {
        let address = attempt.client.address.unwrap();
        assert!(networks.iter().any(|network| network.contains(address)), "{scene:?}: {address}");
    }
}

#[test]
fn geo_data_lies_in_networks_for_documentation() {
    let documentation: Vec<Network> =
        ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15", "2001:db8::/32"]
            .iter()
            .map(|network| Network::parse(network).unwrap())
            .collect();
    for line in GEO_CSV.lines().skip(1) {
        let columns: Vec<&str> = line.split(',').collect();
        assert_eq!(columns.len(), 9, "{line}");
        let base: IpAddr = Network::parse(columns[0]).unwrap().base();
        assert!(documentation.iter().any(|network| network.contains(base)), "{line}");
        let asn: u32 = columns[7].parse().unwrap();
        assert!((64_496..=64_511).contains(&asn) || (65_536..=65_551).contains(&asn), "{line}");
    }
}

#[test]
fn the_stuffing_address_fails_many_accounts_before_its_first_hit() {
    let wave: Vec<Attempt> = attempts()
        .into_iter()
        .filter(|(scene, _)| *scene == Scene::Stuffing)
        .map(|(_, attempt)| attempt)
        .collect();
    let right = |attempt: &Attempt| attempt.credential.result == Some(CredentialResult::Right);
    let first_hit = wave.iter().find(|attempt| right(attempt)).unwrap().occurred_at;
    let failed: BTreeSet<String> = wave
        .iter()
        .filter(|attempt| !right(attempt) && attempt.occurred_at < first_hit)
        .filter(|attempt| first_hit.since(attempt.occurred_at) < 10 * MINUTE_MS)
        .map(|attempt| attempt.user.id.as_ref().unwrap().to_string())
        .collect();
    assert!(failed.len() >= 100, "{} accounts", failed.len());
    assert!(wave.len() > 400, "{} attempts", wave.len());
    assert_eq!(wave.iter().filter(|attempt| right(attempt)).count(), 3);
}

#[test]
fn the_drain_ends_with_a_payment_from_a_device_never_seen_before() {
    let drain: Vec<Attempt> =
        attempts().into_iter().filter(|(s, _)| *s == Scene::Drain).map(|(_, a)| a).collect();
    let (payment, before) = drain.split_last().unwrap();
    assert_eq!(payment.journey, Journey::Transaction);
    assert!(before.iter().all(|attempt| attempt.device.id != payment.device.id));
}

#[test]
fn the_spray_is_against_staff_from_one_network() {
    let mut addresses = BTreeSet::new();
    let mut accounts = BTreeSet::new();
    for (_, attempt) in attempts().into_iter().filter(|(scene, _)| *scene == Scene::Spray) {
        assert_eq!(attempt.population, Population::Workforce);
        addresses.insert(attempt.client.address);
        accounts.insert(attempt.user.id.as_ref().unwrap().to_string());
    }
    assert_eq!((addresses.len(), accounts.len()), (8, 40));
}
