//! Values of the record in words.

use std::fmt;

use doorward_core::time::Timestamp;
use doorward_core::value::{Cause, Value};

use crate::wire::google;

const MICROS_PER_MS: u128 = 1_000;

/// A word of a closed set as people write it; nothing for one that is not set.
pub(super) fn word<T: fmt::Display>(word: Option<T>) -> String {
    word.map(|word| word.to_string().replace('_', " ")).unwrap_or_default()
}

/// What there is of `parts`, with `between` between them.
pub(super) fn joined(parts: &[&str], between: &str) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join(between)
}

/// A time; nothing for one that is not set or that no calendar has.
pub(super) fn time(at: Option<&google::Timestamp>) -> String {
    let ms = at.and_then(google::Timestamp::ms);
    ms.map(|ms| Timestamp::from_ms(ms).to_string()).unwrap_or_default()
}

/// A length of time; below a millisecond in microseconds.
pub(super) fn span(span: &google::Duration) -> String {
    match span.ms() {
        Some(0) => format!("{} µs", u128::from(span.nanos.unsigned_abs()) / MICROS_PER_MS),
        Some(ms) => Value::Duration(ms).to_string(),
        None => span.to_string(),
    }
}

/// Why there is no value, so that who reads it knows what would help.
pub(super) fn cause(cause: Option<Cause>) -> &'static str {
    match cause {
        None => "for no recorded cause",
        Some(Cause::MissingInput) => "not told by the caller",
        Some(Cause::NoHistory) => "too little history yet",
        Some(Cause::LookupFailed) => "not found in the data, or the data is too old",
        Some(Cause::Excluded) => "excluded: it would mislead here",
        Some(Cause::NotApplicable) => "without meaning here",
        Some(Cause::Incomplete) => "its window does not cover its whole span yet",
    }
}
