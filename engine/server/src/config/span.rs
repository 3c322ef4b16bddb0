//! Spans of time as operators write them: `36h`.

use std::time::Duration;

use doorward_core::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// The units of a span, as in rule files.
const UNITS: [(char, i64); 5] =
    [('s', SECOND_MS), ('m', MINUTE_MS), ('h', HOUR_MS), ('d', DAY_MS), ('w', 7 * DAY_MS)];

/// How often something is done without being asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Every(pub(super) Option<Duration>);

impl<'de> Deserialize<'de> for Every {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        if text == "never" {
            return Ok(Self(None));
        }
        let ms = parse(&text).and_then(|ms| u64::try_from(ms).ok());
        let wrong =
            || D::Error::custom(format!("`{text}` is no span of time, write `10m` or `never`"));
        ms.map(|ms| Self(Some(Duration::from_millis(ms)))).ok_or_else(wrong)
    }
}

/// A span that a setting may have, in milliseconds.
pub(super) fn ms<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let text = String::deserialize(from)?;
    let wrong = || D::Error::custom(format!("`{text}` is no span of time, write `36h` or `3d`"));
    parse(&text).map(Some).ok_or_else(wrong)
}

/// In milliseconds; `None` if it is no span, or of no length.
pub(super) fn parse(text: &str) -> Option<i64> {
    UNITS.iter().find_map(|(unit, unit_ms)| {
        let count: u32 = text.strip_suffix(*unit)?.parse().ok().filter(|count| *count > 0)?;
        i64::from(count).checked_mul(*unit_ms)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<Option<u64>, &str>) {
        #[derive(Debug, Deserialize)]
        struct File {
            every: Every,
        }
        let file: Result<File, _> = toml::from_str(&format!("every = \"{text}\""));
        let seconds = file.map(|file| file.every.0.map(|every| every.as_secs()));
        match (seconds, expected) {
            (Err(error), Err(words)) => assert!(error.to_string().contains(words), "{error}"),
            (seconds, expected) => assert_eq!(seconds.unwrap(), expected.unwrap(), "{text}"),
        }
    }

    #[test]
    fn is_done_after_a_span_again_or_never() {
        check("10m", Ok(Some(600)));
        check("1s", Ok(Some(1)));
        check("never", Ok(None));
        for wrong in ["10", "0m", "-1m", "10 m", "always", ""] {
            let words = format!("`{wrong}` is no span of time, write `10m` or `never`");
            check(wrong, Err(&words));
        }
    }
}
