//! Text from outside, bounded and free of control characters before anything else sees it; and
//! numbers as people read them.

use std::fmt;

use smol_str::SmolStr;

/// Text of 1 to `BYTES_MAX` bytes of UTF-8 without control characters.
///
/// Cloning never copies more than a few bytes. A `Text` that exists is valid: it can be logged, hashed and printed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const BYTES_MAX: usize>(SmolStr);

impl<const BYTES_MAX: usize> Text<BYTES_MAX> {
    /// Checks `text` and takes a copy.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        if text.len() > BYTES_MAX {
            return Err(TextError::TooLong { bytes: text.len(), bytes_max: BYTES_MAX });
        }
        match control(text) {
            Some(at) => Err(TextError::Control { at }),
            None => Ok(Self(text.into())),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text for a value that outlives the event.
    pub fn shared(&self) -> SmolStr {
        self.0.clone()
    }
}

impl<const BYTES_MAX: usize> fmt::Display for Text<BYTES_MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const BYTES_MAX: usize> fmt::Debug for Text<BYTES_MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// The byte at which `text` has its first control character.
///
/// Nearly no text has one, so all bytes are asked at once first whether they may begin one.
pub fn control(text: &str) -> Option<usize> {
    let suspicious = |byte: u8| byte < 0x20 || byte == 0x7f || byte == C1_LEAD;
    let any = text.bytes().fold(false, |any, byte| any | suspicious(byte));
    let first = || text.char_indices().find(|(_, c)| c.is_control());
    any.then(first).flatten().map(|(at, _)| at)
}

/// The first byte of U+0080 to U+00BF, the first half of which are control characters.
const C1_LEAD: u8 = 0xc2;

/// A number with its thousands apart: `12,345`.
pub fn counted(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Why text from outside was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextError {
    /// No bytes at all.
    Empty,
    /// More bytes than the field takes.
    TooLong {
        /// Bytes given.
        bytes: usize,
        /// Bytes allowed.
        bytes_max: usize,
    },
    /// A control character (a newline, NUL, an escape) at byte `at`.
    Control {
        /// Byte offset of the character.
        at: usize,
    },
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "is empty"),
            Self::TooLong { bytes, bytes_max } => {
                write!(f, "has {bytes} bytes, at most {bytes_max} are allowed")
            }
            Self::Control { at } => write!(f, "has a control character at byte {at}"),
        }
    }
}

impl std::error::Error for TextError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_could_hurt_later() {
        let check = |text: &str, expected| assert_eq!(Text::<8>::parse(text).err(), expected);
        check("ana", None);
        check("añañaña", Some(TextError::TooLong { bytes: 10, bytes_max: 8 }));
        check("", Some(TextError::Empty));
        check("an\na", Some(TextError::Control { at: 2 }));
        check("a\0", Some(TextError::Control { at: 1 }));
        check("é\u{7f}", Some(TextError::Control { at: 2 }));
        check("é\u{85}", Some(TextError::Control { at: 2 }));
        check("\u{a0}§", None);
    }

    #[test]
    fn every_control_character_is_found() {
        for c in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
            assert_eq!(control(c.encode_utf8(&mut [0; 4])).is_some(), c.is_control(), "{c:?}");
        }
    }

    #[test]
    fn thousands_stand_apart() {
        let check = |number, expected: &str| assert_eq!(counted(number), expected);
        check(0, "0");
        check(999, "999");
        check(1_000, "1,000");
        check(1_234_567, "1,234,567");
    }
}
