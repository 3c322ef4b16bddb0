//! The words of the rule language.

use super::{ast::Literal, span::Span};

/// A token with its position.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) span: Span,
    /// How it follows the token before it.
    pub(crate) gap: Gap,
}

/// What stands between a token and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gap {
    /// Nothing.
    None,
    /// Blanks.
    Blank,
    /// A line break, then blanks.
    Line,
    /// A line break and nothing else, or the start of the file.
    Margin,
}

/// What a [`Token`] is. Keywords are names: a word has its meaning by where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TokenKind {
    /// `ip`, `travel.speed_min`
    Name,
    /// A number with its unit, an address, a date, `true`; never a text.
    Literal(Literal),
    /// `"…"`, not yet decoded: the parser knows whether braces mean something.
    Text,
    Symbol(Symbol),
    /// Unreadable, already reported.
    Damaged,
    /// The end of the file.
    End,
}

/// Punctuation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Symbol {
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    OpenParen,
    CloseParen,
    Comma,
    Colon,
    Dot,
    Rest,
    Plus,
    Minus,
    Star,
    Slash,
    /// `=` or `==`
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `!`
    Not,
}

impl Symbol {
    /// Every spelling, longer ones before their beginnings.
    pub(crate) const SPELLINGS: [(&'static str, Self); 24] = [
        ("...", Self::Rest),
        ("&&", Self::And),
        ("||", Self::Or),
        ("==", Self::Equal),
        ("!=", Self::NotEqual),
        ("<=", Self::AtMost),
        (">=", Self::AtLeast),
        ("{", Self::OpenBrace),
        ("}", Self::CloseBrace),
        ("[", Self::OpenBracket),
        ("]", Self::CloseBracket),
        ("(", Self::OpenParen),
        (")", Self::CloseParen),
        (",", Self::Comma),
        (":", Self::Colon),
        (".", Self::Dot),
        ("+", Self::Plus),
        ("-", Self::Minus),
        ("*", Self::Star),
        ("/", Self::Slash),
        ("=", Self::Equal),
        ("<", Self::Less),
        (">", Self::Greater),
        ("!", Self::Not),
    ];
}
