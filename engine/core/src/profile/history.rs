//! A user's trusted logins: the newest one by one, those before as a summary.

use super::hours::Hours;
use super::known::{DeviceState, Sighting};
use super::login::{Login, Spot};
use super::summary::Summary;
use super::trace::{FEATURES, Features, Trait};
use crate::few;
use crate::keyed::Mark;
use crate::time::{DAY_MS, Timestamp};

/// Logins kept one by one. An attempt among them can be unlearned without a trace.
pub const LOGINS_RECENT_MAX: usize = 16;

/// How long something that no trusted login shows any more stays known.
pub const RETENTION_MS: i64 = 90 * DAY_MS;

/// A user's trusted logins.
///
/// The same for any order of learning: the newest are kept, the others are folded into sums, and which
/// are the newest does not depend on who came first. Order matters only where a bound is hit: values beyond
/// [`Trait::values_max`], and unlearning while there is a summary.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct History {
    /// By time and mark, oldest first.
    recent: Vec<Login>,
    older: Option<Box<Summary>>,
}

impl History {
    /// Adds a login, unless it is among the newest already.
    pub(crate) fn learn(&mut self, login: Login) {
        let Err(at) = self.position(&login) else { return };
        few::insert(&mut self.recent, at, login);
        if self.recent.len() > LOGINS_RECENT_MAX {
            let oldest = self.recent.remove(0);
            self.older.get_or_insert_default().fold(&oldest);
        }
    }

    /// Takes a login back. One that is neither among the newest nor old enough to have been folded was
    /// never learned.
    pub(crate) fn unlearn(&mut self, login: &Login) {
        match self.position(login) {
            Ok(at) => {
                self.recent.remove(at);
            }
            Err(0) => {
                if let Some(older) = &mut self.older {
                    older.unfold(login);
                }
                self.older.take_if(|older| older.logins == 0);
            }
            Err(_) => {}
        }
    }

    /// How many trusted logins there were.
    pub(crate) fn logins(&self) -> u32 {
        let recent = u32::try_from(self.recent.len()).unwrap_or(u32::MAX);
        recent.saturating_add(self.older.as_ref().map_or(0, |older| older.logins))
    }

    /// The newest login at or before `now`.
    pub(crate) fn last(&self, now: Timestamp) -> Option<&Login> {
        self.before(now).next()
    }

    /// The newest login at or before `now` that has a place.
    pub(crate) fn last_placed(&self, now: Timestamp) -> Option<&Login> {
        self.before(now).find(|login| login.spot.is_some())
    }

    /// How often one value of a trait was seen, if within the retention before `now`.
    pub(crate) fn sighting(&self, which: Trait, mark: Mark, now: Timestamp) -> Option<Sighting> {
        let older = self.older.as_ref().and_then(|older| older.known.get(which).get(mark));
        let mut sighting = older.map(|value| value.sighting);
        for login in self.recent.iter().filter(|login| *login.traits.get(which) == Some(mark)) {
            let once = Sighting::once(login.at);
            sighting = Some(sighting.map_or(once, |before| before.and(once)));
        }
        sighting.filter(|sighting| remembered(sighting.last_at, now))
    }

    /// Features that the known device `own` had when last seen, or else the most that any known device
    /// has in common.
    pub(crate) fn similarity(
        &self,
        own: Option<Mark>,
        features: &Features,
        now: Timestamp,
    ) -> usize {
        let known = || self.devices().filter(|(_, state)| remembered(state.at, now));
        let last_own = known().filter(|(mark, _)| own == Some(*mark)).map(|(_, state)| state).max();
        let common = match last_own {
            Some(state) => state.features.common(features),
            None => known().map(|(_, state)| state.features.common(features)).max().unwrap_or(0),
        };
        common.min(FEATURES)
    }

    /// When a challenge was last passed on a device.
    pub(crate) fn challenge_passed_at(&self, device: Mark) -> Option<Timestamp> {
        let passed = |login: &&Login| {
            login.challenge_passed && *login.traits.get(Trait::Device) == Some(device)
        };
        let older =
            self.older.as_ref().and_then(|older| older.known.get(Trait::Device).get(device));
        let recent = self.recent.iter().rev().find(passed).map(|login| login.at);
        recent.max(older.and_then(|value| value.challenge_passed_at))
    }

    /// Logins per hour of the local day.
    pub(crate) fn hours(&self) -> Hours {
        let mut hours = self.older.as_ref().map_or_else(Hours::default, |older| older.hours);
        self.recent.iter().filter_map(|login| login.hour).for_each(|hour| hours.add(hour));
        hours
    }

    /// Where the newest login came from.
    pub(crate) fn last_spot(&self) -> Option<&Spot> {
        self.recent.last()?.spot.as_ref()
    }

    fn before(&self, now: Timestamp) -> impl Iterator<Item = &Login> {
        self.recent.iter().rev().filter(move |login| login.at <= now)
    }

    fn devices(&self) -> impl Iterator<Item = (Mark, DeviceState)> {
        let recent = self.recent.iter().filter_map(|login| {
            let state = DeviceState { at: login.at, features: login.features };
            Some(((*login.traits.get(Trait::Device))?, state))
        });
        let older = self.older.iter().flat_map(|older| older.known.get(Trait::Device).values());
        recent.chain(older.filter_map(|value| Some((value.mark, **value.state.as_ref()?))))
    }

    fn position(&self, login: &Login) -> Result<usize, usize> {
        self.recent.binary_search_by_key(&(login.at, login.event), |known| (known.at, known.event))
    }
}

fn remembered(last_at: Timestamp, now: Timestamp) -> bool {
    now.since(last_at) <= RETENTION_MS
}
