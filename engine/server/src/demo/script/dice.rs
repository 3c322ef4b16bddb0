//! Numbers that look random and never change.

/// Marsaglia's xorshift with a fixed seed: the script is the same on every run and every machine.
pub(super) struct Dice(u64);

impl Dice {
    /// Dice of their own for every scene, so that a change in one leaves the others alone.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// A number from 0 to `sides` − 1; 0 if there are no sides.
    pub(super) fn roll(&mut self, sides: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let positive = i64::try_from(self.0 >> 1).unwrap_or(0);
        positive.checked_rem(sides).unwrap_or(0)
    }

    /// True once in `of` rolls.
    pub(super) fn once_in(&mut self, of: i64) -> bool {
        self.roll(of) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_dice_fall_the_same_way_and_on_every_side() {
        let rolls = |seed| {
            let mut dice = Dice::new(seed);
            (0..200).map(|_| dice.roll(6)).collect::<Vec<_>>()
        };
        assert_eq!(rolls(7), rolls(7));
        assert_ne!(rolls(7), rolls(9));
        assert!((0..6).all(|side| rolls(7).contains(&side)));
        assert_eq!(Dice::new(7).roll(0), 0);
    }
}
