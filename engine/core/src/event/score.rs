//! What other systems say of an attempt.

use std::hash::{Hash, Hasher};

use super::Id;
use crate::time::Timestamp;
use crate::value::Cause;

/// Most scores of other systems on one event.
pub const SCORES_MAX: usize = 16;

/// What another system says of the risk in an attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct ExternalScore {
    /// The system.
    pub source: Id,
    /// What it scores, as attributes are named.
    pub name: Id,
    /// From 0, surely none, to 1, surely bad.
    pub risk: f64,
    /// When it was said; `None` is with the attempt.
    pub observed_at: Option<Timestamp>,
    /// How long it stands from then on, in milliseconds; `None` does not age.
    pub ttl_ms: Option<i64>,
}

impl ExternalScore {
    /// Whether it still stands: to the end of its time, and not a moment longer. What was said after the attempt
    /// stands too.
    fn stands(&self, at: Timestamp) -> bool {
        let age_ms = self.observed_at.map_or(0, |observed_at| at.since(observed_at));
        self.ttl_ms.is_none_or(|ttl_ms| age_ms <= ttl_ms)
    }

    /// The greatest risk of those that stand at that time.
    ///
    /// # Errors
    /// If none is there, or none of those that are stands.
    pub(crate) fn greatest<'a>(
        scores: impl Iterator<Item = &'a Self>,
        at: Timestamp,
    ) -> Result<f64, Cause> {
        let mut risk = Err(Cause::MissingInput);
        for score in scores {
            risk = match (score.stands(at), risk) {
                (true, Ok(greatest)) => Ok(score.risk.max(greatest)),
                (true, Err(_)) => Ok(score.risk),
                (false, Ok(greatest)) => Ok(greatest),
                (false, Err(_)) => Err(Cause::LookupFailed),
            };
        }
        risk
    }
}

/// Equal scores hash alike: the two zeros are one.
impl Hash for ExternalScore {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { source, name, risk, observed_at, ttl_ms } = self;
        (source, name, (risk + 0.0).to_bits(), observed_at, ttl_ms).hash(state);
    }
}
