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

/// Bits of a UUID of version 7 behind its variant.
pub(crate) const TAIL_BITS: u32 = 62;

/// Bits of a UUID of version 7 behind its time.
const BEHIND_TIME_BITS: u32 = 80;

impl DecisionId {
    /// A UUID of version 7 (RFC 9562) made at `decided_at`, with the low 12 bits of `head` and the low 62 of
    /// `tail` where others have random ones.
    pub fn new(decided_at: Timestamp, head: u16, tail: u64) -> Self {
        let ms = u128::try_from(decided_at.ms()).unwrap_or_default() & ((1 << 48) - 1);
        let (head, tail) = (u128::from(head) & 0xfff, u128::from(tail) & ((1 << TAIL_BITS) - 1));
        let (version, variant) = (0b0111 << 76, 0b10 << TAIL_BITS);
        Self(ms << BEHIND_TIME_BITS | version | head << 64 | variant | tail)
    }

    /// When the decision was made.
    pub fn decided_at(self) -> Timestamp {
        Timestamp::from_ms(i64::try_from(self.0 >> BEHIND_TIME_BITS).unwrap_or(i64::MAX))
    }

    /// The last 62 bits.
    pub fn tail(self) -> u64 {
        u64::try_from(self.0 & ((1 << TAIL_BITS) - 1)).unwrap_or_default()
    }
}

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
    fn an_id_keeps_what_it_was_made_of() {
        let check = |ms: i64, head: u16, tail: u64, expected: u128| {
            let id = DecisionId::new(Timestamp::from_ms(ms), head, tail);
            assert_eq!(id.0, expected, "{id}");
            assert_eq!((id.decided_at().ms(), id.tail()), (ms, tail & ((1 << 62) - 1)));
            assert_eq!(id.0 >> 76 & 0xf, 7, "version");
        };
        check(0, 0, 0, 0x0000_0000_0000_7000_8000_0000_0000_0000);
        check(1_765_350_000_000, 0, 131_072, 0x019b_070f_4580_7000_8000_0000_0002_0000);
        check(1_765_350_000_000, 0, (1 << 62) - 1, 0x019b_070f_4580_7000_bfff_ffff_ffff_ffff);
        check(1, 0xabc, 0x1234, 0x0000_0000_0001_7abc_8000_0000_0000_1234);
        check(0x0199_c0de_6a3f, u16::MAX, u64::MAX, 0x0199_c0de_6a3f_7fff_bfff_ffff_ffff_ffff);
    }

    #[test]
    fn an_id_reads_as_a_uuid() {
        let id = DecisionId(0x0199_c0de_6a3f_7c1e_9d5b_2f1b_6a0c_4e8d);
        assert_eq!(id.to_string(), "0199c0de-6a3f-7c1e-9d5b-2f1b6a0c4e8d");
    }
}
