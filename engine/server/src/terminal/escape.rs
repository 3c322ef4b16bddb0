//! Taming of text that strangers wrote.

use std::borrow::Cow;

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

/// Whether a terminal obeys the character, or shows nothing, instead of showing it.
pub(crate) fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{3164}')
        || matches!(c, '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}')
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}')
        || matches!(c, '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}')
        || matches!(c, '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strangers_wrote_moves_nothing() {
        let check = |text: &str, expected: &str| assert_eq!(escaped(text), expected);
        check("Ana Müller, 日本 🙂", "Ana Müller, 日本 🙂");
        check("\u{1b}[2J", "\\u{1b}[2J");
        check("a\tb\r\nc\u{9b}K\u{7f}", "a\\tb\\r\\nc\\u{9b}K\\u{7f}");
        check("user\u{202e}nimda\u{2066}", "user\\u{202e}nimda\\u{2066}");
        check("an\u{200b}a\u{feff}\u{e0061}\u{ad}", "an\\u{200b}a\\u{feff}\\u{e0061}\\u{ad}");
    }
}
