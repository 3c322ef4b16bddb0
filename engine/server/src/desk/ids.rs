//! Names for decisions.

use std::cell::RefCell;

use doorward_core::record::DecisionId;
use doorward_core::time::Timestamp;

/// Random bytes of one decision's id.
const RANDOM_BYTES: usize = 10;
/// Ids whose random bytes are asked for at once: a call to the system costs as much as an id's share
/// of a decision may.
const IDS_PER_CALL: usize = 256;

thread_local! {
    static RANDOM: RefCell<Vec<[u8; RANDOM_BYTES]>> = const { RefCell::new(Vec::new()) };
}

/// A new UUID of version 7 (RFC 9562): the time of decision, then 74 random bits.
///
/// # Errors
/// When the operating system has no randomness to give.
pub(super) fn decision_id(at: Timestamp) -> Result<DecisionId, getrandom::Error> {
    let random = RANDOM.with_borrow_mut(random)?;
    let ms = u64::try_from(at.ms()).unwrap_or_default();
    let id = uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid();
    Ok(DecisionId(id.as_u128()))
}

/// Bytes of the operating system's randomness that nobody has had.
fn random(rest: &mut Vec<[u8; RANDOM_BYTES]>) -> Result<[u8; RANDOM_BYTES], getrandom::Error> {
    if let Some(random) = rest.pop() {
        return Ok(random);
    }
    rest.resize(IDS_PER_CALL, [0; RANDOM_BYTES]);
    let filled = getrandom::fill(rest.as_flattened_mut());
    filled.inspect_err(|_| rest.clear())?;
    rest.pop().ok_or(getrandom::Error::UNEXPECTED)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_id_comes_twice() {
        let at = Timestamp::from_ms(0x0199_c0de_6a3f);
        let ids: HashSet<u128> = (0..1_000).map(|_| decision_id(at).unwrap().0).collect();
        assert_eq!(ids.len(), 1_000);
        assert!(ids.iter().all(|id| (id >> 76) & 0xf == 7));
        assert!(ids.iter().all(|id| id >> 80 == 0x0199_c0de_6a3f));
    }
}
