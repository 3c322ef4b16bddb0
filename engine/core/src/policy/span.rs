//! Where in the rule files something stands.

/// Number of a file in its [`Sources`](super::sources::Sources), counted from zero.
pub type FileId = u32;

/// A range of bytes in one rule file; `end` is the first byte after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// First byte after the range; equal to `start` for a point between two bytes.
    pub end: u32,
}

impl Span {
    /// The range from the start of `self` to the end of `last`, which stands later in the same file.
    #[must_use]
    pub fn to(self, last: Self) -> Self {
        Self { end: last.end.max(self.end), ..self }
    }

    /// The point just after this range: where something is missing.
    #[must_use]
    pub fn after(self) -> Self {
        Self { start: self.end, ..self }
    }
}
