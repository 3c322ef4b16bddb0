//! The attempts that outcomes may still be about.

use std::collections::VecDeque;

use doorward_core::decision::Verdict;
use doorward_core::enrichment::Enrichment;
use doorward_core::event::Attempt;
use doorward_core::record::DecisionId;

/// Attempts kept, the newest: about 1 KiB each. An outcome of an older one is counted as lost.
pub const ATTEMPTS_KEPT_MAX: usize = 1 << 17;

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
