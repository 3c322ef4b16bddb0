//! One decision with everything that it was made from: the value that is answered and logged.

use std::fmt;

use crate::decision::Decision;
use crate::enrichment::Enrichment;
use crate::event::Attempt;
use crate::time::Timestamp;
use crate::value::Reading;

/// Names a decision: the bits of a UUID of version 7, so that ids sort by time of decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DecisionId(pub u128);

/// In the groups of a UUID: `0199c0de-6a3f-7c1e-9d5b-2f1b6a0c4e8d`.
impl fmt::Display for DecisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.0;
        let part = |shift: u32, mask: u128| (bits >> shift) & mask;
        write!(
            f,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            part(96, 0xffff_ffff),
            part(80, 0xffff),
            part(64, 0xffff),
            part(48, 0xffff),
            part(0, 0xffff_ffff_ffff)
        )
    }
}

/// One decision with everything that it was made from.
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionRecord {
    /// Its name.
    pub id: DecisionId,
    /// When it was decided, by the service's clock.
    pub decided_at: Timestamp,
    /// What was asked.
    pub attempt: Attempt,
    /// What was looked up.
    pub enrichment: Enrichment,
    /// What the rules saw, one for each slot of the policy.
    pub readings: Box<[Reading]>,
    /// What came of it.
    pub decision: Decision,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_as_a_uuid() {
        let id = DecisionId(0x0199_c0de_6a3f_7c1e_9d5b_2f1b_6a0c_4e8d);
        assert_eq!(id.to_string(), "0199c0de-6a3f-7c1e-9d5b-2f1b6a0c4e8d");
    }
}
