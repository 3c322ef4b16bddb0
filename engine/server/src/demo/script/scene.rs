//! The scenes of the day, and what a sensible policy makes of each.

use doorward_core::decision::Verdict;

/// What a moment belongs to; the table has a row for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scene {
    /// The days before.
    Before,
    /// Ordinary customers, with their typos and new phones.
    Customers,
    /// Staff, most of them behind the office's one address.
    Staff,
    /// A family that shares a tablet.
    Family,
    /// Somebody who flies to another continent and signs in at both ends.
    Traveller,
    /// A few passwords on every member of the staff, from many addresses of one network.
    Spray,
    /// A right password in Paris, and fifty minutes later in Lagos.
    ImpossibleTravel,
    /// One address that works through a stolen list.
    Stuffing,
    /// An account that is recovered, changed and emptied.
    Drain,
}

/// What a sensible policy makes of a scene.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Expectation {
    /// At least this share of the attempts is allowed.
    Allow(f64),
    /// At least this share of the attempts is stepped up or denied.
    Stop(f64),
    /// The last attempt gets this verdict or a harder one.
    End(Verdict),
}

impl Scene {
    /// Every scene, in the order of the table.
    pub const ALL: &'static [Self] = &[
        Self::Before,
        Self::Customers,
        Self::Staff,
        Self::Family,
        Self::Traveller,
        Self::Spray,
        Self::ImpossibleTravel,
        Self::Stuffing,
        Self::Drain,
    ];

    /// The name in the table.
    pub fn title(self) -> &'static str {
        match self {
            Self::Before => "the days before",
            Self::Customers => "ordinary customers",
            Self::Staff => "staff",
            Self::Family => "a family, one tablet",
            Self::Traveller => "a traveller",
            Self::Spray => "password spray",
            Self::ImpossibleTravel => "impossible travel",
            Self::Stuffing => "credential stuffing",
            Self::Drain => "a drained account",
        }
    }

    /// What happens in it, in one sentence.
    pub fn story(self) -> &'static str {
        match self {
            Self::Before => "Twelve days of ordinary life, so that profiles know somebody.",
            Self::Customers => {
                "People sign in, mistype, pay their bills and buy new phones, one of them abroad."
            }
            Self::Staff => "An office behind one address, and evenings at home.",
            Self::Family => "Three accounts on one tablet.",
            Self::Traveller => "Breakfast in Paris, supper in New York, the same phone.",
            Self::Spray => "Three passwords on forty staff names, from eight addresses.",
            Self::ImpossibleTravel => {
                "Paris at 9:10, Lagos at 10:00, the right password both times."
            }
            Self::Stuffing => "One address works through a stolen list of 300 accounts.",
            Self::Drain => {
                "Recovered with a stolen mailbox, changed, then a payment to a stranger."
            }
        }
    }

    /// What a sensible policy makes of it.
    pub fn expectation(self) -> Expectation {
        match self {
            Self::Before => Expectation::Allow(0.98),
            Self::Customers => Expectation::Allow(0.97),
            Self::Staff => Expectation::Allow(0.97),
            Self::Family => Expectation::Allow(1.0),
            Self::Traveller => Expectation::Allow(1.0),
            Self::Spray => Expectation::Stop(0.9),
            Self::ImpossibleTravel => Expectation::End(Verdict::StepUp),
            Self::Stuffing => Expectation::Stop(0.95),
            Self::Drain => Expectation::End(Verdict::Deny),
        }
    }
}

impl Expectation {
    /// Whether `verdicts`, a scene's in order of time, are as expected. No verdicts never are.
    pub fn met(self, verdicts: &[Verdict]) -> bool {
        let Some(last) = verdicts.last() else { return false };
        match self {
            Self::Allow(share) => allowed_share(verdicts) >= share,
            Self::Stop(share) => 1.0 - allowed_share(verdicts) >= share,
            Self::End(verdict) => *last >= verdict,
        }
    }
}

fn allowed_share(verdicts: &[Verdict]) -> f64 {
    let count = |wanted: usize| f64::from(u32::try_from(wanted).unwrap_or(u32::MAX));
    let allowed = verdicts.iter().filter(|verdict| **verdict == Verdict::Allow).count();
    count(allowed) / count(verdicts.len().max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expectation_looks_at_shares_or_at_the_end() {
        use Verdict::{Allow, Deny, StepUp};
        let check = |expectation: Expectation, verdicts: &[Verdict], met| {
            assert_eq!(expectation.met(verdicts), met, "{expectation:?} of {verdicts:?}");
        };
        check(Expectation::Allow(0.5), &[Allow, Deny], true);
        check(Expectation::Allow(0.6), &[Allow, Deny], false);
        check(Expectation::Stop(0.5), &[Allow, StepUp], true);
        check(Expectation::Stop(0.6), &[Allow, StepUp], false);
        check(Expectation::End(StepUp), &[Allow, Deny], true);
        check(Expectation::End(StepUp), &[Deny, Allow], false);
        check(Expectation::Allow(0.0), &[], false);
    }
}
