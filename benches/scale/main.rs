//! Scale bench: what millions of users take and cost, and what millions of attempts against them do. See `benches/README.md`.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a bench whose scene cannot be set has nothing to measure"
)]

use std::fs;
use std::path::PathBuf;
use std::thread;

use clap::{Parser, ValueEnum};
use doorward_core::decision::Verdict;
use doorward_core::engine::Engine;
use doorward_core::record::{DecisionId, DecisionRecord};
use doorward_core::signal::SIGNALS;
use doorward_core::store::{Budget, KeptWindows};
use doorward_core::value::{Cause, Reading};
use mimalloc::MiMalloc;

#[path = "../chance.rs"]
mod chance;
mod flood;
#[path = "../desk/opened.rs"]
mod opened;
mod restart;
#[path = "../core/rules.rs"]
mod rules;
mod siege;
#[path = "../stopwatch.rs"]
mod stopwatch;
#[path = "../core/visit.rs"]
mod visit;
mod windows;

use chance::Chance;
use flood::{Fate, Victims};
use visit::Visit;

/// As in the shipped binary.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Places, each with its device, that every user signs in from.
const PLACES: u64 = 3;
/// Attempts that are timed together.
const TIMED: u32 = 50_000;
/// Attempts of the flood in a hundredth of a second.
const STEP: u32 = 2_000;
/// Names that are not real users' begin here.
const MADE_UP: u64 = 1 << 40;
/// A day, in the steps that visits are numbered by.
const DAY: u32 = 8_640_000;
const KEY: [u8; 16] = [7; 16];

/// What is shown at scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Memory, cost, a flood and a snapshot.
    Users,
    /// Guesses at owners who go on signing in.
    Siege,
    /// A start with a snapshot on disk.
    Restart,
    /// Windows against a plain list.
    Windows,
}

/// Shows what holds at scale.
#[derive(Debug, Parser)]
struct Options {
    /// What to show; everything if nothing is named.
    parts: Vec<Part>,
    /// Owners that are guessed at.
    #[arg(long, default_value_t = 1_000)]
    owners: u32,
    /// Guesses at each of them.
    #[arg(long, default_value_t = 10_000)]
    guesses: u32,
    /// Attempts that windows and the list are told.
    #[arg(long, default_value_t = 10_000_000)]
    operations: u32,
    /// Users with three devices in three places.
    #[arg(long, default_value_t = 10_000_000)]
    users: u32,
    /// Trusted logins of each.
    #[arg(long, default_value_t = 3)]
    logins: u32,
    /// Addresses with windows, each of another user.
    #[arg(long, default_value_t = 1_000_000)]
    addresses: u32,
    /// Attempts with names that were never seen before.
    #[arg(long, default_value_t = 50_000_000)]
    flood: u32,
    /// Memory that windows and profiles may take, in MiB.
    #[arg(long, default_value_t = 4_150)]
    budget_mib: usize,
    /// What the other process has left to start with.
    #[arg(long, hide = true)]
    from: Option<PathBuf>,
    /// The state that it left.
    #[arg(long, hide = true)]
    digest: Option<u128>,
    /// `cargo bench` passes this; it changes nothing.
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    fn budget(&self) -> Budget {
        Budget::of(self.budget_mib << 20)
    }
}

fn main() {
    let options = Options::parse();
    if let Some(from) = &options.from {
        return restart::again(&options, from);
    }
    let wanted = |part| options.parts.is_empty() || options.parts.contains(&part);
    if wanted(Part::Windows) {
        windows::compare(options.operations);
    }
    if wanted(Part::Siege) {
        siege::lay(options.owners, options.guesses, options.budget());
    }
    if wanted(Part::Users) {
        users(&options);
    }
    if wanted(Part::Restart) {
        restart::measure(&options);
    }
}

fn users(options: &Options) {
    let begin_mib = resident_mib();
    let small = inhabited(options, 10_000, 10_000);
    let small_us = decision_us(&small, 10_000, options.logins + 1);
    drop(small);
    let engine = inhabited(options, options.users, options.addresses);
    println!("users              {:>12}", engine.store().profiles());
    println!("entities           {:>12}", engine.store().entities());
    println!(
        "bytes of a profile {:>12}",
        engine.store().profile_bytes() / engine.store().profiles()
    );
    println!("budget taken       {:>12} MiB", engine.store().bytes() >> 20);
    println!("resident           {:>12} MiB, {begin_mib} MiB at the start", resident_mib());
    let large_us = decision_us(&engine, options.users, options.logins + 1);
    println!(
        "a decision         {small_us:>12.2} us with 10,000 users, {large_us:.2} us here: {:.2} times as much",
        large_us / small_us
    );
    if options.flood > 0 {
        flooded(&engine, options);
    }
    saved(&engine, options);
}

/// Profiles of so many users, learned under a policy of no windows as they are months old, then addresses.
fn inhabited(options: &Options, users: u32, addresses: u32) -> Engine {
    let engine = Engine::new(KEY, rules::shipped(), options.budget());
    inhabit(&engine, options, users, addresses);
    engine
}

fn inhabit(engine: &Engine, options: &Options, users: u32, addresses: u32) {
    let (store, windows) = (engine.store(), KeptWindows::default());
    in_two(users, |user| {
        for login in 0..options.logins {
            let place = u64::from(login) % PLACES;
            let visit = Visit::from_place(u64::from(user), place, login * DAY + user / 1_000);
            let Visit { attempt, enrichment } = &visit;
            let mut readings = vec![Reading::Unknown(Cause::NotApplicable); SIGNALS.len()];
            let observed = store.observe(attempt, enrichment, &windows, &[], &mut readings);
            store.settle(&observed, attempt, enrichment, Verdict::Allow);
        }
    });
    let begin = options.logins * DAY;
    in_two(addresses, |user| {
        evaluate(engine, Visit::of_owner(u64::from(user), begin + user / 10));
    });
}

fn evaluate(engine: &Engine, visit: Visit) -> DecisionRecord {
    let Visit { attempt, enrichment } = visit;
    let at = attempt.occurred_at;
    engine.evaluate(DecisionId::new(at, 0, 0), at, attempt, enrichment)
}

/// Microseconds of one decision on an owner at home, anybody in turn.
fn decision_us(engine: &Engine, users: u32, day: u32) -> f64 {
    let mut chance = Chance(1);
    let mut measured = f64::MAX;
    for round in 0..3 {
        let number = |visit: u32| day * DAY + round * TIMED + visit;
        let visits: Vec<Visit> = (0..TIMED)
            .map(|visit| Visit::of_owner(chance.below(u64::from(users)), number(visit)))
            .collect();
        let began = stopwatch::now();
        visits.into_iter().for_each(|visit| drop(evaluate(engine, visit)));
        measured = measured.min((stopwatch::now() - began).as_secs_f64() * 1e6 / f64::from(TIMED));
    }
    measured
}

fn flooded(engine: &Engine, options: &Options) {
    let begin = (options.logins + 2) * DAY;
    let victims = Victims::of(engine, options.users, begin);
    let before_mib = resident_mib();
    let began = stopwatch::now();
    let guess = |number: u32| {
        let mut stranger = Visit::of_attacker(MADE_UP + u64::from(number), begin + number / STEP);
        stranger.attempt.client.address = Some(flood::address(number));
        evaluate(engine, stranger);
    };
    in_two(options.flood, guess);
    let seconds = (stopwatch::now() - began).as_secs_f64();
    println!(
        "flood              {:>12} attempts, {:.1} us each on two threads",
        options.flood,
        seconds * 1e6 / f64::from(options.flood)
    );
    println!(
        "budget taken       {:>12} MiB of {}",
        engine.store().bytes() >> 20,
        options.budget_mib
    );
    println!("resident           {:>12} MiB, {before_mib} MiB before", resident_mib());
    let Fate { lost, raised, estimated } = victims.fate(engine, begin + options.flood / STEP);
    println!("victims            {:>12}: {lost} lost something", victims.count());
    println!(
        "                   {raised:>12} are counted too high, {estimated} may be by other counts; all are told"
    );
}

/// Writes a snapshot to memory and loads it.
fn saved(engine: &Engine, options: &Options) {
    let digest = engine.store().digest();
    let began = stopwatch::now();
    let snapshot = engine.store().snapshot();
    let head = snapshot.head().to_vec();
    let parts: Vec<Vec<u8>> = snapshot.collect();
    let bytes: usize = parts.iter().map(Vec::len).sum();
    println!(
        "snapshot           {:>12} MiB in {:.1} s",
        bytes >> 20,
        (stopwatch::now() - began).as_secs_f64()
    );
    let began = stopwatch::now();
    let loaded = Engine::new(KEY, rules::shipped(), options.budget());
    let loading = loaded.store().loading(&head).expect("a snapshot of the same store");
    let (one, other) = parts.split_at(parts.len() / 2);
    thread::scope(|scope| {
        for half in [one, other] {
            scope.spawn(|| half.iter().for_each(|part| loading.part(part).expect("a part")));
        }
    });
    println!("loaded             {:>12.1} s", (stopwatch::now() - began).as_secs_f64());
    assert_eq!(loaded.store().digest(), digest, "the same state");
}

/// Does something for each number, on two threads.
fn in_two(count: u32, act: impl Fn(u32) + Sync) {
    thread::scope(|scope| {
        for first in [0, 1] {
            let act = &act;
            scope.spawn(move || (first..count).step_by(2).for_each(act));
        }
    });
}

fn resident_mib() -> usize {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells what a process takes");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
    kib.expect("a number of kibibytes") >> 10
}
