//! What a signal can be: a typed value, or unknown with a cause.

use std::fmt;
use std::net::IpAddr;

use smol_str::SmolStr;

use crate::address::Network;
use crate::country::Country;
use crate::currency;
use crate::text::counted;
use crate::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Timestamp};
use crate::words::words;

/// The type of a signal, with its unit. Two types that differ never compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// A share of a whole, 0 to 1, written and shown as a percentage.
    Ratio,
    /// A number without unit.
    Decimal,
    /// An exact amount in one currency.
    Money,
    /// A length of time, in milliseconds.
    Duration,
    /// A point in time.
    Instant,
    /// A length, in kilometres.
    Distance,
    /// A speed, in kilometres per hour.
    Speed,
    /// An address.
    Ip,
    /// A network: an address and a prefix length.
    Cidr,
    /// An autonomous system's number.
    Asn,
    /// A country.
    Country,
    /// A device's identifier.
    Device,
    /// A user's identifier.
    User,
    /// Any other text.
    Text,
    /// One of a closed set of words.
    Word(&'static [&'static str]),
}

impl Type {
    /// The type's name in rule files and messages, with its unit where it has one.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Ratio => "ratio",
            Self::Decimal => "decimal",
            Self::Money => "money",
            Self::Duration => "duration",
            Self::Instant => "instant",
            Self::Distance => "distance (km)",
            Self::Speed => "speed (km/h)",
            Self::Ip => "ip",
            Self::Cidr => "cidr",
            Self::Asn => "asn",
            Self::Country => "country",
            Self::Device => "device",
            Self::User => "user",
            Self::Text => "text",
            Self::Word(_) => "word",
        }
    }

    /// Whether "more" and "less" mean something.
    pub const fn ordered(self) -> bool {
        match self {
            Self::Int | Self::Ratio | Self::Decimal | Self::Money | Self::Duration => true,
            Self::Instant | Self::Distance | Self::Speed => true,
            Self::Bool | Self::Ip | Self::Cidr | Self::Asn | Self::Country => false,
            Self::Device | Self::User | Self::Text | Self::Word(_) => false,
        }
    }
}

/// An exact amount: minor units (cents) of one currency.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    /// How many of the currency's smallest unit.
    pub minor: i64,
    /// ISO 4217 letters.
    pub currency: [u8; 3],
}

impl Money {
    /// The three letters.
    pub fn currency(&self) -> &str {
        std::str::from_utf8(&self.currency).unwrap_or("???")
    }
}

/// Every unit of it: `1,299.00 EUR`, `129,900 JPY`; `129,900 minor XXX` for a currency that
/// [`currency::decimals`] does not know.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minor < 0 { "-" } else { "" };
        let (minor, currency) = (self.minor.unsigned_abs(), self.currency());
        let Some(decimals) = currency::decimals(currency) else {
            return write!(f, "{sign}{} minor {currency}", counted(minor));
        };
        let unit = 10_u64.saturating_pow(decimals);
        write!(f, "{sign}{}", counted(minor / unit))?;
        if let Some(width) = usize::try_from(decimals).ok().filter(|width| *width > 0) {
            write!(f, ".{:0width$}", minor % unit)?;
        }
        write!(f, " {currency}")
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A value of one of the [`Type`]s. Cloning never allocates.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// See [`Type::Bool`].
    Bool(bool),
    /// See [`Type::Int`].
    Int(i64),
    /// See [`Type::Ratio`]; finite.
    Ratio(f64),
    /// See [`Type::Decimal`]; finite.
    Decimal(f64),
    /// See [`Type::Money`].
    Money(Money),
    /// See [`Type::Duration`]; milliseconds.
    Duration(i64),
    /// See [`Type::Instant`].
    Instant(Timestamp),
    /// See [`Type::Distance`]; kilometres, finite.
    Distance(f64),
    /// See [`Type::Speed`]; kilometres per hour, finite.
    Speed(f64),
    /// See [`Type::Ip`].
    Ip(IpAddr),
    /// See [`Type::Cidr`].
    Cidr(Network),
    /// See [`Type::Asn`].
    Asn(u32),
    /// See [`Type::Country`].
    Country(Country),
    /// See [`Type::Device`], [`Type::User`] and [`Type::Text`].
    Text(SmolStr),
    /// See [`Type::Word`].
    Word(&'static str),
}

const _: () = {
    // A decision has a hundred readings: none may take more than a text does.
    assert!(size_of::<Reading>() == size_of::<SmolStr>());
};

impl Value {
    /// Whether this value is one of `kind`.
    pub fn fits(&self, kind: Type) -> bool {
        match self {
            Self::Bool(_) => kind == Type::Bool,
            Self::Int(_) => kind == Type::Int,
            Self::Ratio(_) => kind == Type::Ratio,
            Self::Decimal(_) => kind == Type::Decimal,
            Self::Money(_) => kind == Type::Money,
            Self::Duration(_) => kind == Type::Duration,
            Self::Instant(_) => kind == Type::Instant,
            Self::Distance(_) => kind == Type::Distance,
            Self::Speed(_) => kind == Type::Speed,
            Self::Ip(_) => kind == Type::Ip,
            Self::Cidr(_) => kind == Type::Cidr,
            Self::Asn(_) => kind == Type::Asn,
            Self::Country(_) => kind == Type::Country,
            Self::Text(_) => matches!(kind, Type::Device | Type::User | Type::Text),
            Self::Word(word) => matches!(kind, Type::Word(words) if words.contains(word)),
        }
    }
}

/// As an analyst reads it in evidence: `15`, `82 %`, `1,204 km`, `3 h 10 min`, `203.0.113.7`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(true) => f.write_str("yes"),
            Self::Bool(false) => f.write_str("no"),
            Self::Int(number) => write!(f, "{number}"),
            Self::Ratio(share) => {
                write_whole(f, share * 100.0)?;
                f.write_str(" %")
            }
            Self::Decimal(number) => write!(f, "{number:.2}"),
            Self::Money(money) => write!(f, "{money}"),
            Self::Duration(ms) => write_duration(f, *ms),
            Self::Instant(at) => write!(f, "{at}"),
            Self::Distance(km) => {
                write_whole(f, *km)?;
                f.write_str(" km")
            }
            Self::Speed(km_h) => {
                write_whole(f, *km_h)?;
                f.write_str(" km/h")
            }
            Self::Ip(address) => write!(f, "{address}"),
            Self::Cidr(network) => write!(f, "{network}"),
            Self::Asn(number) => write!(f, "AS{number}"),
            Self::Country(country) => write!(f, "{country}"),
            Self::Text(text) => f.write_str(text),
            Self::Word(word) => f.write_str(word),
        }
    }
}

/// The nearest whole number, as `{:.0}` writes it, without the long way through decimal digits.
#[expect(clippy::cast_possible_truncation, reason = "below a million")]
fn write_whole(f: &mut fmt::Formatter<'_>, number: f64) -> fmt::Result {
    if number.is_sign_positive() && number < 1e6 {
        fmt::Display::fmt(&(number.round_ties_even() as i64), f)
    } else {
        write!(f, "{number:.0}")
    }
}

/// The two largest units that are not zero.
fn write_duration(f: &mut fmt::Formatter<'_>, ms: i64) -> fmt::Result {
    const UNITS: [(i64, &str); 5] =
        [(DAY_MS, "d"), (HOUR_MS, "h"), (MINUTE_MS, "min"), (SECOND_MS, "s"), (1, "ms")];
    if ms < 0 {
        f.write_str("-")?;
    }
    let mut rest = ms.saturating_abs();
    let mut written = 0;
    for (unit_ms, unit) in UNITS {
        let count = rest / unit_ms;
        rest %= unit_ms;
        if count > 0 && written < 2 {
            let gap = if written == 0 { "" } else { " " };
            write!(f, "{gap}{count} {unit}")?;
            written += 1;
        }
    }
    if written == 0 { f.write_str("0 s") } else { Ok(()) }
}

words! {
    /// Why a signal has no value. Never a hit and never trust.
    Cause {
        /// The event does not say what the signal needs.
        MissingInput = "missing_input",
        /// There is less history than the signal needs.
        NoHistory = "no_history",
        /// Data that Doorward should have had was missing, too old or did not answer.
        LookupFailed = "lookup_failed",
        /// A list or the class of the network makes the signal meaningless.
        Excluded = "excluded",
        /// The signal has no meaning in this journey.
        NotApplicable = "not_applicable",
        /// The window has not yet seen its whole span, or lost part of it.
        Incomplete = "incomplete",
    }
}

/// A signal as it was seen: a value, or unknown with a cause.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// The value.
    Known(Value),
    /// There is none, and why.
    Unknown(Cause),
}

impl Reading {
    /// The value, if there is one.
    pub fn known(&self) -> Option<&Value> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }

    /// The text of the value or the cause: `15`, `unknown (no_history)`.
    pub fn text(&self) -> String {
        self.to_string()
    }
}

/// The value or the cause: `15`, `unknown (no_history)`.
impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => fmt::Display::fmt(value, f),
            Self::Unknown(cause) => write!(f, "unknown ({cause})"),
        }
    }
}

impl From<Result<Value, Cause>> for Reading {
    fn from(result: Result<Value, Cause>) -> Self {
        match result {
            Ok(value) => Self::Known(value),
            Err(cause) => Self::Unknown(cause),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_an_analyst_would_say_it() {
        let check = |value: Value, text: &str| assert_eq!(value.to_string(), text);
        check(Value::Ratio(0.824), "82 %");
        check(Value::Duration(3 * HOUR_MS + 10 * MINUTE_MS + 5), "3 h 10 min");
        check(Value::Duration(0), "0 s");
        check(Value::Duration(-90_000), "-1 min 30 s");
        check(Value::Speed(1204.4), "1204 km/h");
        check(Value::Asn(64_500), "AS64500");
    }

    #[test]
    fn money_is_shown_to_the_last_unit() {
        let check = |minor, currency: &[u8; 3], text: &str| {
            assert_eq!(Money { minor, currency: *currency }.to_string(), text);
        };
        check(490_000, b"EUR", "4,900.00 EUR");
        check(-5, b"EUR", "-0.05 EUR");
        check(1_234, b"KWD", "1.234 KWD");
        check(129_900, b"JPY", "129,900 JPY");
        check(129_900, b"QQQ", "129,900 minor QQQ");
        check(i64::MIN, b"EUR", "-92,233,720,368,547,758.08 EUR");
    }

    #[test]
    fn whole_numbers_are_written_as_ever() {
        let halves = (0..4_000).map(|number| f64::from(number) / 8.0);
        let rest = [-0.0, -0.4, -2.5, 999_999.5, 1e6, 1e300, f64::MIN_POSITIVE];
        for km in halves.chain(rest) {
            assert_eq!(Value::Distance(km).to_string(), format!("{km:.0} km"));
        }
    }
}
