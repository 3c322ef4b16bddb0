//! Numbers with their units, dates.

use super::{Lexer, name_character};
use crate::policy::{
    ast::{Literal, Money},
    diagnostic::{Code, Diagnostic},
    token::TokenKind,
};

/// Units of time and their milliseconds; they follow the number without a blank.
const DURATIONS: [(&str, i64); 6] = [
    ("ms", 1),
    ("s", 1_000),
    ("m", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
    ("w", 604_800_000),
];

/// What people write for a unit, and the unit.
const MEANT: [(&str, &str); 30] = [
    ("msec", "ms"),
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("min", "m"),
    ("mins", "m"),
    ("minute", "m"),
    ("minutes", "m"),
    ("hr", "h"),
    ("hrs", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("day", "d"),
    ("days", "d"),
    ("week", "w"),
    ("weeks", "w"),
    ("ms", "ms"),
    ("s", "s"),
    ("m", "m"),
    ("h", "h"),
    ("d", "d"),
    ("w", "w"),
    ("percent", "%"),
    ("kmh", " km/h"),
    ("kph", " km/h"),
    ("kmph", " km/h"),
    ("mps", " m/s"),
    ("eur", " EUR"),
    ("usd", " USD"),
];

const KMH_PER_MPS: f64 = 3.6;

impl<'s> Lexer<'s> {
    /// A date or a number; a digit stands here.
    pub(super) fn number(&mut self) -> TokenKind {
        if date_starts(self.rest()) {
            return self.date();
        }
        let start = self.at;
        self.take_while(|c| c.is_ascii_digit() || c == '_');
        let fraction = self.rest().strip_prefix('.');
        if fraction.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            self.take(1);
            self.take_while(|c| c.is_ascii_digit() || c == '_');
        }
        let digits = self.text.get(start..self.at).unwrap_or("").replace('_', "");
        self.with_unit(start, &digits)
    }

    fn with_unit(&mut self, start: usize, digits: &str) -> TokenKind {
        let number = self.at;
        let blank = self.take_while(|c| c == ' ');
        let unit = self.unit();
        let literal = match unit {
            "%" => ratio(digits),
            "km" => decimal(digits).map(|km| Literal::Distance { km }),
            "km/h" => decimal(digits).map(|kmh| Literal::Speed { kmh }),
            "m/s" => digits.parse().ok().map(|mps: f64| Literal::Speed { kmh: mps * KMH_PER_MPS }),
            _ if currency(unit) => money(digits, unit),
            _ if blank.is_empty() && !unit.is_empty() => match duration(digits, unit) {
                Some(duration) => duration.ok(),
                None => return self.no_unit(start, digits, unit),
            },
            _ if MEANT.iter().any(|(word, _)| *word == unit) => {
                return self.no_unit(start, digits, unit);
            }
            _ => {
                self.at = number;
                plain(digits)
            }
        };
        match literal {
            Some(literal) => TokenKind::Literal(literal),
            None => self.too_large(start),
        }
    }

    /// Takes what may be a unit: a word, with `/h` or `/s` if that makes it a speed, or `%`.
    fn unit(&mut self) -> &'s str {
        let start = self.at;
        if self.rest().starts_with('%') {
            return self.take(1);
        }
        let word = self.take_while(name_character);
        let speed = match word {
            "km" => "/h",
            "m" => "/s",
            _ => "",
        };
        let after = self.rest().strip_prefix(speed);
        if after.is_some_and(|after| !after.starts_with(name_character)) {
            self.take(speed.len());
        }
        self.text.get(start..self.at).unwrap_or("")
    }

    fn no_unit(&mut self, start: usize, digits: &str, unit: &str) -> TokenKind {
        let place = self.span_from(start);
        let meant = MEANT.iter().find(|(word, _)| *word == unit.to_ascii_lowercase());
        let (message, help) = match meant {
            Some((word, meant)) if word == meant => (
                format!("a blank stands between `{digits}` and its unit"),
                format!("write `{digits}{meant}`"),
            ),
            Some((_, meant)) => {
                (format!("unknown unit `{unit}`"), format!("write `{digits}{meant}`"))
            }
            None => (
                format!("unknown unit `{unit}`"),
                "units are `ms s m h d w`, `%`, `km`, `km/h`, `m/s` and currencies such as `EUR`"
                    .to_owned(),
            ),
        };
        self.damaged(Diagnostic::error(Code::NUMBER, message).at(place, "").help(help))
    }

    fn too_large(&mut self, start: usize) -> TokenKind {
        let place = self.span_from(start);
        self.damaged(
            Diagnostic::error(Code::NUMBER, "a number cannot be kept exactly")
                .at(place, "")
                .help(format!("whole numbers reach {}, a duration is a whole number", i64::MAX)),
        )
    }

    fn date(&mut self) -> TokenKind {
        let start = self.at;
        let written = self.take_while(|c| c.is_ascii_alphanumeric() || "-+:.".contains(c));
        let literal = if written.contains('T') {
            written.parse().ok().map(Literal::Instant)
        } else {
            written.parse().ok().map(Literal::Date)
        };
        if let Some(literal) = literal {
            return TokenKind::Literal(literal);
        }
        let place = self.span_from(start);
        self.damaged(
            Diagnostic::error(Code::DATE, format!("`{written}` is no date"))
                .at(place, "")
                .help("dates look like `2027-03-31`, points in time like `2027-03-31T12:00:00Z`"),
        )
    }
}

/// Four digits, a minus, a digit: no one subtracts like that.
fn date_starts(rest: &str) -> bool {
    let mut bytes = rest.bytes();
    bytes.by_ref().take(4).all(|byte| byte.is_ascii_digit())
        && bytes.next() == Some(b'-')
        && bytes.next().is_some_and(|byte| byte.is_ascii_digit())
}

fn plain(digits: &str) -> Option<Literal> {
    if digits.contains('.') {
        decimal(digits).map(Literal::Decimal)
    } else {
        digits.parse().ok().map(Literal::Int)
    }
}

fn ratio(digits: &str) -> Option<Literal> {
    decimal(digits).map(|percent| Literal::Ratio(percent / 100.0))
}

fn decimal(digits: &str) -> Option<f64> {
    digits.parse().ok().filter(|number: &f64| number.is_finite())
}

/// `None` if `unit` is no unit of time, `Some(Err)` if the number does not fit.
fn duration(digits: &str, unit: &str) -> Option<Result<Literal, ()>> {
    let (_, unit_ms) = DURATIONS.iter().find(|(name, _)| *name == unit)?;
    let ms = digits.parse::<i64>().ok().and_then(|count| count.checked_mul(*unit_ms));
    Some(ms.map(|ms| Literal::Duration { ms }).ok_or(()))
}

fn currency(unit: &str) -> bool {
    unit.len() == 3 && unit.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn money(digits: &str, currency: &str) -> Option<Literal> {
    let (_, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    Some(Literal::Money(Money {
        digits: digits.replace('.', "").parse().ok()?,
        decimals: u32::try_from(decimals.len()).ok()?,
        currency: currency.to_owned(),
    }))
}
