//! Names that end with a number, as those do that a program counts up.

use smol_str::{SmolStr, ToSmolStr, format_smolstr};

/// Longer numbers are no numbers that anybody counts up.
const DIGITS_MAX: usize = 15;

/// A name that ends with a number, or whose part before the `@` does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbered<'a> {
    letters: &'a str,
    pub(crate) number: i64,
    domain: Option<&'a str>,
}

impl<'a> Numbered<'a> {
    /// `ana17@example.org` is the seventeenth `ana@example.org`. `None` for a name that ends with no number, or with one of
    /// more than fifteen digits.
    pub(crate) fn of(name: &'a str) -> Option<Self> {
        let (local, domain) = match name.split_once('@') {
            Some((local, domain)) => (local, Some(domain)),
            None => (name, None),
        };
        let letters = local.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = local.strip_prefix(letters).filter(|digits| digits.len() <= DIGITS_MAX)?;
        Some(Self { letters, number: digits.parse().ok()?, domain })
    }

    /// The name without its number.
    pub(crate) fn stem(&self) -> SmolStr {
        match self.domain {
            Some(domain) => format_smolstr!("{}@{domain}", self.letters),
            None => self.letters.to_smolstr(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_what_a_name_ends_with() {
        let check = |name, expected: Option<(&str, i64)>| {
            let read = Numbered::of(name).map(|read| (read.stem(), read.number));
            assert_eq!(
                read.as_ref().map(|(stem, number)| (stem.as_str(), *number)),
                expected,
                "{name}"
            );
        };
        check("user0042", Some(("user", 42)));
        check("ana17@example.org", Some(("ana@example.org", 17)));
        check("ana@host7", None);
        check("1234", Some(("", 1234)));
        check("a1b", None);
        check("", None);
        check("é9", Some(("é", 9)));
        check("n123456789012345", Some(("n", 123_456_789_012_345)));
        check("n1234567890123456", None);
    }
}
