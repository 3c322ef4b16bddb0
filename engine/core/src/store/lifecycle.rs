//! What changes of accounts do to their profiles and windows.

use std::mem;

use super::Store;
use super::accounts::Effect;
use super::entity::Lost;
use super::kept::KeptEntity;
use super::parts::Parts;
use crate::event::{AccountChange, Id};
use crate::keyed::Name;
use crate::likelihood::Crowd;
use crate::profile::Profile;
use crate::time::Timestamp;
use crate::window::Cells;

impl Store {
    /// Takes in that an account has another user id, is another's now, or begins anew. An account that nobody can reach any
    /// more loses its profile at once; its windows forget it as they forget everything.
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

    /// What windows counted of an account while it was several; `None` if it never was. `parts` are those of the accounts
    /// that became part of it, `tied` tells whether it knew the entity before the attempt.
    pub(super) fn before(
        &self,
        entity: &KeptEntity,
        parts: &[Parts],
        at: Timestamp,
        tied: bool,
    ) -> Option<Before> {
        if parts.is_empty() || !entity.of_account() {
            return None;
        }
        let mut before = Before::default();
        for name in parts.iter().filter_map(|parts| parts.name(&entity.keys).ok()) {
            let shelf = self.shelves.lock(name);
            let cells = shelf.entities.get(name);
            cells.into_iter().for_each(|cells| entity.join(&mut before.cells, cells));
            let lost = Lost::of(&shelf, name, tied);
            before.forgot_at = before.forgot_at.max(lost.forgot_at);
            if cells.is_none_or(|cells| cells.note().late) && lost.any(at) {
                before.evicted.resize(entity.windows.len(), 0);
                for (evicted, window) in before.evicted.iter_mut().zip(&entity.windows) {
                    *evicted = evicted.saturating_add(lost.of_window(window, at));
                }
            }
        }
        Some(before)
    }
}

/// What is known of an entity from when its account was several.
#[derive(Debug, Default)]
pub(super) struct Before {
    cells: Cells,
    /// Of each of its windows, the most that can have been evicted; empty if nothing was.
    evicted: Vec<i64>,
    pub(super) forgot_at: Option<Timestamp>,
}

impl Before {
    pub(super) fn evicted(&self, window: usize) -> i64 {
        self.evicted.get(window).copied().unwrap_or(0)
    }

    /// The cells of the entity with these.
    pub(super) fn with(&self, entity: &KeptEntity, cells: &Cells) -> Cells {
        let mut all = cells.clone();
        entity.join(&mut all, &self.cells);
        all
    }
}
