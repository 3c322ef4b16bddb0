//! An attempt as the log tells it.

use std::net::IpAddr;

use doorward_core::event::{
    Attempt, Attribute, Client, Credential, CredentialResult, Failure, Id, Label, Method,
    Population, User,
};
use doorward_core::time::Timestamp;

use super::message::{Ended, Origin};
use crate::replay::format::printable::printable;

/// The attribute with the name of the remote host, where the log has it in place of the address.
const REMOTE_HOST: &str = "remote_host";

/// What one or several equal attempts have in common.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    at: Timestamp,
    pid: u32,
    user: Option<Id>,
    exists: bool,
    method: Method,
    right: bool,
    address: Option<IpAddr>,
    host: Option<Label>,
}

impl Tried {
    pub(super) fn new(ended: &Ended<'_>, at: Timestamp, pid: u32) -> Self {
        let (address, host) = match ended.from {
            Origin::Address(address) => (Some(address), None),
            Origin::Host(host) => (None, printable(host)),
        };
        let Ended { right, method, exists, .. } = *ended;
        let user = ended.user.and_then(name);
        Self { at, pid, user, exists, method, right, address, host }
    }

    /// The same, tried again at another time.
    pub(super) fn again(&self, at: Timestamp) -> Self {
        Self { at, ..self.clone() }
    }

    /// The `nth` of the attempts that the line tells of. The same file gives the same ids again.
    pub(super) fn attempt(
        &self,
        line: u64,
        nth: u32,
        tenant: &Id,
        population: Population,
    ) -> Option<Attempt> {
        let event_id =
            Id::parse(&format!("sshd-{}-{line}-{}-{nth}", self.at.ms(), self.pid)).ok()?;
        let (id, exists) = (self.user.clone(), Some(self.exists));
        Some(Attempt {
            user: User { id, exists, ..User::default() },
            credential: self.credential(),
            client: Client { address: self.address, ..Client::default() },
            attributes: self.attributes(),
            ..Attempt::login(event_id, self.at, tenant.clone(), population)
        })
    }

    fn credential(&self) -> Credential {
        let failure = if self.exists { Failure::WrongSecret } else { Failure::UnknownUser };
        let (result, failure) = if self.right {
            (CredentialResult::Right, None)
        } else {
            (CredentialResult::Wrong, Some(failure))
        };
        let method = Some(self.method);
        Credential { method, result: Some(result), failure, ..Credential::default() }
    }

    fn attributes(&self) -> Vec<(Id, Attribute)> {
        let host = self.host.clone().map(Attribute::Text);
        Id::parse(REMOTE_HOST).ok().zip(host).into_iter().collect()
    }
}

/// The name that was tried. An empty one was tried too, and reads `""`.
fn name(user: &str) -> Option<Id> {
    printable(if user.is_empty() { "\"\"" } else { user })
}
