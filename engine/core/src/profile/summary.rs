//! What remains of the logins that are no longer kept one by one.

use super::area::Area;
use super::device::{Condition, Passed};
use super::hours::Hours;
use super::known::{Known, KnownValue, Seen, Value, bytes_max};
use super::login::Login;
use super::route::Route;
use super::tag::Tag;
use crate::packed::{Reader, VARINT_U32_BYTES_MAX, Writer};

/// Earliest, latest and counts, which any order of folding leaves the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Summary {
    pub(super) logins: u32,
    pub(super) hours: Hours,
    pub(super) devices: Known<Tag>,
    pub(super) routes: Known<Route>,
    pub(super) areas: Known<Area>,
}

impl Summary {
    pub(super) const BYTES_MAX: usize = VARINT_U32_BYTES_MAX
        + Hours::BYTES_MAX
        + bytes_max::<Tag>()
        + bytes_max::<Route>()
        + bytes_max::<Area>();

    pub(super) fn fold(&mut self, login: &Login<'_>) {
        self.logins = self.logins.saturating_add(1);
        if let Some(hour) = login.hour {
            self.hours.add(hour);
        }
        let passed = login.passed_by.map(|by| Passed { at: login.at, by });
        let condition = Condition { features: login.machine.features, passed };
        add(&mut self.devices, login, login.machine.device, condition);
        add(&mut self.routes, login, login.source.route, ());
        add(&mut self.areas, login, login.source.area, ());
    }

    /// Adds the logins of another account, which is the same person's.
    pub(super) fn join(&mut self, others: &Self) {
        self.logins = self.logins.saturating_add(others.logins);
        self.hours.join(&others.hours);
        self.devices.join(&others.devices);
        self.routes.join(&others.routes);
        self.areas.join(&others.areas);
    }

    /// Takes back what `login` added, as far as it is still told apart: counts, not times.
    pub(super) fn unfold(&mut self, login: &Login<'_>) {
        self.logins = self.logins.saturating_sub(1);
        if let Some(hour) = login.hour {
            self.hours.take(hour);
        }
        login.machine.device.into_iter().for_each(|device| self.devices.take(device));
        login.source.route.into_iter().for_each(|route| self.routes.take(route));
        login.source.area.into_iter().for_each(|area| self.areas.take(area));
    }

    pub(super) fn pack(&self, to: &mut Writer) {
        to.varint(self.logins);
        self.hours.pack(to);
        self.devices.pack(to);
        self.routes.pack(to);
        self.areas.pack(to);
    }

    pub(super) fn unpack(from: &mut Reader<'_>) -> Self {
        Self {
            logins: from.varint_u32(),
            hours: Hours::unpack(from),
            devices: Known::unpack(from),
            routes: Known::unpack(from),
            areas: Known::unpack(from),
        }
    }
}

fn add<V: Value>(known: &mut Known<V>, login: &Login<'_>, value: Option<V>, state: V::State) {
    if let Some(value) = value {
        known.add(KnownValue { value, seen: Seen::once(login.at), state });
    }
}
