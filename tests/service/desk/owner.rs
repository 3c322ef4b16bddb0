//! A stranger cannot lock the owner out, not even over a restart. What else strangers may try, and why it
//! does not work either, is tried on the core.

use doorward::wire::Verdict;

use super::{CredentialResult, Door, Visit, told};

/// The owner at home, on the hour.
fn owner(hour: i64) -> Visit {
    let visit = Visit::new(&format!("owner at {hour}")).user("ana").device("laptop");
    visit.address("198.51.100.20").at(hour * 60).credential(CredentialResult::Right)
}

#[tokio::test]
async fn a_thousand_failures_do_not_lock_the_owner_out() {
    let door = Door::open();
    assert_eq!(door.decide(&owner(0)).await.verdict(), Verdict::Allow);
    let mut verdicts = Vec::new();
    for number in 0..1_000 {
        let address = format!("203.0.113.{}", number % 200);
        let visit = Visit::new(&format!("stranger {number}")).user("ana").address(&address).at(60);
        let visit = visit.credential(CredentialResult::Wrong);
        let pending = door.desk.evaluate(visit.request()).unwrap();
        if number % 100 == 99 {
            verdicts.push(told(pending.await.unwrap()).decision.unwrap().verdict());
        }
    }
    // The strangers themselves come no further.
    assert_eq!(verdicts.last(), Some(&Verdict::Deny), "{verdicts:?}");
    assert_eq!(door.decide(&owner(2)).await.verdict(), Verdict::Allow);
    let door = door.reopen();
    assert_eq!(door.decide(&owner(3)).await.verdict(), Verdict::Allow);
    assert_eq!(door.desk.digest(), door.replayed());
}
