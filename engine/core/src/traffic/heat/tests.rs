//! Rows of known buckets, and the plain walk through time beside the clever one back from now.

use super::super::accounts::Accounts;
use super::super::baseline::Usual;
use super::super::bucket::Bucket;
use super::*;

/// How a moment looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heat {
    Calm,
    Warm,
    Hot,
}

const USUAL: Baseline = Baseline {
    failures: Usual { mean: 0.08, deviation: 0.02 },
    strangers: Usual { mean: 0.01, deviation: 0.01 },
    silent: false,
};

/// What a keyed hash makes of small numbers.
fn mark(number: u32) -> u64 {
    let mixed = (u64::from(number) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ mixed >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
    mixed ^ mixed >> 32
}

/// A bucket with this many attempts, failures, failures for accounts that do not exist, and accounts that failed.
fn bucket(number: Number, [attempts, failures, strangers, users]: [u32; 4]) -> Bucket {
    let mut accounts = Accounts::default();
    (0..users).for_each(|user| accounts.add(mark(user)));
    Bucket { number, counts: Counts { attempts, failures, strangers }, accounts }
}

fn row(buckets: &[(Number, [u32; 4])]) -> Row {
    let mut row = Row::default();
    buckets.iter().for_each(|(number, counts)| row.add(&bucket(*number, *counts), DAY_BUCKETS));
    row
}

fn gauge(
    kind: Kind,
    row: &Row,
    usual: Option<Baseline>,
) -> Gauge<'_, impl Fn() -> Option<Baseline>> {
    Gauge { kind, row, usual: move || usual }
}

fn heat(gauge: &Gauge<'_, impl Fn() -> Option<Baseline>>, last: Number) -> Heat {
    let measure = gauge.measure(last);
    match (gauge.calm(&measure), gauge.hot(&measure)) {
        (true, false) => Heat::Calm,
        (false, false) => Heat::Warm,
        (false, true) => Heat::Hot,
        (true, true) => panic!("calm and hot: {measure:?}"),
    }
}

fn check_tenant(counts: [u32; 4], usual: Baseline, expected: Heat) {
    let row = row(&[(7, counts)]);
    assert_eq!(heat(&gauge(Kind::Tenant, &row, Some(usual)), 7), expected, "{counts:?}");
}

#[test]
fn a_tenant_is_under_attack_when_both_shares_are_unusual() {
    check_tenant([100, 8, 1, 8], USUAL, Heat::Calm);
    check_tenant([100, 60, 30, 60], USUAL, Heat::Hot);
    check_tenant([100, 25, 8, 25], USUAL, Heat::Warm);
    // Somebody's list of customers, mailed to: many new accounts, and none of them fails.
    check_tenant([5_000, 300, 40, 280], USUAL, Heat::Calm);
    // A release that fails for everybody.
    check_tenant([500, 450, 4, 200], USUAL, Heat::Calm);
    // A list, and somebody who guesses at one account all the while.
    check_tenant([200, 100, 50, 100], USUAL, Heat::Hot);
    check_tenant([900, 800, 50, 101], USUAL, Heat::Hot);
    // The guesses alone.
    check_tenant([800, 708, 1, 9], USUAL, Heat::Calm);
    // Too few to tell.
    check_tenant([29, 29, 29, 29], USUAL, Heat::Calm);
    check_tenant([30, 30, 30, 30], USUAL, Heat::Hot);
}

#[test]
fn where_nobody_tells_that_accounts_do_not_exist_many_single_tries_are_enough() {
    let usual = Baseline { strangers: Usual::default(), silent: true, ..USUAL };
    check_tenant([200, 160, 0, 150], usual, Heat::Hot);
    check_tenant([200, 160, 0, 50], usual, Heat::Calm);
    check_tenant([200, 40, 0, 40], usual, Heat::Calm);
    check_tenant([200, 160, 0, 150], USUAL, Heat::Calm);
}

#[test]
fn what_is_usual_at_one_tenant_is_an_attack_at_another() {
    let sloppy = Baseline {
        failures: Usual { mean: 0.40, deviation: 0.05 },
        strangers: Usual { mean: 0.15, deviation: 0.02 },
        silent: false,
    };
    check_tenant([1_000, 450, 180, 400], sloppy, Heat::Calm);
    check_tenant([1_000, 450, 180, 400], USUAL, Heat::Hot);
    check_tenant([1_000, 700, 300, 600], sloppy, Heat::Hot);
}

/// Where it is attacked most of the time, hardly any number of failures is unusual.
#[test]
fn plainly_strange_names_are_an_attack_whatever_failures_are_usual() {
    let besieged = Usual { mean: 0.20, deviation: 0.10 };
    let strangers = |mean| Usual { mean, deviation: 0.03 };
    let usual = Baseline { failures: besieged, strangers: strangers(0.05), silent: false };
    check_tenant([100, 42, 22, 42], usual, Heat::Hot);
    check_tenant([100, 42, 15, 42], usual, Heat::Calm);
    check_tenant([100, 42, 22, 42], Baseline { strangers: strangers(0.15), ..usual }, Heat::Calm);
}

#[test]
fn a_key_is_under_attack_when_many_accounts_fail_on_it() {
    let check = |kind: Kind, counts: [u32; 4], usual: Option<Baseline>, expected| {
        let row = row(&[(7, counts)]);
        assert_eq!(heat(&gauge(kind, &row, usual), 7), expected, "{kind} {counts:?}");
    };
    check(Kind::Ja4, [40, 36, 0, 36], None, Heat::Hot);
    check(Kind::Ja4, [40, 24, 0, 24], None, Heat::Calm);
    check(Kind::Ja4, [40, 28, 0, 28], None, Heat::Warm);
    check(Kind::Ja4, [40, 24, 0, 24], Some(USUAL), Heat::Hot);
    check(Kind::Asn, [40, 36, 0, 3], None, Heat::Calm);
    check(Kind::Asn, [9, 9, 0, 9], None, Heat::Warm);
    check(Kind::Asn, [400, 32, 4, 32], Some(USUAL), Heat::Calm);
    // A release that fails for everybody: they try it again.
    check(Kind::Agent, [400, 400, 0, 140], Some(USUAL), Heat::Calm);
    check(Kind::Agent, [400, 400, 80, 140], Some(USUAL), Heat::Hot);
    check(Kind::Secret, [12, 12, 0, 12], None, Heat::Hot);
    // Somebody whose phone has an old password.
    check(Kind::Secret, [90, 90, 0, 1], None, Heat::Calm);
    check(Kind::Device, [4, 4, 0, 4], None, Heat::Warm);
}

/// The most common passwords are tried by somebody all the time.
#[test]
fn a_common_secret_is_held_against_its_own_past() {
    let check = |usual: u32, failures: u32, expected| {
        let past = (0..138).map(|number| (number, [usual, usual, 0, usual]));
        let now = (143, [failures, failures, 0, failures]);
        let row = row(&past.chain([now]).collect::<Vec<_>>());
        assert_eq!(heat(&gauge(Kind::Secret, &row, None), 143), expected, "{usual} {failures}");
    };
    check(0, 6, Heat::Hot);
    check(2, 12, Heat::Calm);
    check(2, 29, Heat::Hot);
}

/// Forward through every bucket, as the rule of beginning and end reads.
fn walked(gauge: &Gauge<'_, impl Fn() -> Option<Baseline>>, now: Number) -> Option<Number> {
    let (mut begun, mut calm) = (None, 0);
    for last in gauge.row.buckets().first()?.number..=now {
        match heat(gauge, last) {
            Heat::Hot => (begun, calm) = (begun.or(Some(gauge.measure(last).first)), 0),
            Heat::Warm => calm = 0,
            Heat::Calm => calm += 1,
        }
        if calm >= CALM_BUCKETS {
            begun = None;
        }
    }
    begun
}

#[test]
fn looking_back_agrees_with_walking_through() {
    let mut seen = [0, 0];
    for seed in 0..500 {
        let draw = |number: Number| mark(seed * 1_000 + number);
        let numbers = (0..100).filter(|number| draw(*number) % 3 > 0);
        let counts = |number: Number| {
            let failures = u32::try_from(draw(number) >> 8 & 0x3f).unwrap() >> (seed % 3);
            (number, [64, failures, failures / 4, 30])
        };
        let row = row(&numbers.map(counts).collect::<Vec<_>>());
        for kind in [Kind::Tenant, Kind::Asn] {
            let gauge = gauge(kind, &row, Some(USUAL));
            for now in (0..110).step_by(7) {
                let begun = gauge.begun(now);
                assert_eq!(begun, walked(&gauge, now), "{seed} {now}");
                seen[usize::from(begun.is_some())] += 1;
            }
        }
    }
    assert!(seen.iter().all(|count| *count > 1_000), "{seen:?}");
}

#[test]
fn an_attack_that_pauses_is_one_and_one_that_ended_is_over() {
    let attack = [50, 45, 20, 45];
    let begun = |numbers: &[Number], now| {
        let row = row(&numbers.iter().map(|number| (*number, attack)).collect::<Vec<_>>());
        gauge(Kind::Tenant, &row, Some(USUAL)).begun(now)
    };
    assert_eq!(begun(&[20, 21, 22], 22), Some(20));
    assert_eq!(begun(&[20, 21, 22], 19), None);
    assert_eq!(begun(&[20, 21, 23], 23), Some(20));
    // A measure reaches back, so the attack is felt until it does no more.
    assert_eq!(begun(&[20], 22), Some(20));
    assert_eq!(begun(&[20], 23), None);
    assert_eq!(begun(&[20, 40], 40), Some(40));
}
