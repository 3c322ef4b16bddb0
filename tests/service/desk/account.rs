//! User ids that change hands: history goes with the account, is in the log, and comes back from it.

use std::thread;

use doorward::edge::Refusal;
use doorward::wire::account_change::Kind as Change;
use doorward::wire::{self, AccountChange, ChangeAccountRequest};
use doorward_core::time::{DAY_MS, MINUTE_MS};

use super::{CredentialResult, Door, Visit, codes};
use crate::edge::server;

/// Told an hour after the first possible visit.
fn change(event_id: &str, user: &str, kind: Change) -> AccountChange {
    AccountChange {
        event_id: event_id.to_owned(),
        occurred_at: Some(server::NOW.plus(60 * MINUTE_MS - DAY_MS).into()),
        user_id: user.to_owned(),
        kind: kind.into(),
        ..AccountChange::default()
    }
}

fn renamed(event_id: &str, user: &str, to: &str) -> AccountChange {
    AccountChange { other_user_id: to.to_owned(), ..change(event_id, user, Change::Renamed) }
}

fn merged(event_id: &str, user: &str, into: &str) -> AccountChange {
    AccountChange { kind: Change::Merged.into(), ..renamed(event_id, user, into) }
}

fn request(change: &AccountChange) -> ChangeAccountRequest {
    ChangeAccountRequest { change: Some(change.clone()) }
}

/// Whether that was told before.
async fn tell(door: &Door, change: &AccountChange) -> bool {
    door.desk.change_account(request(change)).unwrap().await.unwrap().duplicate
}

fn refused(door: &Door, change: &AccountChange) -> Refusal {
    door.desk.change_account(request(change)).unwrap_err()
}

fn login(event_id: &str, user: &str) -> Visit {
    let visit = Visit::new(event_id).user(user).device("laptop").address("198.51.100.7").at(-30);
    visit.credential(CredentialResult::Right)
}

/// Whether who comes a day later with the same device from elsewhere is taken for its owner.
async fn known(door: &Door, event_id: &str, user: &str) -> bool {
    let visit = login(event_id, user).at(24 * 60 - 20).address("203.0.113.9");
    let visit = visit.credential(CredentialResult::NotChecked);
    codes(&door.decide(&visit).await).contains(&"KNOWN_DEVICE")
}

#[tokio::test]
async fn history_goes_with_the_account_over_a_restart_too() {
    let door = Door::open();
    for user in ["ana", "ben", "cem", "dora"] {
        door.ask(&login(&format!("{user} comes"), user)).await;
    }
    assert!(!tell(&door, &renamed("c1", "ana", "anna")).await);
    assert!(!tell(&door, &change("c2", "ben", Change::Recycled)).await);
    assert!(!tell(&door, &change("c3", "cem", Change::Purged)).await);
    assert!(!tell(&door, &merged("c4", "dora", "dorothy")).await);
    let check = async |door: &Door, round: u32| {
        let owners = [("ana", false), ("anna", true), ("dora", true), ("dorothy", true)];
        for (user, expected) in owners.into_iter().chain([("ben", false), ("cem", false)]) {
            let found = known(door, &format!("{user} again {round}"), user).await;
            assert_eq!(found, expected, "{user} in round {round}");
        }
    };
    check(&door, 1).await;
    let digest = door.desk.digest();
    assert_eq!(door.replayed(), digest);
    let door = door.reopen();
    assert_eq!(door.desk.digest(), digest);
    check(&door, 2).await;
    assert!(tell(&door, &renamed("c1", "ana", "anna")).await);
    let (digest, taken) = (door.desk.digest(), door.desk.snapshot().unwrap().unwrap());
    assert!(taken.records > 0);
    assert_eq!(door.reopen().desk.digest(), digest);
}

#[tokio::test]
async fn what_is_refused_changes_nothing() {
    let door = Door::open();
    for user in ["ana", "ben"] {
        door.ask(&login(&format!("{user} comes"), user)).await;
    }
    tell(&door, &change("c1", "cem", Change::Purged)).await;
    let sum = door.sum();
    let check = |change: &AccountChange, expected: fn(&Refusal) -> bool| {
        let refusal = refused(&door, change);
        assert!(expected(&refusal), "{refusal:?}");
        assert_eq!(door.sum(), sum, "{refusal}");
    };
    check(&AccountChange::default(), |refusal| matches!(refusal, Refusal::Invalid(_)));
    check(&renamed("c2", "ana", "ben"), |refusal| {
        refusal.to_string().contains("has the user id `ben` already")
    });
    let taken: fn(&Refusal) -> bool = |refusal| matches!(refusal, Refusal::AlreadyExists { .. });
    check(&change("c1", "ana", Change::Purged), taken);
    check(&change("ana comes", "ana", Change::Purged), taken);

    // What was refused can be told once it is right.
    tell(&door, &change("c3", "ben", Change::Recycled)).await;
    assert!(!tell(&door, &renamed("c2", "ana", "ben")).await);
    assert!(known(&door, "back", "ben").await);
}

/// Attempts, their changes and the log agree on what came first.
#[test]
fn the_log_says_which_attempts_came_before() {
    let door = Door::open();
    let users = ["ana", "ben", "cem"];
    thread::scope(|scope| {
        for worker in 0..3 {
            let (desk, users) = (&door.desk, &users);
            scope.spawn(move || {
                for number in 0..120 {
                    let event_id = format!("{worker} {number}");
                    let user = users[(worker + number) % users.len()];
                    let visit = login(&event_id, user).at(i64::try_from(number).unwrap());
                    drop(desk.evaluate(visit.request()).unwrap());
                }
            });
        }
        for number in 0..60_usize {
            let minutes = i64::try_from(number * 2).unwrap();
            let (user, other) = (users[number % users.len()], users[(number + 1) % users.len()]);
            let changed = match number % 3 {
                0 => change(&format!("c{number}"), user, Change::Recycled),
                1 => merged(&format!("c{number}"), user, other),
                _ => change(&format!("c{number}"), user, Change::Purged),
            };
            let at = server::NOW.plus(minutes * MINUTE_MS - DAY_MS);
            let changed = AccountChange { occurred_at: Some(at.into()), ..changed };
            drop(door.desk.change_account(request(&changed)).unwrap());
        }
    });
    let digest = door.desk.digest();
    assert_eq!(door.reopen().replayed(), digest);
}

#[tokio::test]
async fn anybody_can_tell_it() {
    let server = server::Server::start().await;
    let asked = request(&renamed("c1", "ana", "anna"));
    let answer = server.client().await.change_account(asked).await.unwrap().into_inner();
    assert_eq!(answer, wire::ChangeAccountResponse { duplicate: false });
    let json = r#"{"change": {"eventId": "c2", "userId": "ana", "kind": "KIND_RECYCLED"}}"#;
    let headers = "content-type: application/json\r\n";
    let (head, body) = server.post("ChangeAccount", headers, json).await;
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
    assert_eq!(body, "{}");
}
