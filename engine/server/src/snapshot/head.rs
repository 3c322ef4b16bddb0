//! What a snapshot says of itself.

use crate::log::{Mark, Position};

/// The first block of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// The first record that the state does not contain.
    pub(crate) mark: Mark,
    /// Where the newest policy is on record.
    pub(crate) policy: Position,
    /// What the core begins to load with.
    pub(crate) state: Vec<u8>,
}

impl Head {
    pub(super) fn encode(&self) -> Vec<u8> {
        let Self { mark, policy, state } = self;
        let mut bytes = mark.sequence.to_le_bytes().to_vec();
        bytes.extend_from_slice(&mark.checksum.to_le_bytes());
        bytes.extend_from_slice(&policy.segment.to_le_bytes());
        bytes.extend_from_slice(&policy.offset.to_le_bytes());
        bytes.extend_from_slice(state);
        bytes
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let (sequence, bytes) = bytes.split_first_chunk()?;
        let (checksum, bytes) = bytes.split_first_chunk()?;
        let (segment, bytes) = bytes.split_first_chunk()?;
        let (offset, state) = bytes.split_first_chunk()?;
        let sequence = u64::from_le_bytes(*sequence);
        let mark = Mark { sequence, checksum: u32::from_le_bytes(*checksum) };
        let segment = u64::from_le_bytes(*segment);
        let policy = Position { segment, offset: u32::from_le_bytes(*offset) };
        Some(Self { mark, policy, state: state.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_from_its_bytes() {
        let mark = Mark { sequence: 1 << 40, checksum: 0x0102_0304 };
        let policy = Position { segment: 1 << 39, offset: 64 };
        let head = Head { mark, policy, state: vec![1, 2, 3] };
        assert_eq!(Head::decode(&head.encode()), Some(head.clone()));
        assert_eq!(Head::decode(&head.encode()[..23]), None);
    }
}
