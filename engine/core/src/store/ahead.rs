//! Asking ahead for what an attempt looks at.
//!
//! An attempt looks some thirty names up, and each look-up waits for memory several times. Done name after name, with all that
//! is counted and read between them, these waits add up to more than the work; finding every name first lets the processor
//! wait for many of them at once. Nothing depends on it: what is asked for in vain, or gone until it is needed, costs only time.

use super::shelf::{Shelf, Shelves};
use crate::keyed::Name;

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
