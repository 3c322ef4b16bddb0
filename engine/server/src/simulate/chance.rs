//! Numbers that look drawn by lot and are the same for the same seed.

use std::time::Duration;

use doorward_core::time::SECOND_MS;

/// Bits of a draw that a fraction is made of: as many as a float holds exactly.
const FRACTION_BITS: u32 = 53;

/// SplitMix64: a counter whose every value is mixed into a number of its own.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The stream of one drawer: the `number`-th of those called `name`. Nobody draws from another's
    /// stream, so that adding an attack leaves all people as they were.
    pub fn stream(seed: u64, name: &str, number: usize) -> Self {
        let mut chance = Self(seed);
        for part in name.bytes().map(u64::from).chain(u64::try_from(number).ok()) {
            chance.0 = chance.draw() ^ part;
        }
        chance
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to, not including, `end`; 0 if that leaves nothing.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX);
        let drawn = self.draw().checked_rem(end).unwrap_or(0);
        usize::try_from(drawn).unwrap_or(0)
    }

    /// From `low` to `high`, both included; `low` if they are the wrong way round.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high.saturating_sub(low)).unwrap_or(0).saturating_add(1);
        let drawn = self.draw().checked_rem(span).unwrap_or(0);
        low.saturating_add_unsigned(drawn)
    }

    /// From 0 up to, not including, 1.
    pub fn fraction(&mut self) -> f64 {
        let drawn = self.draw() >> (u64::BITS - FRACTION_BITS);
        drawn as f64 / (1_u64 << FRACTION_BITS) as f64
    }

    /// True in `share` of all draws.
    pub fn happens(&mut self, share: f64) -> bool {
        self.fraction() < share
    }

    /// A span with the given mean, as between calls at an exchange: many short ones and a few long.
    pub fn gap_ms(&mut self, mean_ms: i64) -> i64 {
        let mean_s = mean_ms.max(1) as f64 / SECOND_MS as f64;
        let span = Duration::try_from_secs_f64(-mean_s * (1.0 - self.fraction()).ln());
        i64::try_from(span.unwrap_or_default().as_millis()).unwrap_or(mean_ms)
    }

    /// One of several; `None` if there are none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }

    /// Twelve hexadecimal digits.
    pub fn hex(&mut self) -> String {
        format!("{:012x}", self.draw() >> 16)
    }
}

/// A number that always belongs to the same text and number.
pub fn mixed(text: &str, number: u64) -> u64 {
    Chance::stream(number, text, 0).draw()
}

#[cfg(test)]
mod tests {
    use doorward_core::time::MINUTE_MS;

    use super::*;

    #[test]
    fn a_stream_is_the_same_again_and_no_other() {
        let first = |seed, name, number| Chance::stream(seed, name, number).draw();
        assert_eq!(first(7, "person", 1), first(7, "person", 1));
        let others = [first(8, "person", 1), first(7, "spray", 1), first(7, "person", 2)];
        assert!(others.iter().all(|other| *other != first(7, "person", 1)));
    }

    #[test]
    fn draws_stay_within_their_bounds_and_reach_them() {
        let mut chance = Chance::stream(1, "dice", 0);
        let rolls: Vec<i64> = (0..1_000).map(|_| chance.between(1, 6)).collect();
        assert!((1..=6).all(|side| rolls.contains(&side)));
        assert!(rolls.iter().all(|side| (1..=6).contains(side)));
        assert_eq!((chance.below(0), chance.between(3, 3), chance.between(5, 4)), (0, 3, 5));
        assert!(chance.pick::<u8>(&[]).is_none());
    }

    #[test]
    fn shares_and_gaps_have_the_mean_they_are_given() {
        let mut chance = Chance::stream(2, "dice", 0);
        let hits = (0..10_000).filter(|_| chance.happens(0.3)).count();
        assert!((2_850..3_150).contains(&hits), "{hits}");
        let sum: i64 = (0..10_000).map(|_| chance.gap_ms(MINUTE_MS)).sum();
        assert!((58_000..62_000).contains(&(sum / 10_000)), "{sum}");
    }
}
