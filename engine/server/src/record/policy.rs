//! The policy that decides, as the log keeps it.

use doorward_core::policy::Policy;
use doorward_core::time::Timestamp;

use super::slot;
use crate::enrich::Enricher;
use crate::rules::RuleText;
use crate::wire;

/// The name of the policy that a service decides by; it has one.
const POLICY_NAME: &str = "rules";
/// Who activates the policy that a service reads when it starts.
const AT_START: &str = "start";

/// Names the policy as decisions do.
pub(crate) fn policy_version(policy: &Policy) -> wire::PolicyVersion {
    let version = policy.version().to_string();
    wire::PolicyVersion { name: POLICY_NAME.to_owned(), version }
}

/// The record of a policy that begins to decide at `now`.
pub(crate) fn policy(
    version: wire::PolicyVersion,
    text: &RuleText,
    policy: &Policy,
    now: Timestamp,
) -> wire::log::PolicyRecord {
    let file = |(path, text): &(String, String)| wire::log::PolicyFile {
        path: path.clone(),
        text: text.clone(),
    };
    wire::log::PolicyRecord {
        policy: Some(version),
        files: text.rules.iter().map(file).collect(),
        slots: slot::slots(&policy.slots()),
        activated_at: Some(now.into()),
        activated_by: AT_START.to_owned(),
    }
}

/// Whether decisions of the two can be read by the same record.
pub(crate) fn same_policy(one: &wire::log::PolicyRecord, other: &wire::log::PolicyRecord) -> bool {
    one.policy == other.policy && one.slots == other.slots
}

/// The data that decisions are made with: geo and network data, and lists.
pub(crate) fn data_versions(policy: &Policy, enricher: &Enricher) -> Vec<wire::DataVersion> {
    let edition = |edition: &crate::enrich::Edition| wire::DataVersion {
        name: edition.name.clone(),
        version: edition.version.clone(),
    };
    let list = |list: doorward_core::policy::ListVersion| wire::DataVersion {
        name: list.path.to_string(),
        version: list.updated_at.to_string(),
    };
    enricher.editions().map(edition).chain(policy.lists().map(list)).collect()
}
