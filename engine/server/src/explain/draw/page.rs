//! A page that fits the terminal. Everything on it is wrapped and escaped: nothing that a stranger
//! wrote reaches the terminal as it came.

use crate::terminal::{Ink, Table, Terminal, escaped, width, wrapped};

/// Where the text behind a label begins.
const LABEL_COLUMNS: usize = 10;

pub(super) struct Page {
    terminal: Terminal,
    text: String,
}

impl Page {
    pub(super) fn new(terminal: Terminal) -> Self {
        Self { terminal, text: String::new() }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    /// An empty line.
    pub(super) fn gap(&mut self) {
        self.text.push('\n');
    }

    /// The title of a section.
    pub(super) fn heading(&mut self, title: &str) {
        self.gap();
        self.text(0, Ink::Bold, title);
    }

    /// A paragraph.
    pub(super) fn text(&mut self, indent: usize, ink: Ink, text: &str) {
        self.hanging(&" ".repeat(indent), Ink::Plain, indent, ink, text);
    }

    /// A label, and its text beside it; nothing if there is no text.
    pub(super) fn labelled(&mut self, label: &str, text: &str) {
        self.inked(label, Ink::Plain, text);
    }

    /// As [`Page::labelled`], in a colour.
    pub(super) fn inked(&mut self, label: &str, ink: Ink, text: &str) {
        self.hanging(label, Ink::Dim, LABEL_COLUMNS, ink, text);
    }

    /// `mark` before a paragraph that is indented by `indent`.
    pub(super) fn hanging(
        &mut self,
        mark: &str,
        mark_ink: Ink,
        indent: usize,
        ink: Ink,
        text: &str,
    ) {
        let columns = self.terminal.columns().saturating_sub(indent);
        for (at, line) in wrapped(&escaped(text), columns).iter().enumerate() {
            let mark = if at == 0 { mark } else { "" };
            let gap = " ".repeat(indent.saturating_sub(width(mark)));
            let painted = self.terminal.paint(ink, line);
            self.text += &format!("{}{gap}{painted}\n", self.terminal.paint(mark_ink, mark));
        }
    }

    pub(super) fn table(&mut self, table: &Table) {
        self.text += &table.draw(self.terminal);
    }
}
