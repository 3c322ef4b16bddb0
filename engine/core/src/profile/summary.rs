//! What remains of the logins that are no longer kept one by one.

use super::hours::Hours;
use super::known::{DeviceState, Known, KnownValue, Sighting};
use super::login::Login;
use super::trace::{Trait, Traits};

/// Earliest, latest and counts, which any order of folding leaves the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Summary {
    pub(crate) logins: u32,
    pub(crate) hours: Hours,
    pub(crate) known: Traits<Known>,
}

impl Summary {
    pub(crate) fn fold(&mut self, login: &Login) {
        self.logins = self.logins.saturating_add(1);
        if let Some(hour) = login.hour {
            self.hours.add(hour);
        }
        for (which, (known, mark)) in
            Trait::ALL.iter().zip(self.known.0.iter_mut().zip(login.traits.0))
        {
            if let Some(mark) = mark {
                let device = *which == Trait::Device;
                let state = DeviceState { at: login.at, features: login.features };
                let seen = KnownValue {
                    mark,
                    sighting: Sighting::once(login.at),
                    state: device.then(|| Box::new(state)),
                    challenge_passed_at: (device && login.challenge_passed).then_some(login.at),
                };
                known.add(seen, which.values_max());
            }
        }
    }

    /// Takes back what `login` added, as far as it is still told apart: counts, not times.
    pub(crate) fn unfold(&mut self, login: &Login) {
        self.logins = self.logins.saturating_sub(1);
        if let Some(hour) = login.hour {
            self.hours.take(hour);
        }
        for (known, mark) in self.known.0.iter_mut().zip(login.traits.0) {
            if let Some(mark) = mark {
                known.take(mark);
            }
        }
    }
}
