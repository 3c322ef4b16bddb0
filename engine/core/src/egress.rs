//! Addresses that many people share: an office, a carrier, a campus, learned from who signs in there.
//!
//! An address knows the users whose trusted logins came from it, and how many attempts failed there. Failures alone make no
//! address trusted, and what was confirmed as fraud is taken back, so whoever wants one to look like an office has to run one.
//! Every attempt moves its address on in time, trusted or not, so forgetting does not depend on the order of arrival.
//!
//! An address takes 84 bytes, 16 of them its name and 12 its place; beyond one user, eight bytes for each user and epoch, a
//! kilobyte at most.

use std::hash::{Hash, Hasher};

use crate::address::{self, Network};
use crate::event::{Attempt, CredentialResult};
use crate::few::Few;
use crate::keyed::{Name, Names};
use crate::packed::{Reader, Writer};
use crate::store::{Account, Store};
use crate::time::{DAY_MS, Timestamp};

/// Users that an address tells apart; of more it keeps those with the smallest keyed hashes. Any order leads to the same, once
/// there are more as long as nothing is taken back.
pub const USERS_MAX: usize = 32;

/// How long an epoch is. What was learned is remembered for 30 days at least and 45 at most.
const EPOCH_MS: i64 = 15 * DAY_MS;
/// Epochs kept.
const EPOCHS: usize = 3;

/// Who is regularly at an address, and how it goes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Regulars {
    /// Users with a trusted login from there; of [`USERS_MAX`] or more, only that many are known of.
    pub users: u32,
    /// The share of trusted logins among these and all failures from there; `None` before any of them.
    pub success_share: Option<f64>,
}

/// One address at rest.
#[derive(Clone, Debug, Default)]
pub(crate) struct Address {
    newest: u16,
    /// The newest epoch first.
    counts: [Count; EPOCHS],
    /// By user, then by epoch.
    visits: Few<Visit, ()>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Count {
    /// Signed, because two threads may undo and do in this order.
    trusted: i32,
    failures: u32,
}

/// Trusted logins of a user in an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Visit {
    user: u32,
    epoch: u16,
    logins: i16,
}

/// Who was regularly at the attempt's address, which has this name, before it. A wrong credential is counted.
pub(crate) fn observe(store: &Store, name: Name, attempt: &Attempt) -> Regulars {
    let epoch = epoch(attempt.occurred_at);
    store.change(name, attempt.occurred_at, |address: &mut Address| {
        let regulars = address.regulars(epoch);
        address.fail(epoch, failed(attempt));
        regulars
    })
}

/// Counts a failure that is told later.
pub(crate) fn report(store: &Store, names: &Names, attempt: &Attempt, told: &Attempt) {
    if let Some(name) = name(names, attempt)
        && !failed(attempt)
        && failed(told)
    {
        let at = attempt.occurred_at;
        store.change(name, at, |address: &mut Address| address.fail(epoch(at), true));
    }
}

/// Takes in that the user's profile learned `logins` more from the attempt, or fewer.
pub(crate) fn teach(
    store: &Store,
    names: &Names,
    attempt: &Attempt,
    account: Account,
    logins: i16,
) {
    if logins == 0 {
        return;
    }
    if let Some(name) = name(names, attempt) {
        let [mark, _] = account.words();
        let user = u32::try_from(mark >> 32).unwrap_or_default();
        let visit = Visit { user, epoch: epoch(attempt.occurred_at), logins };
        store.change(name, attempt.occurred_at, |address: &mut Address| address.teach(visit));
    }
}

impl Address {
    /// Bytes beside the address's place in a map.
    pub(crate) fn bytes(&self) -> usize {
        self.visits.bytes()
    }

    /// Whether trusted logins of several users came from there. Everybody's home is an address too, of which nobody else
    /// needs to know.
    pub(crate) fn shared(&self) -> bool {
        let mut trusted = self.visits.as_slice().iter().filter(|visit| visit.logins > 0);
        let first = trusted.next().map(|visit| visit.user);
        trusted.any(|visit| Some(visit.user) != first)
    }

    /// Who was there and when, by user.
    pub(crate) fn visits(&self) -> &[Visit] {
        self.visits.as_slice()
    }

    /// All failures that are remembered.
    pub(crate) fn failures(&self) -> u32 {
        self.counts.iter().fold(0, |sum, count| sum.saturating_add(count.failures))
    }

    /// Forgets what is too old at `now`; `false` if nothing is left.
    pub(crate) fn forget(&mut self, now: Timestamp) -> bool {
        back(self.newest, epoch(now)).is_some()
    }

    pub(crate) fn pack(&self, to: &mut Writer) {
        to.u16(self.newest);
        for Count { trusted, failures } in self.counts {
            to.zigzag(trusted.into());
            to.varint(failures);
        }
        to.count(self.visits.as_slice().len());
        for Visit { user, epoch, logins } in self.visits.as_slice() {
            to.u32(*user);
            to.u16(*epoch);
            to.zigzag((*logins).into());
        }
    }

    /// The other way round.
    pub(crate) fn unpack(from: &mut Reader<'_>) -> Self {
        let newest = from.u16();
        let counts = [(); EPOCHS].map(|()| Count {
            trusted: i32::try_from(from.zigzag()).unwrap_or_default(),
            failures: from.varint_u32(),
        });
        let visits = (0..from.count()).map(|_| Visit {
            user: from.u32(),
            epoch: from.u16(),
            logins: i16::try_from(from.zigzag()).unwrap_or_default(),
        });
        Self { newest, counts, visits: Few::of((), visits.collect()) }
    }

    fn regulars(&self, now: u16) -> Regulars {
        let mut users = 0;
        for visits in self.visits.as_slice().chunk_by(|left, right| left.user == right.user) {
            let lately = visits.iter().filter(|visit| back(visit.epoch, now).is_some());
            users += u32::from(lately.map(|visit| i32::from(visit.logins)).sum::<i32>() > 0);
        }
        let (mut trusted, mut failures) = (0.0, 0.0);
        for (number, count) in (0_u16..).zip(&self.counts) {
            if back(self.newest.saturating_sub(number), now).is_some() {
                trusted += f64::from(count.trusted.max(0));
                failures += f64::from(count.failures);
            }
        }
        let all: f64 = trusted + failures;
        Regulars { users, success_share: (all > 0.0).then(|| trusted / all) }
    }

    fn fail(&mut self, epoch: u16, failed: bool) {
        if let Some(count) = self.count(epoch).filter(|_| failed) {
            count.failures = count.failures.saturating_add(1);
        }
    }

    fn teach(&mut self, visit: Visit) {
        let Some(count) = self.count(visit.epoch) else { return };
        count.trusted = count.trusted.saturating_add(i32::from(visit.logins));
        let key = |visit: &Visit| (visit.user, visit.epoch);
        match self.visits.as_slice().binary_search_by_key(&key(&visit), key) {
            Ok(at) => {
                let Some(own) = self.visits.as_mut_slice().get_mut(at) else { return };
                own.logins = own.logins.saturating_add(visit.logins);
                if own.logins == 0 {
                    self.visits.remove(at..at + 1);
                }
            }
            Err(at) => self.visits.insert(at, visit),
        }
        self.thin();
    }

    /// The counts of an epoch, and forgets what is too old once it has begun; `None` if it is itself.
    fn count(&mut self, epoch: u16) -> Option<&mut Count> {
        let newer = usize::from(epoch.saturating_sub(self.newest)).min(EPOCHS);
        if newer > 0 {
            self.newest = epoch;
            self.counts.rotate_right(newer);
            self.counts.iter_mut().take(newer).for_each(|count| *count = Count::default());
            self.visits.retain(|visit| back(visit.epoch, epoch).is_some());
        }
        self.counts.get_mut(back(epoch, self.newest)?)
    }

    /// Forgets the users with the largest hashes while there are too many.
    fn thin(&mut self) {
        let mut users = self.visits.as_slice().chunk_by(|left, right| left.user == right.user);
        if let Some([first, ..]) = users.nth(USERS_MAX) {
            let least = first.user;
            self.visits.retain(|visit| visit.user < least);
        }
    }
}

/// Equal for addresses that know the same, whoever undid what.
impl Hash for Address {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.newest, self.counts, self.visits.as_slice()).hash(state);
    }
}

/// How many epochs before `newest`, if it is among those kept then. A later one counts as `newest`.
fn back(epoch: u16, newest: u16) -> Option<usize> {
    Some(usize::from(newest.saturating_sub(epoch))).filter(|back| *back < EPOCHS)
}

fn epoch(at: Timestamp) -> u16 {
    let number = at.ms().div_euclid(EPOCH_MS).clamp(0, i64::from(u16::MAX));
    u16::try_from(number).unwrap_or_default()
}

fn failed(attempt: &Attempt) -> bool {
    attempt.credential.result == Some(CredentialResult::Wrong)
}

/// What the attempt's address is kept under, if it has one that says something.
pub(crate) fn name(names: &Names, attempt: &Attempt) -> Option<Name> {
    let address = attempt.client.address.filter(|address| !address::bogus(*address))?;
    Some(names.name(names.of(Network::host(address))))
}

const _: () = {
    assert!(size_of::<(Name, Address)>() <= 72);
};

#[cfg(test)]
mod tests {
    use super::*;

    /// Logins of users by number, and failures where there is no number.
    fn address(events: &[(u16, Option<u32>)]) -> Address {
        let mut address = Address::default();
        for (epoch, user) in events {
            address.fail(*epoch, user.is_none());
            if let Some(user) = user {
                address.teach(Visit { user: *user, epoch: *epoch, logins: 1 });
            }
        }
        address
    }

    #[test]
    fn users_are_told_apart_and_forgotten() {
        let check = |events: &[(u16, Option<u32>)], now, users, share| {
            let regulars = address(events).regulars(now);
            assert_eq!(regulars, Regulars { users, success_share: share }, "{events:?}");
        };
        check(&[], 9, 0, None);
        check(&[(9, None)], 9, 0, Some(0.0));
        check(&[(9, Some(1)), (9, Some(1)), (8, Some(2)), (9, None)], 9, 2, Some(0.75));
        check(&[(7, Some(1)), (9, Some(2))], 9, 2, Some(1.0));
        check(&[(7, Some(1)), (9, Some(2))], 10, 1, Some(1.0));
        check(&[(6, Some(1)), (9, Some(2)), (6, None)], 9, 1, Some(1.0));
        check(&[(9, Some(2)), (6, Some(1)), (6, None)], 9, 1, Some(1.0));
        check(&[(9, Some(2))], 12, 0, None);
    }

    #[test]
    fn what_is_taken_back_counts_no_more() {
        let mut address = address(&[(9, Some(1)), (9, Some(2))]);
        address.teach(Visit { user: 1, epoch: 9, logins: -1 });
        let expected = Regulars { users: 1, success_share: Some(1.0) };
        assert_eq!(address.regulars(9), expected);
    }

    #[test]
    fn more_users_than_are_kept_leave_the_same_in_any_order() {
        let spread = |number: u32| number.wrapping_mul(0x9e37_79b9);
        let events: Vec<_> = (0..200).map(|number| (9, Some(spread(number)))).collect();
        let back: Vec<_> = events.iter().rev().copied().collect();
        let [one, other] = [address(&events), address(&back)];
        assert_eq!(one.visits.as_slice(), other.visits.as_slice());
        assert_eq!(one.regulars(9).users, u32::try_from(USERS_MAX).unwrap());
    }
}
