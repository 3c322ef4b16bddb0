//! One block of a snapshot as bytes, and back.

/// Bytes of a file before its first block.
pub(super) const FILE_HEADER_BYTES: usize = 16;
/// Bytes of a block before its payload.
pub(super) const BLOCK_HEADER_BYTES: usize = 12;

const MAGIC: &[u8; 8] = b"DOORSNAP";
const VERSION: u32 = 1;

/// What a block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Head,
    State,
    Seen,
    End,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Head, Self::State, Self::Seen, Self::End];

    fn code(self) -> u8 {
        match self {
            Self::Head => 1,
            Self::State => 2,
            Self::Seen => 3,
            Self::End => 4,
        }
    }
}

/// How many blocks of each kind there may be any number of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    state: u32,
    seen: u32,
}

impl Counts {
    pub(super) fn count(&mut self, kind: Kind) {
        match kind {
            Kind::State => self.state = self.state.saturating_add(1),
            Kind::Seen => self.seen = self.seen.saturating_add(1),
            Kind::Head | Kind::End => {}
        }
    }

    /// Number of the block that comes behind all of these and the head.
    pub(super) fn next(self) -> u32 {
        self.state.saturating_add(self.seen).saturating_add(1)
    }

    /// The payload of the end.
    pub(super) fn encode(self) -> [u8; 8] {
        let mut bytes = [0; 8];
        let [state, seen] = [self.state, self.seen].map(u32::to_le_bytes);
        bytes.iter_mut().zip(state.into_iter().chain(seen)).for_each(|(byte, it)| *byte = it);
        bytes
    }
}

/// The start of every file.
pub(super) fn file_header() -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&crc32fast::hash(&bytes).to_le_bytes());
    bytes
}

/// The version of the format, nothing if this is not the start of a snapshot; an error if it is not ours.
pub(super) fn version(header: &[u8; FILE_HEADER_BYTES]) -> Option<Result<(), u32>> {
    let (covered, checksum) = header.split_last_chunk()?;
    let version = u32::from_le_bytes(*covered.strip_prefix(MAGIC)?.first_chunk()?);
    let whole = crc32fast::hash(covered) == u32::from_le_bytes(*checksum);
    whole.then_some(if version == VERSION { Ok(()) } else { Err(version) })
}

/// What stands before a payload, which has at most `u32::MAX` bytes.
pub(super) fn header(kind: Kind, number: u32, payload: &[u8]) -> [u8; BLOCK_HEADER_BYTES] {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes();
    let mut header = [0; BLOCK_HEADER_BYTES];
    let fields = [0; 4].into_iter().chain(length).chain([kind.code()]);
    header.iter_mut().zip(fields).for_each(|(byte, field)| *byte = field);
    let sum = checksum(number, &header, payload);
    header.iter_mut().zip(sum.to_le_bytes()).for_each(|(byte, sum)| *byte = sum);
    header
}

/// What a block says that it is; its checksum has not been looked at.
pub(super) fn claim(header: &[u8; BLOCK_HEADER_BYTES]) -> Option<(Kind, u32)> {
    let (length, rest) = header.get(4..)?.split_first_chunk()?;
    let code = rest.first()?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.code() == *code)?;
    Some((kind, u32::from_le_bytes(*length)))
}

/// Whether a block is as it was written.
pub(super) fn whole(number: u32, header: &[u8; BLOCK_HEADER_BYTES], payload: &[u8]) -> bool {
    header.first_chunk() == Some(&checksum(number, header, payload).to_le_bytes())
}

fn checksum(number: u32, header: &[u8; BLOCK_HEADER_BYTES], payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(number);
    hasher.update(header.get(4..).unwrap_or_default());
    hasher.update(payload);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flipped_bit_of_a_block_is_noticed() {
        let payload = b"a part of the state";
        let header = header(Kind::State, 7, payload);
        assert_eq!(claim(&header), Some((Kind::State, 19)));
        assert!(whole(7, &header, payload) && !whole(8, &header, payload));
        for bit in 0..header.len() * 8 {
            let mut flipped = header;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(!whole(7, &flipped, payload), "bit {bit}");
        }
    }

    #[test]
    fn a_later_format_is_named() {
        let mut bytes = file_header();
        let check = |bytes: &[u8], expected| {
            assert_eq!(version(bytes.first_chunk().unwrap()), expected);
        };
        check(&bytes, Some(Ok(())));
        bytes[8] = 2;
        check(&bytes, None);
        let sum = crc32fast::hash(&bytes[..12]).to_le_bytes();
        bytes[12..].copy_from_slice(&sum);
        check(&bytes, Some(Err(2)));
    }
}
