//! What profiles recognise things by.

use std::hash::Hash;

use crate::keyed::Keyed;

/// Half of a keyed hash: enough to tell the few things of one kind in one profile apart.
///
/// Two things are taken for one when these 32 bits are equal. Who guesses at a profile full of devices finds
/// such an identifier once in 180 million attempts, and nobody without the key can find one without asking. Of
/// events, which must not be lost, the second counts as well: two logins of a user in the very same second
/// are taken for one in four thousand million such pairs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Tag(pub(super) u32);

impl Tag {
    pub(super) fn of_text(keyed: &Keyed, text: &str) -> Self {
        Self::from(keyed.hash(text.as_bytes()))
    }

    pub(super) fn of(keyed: &Keyed, part: impl Hash) -> Self {
        Self::from(keyed.hash_of(part))
    }
}

impl From<u64> for Tag {
    fn from(hash: u64) -> Self {
        let [a, b, c, d, ..] = hash.to_le_bytes();
        Self(u32::from_le_bytes([a, b, c, d]))
    }
}
