//! One record as bytes, and back.
//!
//! A frame begins at a multiple of eight bytes in its segment. Numbers are little-endian.
//!
//! ```text
//! offset  bytes  field
//!      0      4  checksum  CRC-32 of the frame from offset 4 to its end, begun with the segment's salt
//!      4      4  length    bytes of payload, at most RECORD_BYTES_MAX
//!      8      8  sequence  number of the record in the log, from 0; in a seal, of the record to come
//!     16      4  batch     offset in the segment at which the batch of this frame begins
//!     20      1  mark      0xD0 record, 0x5E seal
//!     21      1  kind      what the payload is, for the caller; zero in a seal
//!     22      2            zero
//!     24      n  payload   empty in a seal
//!   24+n   0..7            zero, to the next multiple of eight
//! ```
//!
//! A batch is written at once and synced at once, and the next one is written only after that. So a
//! readable frame of a batch that begins *behind* an unreadable place proves that this place had
//! been synced: it is damage. Without such a frame it is a batch that a crash cut short, and nobody
//! was told that it is on disk. A seal is a batch of its own that holds no record; it gives this
//! proof for the last records of a log that was closed or recovered.
//!
//! The salt is random, so that nobody who chooses what is in a payload can put a valid frame there.

use super::limits::RECORD_BYTES_MAX;

/// Bytes of a frame before its payload, and of a whole seal.
pub(crate) const FRAME_HEADER_BYTES: usize = 24;

const ALIGN_BYTES: usize = 8;
const MARK_RECORD: u8 = 0xD0;
const MARK_SEAL: u8 = 0x5E;

const _: () = {
    assert!(FRAME_HEADER_BYTES.is_multiple_of(ALIGN_BYTES));
    // The length is stored in four bytes.
    assert!(RECORD_BYTES_MAX <= u32::MAX as usize);
};

/// One record as it was appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Number of the record in the log, from 0 and without gaps.
    pub sequence: u64,
    /// The kind that was given to [`Slot::append`](super::Slot::append).
    pub kind: u8,
    /// The bytes that were given to [`Slot::append`](super::Slot::append).
    pub payload: Vec<u8>,
}

/// A valid frame inside the bytes of its segment.
pub(crate) struct View<'a> {
    pub(crate) sequence: u64,
    pub(crate) batch: u32,
    pub(crate) body: Body<'a>,
    /// Bytes from the start of this frame to the start of the next.
    pub(crate) bytes: usize,
}

pub(crate) enum Body<'a> {
    Record { kind: u8, payload: &'a [u8] },
    Seal,
}

/// Bytes that a payload of `length` bytes takes in a segment.
pub(crate) const fn frame_bytes(length: usize) -> usize {
    (FRAME_HEADER_BYTES + length).next_multiple_of(ALIGN_BYTES)
}

/// Adds a record to `buffer`, with batch and checksum left for [`stamp`].
pub(crate) fn push_record(buffer: &mut Vec<u8>, sequence: u64, kind: u8, payload: &[u8]) {
    push(buffer, sequence, [MARK_RECORD, kind], payload);
}

/// Adds a seal to `buffer`; `sequence` is that of the record to come.
pub(crate) fn push_seal(buffer: &mut Vec<u8>, sequence: u64) {
    push(buffer, sequence, [MARK_SEAL, 0], &[]);
}

fn push(buffer: &mut Vec<u8>, sequence: u64, mark_and_kind: [u8; 2], payload: &[u8]) {
    let end = buffer.len() + frame_bytes(payload.len());
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    buffer.extend_from_slice(&[0; 4]);
    buffer.extend_from_slice(&length.to_le_bytes());
    buffer.extend_from_slice(&sequence.to_le_bytes());
    buffer.extend_from_slice(&[0; 4]);
    buffer.extend_from_slice(&mark_and_kind);
    buffer.extend_from_slice(&[0; 2]);
    buffer.extend_from_slice(payload);
    buffer.resize(end, 0);
}

/// Completes the frames of one batch, which is to be written at `offset` of its segment.
pub(crate) fn stamp(mut frames: &mut [u8], salt: u32, offset: u32) {
    while let Some(header) = Header::read(frames) {
        let Some((frame, rest)) = frames.split_at_mut_checked(header.frame_bytes()) else { return };
        if let Some(batch) = frame.get_mut(16..20) {
            batch.copy_from_slice(&offset.to_le_bytes());
        }
        if let Some((stored, covered)) = frame.split_first_chunk_mut() {
            *stored = checksum(salt, covered).to_le_bytes();
        }
        frames = rest;
    }
}

/// The frame at the start of `bytes`, which begin at `offset` of their segment, or nothing where
/// any of its bytes is not as it was written.
pub(crate) fn view(bytes: &[u8], salt: u32, offset: u32) -> Option<View<'_>> {
    let header = Header::read(bytes)?;
    let length = header.length();
    if length > RECORD_BYTES_MAX || header.batch > offset {
        return None;
    }
    let frame = bytes.get(..header.frame_bytes())?;
    let payload = frame.get(FRAME_HEADER_BYTES..)?.get(..length)?;
    let body = match header.mark {
        MARK_RECORD => Body::Record { kind: header.kind, payload },
        MARK_SEAL => Body::Seal,
        _other_bytes => return None,
    };
    let (stored, covered) = frame.split_first_chunk()?;
    (checksum(salt, covered) == u32::from_le_bytes(*stored)).then_some(View {
        sequence: header.sequence,
        batch: header.batch,
        body,
        bytes: frame.len(),
    })
}

/// Whether `bytes`, which begin at `offset` of their segment with something unreadable, hold a
/// frame that was written after that place had been synced.
pub(crate) fn written_after(bytes: &[u8], salt: u32, offset: u32) -> bool {
    (ALIGN_BYTES..bytes.len()).step_by(ALIGN_BYTES).any(|ahead| {
        let place = offset.saturating_add(u32::try_from(ahead).unwrap_or(u32::MAX));
        let rest = bytes.get(ahead..).unwrap_or_default();
        // INVARIANT (synced in turn): a batch that begins behind `offset` came after its sync.
        view(rest, salt, place).is_some_and(|frame| frame.batch > offset)
    })
}

/// Bytes of the frame whose first [`FRAME_HEADER_BYTES`] are `header`; nothing is checked.
pub(crate) fn claimed_bytes(header: &[u8]) -> Option<usize> {
    let header = Header::read(header)?;
    (header.length() <= RECORD_BYTES_MAX).then(|| header.frame_bytes())
}

fn checksum(salt: u32, covered: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(salt);
    hasher.update(covered);
    hasher.finalize()
}

/// The fields of a frame as they stand in the file, not checked.
struct Header {
    length: u32,
    sequence: u64,
    batch: u32,
    mark: u8,
    kind: u8,
}

impl Header {
    fn read(bytes: &[u8]) -> Option<Self> {
        let (_checksum, bytes) = bytes.split_first_chunk::<4>()?;
        let (length, bytes) = bytes.split_first_chunk()?;
        let (sequence, bytes) = bytes.split_first_chunk()?;
        let (batch, bytes) = bytes.split_first_chunk()?;
        let ([mark, kind, ..], _payload) = bytes.split_first_chunk::<4>()?;
        Some(Self {
            length: u32::from_le_bytes(*length),
            sequence: u64::from_le_bytes(*sequence),
            batch: u32::from_le_bytes(*batch),
            mark: *mark,
            kind: *kind,
        })
    }

    fn length(&self) -> usize {
        usize::try_from(self.length).unwrap_or(usize::MAX)
    }

    fn frame_bytes(&self) -> usize {
        frame_bytes(self.length())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: u32 = 0x0102_0304;
    const OFFSET: u32 = 64;

    fn batch(payloads: &[&[u8]]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (sequence, payload) in (7..).zip(payloads) {
            push_record(&mut bytes, sequence, 3, payload);
        }
        stamp(&mut bytes, SALT, OFFSET);
        bytes
    }

    #[test]
    fn what_is_pushed_is_viewed() {
        for length in [0, 1, 7, 8, 9, 600] {
            let payload = vec![0xAB; length];
            let bytes = batch(&[&payload]);
            let frame = view(&bytes, SALT, OFFSET).unwrap();
            let Body::Record { kind, payload: read } = frame.body else { panic!("a seal") };
            assert_eq!((frame.sequence, frame.batch, kind, read), (7, OFFSET, 3, &payload[..]));
            assert_eq!((frame.bytes, frame.bytes % 8), (bytes.len(), 0));
        }
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let bytes = batch(&[b"thirteen byte"]);
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(view(&flipped, SALT, OFFSET).is_none(), "bit {bit}");
        }
    }

    #[test]
    fn every_cut_is_noticed() {
        let bytes = batch(&[b"thirteen byte"]);
        assert!((0..bytes.len()).all(|cut| view(&bytes[..cut], SALT, OFFSET).is_none()));
    }

    #[test]
    fn zeros_are_no_frame() {
        assert!(view(&[0; 64], SALT, OFFSET).is_none());
        assert!(view(&[0; 64], 0, OFFSET).is_none());
    }

    #[test]
    fn another_segments_salt_is_no_frame() {
        assert!(view(&batch(&[b"x"]), SALT + 1, OFFSET).is_none());
    }

    #[test]
    fn frames_of_the_same_batch_prove_no_sync() {
        let mut bytes = batch(&[b"a", b"b", b"c"]);
        bytes[24] ^= 1;
        assert!(!written_after(&bytes, SALT, OFFSET));
    }

    #[test]
    fn a_seal_proves_a_sync() {
        let mut bytes = batch(&[b"a"]);
        let mut seal = Vec::new();
        push_seal(&mut seal, 8);
        stamp(&mut seal, SALT, OFFSET + 32);
        bytes[24] ^= 1;
        bytes.extend_from_slice(&seal);
        assert!(written_after(&bytes, SALT, OFFSET));
    }
}
