//! Values of one trait that older logins had.

use super::trace::Features;
use crate::few;
use crate::keyed::Mark;
use crate::time::Timestamp;

/// When and how often something was part of a trusted login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sighting {
    /// The first time.
    pub first_at: Timestamp,
    /// The last time.
    pub last_at: Timestamp,
    /// How many times.
    pub count: u32,
}

impl Sighting {
    pub(crate) const fn once(at: Timestamp) -> Self {
        Self { first_at: at, last_at: at, count: 1 }
    }

    /// Both together. Commutes.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            first_at: self.first_at.min(other.first_at),
            last_at: self.last_at.max(other.last_at),
            count: self.count.saturating_add(other.count),
        }
    }
}

/// A device as it was when last seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct DeviceState {
    pub(crate) at: Timestamp,
    pub(crate) features: Features,
}

/// One value that older logins had.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct KnownValue {
    pub(crate) mark: Mark,
    pub(crate) sighting: Sighting,
    /// Only of devices.
    pub(crate) state: Option<Box<DeviceState>>,
    /// Only of devices: when a challenge was last passed on it.
    pub(crate) challenge_passed_at: Option<Timestamp>,
}

/// The values of one trait, sorted by mark.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Known(Vec<KnownValue>);

impl Known {
    pub(crate) fn get(&self, mark: Mark) -> Option<&KnownValue> {
        self.position(mark).ok().and_then(|at| self.0.get(at))
    }

    pub(crate) fn values(&self) -> &[KnownValue] {
        &self.0
    }

    /// Adds a sighting; of more than `values_max` values the longest unseen is forgotten, and only then
    /// does the order of learning matter.
    pub(crate) fn add(&mut self, seen: KnownValue, values_max: usize) {
        match self.position(seen.mark) {
            Ok(at) => {
                if let Some(value) = self.0.get_mut(at) {
                    value.sighting = value.sighting.and(seen.sighting);
                    value.state = seen.state.max(value.state.take());
                    value.challenge_passed_at =
                        seen.challenge_passed_at.max(value.challenge_passed_at);
                }
            }
            Err(at) => few::insert(&mut self.0, at, seen),
        }
        if self.0.len() > values_max {
            let unseen = |(_, value): &(usize, &KnownValue)| (value.sighting.last_at, value.mark);
            let longest = self.0.iter().enumerate().min_by_key(unseen).map(|(at, _)| at);
            longest.map(|at| self.0.remove(at));
        }
    }

    /// Takes one sighting back; the value goes with its last one.
    pub(crate) fn take(&mut self, mark: Mark) {
        let Ok(at) = self.position(mark) else { return };
        let Some(value) = self.0.get_mut(at) else { return };
        value.sighting.count = value.sighting.count.saturating_sub(1);
        if value.sighting.count == 0 {
            self.0.remove(at);
        }
    }

    fn position(&self, mark: Mark) -> Result<usize, usize> {
        self.0.binary_search_by_key(&mark, |value| value.mark)
    }
}
