//! What an entry takes.

use super::rack::Kept;
use crate::keyed::Name;

/// Most bytes that a map of places has for each: four and one to find it by, seven in sixteen of them taken once it has
/// grown.
const PLACE_BYTES: usize = 12;

/// Bytes that one entry takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Weight(pub(super) usize);

impl Weight {
    pub(super) fn of<V: Kept>(kept: &V) -> Self {
        Self(size_of::<(Name, V)>() + PLACE_BYTES + allotted(kept.bytes()))
    }
}

/// What an allocator gives who asks for so many bytes: between a power of two and the next, mimalloc and jemalloc know four
/// sizes.
pub(crate) fn allotted(bytes: usize) -> usize {
    let step = (bytes.next_power_of_two() / 8).max(16);
    bytes.next_multiple_of(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allocators_round_up() {
        let check = |bytes, given| assert_eq!(allotted(bytes), given, "{bytes}");
        check(0, 0);
        check(1, 16);
        check(16, 16);
        check(100, 112);
        check(129, 160);
        check(247, 256);
        check(257, 320);
        check(70_000, 81_920);
    }
}
