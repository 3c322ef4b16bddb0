//! A user's trusted logins: the newest one by one, those before as a summary.

use super::area::Area;
use super::device::Passed;
use super::features::{Feature, Features};
use super::hours::Hours;
use super::known::{Known, Seen, Sighting, Value};
use super::login::Login;
use super::route::Route;
use super::second::Second;
use super::summary::Summary;
use super::tag::Tag;
use crate::country::Country;
use crate::few;
use crate::time::{DAY_MS, Timestamp};

/// Logins kept one by one. An attempt among them can be unlearned without a trace.
pub const LOGINS_RECENT_MAX: usize = 8;

/// How long something that no trusted login shows any more stays known.
pub const RETENTION_MS: i64 = 90 * DAY_MS;

/// How long a country that no trusted login shows any more stays known. Devices are replaced and neighbourhoods change;
/// who has been away for months is still at home in the same country.
pub const COUNTRY_RETENTION_MS: i64 = 400 * DAY_MS;

/// A user's trusted logins.
///
/// The same for any order of learning: the newest are kept, the others are folded into sums, and which
/// are the newest does not depend on who came first. Order matters only where a bound is hit: values beyond
/// [`Value::LEVELS_MAX`], and unlearning while there is a summary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct History<'a> {
    /// By time and tag, oldest first.
    pub(super) recent: Vec<Login<'a>>,
    pub(super) older: Summary,
}

impl<'a> History<'a> {
    /// Adds a login; `false` if it is among the newest already.
    pub(super) fn learn(&mut self, login: Login<'a>) -> bool {
        let Err(at) = self.position(&login) else { return false };
        few::insert(&mut self.recent, at, login);
        if self.recent.len() > LOGINS_RECENT_MAX {
            let oldest = self.recent.remove(0);
            self.older.fold(&oldest);
        }
        true
    }

    /// Adds the logins of another account, which is the same person's.
    pub(super) fn join(&mut self, others: History<'a>) {
        self.older.join(&others.older);
        for login in others.recent {
            self.learn(login);
        }
    }

    /// Takes a login back. One that is neither among the newest nor old enough to have been folded was
    /// never learned, and `false` says so.
    pub(super) fn unlearn(&mut self, login: &Login<'_>) -> bool {
        match self.position(login) {
            Ok(at) => {
                self.recent.remove(at);
            }
            Err(0) if self.older.logins > 0 => self.older.unfold(login),
            Err(_) => return false,
        }
        true
    }

    /// How many trusted logins there were.
    pub(super) fn logins(&self) -> u32 {
        let recent = u32::try_from(self.recent.len()).unwrap_or(u32::MAX);
        recent.saturating_add(self.older.logins)
    }

    /// The newest login at or before `now`.
    pub(super) fn last(&self, now: Timestamp) -> Option<&Login<'a>> {
        self.before(now).next()
    }

    /// The newest login at or before `now` that has a place.
    pub(super) fn last_placed(&self, now: Timestamp) -> Option<&Login<'a>> {
        self.before(now).find(|login| login.source.spot.is_some())
    }

    pub(super) fn device(&self, device: Tag, now: Timestamp) -> Option<Sighting> {
        self.sighting(
            &self.older.devices,
            |login| login.machine.device,
            |known| *known == device,
            Within::usual(now),
        )
    }

    /// How often a route like this one was taken, if within the retention before `now`.
    pub(super) fn route(&self, like: impl Fn(&Route) -> bool, now: Timestamp) -> Option<Sighting> {
        self.sighting(&self.older.routes, |login| login.source.route, like, Within::usual(now))
    }

    /// How often an area like this one was seen, if within the retention before `now`.
    pub(super) fn area(&self, like: impl Fn(&Area) -> bool, now: Timestamp) -> Option<Sighting> {
        self.sighting(&self.older.areas, |login| login.source.area, like, Within::usual(now))
    }

    /// How often a country was seen, if within its own, longer retention before `now`.
    pub(super) fn country(&self, country: Country, now: Timestamp) -> Option<Sighting> {
        let like = |area: &Area| area.country() == Some(country.letters());
        let within = Within { retention_ms: COUNTRY_RETENTION_MS, now };
        self.sighting(&self.older.areas, |login| login.source.area, like, within)
    }

    /// Features that the known device `own` had when last seen, or else the most that any known device
    /// has in common.
    pub(super) fn similarity(
        &self,
        own: Option<Tag>,
        features: &Features,
        now: Timestamp,
    ) -> usize {
        let within = Within::usual(now);
        let known = || self.devices().filter(|(_, at, _)| within.covers(at.at()));
        let own = known().filter(|(device, ..)| own == Some(*device));
        match own.map(|(_, at, features)| (at, features)).max() {
            Some((_, last)) => last.common(features),
            None => known().map(|(.., known)| known.common(features)).max().unwrap_or(0),
        }
    }

    /// Whether a login within the retention before `now` had this feature: one of the newest, or the last on a known device.
    pub(super) fn featured(&self, which: Feature, feature: u16, now: Timestamp) -> bool {
        let within = Within::usual(now);
        let recent = self.recent.iter().map(|login| (login.at, login.machine.features));
        let older = self.older.devices.values().iter();
        let older = older.map(|known| (known.seen.last, known.state.features));
        recent
            .chain(older)
            .any(|(at, known)| within.covers(at.at()) && known.get(which) == Some(feature))
    }

    /// The newest logins whose place is known, within the retention before `now`.
    pub(super) fn placed(&self, now: Timestamp) -> impl Iterator<Item = &Login<'a>> {
        let within = Within::usual(now);
        let recent = self.recent.iter().filter(|login| login.source.spot.is_some());
        recent.filter(move |login| within.covers(login.at.at()))
    }

    /// Since when the user is known, as far as that is remembered.
    pub(super) fn since(&self) -> Option<Second> {
        let Summary { devices, routes, areas, .. } = &self.older;
        let recent = self.recent.first().map(|login| login.at);
        let older = [devices.first(), routes.first(), areas.first()];
        recent.into_iter().chain(older.into_iter().flatten()).min()
    }

    /// The last challenge that was passed on a device.
    pub(super) fn passed(&self, device: Tag) -> Option<Passed> {
        let own = self.recent.iter().filter(|login| login.machine.device == Some(device));
        let recent = own.filter_map(|login| Some(Passed { at: login.at, by: login.passed_by? }));
        let older = self.older.devices.values().iter().find(|known| known.value == device);
        recent.max().max(older.and_then(|known| known.state.passed))
    }

    /// Logins per hour of the local day.
    pub(super) fn hours(&self) -> Hours {
        let mut hours = self.older.hours;
        self.recent.iter().filter_map(|login| login.hour).for_each(|hour| hours.add(hour));
        hours
    }

    fn before(&self, now: Timestamp) -> impl Iterator<Item = &Login<'a>> {
        self.recent.iter().rev().filter(move |login| login.at.at() <= now)
    }

    fn devices(&self) -> impl Iterator<Item = (Tag, Second, Features)> {
        let recent = self.recent.iter();
        let recent = recent
            .filter_map(|login| Some((login.machine.device?, login.at, login.machine.features)));
        let older = self.older.devices.values().iter();
        recent.chain(older.map(|known| (known.value, known.seen.last, known.state.features)))
    }

    fn sighting<V: Value>(
        &self,
        older: &Known<V>,
        part: fn(&Login<'a>) -> Option<V>,
        like: impl Fn(&V) -> bool,
        within: Within,
    ) -> Option<Sighting> {
        let older = older.values().iter().filter(|known| like(&known.value));
        let recent =
            self.recent.iter().filter(|login| part(login).is_some_and(|value| like(&value)));
        let seen = older.map(|known| known.seen).chain(recent.map(|login| Seen::once(login.at)));
        let sighting = seen.reduce(Seen::and).map(Seen::sighting);
        sighting.filter(|sighting| within.covers(sighting.last_at))
    }

    fn position(&self, login: &Login<'_>) -> Result<usize, usize> {
        self.recent.binary_search_by_key(&(login.at, login.event), |known| (known.at, known.event))
    }
}

/// So long before a point in time, and after it.
#[derive(Clone, Copy)]
struct Within {
    retention_ms: i64,
    now: Timestamp,
}

impl Within {
    fn usual(now: Timestamp) -> Self {
        Self { retention_ms: RETENTION_MS, now }
    }

    fn covers(self, at: Timestamp) -> bool {
        self.now.since(at) <= self.retention_ms
    }
}
