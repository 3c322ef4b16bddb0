//! Numbers that look drawn and are always the same.

const NETWORKS: [u64; 12] = [23, 31, 46, 62, 77, 81, 93, 109, 151, 176, 185, 212];

/// SplitMix64: every seed begins a sequence of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// The next number.
    pub(crate) fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, not including, `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.draw() % end
    }

    /// True in `share` of a hundred draws.
    pub(crate) fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    /// One of four.
    pub(crate) fn pick(&mut self, words: [&str; 4]) -> String {
        let [first, second, third, fourth] = words;
        match self.below(4) {
            0 => first,
            1 => second,
            2 => third,
            _ => fourth,
        }
        .to_owned()
    }

    /// A public address; one in ten is of version 6.
    pub(crate) fn address(&mut self) -> String {
        let [_, _, high, low, a, b, c, d] = self.draw().to_be_bytes();
        if self.percent(10) {
            return format!("2a02:{high:x}{low:02x}:{a:x}{b:02x}::{c:x}{d:02x}");
        }
        let index = usize::from(a) % NETWORKS.len();
        let network = NETWORKS.get(index).copied().unwrap_or_default();
        format!("{network}.{b}.{c}.{d}")
    }
}
