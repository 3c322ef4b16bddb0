//! `decide`: what the rules cost, by how many there are and whether they fire.

use std::hint::black_box;

use criterion::Criterion;
use doorward_core::decide::decide;
use doorward_core::value::Reading;

use crate::door::Door;
use crate::visit::Visit;
use crate::{generated, rules};

/// Accounts that the attacker tried before.
const ACCOUNTS: u32 = 60;

/// Measures an ordinary sign-in, where hardly a rule fires, and an attack, where several do.
pub(crate) fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decide");
    let policies = [
        ("shipped rules", rules::shipped()),
        ("50 rules", generated::policy_of(50)),
        ("200 rules", generated::policy_of(200)),
    ];
    for (name, policy) in policies {
        let door = Door::new(policy);
        for (visitor, readings) in [("owner", owner(&door)), ("attacker", attacker(&door))] {
            group.bench_function(format!("{name}, {visitor}"), |bencher| {
                bencher.iter(|| decide(black_box(&readings), black_box(&door.policy)));
            });
        }
    }
    group.finish();
}

/// The second sign-in of somebody at home.
fn owner(door: &Door) -> Vec<Reading> {
    door.admit(Visit::of_owner(1, 0));
    door.admit(Visit::of_owner(1, 1)).readings
}

/// One more account that the attacker's address tries.
fn attacker(door: &Door) -> Vec<Reading> {
    for number in 0..ACCOUNTS {
        door.admit(Visit::of_attacker(u64::from(number) + 1_000, number));
    }
    door.admit(Visit::of_attacker(2_000, ACCOUNTS)).readings
}
