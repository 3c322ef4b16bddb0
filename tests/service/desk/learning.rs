//! What outcomes teach: a device is known once a login from it has earned trust, and only as long as it keeps it.

use doorward::wire::Verdict;

use super::{CredentialResult, Door, Kind, Visit, codes, outcome};

/// How the first login went, what was told of it, and whether its device is known then.
type Story = (Visit, Verdict, &'static [Kind], bool);

fn stories() -> Vec<Story> {
    let login = |result| Visit::new("").credential(result);
    let right = || login(CredentialResult::Right);
    let wrong = || login(CredentialResult::Wrong);
    let open = || login(CredentialResult::NotChecked);
    let risky = || Visit::new("").risky();
    let (allow, step_up) = (Verdict::Allow, Verdict::StepUp);
    vec![
        (right(), allow, &[], true),
        (wrong(), allow, &[], false),
        (open(), allow, &[], false),
        (open(), allow, &[Kind::CredentialRight], true),
        (open(), allow, &[Kind::CredentialWrong], false),
        (open(), allow, &[Kind::CredentialRight, Kind::CredentialWrong], false),
        (risky(), step_up, &[], false),
        (risky(), step_up, &[Kind::ChallengePassed], true),
        (risky(), step_up, &[Kind::ChallengeFailed], false),
        (risky(), step_up, &[Kind::ChallengeAbandoned], false),
        (risky(), step_up, &[Kind::ConfirmedGood], true),
        // A service that asks for more than the verdict does.
        (right(), allow, &[Kind::ChallengeFailed], false),
        (right(), allow, &[Kind::ChallengeFailed, Kind::ChallengePassed], true),
        (right(), allow, &[Kind::ConfirmedFraud], false),
        (right(), allow, &[Kind::NotMe], false),
        (risky(), step_up, &[Kind::ChallengePassed, Kind::NotMe], false),
        (risky(), step_up, &[Kind::NotMe, Kind::ChallengePassed], false),
    ]
}

/// Comes back to the same account with the same device a day later, elsewhere, before anything is checked.
async fn known(door: &Door, number: usize, visit: &Visit, minutes: i64) -> bool {
    let minutes = 24 * 60 - 30 + minutes;
    let visit = visit.clone().at(minutes).address("203.0.113.9");
    let mut visit = visit.credential(CredentialResult::NotChecked);
    visit.0.event_id = format!("{number} again at {minutes}");
    codes(&door.decide(&visit).await).contains(&"KNOWN_DEVICE")
}

#[tokio::test]
async fn a_device_is_known_for_what_it_earned() {
    let door = Door::open();
    let mut visits = Vec::new();
    for (number, (visit, verdict, kinds, expected)) in stories().into_iter().enumerate() {
        let (user, device) = (format!("user-{number}"), format!("device-{number}"));
        let mut visit = visit.user(&user).device(&device).address("198.51.100.7").at(-30);
        visit.0.event_id = number.to_string();
        assert_eq!(door.decide(&visit).await.verdict(), verdict, "{number}");
        for kind in kinds {
            let told =
                outcome(&format!("{number} {}", kind.as_str_name()), &number.to_string(), *kind);
            assert!(!door.tell(&told).await.duplicate);
        }
        assert_eq!(known(&door, number, &visit, 10).await, expected, "{number} {kinds:?}");
        visits.push((visit, expected));
    }
    let digest = door.desk.digest();
    assert_eq!(door.replayed(), digest);

    let door = door.reopen();
    assert_eq!(door.desk.digest(), digest);
    for (number, (visit, expected)) in visits.iter().enumerate() {
        assert_eq!(known(&door, number, visit, 20).await, *expected, "{number} after a restart");
    }
}
