//! Names for decisions.

use doorward_core::record::DecisionId;
use doorward_core::time::Timestamp;

/// A new UUID of version 7 (RFC 9562): the time of decision, then 74 random bits.
///
/// # Errors
/// When the operating system has no randomness to give.
pub(super) fn decision_id(at: Timestamp) -> Result<DecisionId, getrandom::Error> {
    let mut random = [0; 10];
    getrandom::fill(&mut random)?;
    let ms = u64::try_from(at.ms()).unwrap_or_default();
    let id = uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid();
    Ok(DecisionId(id.as_u128()))
}
