//! Strangers guess at owners for days, and the owners go on signing in.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use doorward_core::decision::Verdict;
use doorward_core::engine::Engine;
use doorward_core::event::Credential;
use doorward_core::store::Budget;

use crate::chance::Chance;
use crate::visit::Visit;
use crate::{DAY, KEY, evaluate, in_two, rules};

/// Logins before the siege.
const LOGINS: u32 = 5;
/// Steps from one guess at an owner to the next: about nine seconds.
const PACE: u32 = 860;

/// Guesses at every owner from anywhere, and lets each in at home after every tenth part of the guesses.
pub(crate) fn lay(owners: u32, guesses: u32, budget: Budget) {
    let engine = Engine::new(KEY, rules::shipped(), budget);
    let (unchanged, asked, denied, signed_in) =
        (AtomicU32::new(0), AtomicU32::new(0), AtomicU32::new(0), AtomicU32::new(0));
    let why: Mutex<BTreeMap<Vec<Arc<str>>, u32>> = Mutex::default();
    in_two(owners, |user| {
        let login = |day| Visit::of_owner(u64::from(user), day * DAY + user);
        (0..LOGINS).for_each(|day| drop(evaluate(&engine, login(day))));
    });
    in_two(owners, |user| {
        let visit = |number| Visit::of_owner(u64::from(user), number);
        let name = visit(0).attempt;
        let learned = || engine.store().learned(&name.tenant, name.user.id.as_ref()?);
        let before = learned();
        for guess in 0..guesses {
            let number = LOGINS * DAY + guess * PACE;
            evaluate(&engine, stranger(user, guess, number));
            if guess % (guesses / 10).max(1) == 0 {
                let mut at_home = visit(number + 1);
                // Nothing is learned of what is not checked yet, so that nothing but the strangers could.
                at_home.attempt.credential =
                    Credential { result: None, ..at_home.attempt.credential };
                let decision = evaluate(&engine, at_home).decision;
                let verdict = decision.verdict;
                if verdict == Verdict::StepUp {
                    let codes = decision.reasons.iter().map(|reason| Arc::clone(&reason.code));
                    let mut why = why.lock().unwrap_or_else(PoisonError::into_inner);
                    *why.entry(codes.collect::<Vec<_>>()).or_insert(0_u32) += 1;
                }
                signed_in.fetch_add(1, Ordering::Relaxed);
                asked.fetch_add(u32::from(verdict == Verdict::StepUp), Ordering::Relaxed);
                denied.fetch_add(u32::from(verdict == Verdict::Deny), Ordering::Relaxed);
            }
        }
        unchanged.fetch_add(u32::from(before.is_some() && learned() == before), Ordering::Relaxed);
    });
    let [unchanged, asked, denied, signed_in] =
        [unchanged, asked, denied, signed_in].map(AtomicU32::into_inner);
    println!("siege              {owners:>12} owners, {guesses} guesses at each");
    println!("profiles unchanged {unchanged:>12} of {owners}");
    println!(
        "owners at home     {signed_in:>12} sign-ins meanwhile: {asked} asked, {denied} denied"
    );
    for (codes, times) in why.into_inner().unwrap_or_else(PoisonError::into_inner) {
        println!("asked              {times:>12} for {}", codes.join(", "));
    }
}

/// From another address and device each time, in a few networks.
fn stranger(user: u32, guess: u32, number: u32) -> Visit {
    let mut chance = Chance(u64::from(user) << 32 | u64::from(guess) | 1 << 63);
    let mut visit = Visit::of_attacker(u64::from(user), number);
    visit.attempt.client.address = chance.address().parse().ok();
    visit.attempt.device.id = None;
    visit
}
