//! Numbers that look drawn and are always the same.

/// SplitMix64: every seed begins a sequence of its own.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// One of them.
    pub(crate) fn one<T: Copy>(&mut self, of: &[T]) -> T {
        let index = self.below(u64::try_from(of.len()).unwrap());
        of[usize::try_from(index).unwrap()]
    }

    /// A value that is told most of the time.
    pub(crate) fn told<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let told = !self.once_in(3);
        told.then(|| value(self))
    }

    /// Yes, no or nothing.
    pub(crate) fn flag(&mut self) -> Option<bool> {
        self.told(|chance| chance.once_in(2))
    }
}
