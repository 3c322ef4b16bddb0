//! Rule text to tokens. Never fails: what it cannot read it reports and marks as damaged.

mod address;
mod number;

use super::{
    ast::Literal,
    diagnostic::{Code, Diagnostic},
    span::{FileId, Span},
    token::{Gap, Symbol, Token, TokenKind},
};

/// A file in tokens; the last one is [`TokenKind::End`].
pub(crate) struct Lexed {
    pub(crate) tokens: Vec<Token>,
    pub(crate) comments: Vec<Span>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Splits `text` into tokens. Positions beyond four gigabytes are not told apart; the parser
/// refuses such files long before.
pub(crate) fn lex(file: FileId, text: &str) -> Lexed {
    let mut lexer = Lexer { file, text, at: 0, comments: Vec::new(), diagnostics: Vec::new() };
    let mut tokens = Vec::new();
    loop {
        let gap = lexer.gap();
        let start = lexer.at;
        let kind = lexer.token();
        let end = kind == TokenKind::End;
        tokens.push(Token { kind, span: lexer.span_from(start), gap });
        if end {
            return Lexed { tokens, comments: lexer.comments, diagnostics: lexer.diagnostics };
        }
    }
}

struct Lexer<'s> {
    file: FileId,
    text: &'s str,
    at: usize,
    comments: Vec<Span>,
    diagnostics: Vec<Diagnostic>,
}

impl<'s> Lexer<'s> {
    fn rest(&self) -> &'s str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn span_from(&self, start: usize) -> Span {
        self.span(start, self.at)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Span { file: self.file, start: offset(start), end: offset(end) }
    }

    /// Takes characters while they are `wanted`.
    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'s str {
        let rest = self.rest();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.take(length)
    }

    /// Takes `length` bytes, which must end between two characters.
    fn take(&mut self, length: usize) -> &'s str {
        let taken = self.rest().get(..length).unwrap_or("");
        self.at += taken.len();
        taken
    }

    /// Reports and returns the mark of an unreadable token.
    fn damaged(&mut self, diagnostic: Diagnostic) -> TokenKind {
        self.diagnostics.push(diagnostic);
        TokenKind::Damaged
    }

    /// Skips blanks, line breaks and comments, and tells what of them there was.
    fn gap(&mut self) -> Gap {
        let mut gap = if self.at == 0 { Gap::Margin } else { Gap::None };
        loop {
            let next = self.rest().chars().next();
            let start = self.at;
            match next {
                Some('\n') => gap = Gap::Margin,
                Some('\u{feff}') if self.at == 0 => {}
                Some(' ' | '\t' | '\r') => gap = indented(gap),
                Some('#') => {
                    self.comment();
                    continue;
                }
                _ => return gap,
            }
            self.at = start + next.map_or(0, char::len_utf8);
        }
    }

    fn comment(&mut self) {
        let start = self.at;
        let comment = self.take_while(|c| c != '\n').trim_end();
        self.comments.push(self.span(start, start + comment.len()));
        self.report_hidden(start, comment);
    }

    fn token(&mut self) -> TokenKind {
        let Some(first) = self.rest().chars().next() else { return TokenKind::End };
        if let Some(address) = self.address() {
            return address;
        }
        match first {
            '0'..='9' => self.number(),
            '"' => self.quoted(),
            'a'..='z' | 'A'..='Z' | '_' => self.word(),
            _ => self.symbol(first),
        }
    }

    fn word(&mut self) -> TokenKind {
        let start = self.at;
        self.take_while(name_character);
        while self.rest().strip_prefix('.').is_some_and(|rest| rest.starts_with(name_start)) {
            self.take(1);
            self.take_while(name_character);
        }
        match self.text.get(start..self.at).unwrap_or("") {
            "true" => TokenKind::Literal(Literal::Bool(true)),
            "false" => TokenKind::Literal(Literal::Bool(false)),
            word => self.asn(start, word).unwrap_or(TokenKind::Name),
        }
    }

    fn quoted(&mut self) -> TokenKind {
        let start = self.at;
        self.take(1);
        loop {
            self.take_while(|c| !matches!(c, '"' | '\\' | '\n'));
            match self.rest().chars().next() {
                Some('"') => {
                    self.take(1);
                    let inside = self.text.get(start..self.at).unwrap_or("");
                    self.report_hidden(start, inside);
                    return TokenKind::Text;
                }
                Some('\\') if !self.rest().starts_with("\\\n") => {
                    let escape = self.rest().chars().take(2).map(char::len_utf8).sum();
                    self.take(escape);
                }
                _ => return self.never_closed(start),
            }
        }
    }

    fn never_closed(&mut self, start: usize) -> TokenKind {
        self.take_while(|c| c != '\n');
        let opening = self.span(start, start + 1);
        self.damaged(
            Diagnostic::error(Code::TEXT_OPEN, "a text is not closed on its line")
                .at(opening, "it starts here")
                .help("end it with `\"`; for a `\"` inside the text write `\\\"`"),
        )
    }

    fn symbol(&mut self, first: char) -> TokenKind {
        for (spelling, symbol) in Symbol::SPELLINGS {
            if self.rest().starts_with(spelling) {
                self.take(spelling.len());
                return TokenKind::Symbol(symbol);
            }
        }
        self.stray(first)
    }

    fn stray(&mut self, first: char) -> TokenKind {
        let start = self.at;
        self.take_while(|c| c == first);
        let place = self.span_from(start);
        let stray = if hidden(first) {
            Diagnostic::error(Code::CHARACTER, format!("invisible character {}", number_of(first)))
                .at(place, "")
                .help("delete it")
        } else {
            Diagnostic::error(
                Code::CHARACTER,
                format!("the character `{first}` means nothing here"),
            )
            .at(place, "")
        };
        self.damaged(match replacement(first) {
            Some(instead) => stray.help(format!("write `{instead}`")),
            None => stray,
        })
    }

    /// Text that shows other than it reads could hide a condition from its reviewer.
    fn report_hidden(&mut self, start: usize, text: &str) {
        for (offset, character) in text.char_indices().filter(|(_, c)| hidden(*c)) {
            let at = start + offset;
            let place = self.span(at, at + character.len_utf8());
            let message = format!("invisible character {}", number_of(character));
            self.diagnostics
                .push(Diagnostic::error(Code::CHARACTER, message).at(place, "").help("delete it"));
        }
    }
}

pub(super) fn name_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

pub(super) fn name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn indented(gap: Gap) -> Gap {
    match gap {
        Gap::None | Gap::Blank => Gap::Blank,
        Gap::Line | Gap::Margin => Gap::Line,
    }
}

/// Control characters, and those that reorder or hide what stands around them.
fn hidden(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn number_of(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// What somebody who typed `c`, or whose editor did, meant.
fn replacement(c: char) -> Option<&'static str> {
    match c {
        '“' | '”' | '„' | '«' | '»' | '\'' | '‘' | '’' | '`' => Some("\""),
        '…' => Some("..."),
        '≥' => Some(">="),
        '≤' => Some("<="),
        '≠' => Some("!="),
        '×' => Some("*"),
        '÷' => Some("/"),
        '−' | '–' | '—' => Some("-"),
        '&' | '∧' => Some("and"),
        '|' | '∨' => Some("or"),
        '¬' => Some("not"),
        '∈' => Some("in"),
        '∉' => Some("not in"),
        '\u{a0}' => Some(" "),
        _ => None,
    }
}
