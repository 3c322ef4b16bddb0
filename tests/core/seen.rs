//! Events told twice.

use doorward_core::seen::{Claim, SeenEvents};

use crate::scene::id;

#[test]
fn exactly_one_caller_handles_an_event() {
    let seen = SeenEvents::new([1; 16], 1_000);
    let event = seen.key(&id("acme"), &id("e1"));
    let check = |payload, expected| assert_eq!(seen.claim(event, payload), expected);
    check(7, Claim::New);
    check(7, Claim::InFlight);
    check(8, Claim::Conflict);
    seen.complete(event, (3, 4));
    check(7, Claim::Same((3, 4)));
    check(8, Claim::Conflict);
    assert_eq!(seen.claim(seen.key(&id("other"), &id("e1")), 8), Claim::New);
}

#[test]
fn threads_agree_who_was_first() {
    let seen = SeenEvents::new([1; 16], 100_000);
    let key = |n: &i32| seen.key(&id("acme"), &id(&n.to_string()));
    let claim_all = || {
        let new = |n: &i32| seen.claim(key(n), 0) == Claim::New;
        (0..5_000).filter(new).count()
    };
    let claimed: usize = std::thread::scope(|scope| {
        let threads = [(); 4].map(|()| scope.spawn(claim_all));
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(claimed, 5_000);
}

/// What is forgotten is the oldest, and memory stays within two generations.
#[test]
fn forgets_the_oldest_first() {
    let seen = SeenEvents::new([1; 16], 640);
    let key = |n: u64| seen.key(&id("acme"), &id(&n.to_string()));
    for n in 0..10_000 {
        assert_eq!(seen.claim(key(n), 0), Claim::New);
        seen.complete(key(n), (n, 0));
    }
    let remembered = |n: &u64| seen.claim(key(*n), 0) == Claim::Same((*n, 0));
    assert!((9_900..10_000).all(|n| remembered(&n)), "the newest are remembered");
    assert!(!(0..8_000).any(|n| remembered(&n)), "the oldest are forgotten");
}
