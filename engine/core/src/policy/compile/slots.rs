//! Where the readings stand that a policy works on: signals, attributes, windows, look-ups, in this order.

use std::sync::Arc;

use super::Builder;
use super::names::Meaning;
use crate::policy::ast::Name;
use crate::policy::plan::Lookup;
use crate::policy::program::Slot;
use crate::signal::{Origin, SIGNALS, Signal};
use crate::value::Type;

/// What stands in a slot that is given.
pub(crate) enum Given<'b> {
    Signal(&'static Signal),
    /// By index.
    Attribute(usize),
    /// By index.
    Window(usize),
    Lookup(&'b Lookup),
}

impl<'a> Builder<'a> {
    /// What stands there; `None` behind the last look-up.
    pub(crate) fn given(&self, slot: usize) -> Option<Given<'_>> {
        if let Some(signal) = SIGNALS.get(slot) {
            return Some(Given::Signal(signal));
        }
        let windows = self.window_slot(0);
        if slot < windows {
            return Some(Given::Attribute(slot - SIGNALS.len()));
        }
        let lookups = self.lookup_slot(0);
        if slot < lookups {
            return Some(Given::Window(slot - windows));
        }
        self.lookups.get(slot - lookups).map(Given::Lookup)
    }

    /// How many slots are given.
    pub(crate) fn given_count(&self) -> usize {
        self.lookup_slot(self.lookups.len())
    }

    pub(crate) fn attribute_slot(&self, index: usize) -> usize {
        SIGNALS.len() + index
    }

    pub(crate) fn window_slot(&self, index: usize) -> usize {
        self.attribute_slot(self.names.attributes.len()) + index
    }

    pub(crate) fn lookup_slot(&self, index: usize) -> usize {
        self.window_slot(self.names.windows.len()) + index
    }

    /// The name of what stands in the slot.
    pub(crate) fn slot_name(&self, slot: Slot) -> Arc<str> {
        match slot {
            Slot::Given(index) => self.given_name(index),
            Slot::Derived(index) => {
                self.program.derived.get(index).map_or_else(Arc::default, |it| Arc::clone(&it.name))
            }
        }
    }

    pub(crate) fn given_name(&self, slot: usize) -> Arc<str> {
        match self.given(slot) {
            Some(Given::Signal(signal)) => signal.name.into(),
            Some(Given::Attribute(index)) => {
                let attribute = self.names.attributes.get(index);
                attribute.map_or_else(Arc::default, |it| it.name.text.as_str().into())
            }
            Some(Given::Window(index)) => {
                let window = self.names.windows.get(index);
                window.map_or_else(Arc::default, |it| it.name.text.as_str().into())
            }
            Some(Given::Lookup(lookup)) => Arc::clone(&lookup.name),
            None => Arc::default(),
        }
    }

    pub(crate) fn slot_kind(&self, slot: Slot) -> Type {
        let kind = match slot {
            Slot::Derived(index) => self.program.derived.get(index).map(|derived| derived.kind),
            Slot::Given(slot) => match self.given(slot) {
                Some(Given::Signal(signal)) => Some(signal.kind),
                Some(Given::Attribute(index)) => self.attribute_kind(index),
                Some(Given::Window(index)) => self.window_kinds.get(index).copied().flatten(),
                Some(Given::Lookup(_)) | None => None,
            },
        };
        kind.unwrap_or(Type::Bool)
    }

    /// The type of what the event tells there; `None` for anything else, and for an attribute that is wrong.
    pub(crate) fn told(&self, slot: usize) -> Option<Type> {
        match self.given(slot)? {
            Given::Signal(signal) => (signal.origin == Origin::Event).then_some(signal.kind),
            Given::Attribute(index) => self.attribute_kind(index),
            Given::Window(_) | Given::Lookup(_) => None,
        }
    }

    /// The slots that a name in `unknown(…)` means: itself, or a family's members; for a list every
    /// look-up in it.
    pub(crate) fn family_slots(&mut self, name: &Name) -> Option<Vec<Slot>> {
        if let Some(Meaning::List(index)) = self.names.meaning(&name.text) {
            let of = self.lookups.iter().enumerate().filter(|(_, lookup)| lookup.list == index);
            return Some(of.map(|(at, _)| Slot::Given(self.lookup_slot(at))).collect());
        }
        let meanings = match self.names.meaning(&name.text) {
            Some(meaning) => vec![meaning],
            None => self.names.family(&name.text),
        };
        if meanings.is_empty() {
            let problem = self.names.unknown(name);
            return self.report(problem);
        }
        let slots: Vec<_> = meanings.into_iter().map(|meaning| self.meant(meaning)).collect();
        slots.into_iter().collect()
    }

    fn meant(&mut self, meaning: Meaning<'a>) -> Option<Slot> {
        match meaning {
            Meaning::Signal(id) => Some(Slot::Given(id)),
            Meaning::Attribute(index) => Some(Slot::Given(self.attribute_slot(index))),
            Meaning::Window(index) => Some(Slot::Given(self.window_slot(index))),
            Meaning::Derived(signal) => self.derived(signal),
            Meaning::List(_) => None,
        }
    }
}
