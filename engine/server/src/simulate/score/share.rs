//! A share of many, and how far chance may have moved it.

use std::fmt;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

/// The quantile of the normal distribution that leaves 2.5 % on either side.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// `part` of `whole`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many of them.
    pub part: u64,
    /// How many in all.
    pub whole: u64,
}

impl Share {
    /// Counts those of which `counts` is true.
    pub fn of(flags: impl Iterator<Item = bool>) -> Self {
        let mut share = Self::default();
        flags.for_each(|flag| share.count(flag));
        share
    }

    /// One more.
    pub fn count(&mut self, flag: bool) {
        self.whole += 1;
        self.part += u64::from(flag);
    }

    /// From 0 to 1; `None` of nothing.
    pub fn value(self) -> Option<f64> {
        (self.whole > 0).then(|| self.part as f64 / self.whole as f64)
    }

    /// Between what and what the true share lies, in 95 of 100 cases (Wilson 1927): it never leaves 0 to
    /// 1, and none in a hundred is not certainly none at all.
    pub fn interval(self) -> Option<(f64, f64)> {
        let (share, whole) = (self.value()?, self.whole as f64);
        let squared = Z_95 * Z_95;
        let middle = share + squared / (2.0 * whole);
        let spread =
            (share * (1.0 - share) / whole + squared / (4.0 * whole * whole)).sqrt() * Z_95;
        let scale = 1.0 + squared / whole;
        Some((((middle - spread) / scale).max(0.0), ((middle + spread) / scale).min(1.0)))
    }
}

/// `97.5 % (94.1–99.0)`, with as many digits as the interval leaves any meaning.
impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((share, (low, high))) = self.value().zip(self.interval()) else {
            return f.write_str("·");
        };
        let digits = match high - low {
            wide if wide > 0.1 => 0,
            narrow if narrow < 0.03 && high < 0.05 => 2,
            _ => 1,
        };
        let percent = |share: f64| match format!("{:.digits$}", share * 100.0) {
            whole if whole.starts_with("100") => "100".to_owned(),
            share => share,
        };
        write!(f, "{} % ({}–{})", percent(share), percent(low), percent(high))
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (low, high) = self.interval().unzip();
        let mut fields = serializer.serialize_struct("Share", 5)?;
        fields.serialize_field("part", &self.part)?;
        fields.serialize_field("whole", &self.whole)?;
        fields.serialize_field("share", &self.value())?;
        fields.serialize_field("low", &low)?;
        fields.serialize_field("high", &high)?;
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the values that `binom.confint(…, methods = "wilson")` of R gives.
    #[test]
    fn intervals_are_those_of_wilson() {
        let check = |part, whole, low: f64, high: f64| {
            let (found_low, found_high) = Share { part, whole }.interval().unwrap();
            assert!((found_low - low).abs() < 5e-5, "{part}/{whole}: {found_low}");
            assert!((found_high - high).abs() < 5e-5, "{part}/{whole}: {found_high}");
        };
        check(0, 10, 0.0, 0.2775);
        check(10, 10, 0.7225, 1.0);
        check(15, 148, 0.0624, 0.1605);
        check(1, 29, 0.0061, 0.1718);
        check(50, 100, 0.4038, 0.5962);
    }

    #[test]
    fn shares_read_well() {
        let check = |part, whole, text: &str| assert_eq!(Share { part, whole }.to_string(), text);
        check(0, 0, "·");
        check(5, 10, "50 % (24–76)");
        check(100, 100, "100 % (96.3–100)");
        check(98, 100, "98.0 % (93.0–99.4)");
        check(3, 10_000, "0.03 % (0.01–0.09)");
    }
}
