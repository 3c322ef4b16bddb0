//! One entry of a network list.

use std::fmt;
use std::net::IpAddr;

use doorward_core::address::Network;

use crate::terminal::escaped;

/// Most letters shown of what cannot be read.
const LETTERS_MAX: usize = 60;

/// What an entry names; both ends inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    V4 { first: u32, last: u32 },
    V6 { first: u128, last: u128 },
    Asn(u32),
}

impl Entry {
    /// Reads `203.0.113.0/24`, `203.0.113.7`, `203.0.113.7 - 203.0.113.90` or `AS64500`.
    pub(super) fn parse(text: &str) -> Result<Self, EntryError> {
        if let Some(("", digits)) = text.split_at_checked(2).map(|(letters, digits)| {
            (if letters.eq_ignore_ascii_case("AS") { "" } else { letters }, digits)
        }) {
            return Self::asn(digits).ok_or_else(|| EntryError::Asn(shown(text)));
        }
        let unreadable = || EntryError::Unreadable(shown(text));
        let (first, last) = match text.split_once('-') {
            Some((first, last)) => {
                let address = |text: &str| text.trim().parse::<IpAddr>().map_err(|_| unreadable());
                (address(first)?, address(last)?)
            }
            None => {
                let network = Network::parse(text).ok_or_else(unreadable)?;
                (network.base(), network.last())
            }
        };
        match (first.to_canonical(), last.to_canonical()) {
            (IpAddr::V4(first), IpAddr::V4(last)) if first <= last => {
                Ok(Self::V4 { first: first.into(), last: last.into() })
            }
            (IpAddr::V6(first), IpAddr::V6(last)) if first <= last => {
                Ok(Self::V6 { first: first.into(), last: last.into() })
            }
            (IpAddr::V4(_) | IpAddr::V6(_), _) => Err(EntryError::Reversed(shown(text))),
        }
    }

    /// The same in a column of numbers of autonomous systems, which go without letters too.
    pub(super) fn parse_asn(text: &str) -> Result<Self, EntryError> {
        let asn = Self::asn(text).map_or_else(|| Self::parse(text), Ok);
        asn.map_err(|_| EntryError::Asn(shown(text)))
    }

    /// Zero names no system (RFC 7607).
    fn asn(digits: &str) -> Option<Self> {
        digits.parse().ok().filter(|asn| *asn != 0).map(Self::Asn)
    }
}

/// The beginning of what somebody wrote, harmless to a terminal.
pub(super) fn shown(text: &str) -> String {
    let end = text.char_indices().nth(LETTERS_MAX).map(|(end, _)| end);
    match end.and_then(|end| text.split_at_checked(end)) {
        Some((begin, _)) => format!("{}…", escaped(begin)),
        None => escaped(text).into_owned(),
    }
}

/// What is wrong with one line of a network list. Texts are as people may see them.
#[derive(Debug, PartialEq, Eq)]
pub enum EntryError {
    /// Neither addresses nor an autonomous system.
    Unreadable(String),
    /// Not the number of an autonomous system.
    Asn(String),
    /// A range that ends before it starts, or in the other address family.
    Reversed(String),
    /// A line of CSV without a field where the entries are.
    Absent,
    /// The header of a CSV file names no column that holds entries.
    Header(String),
    /// It is not CSV.
    Syntax(String),
    /// Not a point in time.
    Updated(String),
}

impl fmt::Display for EntryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(text) => write!(
                f,
                "`{text}` is no entry, write 203.0.113.0/24, 2001:db8::/32, 203.0.113.7, \
                 203.0.113.7 - 203.0.113.9 or AS64500"
            ),
            Self::Asn(text) => {
                write!(f, "`{text}` is no autonomous system, write AS64500")
            }
            Self::Reversed(text) => write!(
                f,
                "`{text}` ends before it starts, write the lower address first and both as IPv4 or IPv6"
            ),
            Self::Absent => f.write_str("no entry in this line, fill it in or remove the line"),
            Self::Header(text) => write!(
                f,
                "no column `network` or `asn` in `{text}`, name the column of the entries so"
            ),
            Self::Syntax(reason) => f.write_str(reason),
            Self::Updated(text) => write!(
                f,
                "`{text}` is no date, write `# updated: 2026-11-20` or `# updated: 2026-11-20T06:00:00Z`"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_addresses_networks_ranges_and_systems() {
        let check = |text: &str, expected| assert_eq!(Entry::parse(text), Ok(expected), "{text}");
        let v4 = |first, last| Entry::V4 { first, last };
        check("203.0.113.7", v4(0xcb00_7107, 0xcb00_7107));
        check("203.0.113.0/24", v4(0xcb00_7100, 0xcb00_71ff));
        check("203.0.113.9/24", v4(0xcb00_7100, 0xcb00_71ff));
        check("0.0.0.0/0", v4(0, u32::MAX));
        check("203.0.113.7-203.0.113.9", v4(0xcb00_7107, 0xcb00_7109));
        check("203.0.113.7 - 203.0.113.9", v4(0xcb00_7107, 0xcb00_7109));
        check("::ffff:203.0.113.0/120", v4(0xcb00_7100, 0xcb00_71ff));
        let base = 0x2001_0db8 << 96;
        check("2001:db8::/32", Entry::V6 { first: base, last: base | ((1 << 96) - 1) });
        check("2001:db8::7", Entry::V6 { first: base | 7, last: base | 7 });
        // Addresses of 6to4 are no excuse to name all of IPv4.
        assert!(matches!(Entry::parse("2002::/16"), Ok(Entry::V6 { .. })));
        check("AS64500", Entry::Asn(64_500));
        check("as4294967295", Entry::Asn(u32::MAX));
        assert_eq!(Entry::parse_asn("64500"), Ok(Entry::Asn(64_500)));
        assert_eq!(Entry::parse_asn("AS64500"), Ok(Entry::Asn(64_500)));
    }

    #[test]
    fn says_what_to_write_instead() {
        let check = |text: &str, expected: &str| {
            let message = Entry::parse(text).unwrap_err().to_string();
            assert!(
                message.contains(&format!("`{text}`")) && message.contains(expected),
                "{message}"
            );
        };
        for text in ["64500", "203.0.113.0/33", "203.0.113", "example.com", "1.2.3.4 7", "a-b"] {
            check(text, "is no entry, write 203.0.113.0/24");
        }
        for text in ["AS", "AS0", "ASx", "AS4294967296"] {
            check(text, "is no autonomous system, write AS64500");
        }
        for text in ["203.0.113.9-203.0.113.7", "203.0.113.9-2001:db8::1"] {
            check(text, "ends before it starts");
        }
        assert!(Entry::parse_asn("1.2.3.x").is_err());
        let long = Entry::parse(&"\u{1b}[2J".repeat(1_000)).unwrap_err().to_string();
        assert!(long.starts_with("`\\u{1b}[2J") && long.len() < 300, "{long}");
    }
}
