//! What somebody means to do, and what they do next if they are let in.

use doorward_core::decision::Verdict;
use doorward_core::event::OutcomeKind;

use super::draft::Draft;
use super::label::Maker;

/// An attempt that somebody means to make, with everything drawn beforehand that does not depend on the
/// verdict: a verdict changes what happens, and never what would have happened.
#[derive(Clone, Debug)]
pub struct Intent {
    /// The attempt.
    pub draft: Draft,
    /// Who makes it.
    pub maker: Maker,
    /// How they meet a challenge; `None` where nobody reads the answer.
    pub answer: Option<OutcomeKind>,
    /// How long after the attempt the owner tells of the fraud, if it was let in.
    pub noticed_ms: Option<i64>,
    /// What they mean to do once in.
    pub then: Vec<Intent>,
}

impl Intent {
    /// Whether nothing but a verdict stands in the way.
    pub fn right(&self) -> bool {
        self.draft.proof.as_ref().is_none_or(|proof| proof.failure.is_none())
    }

    /// Whether the attempt gets what it wants under this verdict.
    pub fn let_in(&self, verdict: Verdict) -> bool {
        let passes = self.answer == Some(OutcomeKind::ChallengePassed);
        self.right()
            && match verdict {
                Verdict::Allow => true,
                Verdict::StepUp => passes,
                Verdict::Deny => false,
            }
    }
}
