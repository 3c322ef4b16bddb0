//! Measuring, cutting and wrapping of text without colour.

/// How many columns `text` takes.
pub fn width(text: &str) -> usize {
    console::measure_text_width(text)
}

/// `text` cut to `columns`, with `…` in place of what is missing.
pub fn fit(text: &str, columns: usize) -> String {
    console::truncate_str(text, columns, "…").into_owned()
}

/// `text` in lines of at most `columns`, broken at blanks, but not between a number and its unit; a
/// longer word has a line of its own and is not cut, so that what is meant to be copied can be copied.
pub fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words(text) {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(&word) <= columns => {
                line.push(' ');
                line.push_str(&word);
            }
            Some(_) | None => lines.push(word),
        }
    }
    lines
}

/// The words of a text, a number and the word after it as one.
fn words(text: &str) -> Vec<String> {
    let number = |word: &str| word.chars().all(|c| c.is_ascii_digit() || "(.,".contains(c));
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match words.last_mut() {
            Some(last) if number(last) => {
                last.push(' ');
                last.push_str(word);
            }
            Some(_) | None => words.push(word.to_owned()),
        }
    }
    words
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
        check("at 5 km (99 %)", 7, &["at 5 km", "(99 %)"]);
        check("at 5 km", 4, &["at", "5 km"]);
        check("", 4, &[]);
    }
}
