//! What decisions are made with, which changes only with the policy.

use prost::Message as _;

use super::{DataVersion, Decision, PolicyVersion, log};

/// The policy and the data that decisions are made with, as the fields of the two messages that name
/// them, encoded once.
#[derive(Clone, Debug)]
pub struct Sources {
    of_decision: Vec<u8>,
    of_envelope: Vec<u8>,
}

impl Sources {
    /// The policy that decides and the data that is looked up in.
    pub fn new(policy: PolicyVersion, data_versions: Vec<DataVersion>) -> Self {
        let decision = Decision {
            policy: Some(policy.clone()),
            data_versions: data_versions.clone(),
            ..Decision::default()
        };
        let envelope = log::DecisionEnvelope {
            policy: Some(policy),
            data_versions,
            ..log::DecisionEnvelope::default()
        };
        Self { of_decision: decision.encode_to_vec(), of_envelope: envelope.encode_to_vec() }
    }

    /// Fields of a [`Decision`].
    pub(crate) fn of_decision(&self) -> &[u8] {
        &self.of_decision
    }

    /// Fields of a [`log::DecisionEnvelope`].
    pub(crate) fn of_envelope(&self) -> &[u8] {
        &self.of_envelope
    }
}
