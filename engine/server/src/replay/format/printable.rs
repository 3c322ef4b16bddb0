//! Text as somebody else recorded it, made fit for the core's bounded text.

use doorward_core::text::Text;

/// The text with control characters escaped (`\n`, `\u{1b}`), cut at `BYTES_MAX`; `None` for an empty one.
///
/// Attackers put anything into a user name, and an attempt under a strange name still is an attempt.
pub(crate) fn printable<const BYTES_MAX: usize>(text: &str) -> Option<Text<BYTES_MAX>> {
    if let Ok(text) = Text::parse(text) {
        return Some(text);
    }
    let mut printable = String::new();
    for c in text.chars() {
        let before = printable.len();
        if c.is_control() {
            printable.extend(c.escape_default());
        } else {
            printable.push(c);
        }
        if printable.len() > BYTES_MAX {
            printable.truncate(before);
            break;
        }
    }
    Text::parse(&printable).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_strange_names_apart() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(printable::<8>(text).as_ref().map(Text::as_str), expected);
        };
        check("ana", Some("ana"));
        check("a\nb", Some("a\\nb"));
        check("a\u{1b}b", Some("a\\u{1b}b"));
        check("aaaa\u{1b}b", Some("aaaa"));
        check("ööööö", Some("öööö"));
        check("", None);
    }
}
