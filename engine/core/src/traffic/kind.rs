//! What attempts of one campaign have in common.

use super::bucket::{Bucket, Number};
use crate::address::{self, Network};
use crate::enrichment::Enrichment;
use crate::event::{Attempt, UserAgent};
use crate::keyed::{Name, Names};
use crate::value::Cause;
use crate::words::words;

words! {
    /// A key that attempts are counted by; the first are the most telling, so a campaign is named after the first of its
    /// keys.
    Kind {
        /// The caller's keyed tag of the attempted secret. Failures only.
        Secret = "secret",
        /// The device's identifier. Failures only.
        Device = "device",
        /// The fingerprint of the TLS hello.
        Ja4 = "ja4",
        /// The whole user agent.
        Agent = "agent",
        /// The neighbourhood of the address.
        Subnet = "subnet",
        /// The autonomous system.
        Asn = "asn",
        /// Everything that meets the tenant.
        Tenant = "tenant",
    }
}

/// A key of an attempt, or why it has none of the kind.
pub(crate) type Key = (Kind, Result<Name, Cause>);

const _: () = assert!(Kind::KEYS.len() + 1 == Kind::ALL.len());

impl Kind {
    /// What attempts of a tenant can share or not: every kind but the tenant itself.
    const KEYS: [Self; 6] =
        [Self::Secret, Self::Device, Self::Ja4, Self::Agent, Self::Subnet, Self::Asn];

    /// The keys of an attempt.
    pub(crate) fn keys(
        names: &Names,
        attempt: &Attempt,
        enrichment: &Enrichment,
    ) -> [Key; Self::KEYS.len()] {
        Self::KEYS.map(|kind| (kind, kind.name(names, attempt, enrichment)))
    }

    /// Whether only failures are counted: nearly every good attempt has a value of its own, and a row for each of them would
    /// say nothing.
    pub(super) fn sparse(self) -> bool {
        match self {
            Self::Secret | Self::Device => true,
            Self::Ja4 | Self::Agent | Self::Subnet | Self::Asn | Self::Tenant => false,
        }
    }

    /// How many buckets are looked at together where attempts are few: no more than ever of a tenant, so that it is not under
    /// attack for longer than it must; an hour of anything else, as who changes addresses has time.
    pub(super) fn buckets_max(self) -> Number {
        match self {
            Self::Tenant => 2,
            Self::Secret | Self::Device | Self::Ja4 | Self::Agent | Self::Subnet | Self::Asn => 6,
        }
    }

    /// Whether an attempt is counted.
    pub(super) fn counts(self, attempt: &Bucket) -> bool {
        !self.sparse() || attempt.counts.failures > 0
    }

    /// The name of the attempt's key among those of the tenant, or why it has none.
    pub(super) fn name(
        self,
        names: &Names,
        attempt: &Attempt,
        enrichment: &Enrichment,
    ) -> Result<Name, Cause> {
        let client = &attempt.client;
        let text = |text: Option<&str>| text.map(|text| names.of((self, text)));
        let hash = match self {
            Self::Secret => text(attempt.credential.secret_tag.as_ref().map(|tag| tag.as_str())),
            Self::Device => text(attempt.device.id.as_ref().map(|id| id.as_str())),
            Self::Ja4 => text(client.ja4.as_ref().map(|ja4| ja4.as_str())),
            Self::Agent => text(client.user_agent.as_ref().map(whole)),
            Self::Subnet => {
                let address = client.address.filter(|address| !address::bogus(*address));
                address.map(|address| names.of((self, Network::subnet(address))))
            }
            Self::Asn => {
                let network = enrichment.network.as_ref().map_err(|cause| *cause)?;
                Some(names.of((self, network.asn)))
            }
            Self::Tenant => Some(names.of(self)),
        };
        hash.map(|hash| names.name(hash)).ok_or(Cause::MissingInput)
    }
}

fn whole(agent: &UserAgent) -> &str {
    match agent {
        UserAgent::Empty => "",
        UserAgent::Text(text) => text.as_str(),
    }
}

/// Some of the kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    pub(super) fn with(self, kind: Kind) -> Self {
        Self(self.0 | Self::bit(kind))
    }

    /// Whether the kind is one of them.
    pub fn has(self, kind: Kind) -> bool {
        self.0 & Self::bit(kind) != 0
    }

    /// Those that it has, the most telling first.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.iter().copied().filter(move |kind| self.has(*kind))
    }

    const fn bit(kind: Kind) -> u8 {
        match kind {
            Kind::Secret => 1,
            Kind::Device => 1 << 1,
            Kind::Ja4 => 1 << 2,
            Kind::Agent => 1 << 3,
            Kind::Subnet => 1 << 4,
            Kind::Asn => 1 << 5,
            Kind::Tenant => 1 << 6,
        }
    }
}
