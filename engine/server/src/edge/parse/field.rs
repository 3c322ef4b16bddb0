//! Single fields: text with its limit, words, times.

use std::fmt;

use doorward_core::country::Country;
use doorward_core::text::{Text, TextError, control};
use doorward_core::time::{MINUTE_MS, Timestamp};

use super::violations::{Violations, quote};
use crate::wire::google;

/// How far an event's time may be ahead of our clock: callers' clocks differ, but an event from
/// tomorrow would open windows that hide today's.
pub const AHEAD_MS_MAX: i64 = 10 * MINUTE_MS;

/// A text that may be absent, which is the same as empty. `bytes_max` is the field's own limit, at
/// most that of its type.
pub(super) fn text<const BYTES_MAX: usize>(
    field: impl fmt::Display,
    text: &str,
    bytes_max: usize,
    violations: &mut Violations,
) -> Option<Text<BYTES_MAX>> {
    if text.is_empty() {
        return None;
    }
    required(field, text, bytes_max, violations)
}

/// A text that must be there.
pub(super) fn required<const BYTES_MAX: usize>(
    field: impl fmt::Display,
    text: &str,
    bytes_max: usize,
    violations: &mut Violations,
) -> Option<Text<BYTES_MAX>> {
    let parsed = match text.len() {
        bytes if bytes > bytes_max => Err(TextError::TooLong { bytes, bytes_max }),
        _ => Text::parse(text),
    };
    violations.check(field, parsed)
}

/// The number of an enumeration's word; zero reads as no word.
pub(super) fn word<W, C>(field: &str, number: i32, violations: &mut Violations) -> Option<C>
where
    W: TryFrom<i32> + Into<Option<C>>,
{
    match W::try_from(number) {
        Ok(word) => word.into(),
        Err(_) => {
            violations.add(field, format!("has no value {number}"));
            None
        }
    }
}

/// A word that must be there.
pub(super) fn required_word<W, C>(
    field: &str,
    number: i32,
    violations: &mut Violations,
) -> Option<C>
where
    W: TryFrom<i32> + Into<Option<C>>,
{
    if number == 0 {
        violations.add(field, "must be set");
    }
    word::<W, C>(field, number, violations)
}

/// A country that may be absent, which is the same as empty.
pub(super) fn country(field: &str, sent: &str, violations: &mut Violations) -> Option<Country> {
    if sent.is_empty() {
        return None;
    }
    // The core repeats the whole code in its message; one that is too long to be one is quoted.
    let parsed = match sent.len() {
        2 => Country::parse(sent).map_err(|error| error.to_string()),
        _ => Err(format!("{} is not two capital letters of ISO 3166-1", quote(sent))),
    };
    violations.check(field, parsed)
}

/// A point in time that may be absent.
pub(super) fn time(
    field: &str,
    at: Option<google::Timestamp>,
    violations: &mut Violations,
) -> Option<Timestamp> {
    let ms = at?.ms();
    violations
        .check(field, ms.ok_or("is not a time of the years 1 to 9999"))
        .map(Timestamp::from_ms)
}

/// When an event happened: `now` if it does not say.
pub(super) fn occurred_at(
    field: &str,
    at: Option<google::Timestamp>,
    now: Timestamp,
    violations: &mut Violations,
) -> Timestamp {
    let occurred_at = time(field, at, violations).unwrap_or(now);
    if occurred_at.ms() < 0 {
        violations.add(field, format!("is {occurred_at}, before 1970-01-01"));
    }
    if occurred_at.since(now) > AHEAD_MS_MAX {
        let minutes = AHEAD_MS_MAX / MINUTE_MS;
        let text = format!("is {occurred_at}, more than {minutes} minutes ahead of {now}");
        violations.add(field, text);
    }
    occurred_at
}

/// What a stranger wrote, as the rules may see it: cut to `bytes_max`, control characters blanked.
///
/// It is never refused, or whoever writes a header could choose that no decision is made.
pub(super) fn tame(text: &mut String, bytes_max: usize) {
    text.truncate(text.floor_char_boundary(bytes_max));
    if control(text).is_some() {
        *text = text.replace(char::is_control, " ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_text_is_tamed() {
        let check = |text: &str, expected: &str| {
            let mut text = text.to_owned();
            tame(&mut text, 8);
            assert_eq!(text, expected);
        };
        check("short", "short");
        check("123456789", "12345678");
        check("1234567é", "1234567");
        check("a\r\nb\u{85}c", "a  b c");
    }
}
