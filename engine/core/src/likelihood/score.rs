//! The formula: from counts to the logarithm of the score.

use super::shown::{ADDRESS_LEVELS, AGENT_LEVELS};

/// What each level weighs in das-group/rba-algorithm.
const ADDRESS_WEIGHTS: [f64; ADDRESS_LEVELS] = [0.6, 0.3, 0.1];
const AGENT_WEIGHTS: [f64; AGENT_LEVELS] = [
    0.538_665_384_055_135_9,
    0.268_045_149_862_566_6,
    0.188_182_951_001_095_36,
    0.005_106_515_081_202_152_5,
];

/// Logins that an address, or a whole user agent, needs until half its own share counts.
const ADDRESS_DOUBT: f64 = 3.0;
const AGENT_DOUBT: f64 = 4.0;

/// What is unheard of in a user's logins is as likely for the user as a quarter of what it is for anybody.
const UNHEARD_OF: f64 = 4.0;

/// Of one user's logins: how many, and how many showed what this one shows, by level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Own {
    pub(crate) logins: u64,
    pub(crate) address: [u64; ADDRESS_LEVELS],
    pub(crate) agent: [u64; AGENT_LEVELS],
}

/// The same of all users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct All {
    pub(crate) own: Own,
    pub(crate) users: u64,
    /// Different values on all levels but the finest.
    pub(crate) address_values: u64,
    pub(crate) agent_values: u64,
}

/// The natural logarithm of the score: above zero the login is likelier somebody else's.
///
/// The score of Freeman et al. (NDSS 2016) without what they know of attackers, smoothed and backed off as in
/// das-group/rba-algorithm:
///
/// ```text
/// p(f)      w_0 · F/(F+m) · max(F, 1)/(N+M)  +  Σ w_i · g_i/N     F = g_0, the factor F/(F+m) is 1 when F = 0
/// p(f | u)  Σ w_i · u_i/N_u, and p(f)/4 when that is 0
/// score     Π p(f)/p(f | u) · N/(|U| · N_u)
/// ```
///
/// `N` logins of `|U|` users, `N_u` of this one; `g_i` and `u_i` of them show this value on level `i`; `M` is one more
/// than the different values on all levels but the finest; `w` and `m` are the constants above.
///
/// Finite for any counts of a user with logins, also when those of all users lag behind: they are never taken for
/// fewer than the user's own.
pub(crate) fn log_score(own: &Own, all: &All) -> f64 {
    let logins = all.own.logins.max(own.logins);
    let address = Feature {
        weights: ADDRESS_WEIGHTS,
        doubt: ADDRESS_DOUBT,
        all: all.own.address,
        own: own.address,
        values: all.address_values,
    };
    let agent = Feature {
        weights: AGENT_WEIGHTS,
        doubt: AGENT_DOUBT,
        all: all.own.agent,
        own: own.agent,
        values: all.agent_values,
    };
    let [logins, own_logins, users] =
        [logins, own.logins, all.users].map(|count| number(count.max(1)));
    let usual = logins / (users * own_logins);
    address.log_ratio(logins, own_logins) + agent.log_ratio(logins, own_logins) + usual.ln()
}

struct Feature<const LEVELS: usize> {
    weights: [f64; LEVELS],
    doubt: f64,
    all: [u64; LEVELS],
    own: [u64; LEVELS],
    values: u64,
}

impl<const LEVELS: usize> Feature<LEVELS> {
    fn log_ratio(&self, logins: f64, own_logins: f64) -> f64 {
        let (mut anybody, mut user) = (0.0, 0.0);
        let counts = self.all.iter().zip(&self.own);
        for (level, (weight, (all, own))) in self.weights.iter().zip(counts).enumerate() {
            let (seen, own) = (number(*all.max(own)), number(*own));
            anybody += weight * if level == 0 { self.finest(seen, logins) } else { seen / logins };
            user += weight * own / own_logins;
        }
        if user > 0.0 { (anybody / user).ln() } else { UNHEARD_OF.ln() }
    }

    /// How likely a value of the finest level is for anybody.
    fn finest(&self, seen: f64, logins: f64) -> f64 {
        let trust = if seen > 0.0 { seen / (seen + self.doubt) } else { 1.0 };
        trust * seen.max(1.0) / (logins + number(self.values) + 1.0)
    }
}

fn number(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All that is left is how many logins this user has beside others.
    #[test]
    fn the_unheard_of_is_four_times_as_likely_for_anybody() {
        let own = Own { logins: 5, ..Own::default() };
        let all = All { own: Own { logins: 100, ..Own::default() }, users: 10, ..All::default() };
        assert!((log_score(&own, &all) - (16.0_f64 * 100.0 / 50.0).ln()).abs() < 1e-12);
    }

    #[test]
    fn counts_that_lag_behind_give_a_number() {
        let few = [0, 1, 3, u64::MAX];
        for logins in few {
            for count in few {
                let own = Own { logins, address: [count, 0, 1], agent: [0, count, 0, 1] };
                for users in few {
                    let all =
                        All { users, address_values: count, agent_values: 0, own: Own::default() };
                    assert!(log_score(&own, &all).is_finite(), "{own:?} {all:?}");
                    let all = All { own: Own { logins: users, ..own }, ..all };
                    assert!(log_score(&own, &all).is_finite(), "{own:?} {all:?}");
                }
            }
        }
    }
}
