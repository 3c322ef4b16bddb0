//! Asking ahead for what an attempt looks at.
//!
//! An attempt looks some thirty names up, and each look-up waits for memory several times. Done name after name, with all that
//! is counted and read between them, these waits add up to more than the work; finding every name first lets the processor
//! wait for many of them at once. Nothing depends on it: what is asked for in vain, or gone until it is needed, costs only time.

use prefetch_index::prefetch_index;

use super::shelf::{Shelf, Shelves};
use crate::keyed::Name;

/// Bytes of a line, which memory is read by.
const LINE_BYTES: usize = 64;
/// Most lines that are asked for ahead: nearly everything is shorter, and of the rest only a part is looked at.
const LINES_MAX: usize = 8;

/// Something that an attempt will look up.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wanted {
    Entity(Name),
    Profile(Name),
    Row(Name),
    Address(Name),
}

impl Wanted {
    fn name(self) -> Name {
        match self {
            Self::Entity(name) | Self::Profile(name) | Self::Row(name) | Self::Address(name) => {
                name
            }
        }
    }
}

impl Shelves {
    /// Asks for the memory of everything that is wanted.
    pub(super) fn prefetch(&self, wanted: impl Iterator<Item = Wanted> + Clone) {
        wanted.clone().for_each(|wanted| self.approach(wanted.name()));
        wanted.for_each(|wanted| self.lock(wanted.name()).prefetch(wanted));
    }
}

impl Shelf {
    fn prefetch(&self, wanted: Wanted) {
        match wanted {
            Wanted::Entity(name) => self.entities.prefetch(name),
            Wanted::Profile(name) => self.profiles.prefetch(name),
            Wanted::Row(name) => self.rows.prefetch(name),
            Wanted::Address(name) => self.addresses.prefetch(name),
        }
    }
}

/// Asks for the memory of the elements, which something else found and which are needed soon.
pub(super) fn prefetch<T>(elements: &[T]) {
    let step = LINE_BYTES.checked_div(size_of::<T>()).unwrap_or_default().max(1);
    for at in (0..elements.len()).step_by(step).take(LINES_MAX) {
        prefetch_index(elements, at);
    }
}
