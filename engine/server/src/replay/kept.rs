//! The attempts that outcomes may still be about.

use std::collections::VecDeque;

use doorward_core::decision::Verdict;
use doorward_core::enrichment::Enrichment;
use doorward_core::event::Attempt;
use doorward_core::record::DecisionId;
use doorward_core::time::Timestamp;
use uuid::{Builder, Uuid};

/// Attempts kept, the newest: about 1 KiB each. An outcome of an older one is counted as lost.
pub const ATTEMPTS_KEPT_MAX: usize = 1 << 17;

/// The bits of a UUID of version 7 behind its variant.
const NUMBER_BITS: u128 = (1 << 62) - 1;

/// An attempt that was decided on.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The decision.
    pub id: DecisionId,
    /// What was asked.
    pub attempt: Attempt,
    /// What was looked up.
    pub enrichment: Enrichment,
    /// What was answered.
    pub verdict: Verdict,
}

/// The newest attempts, numbered from zero in the order in which they were decided on.
#[derive(Debug, Default)]
pub(super) struct Kept {
    asked: VecDeque<Asked>,
    forgotten: u64,
}

impl Kept {
    /// The number of the next attempt.
    pub(super) fn next(&self) -> u64 {
        self.forgotten.saturating_add(u64::try_from(self.asked.len()).unwrap_or(u64::MAX))
    }

    /// Keeps an attempt under the next number.
    pub(super) fn push(&mut self, asked: Asked) -> &Asked {
        if self.asked.len() >= ATTEMPTS_KEPT_MAX {
            self.asked.pop_front();
            self.forgotten = self.forgotten.saturating_add(1);
        }
        self.asked.push_back_mut(asked)
    }

    /// The attempt of that number, if there was one and it is still kept.
    pub(super) fn numbered(&self, number: u64) -> Option<&Asked> {
        self.asked.get(usize::try_from(number.checked_sub(self.forgotten)?).ok()?)
    }
}

/// The id of the decision on the attempt of that number: a UUID of version 7 with the event's time, and
/// with the number where others have randomness, so that a replay gives the same ids again.
pub(super) fn decision_id(at: Timestamp, number: u64) -> DecisionId {
    let [a, b, c, d, e, f, g, h] = number.to_be_bytes();
    let ms = u64::try_from(at.ms()).unwrap_or_default();
    let id = Builder::from_unix_timestamp_millis(ms, &[0, 0, a, b, c, d, e, f, g, h]).into_uuid();
    DecisionId(id.as_u128())
}

/// The number within an id that [`decision_id`] made.
pub(super) fn number(id: Uuid) -> u64 {
    u64::try_from(id.as_u128() & NUMBER_BITS).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_comes_back_from_the_id() {
        let check = |expected: u64| {
            let id = decision_id(Timestamp::from_ms(1_765_350_000_000), expected);
            let id = Uuid::from_u128(id.0);
            assert_eq!((number(id), id.get_version_num()), (expected, 7));
        };
        check(0);
        check(131_072);
        check((1 << 62) - 1);
    }
}
