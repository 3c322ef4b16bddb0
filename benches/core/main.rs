//! Benches of the core: what one attempt costs without sockets and disk. See `benches/README.md`.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a bench whose scene cannot be set has nothing to measure"
)]

use criterion::Criterion;

#[path = "../chance.rs"]
mod chance;
mod decide;
mod door;
mod generated;
mod observe;
mod rules;
mod visit;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    observe::bench(&mut criterion);
    decide::bench(&mut criterion);
    criterion.final_summary();
}
