//! Quoted texts: escapes and placeholders.

use super::{Parsed, Parser, Reported};
use crate::policy::{
    ast::{Name, Template, TemplatePart, Text},
    diagnostic::{Code, Diagnostic},
    lexer::{name_character, name_start},
    span::Span,
    token::TokenKind,
};

impl Parser<'_> {
    /// A text in which braces mean nothing.
    pub(super) fn text(&mut self, what: &str) -> Parsed<Text> {
        let (span, mut characters) = self.quoted(what)?;
        let mut value = String::new();
        while let Some((_, character)) = characters.next() {
            value.push(self.unescape(character, &mut characters)?);
        }
        Ok(Text { value, span })
    }

    /// A text with placeholders.
    pub(super) fn template(&mut self, what: &str) -> Parsed<Template> {
        let (span, mut characters) = self.quoted(what)?;
        let mut parts = Vec::new();
        let mut text = String::new();
        while let Some((at, character)) = characters.next() {
            let doubled = matches!(characters.peek(), Some((_, next)) if *next == character);
            match character {
                '{' | '}' if doubled => {
                    characters.next();
                    text.push(character);
                }
                '{' => {
                    if !text.is_empty() {
                        parts.push(TemplatePart::Text(std::mem::take(&mut text)));
                    }
                    parts.push(TemplatePart::Placeholder(self.placeholder(at, &mut characters)?));
                }
                '}' => return Err(self.lone_brace(at)),
                _ => text.push(self.unescape(character, &mut characters)?),
            }
        }
        if !text.is_empty() {
            parts.push(TemplatePart::Text(text));
        }
        Ok(Template { parts, span })
    }

    /// Takes a quoted text: its span, and what is between the quotes with positions in the file.
    fn quoted(&mut self, what: &str) -> Parsed<(Span, Characters)> {
        if *self.kind() != TokenKind::Text {
            let unquoted = if self.same_line() { self.word() } else { "" };
            return Err(self.expected_with(what, |problem| match unquoted {
                "" => problem,
                word => problem.help(format!("write `\"{word}\"`")),
            }));
        }
        let span = self.bump().span;
        let inside = Span { start: span.start + 1, end: span.end.saturating_sub(1), ..span };
        let characters: Vec<(Span, char)> = self
            .slice(inside)
            .char_indices()
            .map(|(offset, character)| {
                let start = inside.start.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX));
                let end = start.saturating_add(u32::try_from(character.len_utf8()).unwrap_or(1));
                (Span { start, end, ..span }, character)
            })
            .collect();
        Ok((span, characters.into_iter().peekable()))
    }

    fn unescape(&mut self, character: char, following: &mut Characters) -> Parsed<char> {
        if character != '\\' {
            return Ok(character);
        }
        match following.next() {
            Some((_, escaped @ ('"' | '\\'))) => Ok(escaped),
            Some((_, 'n')) => Ok('\n'),
            Some((_, 't')) => Ok('\t'),
            Some((at, other)) => {
                let escape = Span { start: at.start.saturating_sub(1), ..at };
                let message = format!("`\\{other}` means nothing");
                let problem = Diagnostic::error(Code::ESCAPE, message).at(escape, "");
                Err(self.report(problem.help("escapes are `\\\"`, `\\\\`, `\\n` and `\\t`")))
            }
            None => Err(Reported),
        }
    }

    /// The name up to the closing brace; `open` is where the opening one stands.
    fn placeholder(&mut self, open: Span, following: &mut Characters) -> Parsed<Name> {
        let mut text = String::new();
        let mut end = open;
        for (at, character) in following {
            if character == '}' {
                let span = Span { start: open.end, end: at.start, ..open };
                return if names_something(&text) {
                    Ok(Name { text, span })
                } else {
                    Err(self.no_placeholder(open.to(at), &text))
                };
            }
            text.push(character);
            end = at;
        }
        let problem = Diagnostic::error(Code::PLACEHOLDER, "a placeholder is not closed")
            .at(open.to(end), "`}` is missing");
        Err(self.report(problem.help("for a brace in the text write `{{`")))
    }

    fn no_placeholder(&mut self, place: Span, inside: &str) -> Reported {
        let message = if inside.trim().is_empty() {
            "a placeholder is empty".to_owned()
        } else {
            format!("`{inside}` is not one name")
        };
        self.report(
            Diagnostic::error(Code::PLACEHOLDER, message)
                .at(place, "")
                .help("between braces stands one name, as in `{ip}`; for a brace write `{{`"),
        )
    }

    fn lone_brace(&mut self, place: Span) -> Reported {
        self.report(
            Diagnostic::error(Code::PLACEHOLDER, "a `}` closes nothing")
                .at(place, "")
                .help("for a brace in the text write `}}`"),
        )
    }
}

type Characters = std::iter::Peekable<std::vec::IntoIter<(Span, char)>>;

/// Identifiers with single dots between.
fn names_something(text: &str) -> bool {
    text.split('.').all(|part| part.starts_with(name_start) && part.chars().all(name_character))
}
