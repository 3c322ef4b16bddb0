//! The numbers of problems; a number never changes its meaning.

use std::fmt;

/// The stable number of a kind of problem, shown as `R0104`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub u16);

/// What stage finds a problem; the hundreds of its [`Code`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// R00xx: the text cannot be read.
    Syntax,
    /// R01xx: a name means nothing, or two things.
    Name,
    /// R02xx: types or units do not agree.
    Type,
    /// R03xx: it can be used but is probably not meant so.
    Lint,
    /// R04xx: a test of the rule files does not hold.
    Test,
}

impl Code {
    /// A rule file is larger than [`FILE_BYTES_MAX`](crate::policy::limits::FILE_BYTES_MAX).
    pub const FILE_TOO_LARGE: Self = Self(1);
    /// A character that means nothing outside of texts and comments, or an invisible one.
    pub const CHARACTER: Self = Self(2);
    /// A text without its closing quote.
    pub const TEXT_OPEN: Self = Self(3);
    /// A backslash before something that it does not change.
    pub const ESCAPE: Self = Self(4);
    /// A number that is too large, or has a unit that does not exist.
    pub const NUMBER: Self = Self(5);
    /// Looks like a network address and is none.
    pub const ADDRESS: Self = Self(6);
    /// Looks like a date and is none.
    pub const DATE: Self = Self(7);
    /// Braces in a text that do not hold a name.
    pub const PLACEHOLDER: Self = Self(8);
    /// No block starts like this.
    pub const BLOCK: Self = Self(10);
    /// Something else should stand here.
    pub const EXPECTED: Self = Self(11);
    /// The block has no such field.
    pub const FIELD: Self = Self(12);
    /// A field stands twice in one block.
    pub const FIELD_TWICE: Self = Self(13);
    /// A block or bracket is never closed.
    pub const UNCLOSED: Self = Self(14);
    /// `a < b < c`
    pub const CHAIN: Self = Self(15);
    /// `a and b or c` without parentheses.
    pub const MIXED: Self = Self(16);
    /// `...` where there are no other conditions to keep.
    pub const REST: Self = Self(17);
    /// A condition nests deeper than [`DEPTH_MAX`](crate::policy::limits::DEPTH_MAX).
    pub const DEPTH: Self = Self(18);
    /// Only `unknown` can be called.
    pub const CALL: Self = Self(19);
    /// A block lacks a part that it cannot do without.
    pub const MISSING: Self = Self(20);

    /// The stage that reports it.
    #[must_use]
    pub fn class(self) -> Class {
        match self.0 / 100 {
            0 => Class::Syntax,
            1 => Class::Name,
            2 => Class::Type,
            3 => Class::Lint,
            _ => Class::Test,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "R{:04}", self.0)
    }
}
