//! Gathers a [`Summary`] while attempts are decided.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use doorward_core::decision::{Decision, Reason, Verdict};
use doorward_core::enrichment::{Enrichment, Operator};
use doorward_core::event::{Attempt, CredentialResult, Id};
use doorward_core::time::Timestamp;

use super::campaign::Bursts;
use super::{AddressRow, Input, Reasons, Summary, Tally, Told};

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
    users: HashSet<Id>,
    tally: Tally,
}

impl Collector {
    /// Counts an attempt and what was decided about it.
    pub fn add(&mut self, attempt: &Attempt, enrichment: &Enrichment, decision: &Decision) {
        let at = attempt.occurred_at;
        let (first, last) = self.span.unwrap_or((at, at));
        self.span = Some((first.min(at), last.max(at)));
        self.tally.add(decision.verdict);
        self.reasons.add(decision.verdict, decision.reasons.iter().map(Told::from));
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
        if decision.verdict == Verdict::Allow {
            return;
        }
        let Some(reason) = decisive(decision) else { return };
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
            address.users.extend(attempt.user.id.clone());
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

/// The reason that demanded the verdict, or else the weightiest.
fn decisive(decision: &Decision) -> Option<&Reason> {
    let demanded = |reason: &&Reason| reason.verdict == Some(decision.verdict);
    decision.reasons.iter().find(demanded).or(decision.reasons.first())
}

/// `AS64504 Cheap Racks Hosting`
fn named(network: &Operator) -> String {
    match &network.organisation {
        Some(organisation) => format!("AS{} {organisation}", network.asn),
        None => format!("AS{}", network.asn),
    }
}

#[cfg(test)]
mod tests {
    use doorward_core::decision::Level;
    use doorward_core::time::HOUR_MS;
    use doorward_core::value::Cause;

    use super::*;
    use crate::demo::script::{self, Event, Scene};

    fn decision(verdict: Verdict) -> Decision {
        let reason = Reason {
            code: "CREDENTIAL_STUFFING".into(),
            rule: "stuffing.fan_out".into(),
            text: "96 accounts failed".to_owned(),
            points: Some(45),
            ..Reason::default()
        };
        Decision {
            verdict,
            score: 45,
            level: Level::Medium,
            reasons: vec![reason],
            challenge: None,
            satisfied_by: None,
            retry_after_ms: None,
            attempts_remaining: None,
            degraded: Vec::new(),
            undecided: Vec::new(),
            shadows: Vec::new(),
        }
    }

    fn wave() -> Vec<Attempt> {
        let now = Timestamp::from_ms(1_763_807_400_000);
        let attempt = |moment: script::Moment| match moment.event {
            Event::Attempt { attempt, .. } if moment.scene == Scene::Stuffing => Some(*attempt),
            Event::Attempt { .. } | Event::Outcome { .. } => None,
        };
        script::day(now).unwrap().into_iter().filter_map(attempt).collect()
    }

    /// Everything but the first four attempts of `attempts` is denied.
    fn collected(attempts: &[Attempt]) -> Summary {
        let mut enrichment = Enrichment::unknown(Cause::LookupFailed);
        enrichment.network = Ok(Operator { asn: 64_504, organisation: Some("Racks".into()) });
        let mut collector = Collector::default();
        for (number, attempt) in attempts.iter().enumerate() {
            let verdict = if number < 4 { Verdict::Allow } else { Verdict::Deny };
            collector.add(attempt, &enrichment, &decision(verdict));
        }
        collector.finish(Input::default(), 10)
    }

    #[test]
    fn a_wave_is_one_campaign_of_its_address_and_one_of_its_network() {
        let wave = wave();
        let stopped = u64::try_from(wave.len()).unwrap() - 4;
        let summary = collected(&wave);
        let from: Vec<_> = summary.campaigns.iter().map(|c| (c.from.as_str(), c.stopped)).collect();
        assert_eq!(from, [("203.0.113.77", stopped), ("AS64504 Racks", stopped)]);
        assert_eq!(summary.tally, Tally { allowed: 4, stepped_up: 0, denied: stopped });
        assert_eq!(summary.reasons.len(), 1);
        assert_eq!(summary.reasons[0].count, stopped);
        let [row] = &summary.addresses[..] else { panic!("{:?}", summary.addresses) };
        assert_eq!((row.users, row.failures), (300, stopped + 4 - 3));
    }

    #[test]
    fn a_pause_ends_a_campaign_and_a_few_are_none() {
        let mut twice = wave();
        let mut again = twice.clone();
        again.truncate(50);
        again.iter_mut().for_each(|attempt| {
            attempt.occurred_at = attempt.occurred_at.plus(2 * HOUR_MS);
        });
        twice.extend(again);
        assert_eq!(collected(&twice).campaigns.len(), 4);
        assert_eq!(collected(&wave()[..8]).campaigns, []);
    }
}
