//! Protobuf written field by field, for the messages that every decision writes: nothing is copied
//! on its way and no length is computed before it is known.

use super::google;

/// Wire types: what follows the number of a field.
const VARINT: u32 = 0;
const EIGHT_BYTES: u32 = 1;
const LENGTH: u32 = 2;

/// Adds the fields of one message to a buffer, in the order of the calls.
///
/// As everywhere in protobuf, a field that has its default value is not written; those whose name
/// begins with `some_` are, because there absence says something else.
pub(crate) struct Fields<'a>(&'a mut Vec<u8>);

impl<'a> Fields<'a> {
    /// Adds to the message that `buffer` ends with.
    pub(crate) fn of(buffer: &'a mut Vec<u8>) -> Self {
        Self(buffer)
    }

    /// A whole number, a word or a flag.
    pub(crate) fn some_number(&mut self, field: u32, number: u64) {
        self.key(field, VARINT);
        self.varint(number);
    }

    /// A number of type `sint32` or `sint64`.
    pub(crate) fn some_signed(&mut self, field: u32, number: i64) {
        self.some_number(field, zigzag(number));
    }

    /// A number of type `double`.
    pub(crate) fn some_double(&mut self, field: u32, number: f64) {
        self.key(field, EIGHT_BYTES);
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    /// A text, or a message that is encoded already.
    pub(crate) fn some_bytes(&mut self, field: u32, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        self.key(field, LENGTH);
        self.length(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// A whole number.
    pub(crate) fn number(&mut self, field: u32, number: u64) {
        if number != 0 {
            self.some_number(field, number);
        }
    }

    /// A flag that may be absent, which is not the same as false.
    pub(crate) fn flag(&mut self, field: u32, flag: Option<bool>) {
        if let Some(flag) = flag {
            self.some_number(field, u64::from(flag));
        }
    }

    /// The number of a word.
    pub(crate) fn word(&mut self, field: u32, word: impl Into<i32>) {
        self.number(field, i64::from(word.into()).cast_unsigned());
    }

    /// A number of type `sint32`.
    pub(crate) fn signed(&mut self, field: u32, number: i32) {
        if number != 0 {
            self.some_signed(field, number.into());
        }
    }

    /// The numbers of words.
    pub(crate) fn words<T: Into<i32>>(&mut self, field: u32, words: impl Iterator<Item = T>) {
        let mut words = words.map(Into::into).peekable();
        if words.peek().is_some() {
            self.message(field, |packed| {
                words.for_each(|word| packed.varint(i64::from(word).cast_unsigned()));
            });
        }
    }

    /// The numbers of words, each less than 128: packed, such a number is one byte.
    pub(crate) fn small_words(&mut self, field: u32, words: impl ExactSizeIterator<Item = u8>) {
        if words.len() > 0 {
            self.key(field, LENGTH);
            self.length(words.len());
            self.0.extend(words);
        }
    }

    /// A number of type `sint64` among those of a packed field.
    pub(crate) fn packed_signed(&mut self, number: i64) {
        self.varint(zigzag(number));
    }

    /// Bytes, or numbers of a packed field that are encoded already.
    pub(crate) fn bytes(&mut self, field: u32, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.some_bytes(field, bytes);
        }
    }

    /// A text.
    pub(crate) fn text(&mut self, field: u32, text: &str) {
        self.bytes(field, text.as_bytes());
    }

    /// Texts, each of which is there, however short.
    pub(crate) fn texts<T: AsRef<str>>(&mut self, field: u32, texts: impl IntoIterator<Item = T>) {
        texts.into_iter().for_each(|text| self.some_bytes(field, text.as_ref()));
    }

    /// A message, whose fields `write` adds.
    pub(crate) fn message(&mut self, field: u32, write: impl FnOnce(&mut Fields<'_>)) {
        self.key(field, LENGTH);
        self.0.push(0);
        let start = self.0.len();
        write(&mut Fields(self.0));
        self.length_before(start);
    }

    /// A message that may be absent.
    pub(crate) fn optional<T>(
        &mut self,
        field: u32,
        message: Option<&T>,
        write: impl FnOnce(&mut Fields<'_>, &T),
    ) {
        if let Some(message) = message {
            self.message(field, |fields| write(fields, message));
        }
    }

    /// A message of the generated code that may be absent.
    pub(crate) fn generated(&mut self, field: u32, message: Option<&impl prost::Message>) {
        if let Some(message) = message {
            self.key(field, LENGTH);
            self.length(message.encoded_len());
            message.encode_raw(self.0);
        }
    }

    /// A point in time that may be absent.
    pub(crate) fn timestamp(&mut self, field: u32, at: Option<&google::Timestamp>) {
        self.optional(field, at, |fields, at| fields.seconds(at.seconds, at.nanos));
    }

    /// A length of time that may be absent.
    pub(crate) fn duration(&mut self, field: u32, span: Option<&google::Duration>) {
        self.optional(field, span, |fields, span| fields.seconds(span.seconds, span.nanos));
    }

    /// The two fields of a `Timestamp` and of a `Duration`.
    fn seconds(&mut self, seconds: i64, nanos: i32) {
        self.number(1, seconds.cast_unsigned());
        self.number(2, i64::from(nanos).cast_unsigned());
    }

    /// Fields that are encoded already.
    pub(crate) fn encoded(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Puts how many bytes follow `start` before it: it is known only once they are written. One byte is
    /// left for it, which is enough for most; only a longer length moves the message.
    fn length_before(&mut self, start: usize) {
        let end = self.0.len();
        let length = u64::try_from(end - start).unwrap_or(u64::MAX);
        let more = length >> 7;
        if more > 0 {
            self.varint(more);
            let more_bytes = self.0.len() - end;
            if let Some(message) = self.0.get_mut(start..) {
                message.rotate_right(more_bytes);
            }
        }
        if let Some(first) = self.0.get_mut(start - 1) {
            *first = if more > 0 { low(length) | 0x80 } else { low(length) };
        }
    }

    fn length(&mut self, bytes: usize) {
        self.varint(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    fn key(&mut self, field: u32, wire_type: u32) {
        self.varint(u64::from(field << 3 | wire_type));
    }

    fn varint(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(low(number) | 0x80);
            number >>= 7;
        }
        self.0.push(low(number));
    }
}

/// As `sint32` and `sint64` are written: small numbers short, whatever their sign.
fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

/// The low seven bits.
fn low(number: u64) -> u8 {
    u8::try_from(number & 0x7f).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use prost::Message as _;

    use super::*;
    use crate::wire::{Challenge, Method, Reason, Verdict, google};

    #[test]
    fn writes_as_prost_does() {
        for length in [0, 1, 127, 128, 16_383, 16_384] {
            let reason = Reason {
                code: "x".repeat(length),
                verdict: Verdict::Deny.into(),
                points: Some(-7),
                tags: vec![String::new(), "y".repeat(length)],
                ..Reason::default()
            };
            let challenge = Challenge {
                allowed_methods: vec![Method::Passkey.into(), Method::Sms.into()],
                max_age: Some(google::Duration { seconds: 300, nanos: 0 }),
                ..Challenge::default()
            };
            let expected = crate::wire::Decision {
                score: i32::MIN,
                reasons: vec![reason.clone()],
                challenge: Some(challenge),
                ..crate::wire::Decision::default()
            };
            let mut bytes = Vec::new();
            let mut fields = Fields::of(&mut bytes);
            fields.text(1, "");
            fields.signed(4, i32::MIN);
            fields.message(6, |fields| {
                fields.text(1, &reason.code);
                fields.word(3, Verdict::Deny);
                fields.some_signed(4, -7);
                fields.texts(9, &reason.tags);
            });
            fields.message(7, |fields| {
                fields.texts(1, [""; 0]);
                fields.words(2, [Method::Passkey, Method::Sms].into_iter());
                fields.words(3, std::iter::empty::<Method>());
                fields.duration(4, Some(&google::Duration { seconds: 300, nanos: 0 }));
            });
            assert_eq!(bytes, expected.encode_to_vec(), "{length}");
        }
    }
}
