//! What makes sure that a proof is still in the hands that it was given into.

use std::net::IpAddr;

use super::{Id, USER_AGENT_BYTES_MAX};
use crate::country::Country;
use crate::text::Text;
use crate::time::Timestamp;

/// The authenticator behind a WebAuthn proof: what its assertion tells, and what the caller had in store.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct Authenticator {
    /// Its model.
    pub aaguid: Option<Id>,
    /// When it was registered with the account.
    pub registered_at: Option<Timestamp>,
    /// The signature counter.
    pub sign_count: Option<u32>,
    /// The signature counter in store.
    pub sign_count_stored: Option<u32>,
    /// The credential is backed up.
    pub backed_up: Option<bool>,
    /// It was backed up before.
    pub backed_up_stored: Option<bool>,
    /// The credential may be backed up.
    pub backup_eligible: Option<bool>,
    /// It might be before.
    pub backup_eligible_stored: Option<bool>,
    /// The authenticator verified the person.
    pub user_verified: Option<bool>,
}

/// Where and with what a session began.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct SessionStart {
    /// The address, normalised.
    pub address: Option<IpAddr>,
    /// The autonomous system that announced it.
    pub asn: Option<u32>,
    /// The country that it was in.
    pub country: Option<Country>,
    /// The fingerprint of the TLS hello.
    pub ja4: Option<Id>,
    /// The `User-Agent` header.
    pub user_agent: Option<Text<USER_AGENT_BYTES_MAX>>,
    /// The identifier kept on the device.
    pub device_id: Option<Id>,
}
