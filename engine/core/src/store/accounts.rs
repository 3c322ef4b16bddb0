//! Which account a user id stands for, and from when on: accounts are renamed and merged, and ids are given to others.
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
/// Accounts that one account can have been merged from and that its windows still know of, the newest.
pub const JOINED_MAX: usize = 16;
/// Changes that are followed from one account to where it went: whoever tells them could tell them in a circle.
const STEPS_MAX: usize = 64;

/// The keyed hash that everything of an account is kept under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Account(u128);

/// The accounts that anything became of, by the hash that each is kept under. Not part of the budget: who has an id that was
/// another's must never be taken for him.
pub(super) struct Accounts(KeyedMap<Fate>);

/// What became of one account and of the user id that was its first.
#[derive(Clone, Debug, Default, Hash)]
struct Fate {
    /// Who has the user id, by time.
    tenures: Vec<Since>,
    /// What the account became part of.
    gone: Option<Gone>,
    /// What became part of the account, by time.
    joined: Vec<Since>,
    /// Several user ids may stand for the account.
    shared: bool,
}

/// An account that it was from then on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Since {
    at: Timestamp,
    account: Account,
}

#[derive(Clone, Copy, Debug, Hash)]
struct Gone {
    into: Since,
    /// Whether its history went with it.
    merged: bool,
}

/// Whose an attempt is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Whose {
    /// What its windows are kept under.
    pub(super) account: Account,
    /// What its profile is kept under: where it went since, if it was merged.
    pub(super) holder: Account,
    /// What else its windows were kept under before.
    pub(super) joined: Vec<Account>,
    /// Whether other user ids may stand for it too.
    shared: bool,
}

/// What a change means for what is kept.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing: it was told before, or comes too late.
    None,
    /// Nobody can reach this account any more.
    Leaves(Account),
    /// The profile of the first is to become part of the second's.
    Merges([Account; 2]),
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

    /// Whose an attempt with the user id at the time is.
    pub(super) fn whose(&self, names: &Names, user: &Id, at: Timestamp) -> Whose {
        let first = Account::first(names, user);
        let Some(owner) = self.0.view(&first.name(names), |_, fate| fate.owner(at)) else {
            return Whose { account: first, holder: first, joined: Vec::new(), shared: false };
        };
        let account = self.follow(names, owner.unwrap_or(first), |gone| gone.into.at <= at);
        let holder = self.follow(names, account, |gone| gone.merged);
        let known = self.0.view(&account.name(names), |_, fate| {
            let joined = fate.joined.iter().filter(|it| it.at <= at).map(|it| it.account);
            (joined.collect(), fate.shared)
        });
        let (joined, shared) = known.unwrap_or_default();
        Whose { account, holder, joined, shared }
    }

    /// Takes in a change.
    pub(super) fn change(&self, names: &Names, change: &AccountChange) -> Effect {
        let AccountChange { user, kind, occurred_at: at, .. } = change;
        let whose = self.whose(names, user, *at);
        let anew = Account::first(names, user).anew(names, *at);
        if whose.account == anew {
            // Told before.
            return Effect::None;
        }
        match kind {
            AccountChangeKind::Renamed(to) => {
                let before = self.whose(names, to, *at);
                self.give(names, to, Since { at: *at, account: whose.account });
                self.give(names, user, Since { at: *at, account: anew });
                leaves(&before)
            }
            AccountChangeKind::Merged(into) => {
                let into = self.whose(names, into, *at).holder;
                self.merge(names, whose.holder, Since { at: *at, account: into })
            }
            AccountChangeKind::Purged => {
                let into = Since { at: *at, account: anew };
                if !self.go(names, whose.holder, Gone { into, merged: false }) {
                    return Effect::None;
                }
                if whose.shared {
                    self.0.entry(anew.name(names)).or_default().shared = true;
                }
                Effect::Leaves(whose.holder)
            }
            AccountChangeKind::Recycled => {
                self.give(names, user, Since { at: *at, account: anew });
                leaves(&whose)
            }
        }
    }

    /// Everything that counts, in no order.
    pub(super) fn parts(&self) -> impl Iterator<Item = impl Hash> {
        self.0.iter().map(|entry| (entry.key().words(), entry.value().clone()))
    }

    pub(super) fn pack(&self, to: &mut Writer) {
        for entry in &self.0 {
            entry.key().pack(to);
            let Fate { tenures, gone, joined, shared } = entry.value();
            to.u8(u8::from(*shared));
            Since::pack_all(tenures, to);
            Since::pack_all(joined, to);
            to.u8(gone.map_or(0, |gone| 1 + u8::from(gone.merged)));
            if let Some(gone) = gone {
                gone.into.pack(to);
            }
        }
    }

    /// Takes in what [`Accounts::pack`] wrote.
    pub(super) fn load(&self, from: &mut Reader<'_>) {
        while !from.done() {
            let name = Name::unpack(from);
            let shared = from.u8() != 0;
            let (tenures, joined) = (from.several(Since::unpack), from.several(Since::unpack));
            let gone = match from.u8() {
                0 => None,
                how => Some(Gone { into: Since::unpack(from), merged: how > 1 }),
            };
            self.0.insert(name, Fate { tenures, gone, joined, shared });
        }
    }

    /// Where the account went, as far as `along` says.
    fn follow(&self, names: &Names, from: Account, along: impl Fn(&Gone) -> bool) -> Account {
        let next = |account: &Account| {
            let gone = self.0.view(&account.name(names), |_, fate| fate.gone).flatten();
            gone.filter(&along).map(|gone| gone.into.account)
        };
        std::iter::successors(Some(from), next).take(STEPS_MAX).last().unwrap_or(from)
    }

    fn give(&self, names: &Names, user: &Id, tenure: Since) {
        let first = Account::first(names, user);
        let mut fate = self.0.entry(first.name(names)).or_default();
        tenure.put(&mut fate.tenures, TENURES_MAX, |known| known.at == tenure.at);
    }

    fn merge(&self, names: &Names, from: Account, into: Since) -> Effect {
        if from == into.account || !self.go(names, from, Gone { into, merged: true }) {
            return Effect::None;
        }
        let before = self.0.view(&from.name(names), |_, fate| fate.joined.clone());
        let mut fate = self.0.entry(into.account.name(names)).or_default();
        fate.shared = true;
        for joined in
            before.unwrap_or_default().into_iter().chain([Since { account: from, ..into }])
        {
            let joined = Since { at: joined.at.max(into.at), ..joined };
            joined.put(&mut fate.joined, JOINED_MAX, |known| known.account == joined.account);
        }
        Effect::Merges([from, into.account])
    }

    /// `false` if it was gone already.
    fn go(&self, names: &Names, from: Account, gone: Gone) -> bool {
        let mut fate = self.0.entry(from.name(names)).or_default();
        let goes = fate.gone.is_none();
        fate.gone.get_or_insert(gone);
        goes
    }
}

/// An account that other user ids may stand for too, since it was merged, is still somebody's.
fn leaves(whose: &Whose) -> Effect {
    let alone = !whose.shared && whose.account == whose.holder;
    if alone { Effect::Leaves(whose.account) } else { Effect::None }
}

impl Fate {
    /// Who has the user id, if not the account that it was the first of.
    fn owner(&self, at: Timestamp) -> Option<Account> {
        self.tenures.iter().rfind(|tenure| tenure.at <= at).map(|tenure| tenure.account)
    }
}

impl Since {
    /// Puts it among others by time, in the place of the one that is the `same`; the oldest go when there are too many.
    fn put(self, all: &mut Vec<Self>, most: usize, same: impl Fn(&Self) -> bool) {
        all.retain(|known| !same(known));
        all.insert(all.partition_point(|known| known.at <= self.at), self);
        all.drain(..all.len().saturating_sub(most));
    }

    fn pack(self, to: &mut Writer) {
        to.i64(self.at.ms());
        self.account.words().into_iter().for_each(|word| to.u64(word));
    }

    fn unpack(from: &mut Reader<'_>) -> Self {
        let (at, [high, low]) = (Timestamp::from_ms(from.i64()), [from.u64(), from.u64()]);
        Self { at, account: Account(u128::from(high) << u64::BITS | u128::from(low)) }
    }

    fn pack_all(all: &[Self], to: &mut Writer) {
        to.length(all.len());
        all.iter().for_each(|it| it.pack(to));
    }
}
