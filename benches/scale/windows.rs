//! Windows against a plain list, told in any order, late and twice.

use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::{AtomicU32, Ordering};

use doorward_core::decision::Verdict;
use doorward_core::enrichment::Enrichment;
use doorward_core::event::{Attempt, CredentialResult, Population};
use doorward_core::seen::{Claim, SeenEvents};
use doorward_core::signal::{Origin, SIGNALS, Seen, Signal, find};
use doorward_core::store::{Budget, KeptWindows, Store};
use doorward_core::time::Timestamp;
use doorward_core::value::{Cause, Reading, Value};
use doorward_core::window::{Aggregate, BUCKETS_LATE, BUCKETS_PER_SPAN, WindowSpec, Windows};

use crate::chance::Chance;
use crate::visit::text;
use crate::{KEY, in_two};

const SPAN_MS: i64 = 600_000;
const BUCKET_MS: i64 = SPAN_MS / BUCKETS_PER_SPAN;
const EXACT_MAX: u32 = 12;
/// Addresses of each of the two threads; each has a hundred attempts or so within the span.
const ADDRESSES: u64 = 250;
const USERS: u64 = 40;
/// Event time from one attempt to the next.
const STEP_MS: i64 = 20;

/// A wrong guess that was told.
#[derive(Clone, Copy)]
struct Told {
    at_ms: i64,
    user: u64,
}

/// What came of the comparison.
#[derive(Default)]
struct Found {
    compared: AtomicU32,
    too_late: AtomicU32,
    duplicates: AtomicU32,
}

/// Tells both so many attempts. Stops with what differed, if anything does.
pub(crate) fn compare(operations: u32) {
    let store = Store::new(KEY, Budget::default());
    let kept = store.keep(&windows());
    let seen = SeenEvents::new(KEY, 1 << 20);
    let found = Found::default();
    in_two(2, |thread| half(&store, &kept, &seen, thread, operations / 2, &found));
    let [compared, too_late, duplicates] =
        [found.compared, found.too_late, found.duplicates].map(AtomicU32::into_inner);
    println!("windows            {operations:>12} attempts: {compared} read as the list says");
    println!(
        "                   {too_late:>12} told too late to be known, {duplicates} told twice"
    );
}

fn windows() -> Windows {
    let signal = |name| find(name).expect("a signal");
    let window = |name: &str, aggregate| WindowSpec {
        name: name.into(),
        identity: u64::try_from(name.len()).unwrap_or_default(),
        aggregate,
        keys: [signal("ip")].into(),
        span_ms: SPAN_MS,
    };
    let users = Aggregate::Distinct { of: signal("user"), exact_max: EXACT_MAX };
    Windows::new(vec![window("failures", Aggregate::Count), window("users", users)])
}

fn half(
    store: &Store,
    kept: &KeptWindows,
    seen: &SeenEvents,
    thread: u32,
    operations: u32,
    found: &Found,
) {
    let mut chance = Chance(u64::from(thread));
    let mut lists: Vec<VecDeque<Told>> = (0..ADDRESSES).map(|_| VecDeque::new()).collect();
    let mut newest = vec![i64::MIN; lists.len()];
    for operation in 0..operations {
        let now_ms = i64::from(operation) * STEP_MS;
        let late_ms = i64::try_from(match chance.below(10) {
            0 => chance.below(400_000),
            1 => chance.below(1_200_000),
            _ => chance.below(1_000),
        });
        let at_ms = now_ms - late_ms.expect("a small number");
        let (address, user) = (chance.below(ADDRESSES), chance.below(USERS));
        let event = format!("{thread} {}", operation - u32::from(chance.percent(3)));
        let event = seen.key(&text("acme"), &text(&event));
        if seen.claim(event, 0) != Claim::New {
            found.duplicates.fetch_add(1, Ordering::Relaxed);
            continue;
        }
        seen.complete(event, (0, 0));
        let place = usize::try_from(address).expect("a small number");
        let list = lists.get_mut(place).expect("a list for each address");
        list.push_back(Told { at_ms, user });
        while list.front().is_some_and(|told| told.at_ms < now_ms - 4 * SPAN_MS) {
            list.pop_front();
        }
        let newest = newest.get_mut(place).expect("a time for each address");
        *newest = at_ms.max(*newest);
        let late = newest.div_euclid(BUCKET_MS) - at_ms.div_euclid(BUCKET_MS);
        let readings = observe(store, kept, thread, address, user, at_ms);
        match check(list, at_ms, late, &readings) {
            true => found.compared.fetch_add(1, Ordering::Relaxed),
            false => found.too_late.fetch_add(1, Ordering::Relaxed),
        };
    }
}

/// The two readings of one more wrong guess.
fn observe(
    store: &Store,
    kept: &KeptWindows,
    thread: u32,
    address: u64,
    user: u64,
    at_ms: i64,
) -> [Reading; 2] {
    let at = Timestamp::from_ms(at_ms);
    let mut attempt = Attempt::login(text("e"), at, text("acme"), Population::Customer);
    attempt.credential.result = Some(CredentialResult::Wrong);
    attempt.user.id = Some(text(&format!("{thread}-{user}")));
    attempt.client.address = format!("203.{thread}.113.{address}").parse().ok();
    let enrichment = Enrichment::unknown(Cause::LookupFailed);
    let seen = Seen::event(&attempt, &enrichment);
    let read = |signal: &&Signal| match signal.origin {
        Origin::Event => (signal.read)(&seen),
        Origin::Profile | Origin::Egress | Origin::Traffic | Origin::Ending => {
            Reading::Unknown(Cause::NotApplicable)
        }
    };
    let mut readings: Vec<Reading> = SIGNALS.iter().map(read).collect();
    readings.resize(SIGNALS.len() + 2, Reading::Unknown(Cause::NotApplicable));
    let observed = store.observe(&attempt, &enrichment, kept, &[true, true], &mut readings);
    store.settle(&observed, &attempt, &enrichment, Verdict::Allow);
    let [.., failures, users] = &*readings else { panic!("two windows") };
    [failures.clone(), users.clone()]
}

/// Holds what was read against the list; `false` for what is not known as it was told too late.
fn check(list: &VecDeque<Told>, at_ms: i64, late: i64, readings: &[Reading; 2]) -> bool {
    let [Reading::Known(Value::Int(failures)), Reading::Known(Value::Int(users))] = readings else {
        assert!(late > BUCKETS_LATE, "late by {late} buckets only: {readings:?}");
        return false;
    };
    let from_ms = at_ms + 1 - SPAN_MS;
    let bucket_end_ms = (at_ms.div_euclid(BUCKET_MS) + 1) * BUCKET_MS;
    let inside = |from: i64, before: i64| {
        list.iter().filter(move |told| (from..before).contains(&told.at_ms))
    };
    let least = count(inside(from_ms, at_ms + 1));
    let most = count(inside(from_ms - BUCKET_MS, bucket_end_ms));
    assert!((least..=most).contains(failures), "{failures} failures of {least} to {most}");
    let least = different(inside(from_ms, at_ms + 1));
    let most = different(inside(from_ms - BUCKET_MS, i64::MAX));
    assert!((least..=most).contains(users), "{users} users of {least} to {most}");
    true
}

fn count<'a>(told: impl Iterator<Item = &'a Told>) -> i64 {
    i64::try_from(told.count()).expect("a small number")
}

fn different<'a>(told: impl Iterator<Item = &'a Told>) -> i64 {
    let users: BTreeSet<u64> = told.map(|told| told.user).collect();
    i64::try_from(users.len()).expect("a small number").min(i64::from(EXACT_MAX))
}
