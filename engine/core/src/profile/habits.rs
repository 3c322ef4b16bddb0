//! How often each address and each user agent was part of a user's trusted logins, for the score of `likelihood.rs`.

use super::customs::{Custom, Customs};
use crate::likelihood::{ADDRESS_LEVELS, AGENT_LEVELS, EPOCHS, Epoch, Own, Shown};
use crate::packed::{Reader, Writer};

/// What a user's trusted logins of the newest epochs showed.
///
/// Epochs go by when the credential was last right, which no outcome takes back: so what is forgotten does not
/// depend on the order in which attempts and outcomes are told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Habits {
    newest: Epoch,
    addresses: Customs<ADDRESS_LEVELS>,
    agents: Customs<AGENT_LEVELS>,
}

impl Habits {
    pub(super) const BYTES_MAX: usize =
        2 + Customs::<ADDRESS_LEVELS>::BYTES_MAX + Customs::<AGENT_LEVELS>::BYTES_MAX;

    /// None, of a user whose credential was last right then.
    pub(super) fn since(newest: Epoch) -> Self {
        Self { newest, ..Self::default() }
    }

    /// The credential was right in this epoch: what is too old by then is forgotten.
    pub(super) fn advance(&mut self, epoch: Epoch) {
        let newer = epoch.0.saturating_sub(self.newest.0);
        if newer > 0 {
            self.newest = epoch;
            self.addresses.shift(newer);
            self.agents.shift(newer);
        }
    }

    /// Counts a login; `false` if it is too old to be kept.
    pub(super) fn add(&mut self, epoch: Epoch, shown: &Shown) -> bool {
        self.advance(epoch);
        let Some(back) = epoch.back(self.newest) else { return false };
        self.addresses.add(Custom::of(shown.address), back, 1);
        self.agents.add(Custom::of(shown.agent), back, 1);
        true
    }

    /// Counts the logins of another account, which is the same person's.
    pub(super) fn join(&mut self, mut others: Self) {
        self.advance(others.newest);
        others.advance(self.newest);
        self.addresses.join(&others.addresses);
        self.agents.join(&others.agents);
    }

    /// Takes a login back; `false` if it is not kept.
    pub(super) fn take(&mut self, epoch: Epoch, shown: &Shown) -> bool {
        let Some(back) = epoch.back(self.newest) else { return false };
        let address = self.addresses.find(Custom::of(shown.address), back);
        let agent = self.agents.find(Custom::of(shown.agent), back);
        let Some((address, agent)) = address.zip(agent) else { return false };
        self.addresses.take(address, back);
        self.agents.take(agent, back);
        true
    }

    /// The epoch of the newest login.
    pub(super) fn last(&self) -> Option<Epoch> {
        self.addresses.last().map(|back| self.newest.before(back))
    }

    /// Counts of the logins that are kept when `newest` has begun; `None` if there are none.
    pub(super) fn own(&self, shown: &Shown, newest: Epoch) -> Option<Own> {
        let epochs = EPOCHS.saturating_sub(usize::from(newest.0.saturating_sub(self.newest.0)));
        let logins = self.addresses.logins(epochs);
        (logins > 0).then(|| Own {
            logins,
            address: self.addresses.like(&Custom::of(shown.address), epochs),
            agent: self.agents.like(&Custom::of(shown.agent), epochs),
        })
    }

    pub(super) fn pack(&self, to: &mut Writer) {
        to.u16(self.newest.0);
        self.addresses.pack(to);
        self.agents.pack(to);
    }

    pub(super) fn unpack(from: &mut Reader<'_>) -> Self {
        Self {
            newest: Epoch(from.u16()),
            addresses: Customs::unpack(from),
            agents: Customs::unpack(from),
        }
    }
}
