//! Devices that older logins came from.

use super::failures::By;
use super::features::Features;
use super::known::{LEVELS, Value};
use super::second::Second;
use super::tag::Tag;
use crate::packed::{Reader, VARINT_U32_BYTES_MAX, Writer};

/// A device as older logins left it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    /// What it was like when it was last seen.
    pub(super) features: Features,
    /// The last challenge that was passed on it.
    pub(super) passed: Option<Passed>,
}

/// A challenge that was passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Passed {
    pub(super) at: Second,
    pub(super) by: By,
}

/// Devices go by the tag of their identifier.
impl Value for Tag {
    const LEVELS_MAX: [usize; LEVELS] = [16, 0, 0];

    const BYTES_MAX: usize = 4 + Features::BYTES_MAX + VARINT_U32_BYTES_MAX + 1;

    type State = Condition;

    fn level(&self) -> usize {
        0
    }

    fn coarser(&self) -> Option<Self> {
        None
    }

    fn both(one: (Second, Condition), other: (Second, Condition)) -> Condition {
        let (_, features) = (one.0, one.1.features).max((other.0, other.1.features));
        Condition { features, passed: one.1.passed.max(other.1.passed) }
    }

    fn pack(&self, to: &mut Writer) {
        to.u32(self.0);
    }

    fn unpack(from: &mut Reader<'_>) -> Self {
        Self(from.u32())
    }

    /// A challenge is passed in a login: never after the last one.
    fn pack_state(state: &Condition, last: Second, to: &mut Writer) {
        state.features.pack(to);
        match state.passed {
            Some(passed) => {
                to.varint(u64::from(last.since(passed.at)) + 1);
                passed.by.pack(to);
            }
            None => to.varint(0_u32),
        }
    }

    fn unpack_state(from: &mut Reader<'_>, last: Second) -> Condition {
        let features = Features::unpack(from);
        let before = from.varint().checked_sub(1).and_then(|before| u32::try_from(before).ok());
        let at = before.map(|before| last.before(before));
        let passed = at.map(|at| Passed { at, by: By::unpack(from) });
        Condition { features, passed }
    }
}
