//! Who a user id stands for, and from when on: accounts are renamed, and ids are given to others.
//!
//! All state of an account is kept under a hash of its own. That is the hash of its user id, until a change says otherwise for
//! attempts from then on. What is told late of the time before still belongs to the account that had the id then.

use std::hash::Hash;

use crate::event::{AccountChange, AccountChangeKind, Id};
use crate::keyed::{self, KeyedMap, Name, Names, halves};
use crate::packed::{Reader, Writer};
use crate::time::Timestamp;

/// Changes remembered of one user id: before the oldest of them, attempts count as those of the first who had it.
pub const TENURES_MAX: usize = 16;

/// The keyed hash that everything of an account is kept under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Account(u128);

/// The user ids that stand for another account than their first. Not part of the budget: who has an id that was another's
/// must never be taken for him.
pub(super) struct Accounts(KeyedMap<Vec<Tenure>>);

/// From when on a user id stands for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Tenure {
    since: Timestamp,
    account: Account,
}

impl Account {
    /// The account that has had its user id from the beginning.
    fn first(names: &Names, user: &Id) -> Self {
        Self(names.of(user.as_str()))
    }

    /// One that nothing is known of.
    fn anew(self, names: &Names, since: Timestamp) -> Self {
        Self(names.of((halves(self.0), since)))
    }

    pub(crate) fn name(self, names: &Names) -> Name {
        names.name(self.0)
    }

    /// Its bits, to be hashed on.
    pub(crate) fn words(self) -> [u64; 2] {
        halves(self.0)
    }
}

impl Accounts {
    pub(super) fn new() -> Self {
        Self(keyed::map())
    }

    /// The account that has the user id at the time.
    pub(super) fn of(&self, names: &Names, user: &Id, at: Timestamp) -> Account {
        let first = Account::first(names, user);
        let since = |tenure: &&Tenure| tenure.since <= at;
        let held = |tenures: &Vec<Tenure>| tenures.iter().rfind(since).map(|it| it.account);
        self.0.view(&first.name(names), |_, tenures| held(tenures)).flatten().unwrap_or(first)
    }

    /// Takes in a change. What comes back is the account that nobody can reach from then on; `None` if nothing changes.
    pub(super) fn change(&self, names: &Names, change: &AccountChange) -> Option<Account> {
        let AccountChange { user, kind, occurred_at: since, .. } = change;
        let account = self.of(names, user, *since);
        let anew = Account::first(names, user).anew(names, *since);
        if account == anew {
            // Told before.
            return None;
        }
        let left = match kind {
            AccountChangeKind::Renamed(to) => {
                let left = self.of(names, to, *since);
                self.give(names, to, Tenure { since: *since, account });
                left
            }
            AccountChangeKind::Purged | AccountChangeKind::Recycled => account,
        };
        self.give(names, user, Tenure { since: *since, account: anew });
        Some(left)
    }

    /// Everything that counts, in no order.
    pub(super) fn parts(&self) -> impl Iterator<Item = impl Hash> {
        self.0.iter().map(|entry| (entry.key().words(), entry.value().clone()))
    }

    pub(super) fn pack(&self, to: &mut Writer) {
        for entry in &self.0 {
            entry.key().pack(to);
            to.length(entry.value().len());
            for Tenure { since, account } in entry.value() {
                to.i64(since.ms());
                account.words().into_iter().for_each(|word| to.u64(word));
            }
        }
    }

    /// Takes in what [`Accounts::pack`] wrote.
    pub(super) fn load(&self, from: &mut Reader<'_>) {
        while !from.done() {
            let name = Name::unpack(from);
            let tenures = from.several(|from| {
                let (since, [high, low]) =
                    (Timestamp::from_ms(from.i64()), [from.u64(), from.u64()]);
                let account = Account(u128::from(high) << u64::BITS | u128::from(low));
                Tenure { since, account }
            });
            self.0.insert(name, tenures);
        }
    }

    fn give(&self, names: &Names, user: &Id, tenure: Tenure) {
        let mut tenures = self.0.entry(Account::first(names, user).name(names)).or_default();
        let at = tenures.partition_point(|known| known.since < tenure.since);
        match tenures.get_mut(at) {
            Some(known) if known.since == tenure.since => *known = tenure,
            _ => tenures.insert(at, tenure),
        }
        if tenures.len() > TENURES_MAX {
            tenures.remove(0);
        }
    }
}
