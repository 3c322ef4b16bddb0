//! What changes of accounts do to their profiles and windows.

use std::borrow::Cow;
use std::mem;

use super::Store;
use super::accounts::Effect;
use super::kept::KeptEntity;
use super::parts::Parts;
use crate::event::{AccountChange, Id};
use crate::keyed::Name;
use crate::likelihood::Crowd;
use crate::profile::Profile;
use crate::time::Timestamp;
use crate::window::Cells;

impl Store {
    /// Takes in that an account has another user id, is another's now, or begins anew. An account that nobody can reach any more loses its
    /// profile at once; its windows forget it as they forget everything.
    ///
    /// Unlike everything else this does not commute with what is told of the same account: what is to hold before has
    /// to be told before.
    pub fn change_account(&self, change: &AccountChange) {
        let names = self.keyed.names(change.tenant.as_str());
        let crowd = self.crowd(names.name(names.of(())));
        match self.accounts.change(&names, change) {
            Effect::None => {}
            Effect::Leaves(account) => drop(self.take(account.name(&names), &crowd)),
            Effect::Merges([from, into]) => {
                let Some(profile) = self.take(from.name(&names), &crowd) else { return };
                let join = |own: &mut Profile| own.join(&profile);
                crowd.shift_user(self.change(into.name(&names), change.occurred_at, join));
            }
        }
    }

    /// Whether whoever has the user id at the time ever had a trusted login.
    pub fn trusts(&self, tenant: &Id, user: &Id, at: Timestamp) -> bool {
        let names = self.keyed.names(tenant.as_str());
        let name = self.accounts.whose(&names, user, at).holder.name(&names);
        self.view(name, |profile: Option<&Profile>| profile.is_some_and(Profile::trusted))
    }

    /// Takes away a profile, whose user is none any more.
    fn take(&self, name: Name, crowd: &Crowd) -> Option<Profile> {
        let profile = self.at(name, |shelf| {
            let newest = shelf.newest;
            shelf.profiles.get(name)?;
            Some(shelf.change(name, newest, |profile: &mut Profile| mem::take(profile)))
        })?;
        crowd.shift_user([profile.last_epoch(), None]);
        Some(profile)
    }

    /// What windows counted of an account while it was several; `None` if it never was.
    pub(super) fn joined(&self, entity: &KeptEntity, joined: &[Parts]) -> Option<Cells> {
        if joined.is_empty() || !entity.account {
            return None;
        }
        let mut all = Cells::default();
        for name in joined.iter().filter_map(|parts| parts.name(&entity.keys).ok()) {
            self.view(name, |cells: Option<&Cells>| {
                cells.into_iter().for_each(|cells| entity.join(&mut all, cells));
            });
        }
        Some(all)
    }
}

/// The cells, with those of before if there are any.
pub(super) fn with<'a>(
    entity: &KeptEntity,
    cells: &'a Cells,
    before: Option<&Cells>,
) -> Cow<'a, Cells> {
    let mut cells = Cow::Borrowed(cells);
    if let Some(before) = before {
        entity.join(cells.to_mut(), before);
    }
    cells
}
