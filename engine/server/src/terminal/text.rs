//! Measuring, cutting and wrapping of text without colour, and taming of text that strangers wrote.

use std::borrow::Cow;

/// How many columns `text` takes.
pub fn width(text: &str) -> usize {
    console::measure_text_width(text)
}

/// `text` cut to `columns`, with `…` in place of what is missing.
pub fn fit(text: &str, columns: usize) -> String {
    console::truncate_str(text, columns, "…").into_owned()
}

/// `text` with every character spelled out that would move the cursor, or hide or turn around what
/// stands beside it: `\n`, `\u{202e}`.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.chars().any(hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::new();
    for c in text.chars() {
        if hidden(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    Cow::Owned(shown)
}

/// Whether a terminal obeys the character instead of showing it.
pub(crate) fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}'
        )
        || matches!(c, '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}')
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}')
        || matches!(c, '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}')
        || matches!(c, '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// `text` in lines of at most `columns`, broken at blanks and [`escaped`]; a longer word has a line of
/// its own and is not cut, so that what is meant to be copied can be copied.
pub fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace().map(escaped) {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(&word) <= columns => {
                line.push(' ');
                line.push_str(&word);
            }
            Some(_) | None => lines.push(word.into_owned()),
        }
    }
    lines
}

/// A number with its thousands apart: `12,345`.
pub fn counted(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_where_the_column_ends() {
        let check = |text, columns, expected: &str| assert_eq!(fit(text, columns), expected);
        check("stuffing", 8, "stuffing");
        check("stuffing", 5, "stuf…");
        check("日本語", 4, "日…");
    }

    #[test]
    fn text_is_wrapped_at_blanks() {
        let check = |text, columns, expected: &[&str]| assert_eq!(wrapped(text, columns), expected);
        check("one two three", 7, &["one two", "three"]);
        check("one two three", 99, &["one two three"]);
        check("a-very-long-word b", 4, &["a-very-long-word", "b"]);
        check("", 4, &[]);
    }

    #[test]
    fn what_strangers_wrote_moves_nothing() {
        let check = |text: &str, expected: &str| assert_eq!(escaped(text), expected);
        check("Ana Müller, 日本 🙂", "Ana Müller, 日本 🙂");
        check("\u{1b}[2J", "\\u{1b}[2J");
        check("a\tb\r\nc\u{9b}K\u{7f}", "a\\tb\\r\\nc\\u{9b}K\\u{7f}");
        check("user\u{202e}nimda\u{2066}", "user\\u{202e}nimda\\u{2066}");
        check("an\u{200b}a\u{feff}\u{e0061}\u{ad}", "an\\u{200b}a\\u{feff}\\u{e0061}\\u{ad}");
        assert_eq!(wrapped("one\ntwo \u{1b}]0;", 99), ["one two \\u{1b}]0;"]);
    }

    #[test]
    fn thousands_stand_apart() {
        let check = |number, expected: &str| assert_eq!(counted(number), expected);
        check(0, "0");
        check(999, "999");
        check(1_000, "1,000");
        check(1_234_567, "1,234,567");
    }
}
