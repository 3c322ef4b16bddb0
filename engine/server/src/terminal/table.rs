//! Tables in box-drawing characters that shrink to the terminal.

use super::{Ink, Terminal, escaped, fit, width};

/// Narrowest that a column is cut to.
const COLUMN_MIN: usize = 8;

/// A column: its title, and on which side its cells stand.
#[derive(Clone, Copy, Debug)]
pub enum Column {
    /// To the left, and cut when there is no room: words.
    Left(&'static str),
    /// To the right, never cut: numbers and pictures.
    Right(&'static str),
}

/// What stands in one column of one row: stretches of text, each in its ink.
#[derive(Clone, Debug)]
pub struct Cell(Vec<(Ink, String)>);

/// Rows under titles.
#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

impl Cell {
    /// Text in one ink, [`escaped`].
    pub fn new(ink: Ink, text: impl AsRef<str>) -> Self {
        Self(vec![(ink, escaped(text.as_ref()).into_owned())])
    }

    /// Several stretches without blanks between them. They are never cut: keep them short.
    pub fn stretches(stretches: Vec<(Ink, String)>) -> Self {
        Self(stretches)
    }

    fn width(&self) -> usize {
        self.0.iter().map(|(_, text)| width(text)).sum()
    }

    fn draw(&self, columns: usize, terminal: Terminal) -> String {
        match self.0.as_slice() {
            [(ink, text)] => terminal.paint(*ink, &fit(text, columns)),
            stretches => stretches.iter().map(|(ink, text)| terminal.paint(*ink, text)).collect(),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::new(Ink::Plain, text)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::new(Ink::Plain, text)
    }
}

impl Column {
    fn title(self) -> &'static str {
        match self {
            Self::Left(title) | Self::Right(title) => title,
        }
    }

    fn place(self, cell: &Cell, columns: usize, terminal: Terminal) -> String {
        let gap = " ".repeat(columns.saturating_sub(cell.width()));
        let text = cell.draw(columns, terminal);
        match self {
            Self::Left(_) => format!("{text}{gap}"),
            Self::Right(_) => format!("{gap}{text}"),
        }
    }
}

impl Table {
    /// A table without rows.
    pub fn new(columns: Vec<Column>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row; cells beyond the last column are not shown.
    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// Whether it has no rows.
    pub fn empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table, every line of it ended by a line break.
    pub fn draw(&self, terminal: Terminal) -> String {
        let widths = self.widths(terminal.columns());
        let rule = |[left, middle, right]: [&str; 3]| {
            let lines: Vec<String> = widths.iter().map(|width| "─".repeat(width + 2)).collect();
            terminal.paint(Ink::Dim, &format!("{left}{}{right}", lines.join(middle))) + "\n"
        };
        let titles = self.columns.iter().map(|column| Cell::new(Ink::Bold, column.title()));
        let mut text = rule(["┌", "┬", "┐"]);
        text += &self.line(&titles.collect::<Vec<_>>(), &widths, terminal);
        text += &rule(["├", "┼", "┤"]);
        for row in &self.rows {
            text += &self.line(row, &widths, terminal);
        }
        text + &rule(["└", "┴", "┘"])
    }

    fn line(&self, cells: &[Cell], widths: &[usize], terminal: Terminal) -> String {
        let side = terminal.paint(Ink::Dim, "│");
        let columns = self.columns.iter().zip(cells).zip(widths);
        let placed = columns.map(|((column, cell), width)| column.place(cell, *width, terminal));
        let inside: Vec<String> = placed.map(|text| format!(" {text} ")).collect();
        format!("{side}{}{side}\n", inside.join(&side))
    }

    /// As wide as the widest cell, then the widest columns that may be cut are, until the line fits.
    fn widths(&self, columns_max: usize) -> Vec<usize> {
        let mut widths: Vec<usize> = (0..self.columns.len()).map(|at| self.natural(at)).collect();
        loop {
            let line: usize = widths.iter().map(|width| width + 3).sum::<usize>() + 1;
            let cut = self.columns.iter().map(|column| matches!(column, Column::Left(_)));
            let widest = widths.iter_mut().zip(cut).filter(|(_, cut)| *cut);
            match widest.map(|(width, _)| width).max() {
                Some(width) if line > columns_max && *width > COLUMN_MIN => *width -= 1,
                Some(_) | None => return widths,
            }
        }
    }

    fn natural(&self, at: usize) -> usize {
        let title = self.columns.get(at).map_or(0, |column| width(column.title()));
        let cells = self.rows.iter().filter_map(|row| row.get(at)).map(Cell::width);
        cells.chain([title]).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(vec![Column::Left("scene"), Column::Right("denied")]);
        table.row(vec!["credential stuffing".into(), "437".into()]);
        table.row(vec![Cell::new(Ink::Red, "日本"), Cell::new(Ink::Green, "1")]);
        table
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let expected = "\
┌─────────────────────┬────────┐
│ scene               │ denied │
├─────────────────────┼────────┤
│ credential stuffing │    437 │
│ 日本                │      1 │
└─────────────────────┴────────┘
";
        assert_eq!(table().draw(Terminal::new(80, false)), expected);
    }

    #[test]
    fn words_are_cut_and_numbers_are_not() {
        assert_eq!(table().widths(24), [11, 6]);
        assert_eq!(table().widths(10), [COLUMN_MIN, 6]);
    }

    #[test]
    fn colour_does_not_move_the_lines() {
        let coloured = table().draw(Terminal::new(80, true));
        assert!(coloured.contains("\x1b[31m日本\x1b[0m"));
        assert_eq!(
            console::strip_ansi_codes(&coloured),
            table().draw(Terminal::new(80, false)).as_str()
        );
    }
}
