//! What attempts are named by.

use super::Account;
use super::kept::Part;
use crate::keyed::{Name, Names, Told, halves};
use crate::value::{Cause, Reading};
use crate::window::value;

/// Keyed hashes of an attempt's values, each computed once for all entities that it names.
pub(super) struct Parts {
    names: Names,
    /// The hash of nothing but the tenant.
    tenant: u128,
    hashes: Vec<Result<u128, Cause>>,
}

impl Parts {
    /// `account` is whose attempt it is, if that is known.
    pub(super) fn new(
        names: &Names,
        parts: &[Part],
        readings: &[Reading],
        account: Option<Account>,
    ) -> Self {
        let hash = |part: &Part| match account {
            Some(account) if part.account => Ok(names.of((part.tag, account.words()))),
            _ => Ok(names.of(Told(part.tag, value(readings, part.signal)?))),
        };
        let hashes = parts.iter().map(hash).collect();
        Self { names: *names, tenant: names.of(()), hashes }
    }

    /// The same for another account.
    pub(super) fn of(&self, parts: &[Part], account: Account) -> Self {
        let hash = |(part, own): (&Part, &Result<u128, Cause>)| match part.account {
            true => Ok(self.names.of((part.tag, account.words()))),
            false => *own,
        };
        let hashes = parts.iter().zip(&self.hashes).map(hash).collect();
        Self { names: self.names, tenant: self.tenant, hashes }
    }

    /// The name of the entity with these keys, or why the attempt belongs to none.
    ///
    /// Every hash covers the tenant and the signal, so parts of one name are independent of each other, and who
    /// lacks the key can choose none of them: their sum is as hard to meet as any one of them.
    pub(super) fn name(&self, keys: &[usize]) -> Result<Name, Cause> {
        let mut hashes = keys.iter().map(|key| self.hash(*key));
        let sum = hashes.try_fold(self.tenant, |sum, hash| Ok(sum ^ hash?))?;
        Ok(self.names.name(sum))
    }

    /// What a value is told apart by among those of one window.
    pub(super) fn mark(&self, part: usize) -> Result<u64, Cause> {
        let [_, low] = halves(self.hash(part)?);
        Ok(low)
    }

    fn hash(&self, part: usize) -> Result<u128, Cause> {
        self.hashes.get(part).copied().unwrap_or(Err(Cause::MissingInput))
    }
}
