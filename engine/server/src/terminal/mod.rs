//! Text for people at a terminal: as wide as it is, in colour only where it wants colour.

mod escape;
mod table;
mod text;

pub use doorward_core::text::counted;
pub use escape::escaped;
pub(crate) use escape::hidden;
pub use table::{Cell, Column, Table};
pub use text::{fit, width, wrapped};

/// Narrowest terminal that is drawn for; a narrower one breaks the lines itself.
pub const COLUMNS_MIN: usize = 60;
/// Lines longer than this are hard to read, however wide the terminal is.
pub const COLUMNS_MAX: usize = 120;

/// What the output can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    columns: usize,
    colour: bool,
}

/// How a stretch of text stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// As all other text.
    Plain,
    /// Titles.
    Bold,
    /// What may be read over.
    Dim,
    /// Allowed.
    Green,
    /// Stepped up.
    Yellow,
    /// Denied.
    Red,
    /// Something to type.
    Cyan,
}

impl Terminal {
    /// Output of at most `columns`, within [`COLUMNS_MIN`] and [`COLUMNS_MAX`].
    pub fn new(columns: usize, colour: bool) -> Self {
        Self { columns: columns.clamp(COLUMNS_MIN, COLUMNS_MAX), colour }
    }

    /// The standard output: no colour if it is no terminal or `NO_COLOR` is set.
    pub fn of_stdout() -> Self {
        let (_, columns) = console::Term::stdout().size();
        Self::new(usize::from(columns), console::colors_enabled())
    }

    /// How many characters a line holds.
    pub fn columns(self) -> usize {
        self.columns
    }

    /// `text` in `ink`, if there is colour.
    pub fn paint(self, ink: Ink, text: &str) -> String {
        match ink.code() {
            Some(code) if self.colour && !text.is_empty() => format!("\x1b[{code}m{text}\x1b[0m"),
            Some(_) | None => text.to_owned(),
        }
    }
}

impl Ink {
    /// The parameter of the escape sequence that selects it.
    fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Bold => Some("1"),
            Self::Dim => Some("2"),
            Self::Green => Some("32"),
            Self::Yellow => Some("33"),
            Self::Red => Some("31"),
            Self::Cyan => Some("36"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_only_where_it_is_wanted() {
        assert_eq!(Terminal::new(80, true).paint(Ink::Red, "deny"), "\x1b[31mdeny\x1b[0m");
        assert_eq!(Terminal::new(80, false).paint(Ink::Red, "deny"), "deny");
        assert_eq!(Terminal::new(80, true).paint(Ink::Plain, "deny"), "deny");
    }

    #[test]
    fn odd_widths_are_brought_into_reason() {
        assert_eq!(Terminal::new(1, false).columns(), COLUMNS_MIN);
        assert_eq!(Terminal::new(9_999, false).columns(), COLUMNS_MAX);
    }
}
