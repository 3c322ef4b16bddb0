//! Gathers a [`Summary`] while attempts are decided.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::Arc;

use doorward_core::decision::{Decision, Verdict};
use doorward_core::enrichment::{Enrichment, Operator};
use doorward_core::event::{Attempt, CredentialResult};
use doorward_core::time::Timestamp;

use super::campaign::Bursts;
use super::{AddressRow, Input, Reasons, Summary, Tally};

/// Addresses that are remembered one by one; what comes from others is counted as a whole.
pub const ADDRESSES_MAX: usize = 1_000_000;
/// Accounts that are remembered for one address.
const USERS_PER_ADDRESS_MAX: usize = 10_000;
/// Rows of each list in the summary.
const ROWS: usize = 10;

/// Gathers a [`Summary`] while attempts are decided, one after the other.
#[derive(Debug, Default)]
pub struct Collector {
    span: Option<(Timestamp, Timestamp)>,
    tally: Tally,
    reasons: Reasons,
    bursts: Bursts,
    addresses: HashMap<IpAddr, Address>,
    untracked: u64,
}

#[derive(Debug, Default)]
struct Address {
    network: Option<String>,
    failures: u64,
    users: HashSet<Arc<str>>,
    tally: Tally,
}

impl Collector {
    /// Counts an attempt and what was decided about it.
    pub fn add(&mut self, attempt: &Attempt, enrichment: &Enrichment, decision: &Decision) {
        let at = attempt.occurred_at;
        let (first, last) = self.span.unwrap_or((at, at));
        self.span = Some((first.min(at), last.max(at)));
        self.tally.add(decision.verdict);
        self.reasons.add(decision);
        let network = enrichment.network.as_ref().ok().map(named);
        self.add_to_bursts(attempt, network.as_ref(), decision);
        self.add_to_address(attempt, network, decision);
    }

    /// The summary of everything added, of an input that took `took_ms` of wall time.
    pub fn finish(self, input: Input, took_ms: u64) -> Summary {
        let mut addresses: Vec<AddressRow> =
            self.addresses.into_iter().map(|(ip, address)| address.row(ip)).collect();
        addresses.retain(|row| row.failures > 0);
        addresses
            .sort_by(|a, b| b.failures.cmp(&a.failures).then_with(|| a.address.cmp(&b.address)));
        addresses.truncate(ROWS);
        Summary {
            input,
            span: self.span,
            tally: self.tally,
            reasons: self.reasons.top(ROWS),
            campaigns: self.bursts.finish(ROWS),
            addresses,
            untracked: self.untracked,
            took_ms,
        }
    }

    fn add_to_bursts(&mut self, attempt: &Attempt, network: Option<&String>, decision: &Decision) {
        let (Some(reason), true) = (decision.reasons.first(), decision.verdict != Verdict::Allow)
        else {
            return;
        };
        if let Some(address) = attempt.client.address {
            self.bursts.add(address.to_string(), attempt, &reason.code);
        }
        if let Some(network) = network {
            self.bursts.add(network.clone(), attempt, &reason.code);
        }
    }

    fn add_to_address(&mut self, attempt: &Attempt, network: Option<String>, decision: &Decision) {
        let Some(ip) = attempt.client.address else { return };
        if self.addresses.len() >= ADDRESSES_MAX && !self.addresses.contains_key(&ip) {
            self.untracked += 1;
            return;
        }
        let address = self.addresses.entry(ip).or_default();
        address.network = network;
        address.tally.add(decision.verdict);
        let wrong = attempt.credential.result == Some(CredentialResult::Wrong);
        address.failures += u64::from(wrong);
        if address.users.len() < USERS_PER_ADDRESS_MAX {
            address.users.insert(attempt.user.id.shared());
        }
    }
}

impl Address {
    fn row(self, ip: IpAddr) -> AddressRow {
        AddressRow {
            address: ip.to_string(),
            network: self.network,
            failures: self.failures,
            users: u64::try_from(self.users.len()).unwrap_or(u64::MAX),
            tally: self.tally,
        }
    }
}

/// `AS64504 Cheap Racks Hosting`
fn named(network: &Operator) -> String {
    match &network.organisation {
        Some(organisation) => format!("AS{} {organisation}", network.asn),
        None => format!("AS{}", network.asn),
    }
}
