//! Bytes at rest: what is written one after the other is read in the same order.
//!
//! Numbers are little-endian; a *varint* has seven bits in each byte, the lowest first, and the eighth bit
//! says that more follow.

use crate::time::Timestamp;

/// Stands for no time.
const NEVER: Timestamp = Timestamp::from_ms(i64::MIN);

/// Most bytes of a varint of 32 bits.
pub(crate) const VARINT_U32_BYTES_MAX: usize = 5;
/// Most bytes of a varint.
pub(crate) const VARINT_BYTES_MAX: usize = 10;

/// Bytes in the making.
#[derive(Debug)]
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    /// Makes room for `bytes` at once.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    pub(crate) fn u8(&mut self, number: u8) {
        self.0.push(number);
    }

    pub(crate) fn u16(&mut self, number: u16) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    pub(crate) fn u32(&mut self, number: u32) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    /// A number of either sign that 24 bits hold.
    pub(crate) fn i24(&mut self, number: i32) {
        let [low, middle, high, _] = number.to_le_bytes();
        self.0.extend_from_slice(&[low, middle, high]);
    }

    pub(crate) fn i64(&mut self, number: i64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    pub(crate) fn varint(&mut self, number: impl Into<u64>) {
        let mut rest: u64 = number.into();
        while rest >= 0x80 {
            self.0.push(low(rest) | 0x80);
            rest >>= 7;
        }
        self.0.push(low(rest));
    }

    pub(crate) fn u64(&mut self, number: u64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    /// A number of either sign, small ones short.
    pub(crate) fn zigzag(&mut self, number: i64) {
        self.varint((number << 1 ^ number >> 63).cast_unsigned());
    }

    /// How many of something follow, however many.
    pub(crate) fn length(&mut self, length: usize) {
        self.varint(u64::try_from(length).unwrap_or(u64::MAX));
    }

    /// Bytes with their length.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// A point in time, or none.
    pub(crate) fn moment(&mut self, at: Option<Timestamp>) {
        self.i64(at.unwrap_or(NEVER).ms());
    }

    /// How many of something follow, or where it was written before. Of a list that is short.
    pub(crate) fn count(&mut self, count: usize) {
        self.u8(u8::try_from(count).unwrap_or(u8::MAX));
    }

    /// Which of three parts are told, a bit each.
    pub(crate) fn told(&mut self, parts: [bool; 3]) {
        let [first, second, third] = parts.map(u8::from);
        self.u8(first | second << 1 | third << 2);
    }

    /// A short text with its length.
    pub(crate) fn text(&mut self, text: &[u8]) {
        self.count(text.len());
        self.0.extend_from_slice(text);
    }
}

/// Bytes being read. Behind their end, which what was written whole never reaches, there are zeros.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn u8(&mut self) -> u8 {
        u8::from_le_bytes(self.array())
    }

    pub(crate) fn u16(&mut self) -> u16 {
        u16::from_le_bytes(self.array())
    }

    pub(crate) fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.array())
    }

    pub(crate) fn i24(&mut self) -> i32 {
        let [low, middle, high] = self.array();
        i32::from_le_bytes([0, low, middle, high]) >> 8
    }

    pub(crate) fn i64(&mut self) -> i64 {
        i64::from_le_bytes(self.array())
    }

    pub(crate) fn varint(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.u8();
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        number
    }

    /// A varint that was written from 32 bits.
    pub(crate) fn varint_u32(&mut self) -> u32 {
        u32::try_from(self.varint()).unwrap_or(u32::MAX)
    }

    pub(crate) fn u64(&mut self) -> u64 {
        u64::from_le_bytes(self.array())
    }

    pub(crate) fn zigzag(&mut self) -> i64 {
        let number = self.varint();
        (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
    }

    /// As many of something as [`Writer::length`] said, as long as there is anything to read.
    pub(crate) fn several<T>(&mut self, mut read: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let length = self.varint();
        let mut several = Vec::new();
        for _ in 0..length {
            if self.done() {
                break;
            }
            several.push(read(self));
        }
        several
    }

    pub(crate) fn moment(&mut self) -> Option<Timestamp> {
        Some(Timestamp::from_ms(self.i64())).filter(|at| *at != NEVER)
    }

    pub(crate) fn bytes(&mut self) -> &'a [u8] {
        let bytes = usize::try_from(self.varint()).unwrap_or(usize::MAX);
        let (bytes, rest) = self.0.split_at_checked(bytes).unwrap_or_default();
        self.0 = rest;
        bytes
    }

    /// Bytes still to be read.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether everything was read.
    pub(crate) fn done(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn count(&mut self) -> usize {
        usize::from(self.u8())
    }

    pub(crate) fn told(&mut self) -> [bool; 3] {
        let bits = self.u8();
        [1, 1 << 1, 1 << 2].map(|bit| bits & bit != 0)
    }

    pub(crate) fn text(&mut self) -> &'a [u8] {
        let bytes = self.count();
        let (text, rest) = self.0.split_at_checked(bytes).unwrap_or_default();
        self.0 = rest;
        text
    }

    fn array<const BYTES: usize>(&mut self) -> [u8; BYTES] {
        let (first, rest) = self.0.split_first_chunk().unwrap_or((&[0; BYTES], &[]));
        self.0 = rest;
        *first
    }
}

/// The lowest eight bits.
fn low(number: u64) -> u8 {
    let [low, ..] = number.to_le_bytes();
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_was_written() {
        let numbers = [0, 1, 0x7f, 0x80, 0x3fff, 0x4000, u64::from(u32::MAX), u64::MAX];
        let mut writer = Writer::with_capacity(0);
        for number in numbers {
            writer.varint(number);
        }
        writer.i64(-2);
        let small = [-(1 << 23), -1, 0, 1, (1 << 23) - 1];
        small.iter().for_each(|number| writer.i24(*number));
        writer.text(b"Graz");
        writer.u16(3);
        let signed = [0, -1, 1, i64::MIN, i64::MAX];
        signed.iter().for_each(|number| writer.zigzag(*number));
        writer.bytes(&[7; 300]);
        let moments = [None, Some(Timestamp::from_ms(-5))];
        moments.into_iter().for_each(|at| writer.moment(at));
        writer.length(3);
        [4, 5].into_iter().for_each(|number| writer.u8(number));
        let bytes = writer.into_bytes();
        let mut reader = Reader::new(&bytes);
        assert_eq!(numbers, numbers.map(|_| reader.varint()));
        assert_eq!((reader.i64(), small.map(|_| reader.i24())), (-2, small));
        assert_eq!((reader.text(), reader.u16()), (b"Graz".as_slice(), 3));
        assert_eq!(signed, signed.map(|_| reader.zigzag()));
        assert_eq!(reader.bytes(), [7; 300]);
        assert_eq!(moments, moments.map(|_| reader.moment()));
        assert!(!reader.done());
        assert_eq!((reader.several(Reader::u8), reader.done()), (vec![4, 5], true));
        let mut cut = Reader::new(&[9, 1, 2, 3]);
        assert_eq!((cut.several(Reader::u32), cut.done()), (vec![0], true));
        assert_eq!(
            (reader.u32(), reader.text(), reader.bytes()),
            (0, b"".as_slice(), b"".as_slice())
        );
    }
}
