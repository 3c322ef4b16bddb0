//! What the traffic shows of one attempt.

use super::bucket::began_at;
use super::kind::{Kind, Kinds};
use super::tenant::Standing;
use crate::time::Timestamp;
use crate::value::Cause;

/// What the tenant's traffic shows of one attempt, that attempt included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Climate {
    /// Since when the tenant is under attack, if it is.
    pub mode: Result<Option<Timestamp>, Cause>,
    /// The share of failures among the tenant's newest attempts.
    pub failure_share: Result<f64, Cause>,
    /// Attempts for accounts that do not exist among them, as a share of these and the successes.
    pub stranger_share: Result<f64, Cause>,
    /// The keys of the attempt that are under attack, without the tenant as a whole.
    pub kinds: Kinds,
    /// The campaign that the first of these is part of, or else the attack on the tenant.
    pub campaign: Option<Campaign>,
    /// The share of the tenant's attempts within a day that came with this user agent.
    pub agent_share: Result<f64, Cause>,
    /// The same of the TLS fingerprint.
    pub ja4_share: Result<f64, Cause>,
}

impl Climate {
    /// Of an attempt of which only the tenant is known.
    pub(super) fn new(standing: &Standing) -> Self {
        let [failure_share, stranger_share] = match standing.shares {
            Ok(shares) => shares.map(Ok),
            Err(cause) => [Err(cause); 2],
        };
        Self {
            mode: standing.begun.map(|begun| begun.map(began_at)),
            failure_share,
            stranger_share,
            kinds: Kinds::default(),
            campaign: None,
            agent_share: Err(Cause::MissingInput),
            ja4_share: Err(Cause::MissingInput),
        }
    }
}

/// An attack on one key, from its beginning up to now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Campaign {
    /// The key that it is named after.
    pub kind: Kind,
    /// The same for all attempts with this key while the attack goes on: a keyed hash of tenant, key and beginning. One that
    /// lasts longer than a day is given another every day.
    pub id: u64,
    /// The beginning of the first bucket that is part of it, a day ago at most.
    pub began_at: Timestamp,
    /// All attempts with the key, good ones included.
    pub attempts: u32,
    /// Those that failed.
    pub failures: u32,
    /// About how many accounts these were for.
    pub accounts: u32,
}
