//! The text of one rule directory.

use super::span::{FileId, Span};

/// The files of one rule directory, in the order in which they are read and reported.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
    /// The directory as people reach it, shown before every path; empty if there is none to show.
    directory: String,
}

/// One rule file.
#[derive(Clone, Debug)]
pub struct Source {
    path: String,
    shown: String,
    text: String,
    /// Offset of the first byte of every line.
    line_starts: Vec<usize>,
}

/// A place as people count it: lines and columns from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// As people reach it, see [`Sources::within`].
    pub path: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
}

impl Sources {
    /// Takes (path, text) pairs; a path is only shown, never opened.
    #[must_use]
    pub fn new(files: Vec<(String, String)>) -> Self {
        Self::within("", files)
    }

    /// The same, with the paths shown as lying in `directory`. Where the directory lies is for people
    /// to find the files: it is no part of what the policy is.
    #[must_use]
    pub fn within(directory: &str, files: Vec<(String, String)>) -> Self {
        let source = |(path, text): (String, String)| {
            let shown = joined(directory, &path);
            Source::new(path, shown, text)
        };
        let files = files.into_iter().map(source).collect();
        Self { files, directory: directory.to_owned() }
    }

    /// The path of a file in the directory, as people reach it.
    #[must_use]
    pub fn shown(&self, path: &str) -> String {
        joined(&self.directory, path)
    }

    /// Every file with its number.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0..).zip(&self.files)
    }

    /// The file of that number.
    #[must_use]
    pub fn file(&self, file: FileId) -> Option<&Source> {
        self.files.get(usize::try_from(file).ok()?)
    }

    /// What is written at `span`; empty if it is not a range of these sources.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).map_or("", |source| source.slice(span))
    }

    /// Where `span` starts; `None` if its file is not one of these.
    #[must_use]
    pub fn location(&self, span: Span) -> Option<Location> {
        self.file(span.file).map(|source| source.location(span.start))
    }
}

impl Source {
    fn new(path: String, shown: String, text: String) -> Self {
        let line_starts =
            std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { path, shown, text, line_starts }
    }

    /// Its path in the directory, as given.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Its path as people reach it.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The whole file.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of the byte at `offset`; the end of the file if it lies beyond.
    #[must_use]
    pub fn location(&self, offset: u32) -> Location {
        let offset = index(offset).min(self.text.len());
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.text.get(start..offset).unwrap_or("");
        Location { path: self.shown.clone(), line, column: before.chars().count() + 1 }
    }

    fn slice(&self, span: Span) -> &str {
        self.text.get(index(span.start)..index(span.end)).unwrap_or("")
    }
}

fn joined(directory: &str, path: &str) -> String {
    let gap = if directory.is_empty() || directory.ends_with('/') { "" } else { "/" };
    format!("{directory}{gap}{path}")
}

/// A byte offset as an index; beyond every text where it does not fit.
pub(crate) fn index(offset: u32) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_counted_in_lines_and_characters() {
        let sources = Sources::new(vec![("a.rules".into(), "one\nüß two\n".into())]);
        let place = |offset| {
            let place = sources.file(0).unwrap().location(offset);
            (place.line, place.column)
        };
        assert_eq!(place(0), (1, 1));
        assert_eq!(place(3), (1, 4));
        assert_eq!(place(4), (2, 1));
        assert_eq!(place(9), (2, 4));
        assert_eq!(place(1000), (3, 1));
    }

    #[test]
    fn a_path_is_shown_where_the_directory_lies() {
        let check = |directory, expected: &str| {
            let sources = Sources::within(directory, vec![("a.rules".into(), String::new())]);
            let source = sources.file(0).unwrap();
            assert_eq!((source.path(), source.shown()), ("a.rules", expected));
            assert_eq!(source.location(0).path, expected);
        };
        check("", "a.rules");
        check("rules", "rules/a.rules");
        check("../rules/", "../rules/a.rules");
    }

    #[test]
    fn a_span_of_another_directory_is_empty() {
        let sources = Sources::new(vec![("a.rules".into(), "one".into())]);
        assert_eq!(sources.text(Span { file: 0, start: 1, end: 3 }), "ne");
        assert_eq!(sources.text(Span { file: 0, start: 1, end: 9 }), "");
        assert_eq!(sources.text(Span { file: 7, start: 0, end: 1 }), "");
    }
}
