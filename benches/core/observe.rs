//! `observe`: what counting and reading cost, by how many users there are.

use criterion::{BatchSize, Criterion};

use crate::chance::Chance;
use crate::door::Door;
use crate::rules;
use crate::visit::Visit;

/// Measures sign-ins of known users, anybody in turn, at two sizes of the state.
pub(crate) fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("observe");
    for users in [10_000, 1_000_000] {
        let mut inhabited = None;
        group.bench_function(format!("{users} users"), |bencher| {
            let (door, next) = inhabited.get_or_insert_with(|| (inhabited_by(users), users));
            let mut chance = Chance(0);
            let announce = || {
                *next += 1;
                door.announce(Visit::of_owner(chance.below(u64::from(users)), *next))
            };
            let observe = |mut announced| {
                door.observe(&mut announced);
                announced
            };
            bencher.iter_batched(announce, observe, BatchSize::SmallInput);
        });
    }
    group.finish();
}

/// A door that each of so many users passed once.
fn inhabited_by(users: u32) -> Door {
    let door = Door::new(rules::shipped());
    for user in 0..users {
        door.admit(Visit::of_owner(u64::from(user), user));
    }
    door
}
