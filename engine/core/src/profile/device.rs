//! Devices that older logins came from.

use super::features::Features;
use super::known::{LEVELS, Value};
use super::packed::{Reader, VARINT_U32_BYTES_MAX, Writer};
use super::second::Second;
use super::tag::Tag;

/// A device as older logins left it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    /// What it was like when it was last seen.
    pub(super) features: Features,
    /// When a challenge was last passed on it.
    pub(super) challenge_passed: Option<Second>,
}

/// Devices go by the tag of their identifier.
impl Value for Tag {
    const LEVELS_MAX: [usize; LEVELS] = [16, 0, 0];

    const BYTES_MAX: usize = 4 + Features::BYTES_MAX + VARINT_U32_BYTES_MAX;

    type State = Condition;

    fn level(&self) -> usize {
        0
    }

    fn coarser(&self) -> Option<Self> {
        None
    }

    fn both(one: (Second, Condition), other: (Second, Condition)) -> Condition {
        let (_, features) = (one.0, one.1.features).max((other.0, other.1.features));
        let challenge_passed = one.1.challenge_passed.max(other.1.challenge_passed);
        Condition { features, challenge_passed }
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
        let before = state.challenge_passed.map(|passed| u64::from(last.since(passed)) + 1);
        to.varint(before.unwrap_or(0));
    }

    fn unpack_state(from: &mut Reader<'_>, last: Second) -> Condition {
        let features = Features::unpack(from);
        let before = from.varint().checked_sub(1).and_then(|before| u32::try_from(before).ok());
        Condition { features, challenge_passed: before.map(|before| last.before(before)) }
    }
}
