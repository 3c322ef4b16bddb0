//! The two types of `google.protobuf` that the contract uses, with their JSON forms.
//!
//! Our own, because the canonical form of a time ends in `Z`, and because a duration that fits no
//! number must be an error and not another duration.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

const NANOS_PER_SECOND: i32 = 1_000_000_000;
const NANOS_PER_MS: i32 = 1_000_000;
/// The longest duration that protobuf allows, in seconds: about 10,000 years.
const DURATION_SECONDS_MAX: u64 = 315_576_000_000;

/// A point in time, as `google.protobuf.Timestamp`.
#[derive(Clone, Copy, Eq, Hash, PartialEq, prost::Message)]
pub struct Timestamp {
    /// Seconds since the Unix epoch.
    #[prost(int64, tag = "1")]
    pub seconds: i64,
    /// Nanoseconds after `seconds`, never negative.
    #[prost(int32, tag = "2")]
    pub nanos: i32,
}

impl Timestamp {
    /// Milliseconds since the epoch, rounded down; `None` outside the years 1 to 9999 or for
    /// nanoseconds that make a second or are negative.
    pub fn ms(&self) -> Option<i64> {
        let years = jiff::Timestamp::from_second(self.seconds).is_ok() && self.seconds >= YEAR_1;
        let whole = years && (0..NANOS_PER_SECOND).contains(&self.nanos);
        let ms = self.seconds.saturating_mul(1_000);
        whole.then(|| ms.saturating_add(i64::from(self.nanos / NANOS_PER_MS)))
    }
}

/// 0001-01-01T00:00:00Z.
const YEAR_1: i64 = -62_135_596_800;

impl From<doorward_core::time::Timestamp> for Timestamp {
    fn from(at: doorward_core::time::Timestamp) -> Self {
        let ms = i32::try_from(at.ms().rem_euclid(1_000)).unwrap_or_default();
        Self { seconds: at.ms().div_euclid(1_000), nanos: ms * NANOS_PER_MS }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let at = jiff::Timestamp::new(self.seconds, self.nanos).map_err(ser::Error::custom)?;
        match digits(self.nanos.unsigned_abs()) {
            0 => serializer.collect_str(&format_args!("{at:.0}")),
            3 => serializer.collect_str(&format_args!("{at:.3}")),
            6 => serializer.collect_str(&format_args!("{at:.6}")),
            _ => serializer.collect_str(&format_args!("{at:.9}")),
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let at: jiff::Timestamp = text.parse().map_err(|_| {
            de::Error::custom(format!("`{text}` is not a time like `2026-03-01T09:30:00Z`"))
        })?;
        let nanos = i64::from(at.subsec_nanosecond());
        let seconds = at.as_second() - i64::from(nanos < 0);
        let nanos = i32::try_from(nanos.rem_euclid(i64::from(NANOS_PER_SECOND)));
        Ok(Self { seconds, nanos: nanos.unwrap_or_default() })
    }
}

/// A span of time, as `google.protobuf.Duration`.
#[derive(Clone, Copy, Eq, Hash, PartialEq, prost::Message)]
pub struct Duration {
    /// Whole seconds, of the same sign as `nanos`.
    #[prost(int64, tag = "1")]
    pub seconds: i64,
    /// The rest in nanoseconds, less than a second.
    #[prost(int32, tag = "2")]
    pub nanos: i32,
}

impl Duration {
    /// Milliseconds, rounded towards zero; `None` if the parts disagree in sign or are out of range.
    pub fn ms(&self) -> Option<i64> {
        let signs = self.seconds.signum() * i64::from(self.nanos.signum()) >= 0;
        let range = self.seconds.unsigned_abs() <= DURATION_SECONDS_MAX
            && self.nanos.unsigned_abs() < NANOS_PER_SECOND.unsigned_abs();
        let ms = self.seconds.saturating_mul(1_000);
        (signs && range).then(|| ms.saturating_add(i64::from(self.nanos / NANOS_PER_MS)))
    }
}

impl From<std::time::Duration> for Duration {
    fn from(span: std::time::Duration) -> Self {
        let seconds = span.as_secs().min(DURATION_SECONDS_MAX);
        Self {
            seconds: i64::try_from(seconds).unwrap_or_default(),
            nanos: i32::try_from(span.subsec_nanos()).unwrap_or_default(),
        }
    }
}

/// As JSON writes it: `0.045s`.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.seconds < 0 || self.nanos < 0 { "-" } else { "" };
        let (seconds, nanos) = (self.seconds.unsigned_abs(), self.nanos.unsigned_abs());
        match digits(nanos) {
            0 => write!(f, "{sign}{seconds}s"),
            3 => write!(f, "{sign}{seconds}.{:03}s", nanos / 1_000_000),
            6 => write!(f, "{sign}{seconds}.{:06}s", nanos / 1_000),
            _ => write!(f, "{sign}{seconds}.{nanos:09}s"),
        }
    }
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.ms().ok_or_else(|| ser::Error::custom("duration out of range"))?;
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        parse(&text)
            .ok_or_else(|| de::Error::custom(format!("`{text}` is not a duration like `0.045s`")))
    }
}

fn parse(text: &str) -> Option<Duration> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let number = unsigned.strip_suffix('s')?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) || fraction.len() > 9 {
        return None;
    }
    let seconds: i64 = whole.parse().ok()?;
    let nanos: i32 = format!("{fraction:0<9}").parse().ok()?;
    let span = match text.starts_with('-') {
        true => Duration { seconds: -seconds, nanos: -nanos },
        false => Duration { seconds, nanos },
    };
    span.ms().map(|_| span)
}

/// How many decimals the canonical form has.
fn digits(nanos: u32) -> u8 {
    match nanos {
        0 => 0,
        _ if nanos.is_multiple_of(1_000_000) => 3,
        _ if nanos.is_multiple_of(1_000) => 6,
        _ => 9,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_canonical() {
        let check = |text: &str, canonical: &str| {
            let at: Timestamp = serde_json::from_value(text.into()).unwrap();
            assert!(at.ms().is_some(), "{text}");
            assert_eq!(serde_json::to_value(at).unwrap(), canonical);
        };
        check("2026-03-01T09:30:00Z", "2026-03-01T09:30:00Z");
        check("2026-03-01T10:30:00.25+01:00", "2026-03-01T09:30:00.250Z");
        check("1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999999999Z");
        let beyond = Timestamp { seconds: i64::MAX, nanos: 0 };
        assert!(beyond.ms().is_none() && serde_json::to_value(beyond).is_err());
        assert!(Timestamp { seconds: 0, nanos: -1 }.ms().is_none());
    }

    #[test]
    fn times_survive_the_core() {
        for ms in [0, -1, 1_763_807_400_250, -62_135_596_800_000] {
            let at = doorward_core::time::Timestamp::from_ms(ms);
            assert_eq!(Timestamp::from(at).ms(), Some(ms));
        }
    }

    #[test]
    fn durations_are_canonical() {
        let check = |text: &str, canonical: &str| {
            assert_eq!(parse(text).map(|span| span.to_string()).as_deref(), Some(canonical));
        };
        check("0.045s", "0.045s");
        check("3s", "3s");
        check("-1.5s", "-1.500s");
        check("-0.000000001s", "-0.000000001s");
    }

    #[test]
    fn durations_that_fit_no_number_are_refused() {
        for text in ["", "s", "3", "1.s", ".5s", "--1s", "+1s", "1.+5s", "0.0000000001s"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse("315576000001s"), None);
        assert_eq!(parse("--9223372036854775808s"), None);
        assert!(Duration { seconds: 1, nanos: -1 }.ms().is_none());
    }
}
