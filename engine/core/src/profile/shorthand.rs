//! The bytes of a profile: what was written before is named by where it stands.
//!
//! ```text
//! parts      u8, how many recent logins there are and which of the next four
//! failures   how many rows u8 · of each: method u8 · success i64, milliseconds · how many u8 · the first i64 ·
//!            milliseconds from one to the next varint
//! standings  how many u8 · second u32, event u32, reports u8, method of the passed challenge u8 each
//! habits     newest epoch u16 · addresses · user agents, how many u8 and then each:
//!   value    u8, in which epochs and how many levels are forgotten · the finest level u32, coarser ones u16 · counts varint
//! older      logins varint · hours · devices · routes · areas
//! recent     logins, the oldest first:
//!   login    seconds since the one before varint · event u32 · hour and challenge u8 · method of the challenge
//!            if one was passed u8 · machine and source u8
//!            for each of these the number of the first login with an equal one; if that is this one, its parts:
//!   machine  device · features
//!   source   route · area · spot
//!   part     u8, 0 for none, 255 for a new one that follows, else 1 + where it stands among the older
//!            ones and then in the logins before
//! ```

use super::area::Area;
use super::failures::By;
use super::features::Features;
use super::history::{History, LOGINS_RECENT_MAX};
use super::known::{Value, values_max};
use super::login::{Login, Machine, Source};
use super::route::Route;
use super::second::Second;
use super::spot::Spot;
use super::summary::Summary;
use super::tag::Tag;
use crate::packed::{Reader, VARINT_U32_BYTES_MAX, Writer};

/// The hour of a login whose hour is not known.
const HOUR_NONE: u8 = 31;
/// Beside the hour, if a challenge was passed.
const PASSED: u8 = 1 << 5;

/// The number of a login for its machine, then one for its source.
const SOURCE_SHIFT: u32 = 4;
const SOURCE_NUMBERS: usize = (1 << SOURCE_SHIFT) - 1;

/// A part that is not there.
const NONE: u8 = 0;
/// A part that was not written before.
const NEW: u8 = u8::MAX;

const _: () = {
    assert!(LOGINS_RECENT_MAX <= SOURCE_NUMBERS);
    // Every part that was written before has a number below.
    assert!(values_max::<Tag>() + LOGINS_RECENT_MAX < NEW as usize);
    assert!(values_max::<Route>() + LOGINS_RECENT_MAX < NEW as usize);
    assert!(values_max::<Area>() + LOGINS_RECENT_MAX < NEW as usize);
};

/// Most bytes of a recent login, nothing of which was written before.
const LOGIN_BYTES_MAX: usize = VARINT_U32_BYTES_MAX
    + (4 + 1 + 1 + 1)
    + (1 + <Tag as Value>::BYTES_MAX)
    + (1 + Features::BYTES_MAX)
    + (1 + <Route as Value>::BYTES_MAX)
    + (1 + <Area as Value>::BYTES_MAX)
    + (1 + Spot::BYTES_MAX);

impl<'a> History<'a> {
    pub(super) const RECENT_BYTES_MAX: usize = LOGINS_RECENT_MAX * LOGIN_BYTES_MAX;

    pub(super) fn pack_recent(&self, to: &mut Writer) {
        let mut before = Second::default();
        for (number, login) in self.recent.iter().enumerate() {
            to.varint(login.at.since(before));
            before = login.at;
            to.u32(login.event.0);
            let passed = if login.passed_by.is_some() { PASSED } else { 0 };
            to.u8(login.hour.unwrap_or(HOUR_NONE) | passed);
            if let Some(by) = login.passed_by {
                by.pack(to);
            }
            self.pack_parts(number, login, to);
        }
    }

    /// Reads so many logins; the summary has been read before.
    pub(super) fn unpack_recent(&mut self, count: usize, from: &mut Reader<'a>) {
        if count > 0 {
            // Most often one more is about to be learned.
            self.recent.reserve_exact(count + 1);
        }
        let mut at = Second::default();
        for _ in 0..count {
            at = at.after(from.varint_u32());
            let event = Tag(from.u32());
            let bits = from.u8();
            let hour = Some(bits & HOUR_NONE).filter(|hour| *hour != HOUR_NONE);
            let passed_by = (bits & PASSED != 0).then(|| By::unpack(from));
            let (machine, source) = self.unpack_parts(from);
            self.recent.push(Login { at, event, hour, passed_by, machine, source });
        }
    }

    fn pack_parts(&self, number: usize, login: &Login<'a>, to: &mut Writer) {
        let before = self.recent.get(..number).unwrap_or_default();
        let machine = before.iter().position(|known| known.machine == login.machine);
        let source = before.iter().position(|known| known.source == login.source);
        to.count(machine.unwrap_or(number) << SOURCE_SHIFT | source.unwrap_or(number));
        let (before, older) = (Before(before), &self.older);
        if machine.is_none() {
            let Machine { device, features } = login.machine;
            pack_part(device, before.devices(older), Value::pack, to);
            pack_part(Some(features), before.features(older), Features::pack, to);
        }
        if source.is_none() {
            let Source { route, area, spot } = login.source;
            pack_part(route, before.routes(older), Value::pack, to);
            pack_part(area, before.areas(older), Value::pack, to);
            pack_part(spot, before.spots(), Spot::pack, to);
        }
    }

    fn unpack_parts(&self, from: &mut Reader<'a>) -> (Machine, Source<'a>) {
        let (before, older) = (Before(&self.recent), &self.older);
        let numbers = from.count();
        let machine = match self.recent.get(numbers >> SOURCE_SHIFT) {
            Some(login) => login.machine,
            None => Machine {
                device: unpack_part(before.devices(older), Value::unpack, from),
                features: unpack_part(before.features(older), Features::unpack, from)
                    .unwrap_or_default(),
            },
        };
        let source = match self.recent.get(numbers & SOURCE_NUMBERS) {
            Some(login) => login.source,
            None => Source {
                route: unpack_part(before.routes(older), Value::unpack, from),
                area: unpack_part(before.areas(older), Value::unpack, from),
                spot: unpack_part(before.spots(), Spot::unpack, from),
            },
        };
        (machine, source)
    }
}

/// The logins before one.
struct Before<'h, 'a>(&'h [Login<'a>]);

/// Each part in the order that it is named by.
impl<'h, 'a> Before<'h, 'a> {
    fn devices(&self, older: &'h Summary) -> impl Iterator<Item = Option<Tag>> {
        let older = older.devices.values().iter().map(|known| Some(known.value));
        older.chain(self.0.iter().map(|login| login.machine.device))
    }

    fn features(&self, older: &'h Summary) -> impl Iterator<Item = Option<Features>> {
        let older = older.devices.values().iter().map(|known| Some(known.state.features));
        older.chain(self.0.iter().map(|login| Some(login.machine.features)))
    }

    fn routes(&self, older: &'h Summary) -> impl Iterator<Item = Option<Route>> {
        let older = older.routes.values().iter().map(|known| Some(known.value));
        older.chain(self.0.iter().map(|login| login.source.route))
    }

    fn areas(&self, older: &'h Summary) -> impl Iterator<Item = Option<Area>> {
        let older = older.areas.values().iter().map(|known| Some(known.value));
        older.chain(self.0.iter().map(|login| login.source.area))
    }

    fn spots(&self) -> impl Iterator<Item = Option<Spot<'a>>> {
        self.0.iter().map(|login| login.source.spot)
    }
}

fn pack_part<T: PartialEq>(
    part: Option<T>,
    mut before: impl Iterator<Item = Option<T>>,
    pack: fn(&T, &mut Writer),
    to: &mut Writer,
) {
    let Some(new) = &part else { return to.u8(NONE) };
    match before.position(|known| known == part) {
        Some(place) => to.count(place + 1),
        None => {
            to.u8(NEW);
            pack(new, to);
        }
    }
}

fn unpack_part<'a, T>(
    mut before: impl Iterator<Item = Option<T>>,
    unpack: fn(&mut Reader<'a>) -> T,
    from: &mut Reader<'a>,
) -> Option<T> {
    match from.u8() {
        NONE => None,
        NEW => Some(unpack(from)),
        place => before.nth(usize::from(place - 1)).flatten(),
    }
}
