//! What may be unknown, and whether a rule says what then.
//!
//! A signal is unknown because of a *root*: an input that the event may lack, a look-up that may fail, a
//! list that may be too old, a guard that may not hold. A window that is kept by the address has the
//! address as its root, a share of two such windows too. So `if unknown(failure_share_ip)` answers for
//! every other signal with the same roots, and one line is enough where one thing is missing:
//!
//! - tenant, population, journey, user and time are always known, and so are windows kept by them only;
//! - a line answers for what it names (a family means each of its members) and for what shares its roots;
//! - a condition that itself asks `unknown(x)` has answered for `x`, also where a signal is defined by it;
//! - a rule that can only soften (`allow`, points below zero) needs no answer: unknown is never trust;
//! - what is left must be answered by a `degraded` line of every journey in which the rule applies and
//!   for which the policy has thresholds.

use std::collections::BTreeSet;

use super::Builder;
use super::slots::Given;
use crate::policy::ast::{ArithmeticOp, Name};
use crate::policy::program::{Arithmetic, Condition, Formula, Slot, Test};
use crate::value::Type;
use crate::window::Aggregate;

/// Signals that every attempt has.
const ALWAYS_KNOWN: [&str; 5] = ["tenant", "time", "population", "journey", "user"];

impl Builder<'_> {
    /// The inputs because of which the slot may be unknown.
    pub(crate) fn roots(&self, slot: Slot) -> BTreeSet<Slot> {
        let mut roots = BTreeSet::new();
        self.add_roots(slot, &mut roots);
        roots
    }

    /// The roots of everything that the condition reads, without those that it asks about itself.
    pub(crate) fn open_roots(&self, condition: &Condition) -> BTreeSet<Slot> {
        let (mut open, mut asked) = (BTreeSet::new(), BTreeSet::new());
        condition.atoms(&mut |atom| {
            let Some(atom) = self.program.atoms.get(atom) else { return };
            if atom.test == Test::Unknown {
                self.add_roots(atom.slot, &mut asked);
            } else {
                let slots = std::iter::once(atom.slot).chain(atom.test.other());
                slots.for_each(|slot| self.add_roots(slot, &mut open));
            }
        });
        open.difference(&asked).copied().collect()
    }

    /// The slots that an `if unknown(…)` names.
    pub(crate) fn named_slots(&mut self, names: &[Name]) -> Option<Vec<Slot>> {
        let slots: Vec<_> = names.iter().map(|name| self.family_slots(name)).collect();
        Some(slots.into_iter().collect::<Option<Vec<_>>>()?.concat())
    }

    fn add_roots(&self, slot: Slot, roots: &mut BTreeSet<Slot>) {
        match slot {
            Slot::Given(index) => self.add_given_roots(index, roots),
            Slot::Derived(index) => {
                let Some(derived) = self.program.derived.get(index) else { return };
                if derived.when.is_some() || divides(&derived.formula) {
                    roots.insert(slot);
                }
                match &derived.formula {
                    Formula::Number(number) => {
                        number.slots(&mut |slot| self.add_roots(slot, roots))
                    }
                    Formula::Condition(condition) => roots.append(&mut self.open_roots(condition)),
                }
                if let Some(when) = &derived.when {
                    roots.append(&mut self.open_roots(when));
                }
            }
        }
    }

    fn add_given_roots(&self, index: usize, roots: &mut BTreeSet<Slot>) {
        match self.given(index) {
            Some(Given::Signal(signal)) if ALWAYS_KNOWN.contains(&signal.name) => {}
            Some(Given::Signal(_) | Given::Attribute(_)) => {
                roots.insert(Slot::Given(index));
            }
            Some(Given::Window(window)) => self.add_window_roots(index, window, roots),
            Some(Given::Lookup(lookup)) => {
                self.add_given_roots(lookup.operand, roots);
                if self.list_stales.get(lookup.list) == Some(&true) {
                    roots.insert(Slot::Given(index));
                }
            }
            None => {}
        }
    }

    fn add_window_roots(&self, slot: usize, window: usize, roots: &mut BTreeSet<Slot>) {
        let Some(Some(window)) = self.windows.get(window) else { return };
        window.keys.iter().for_each(|key| self.add_given_roots(*key, roots));
        match window.aggregate {
            Aggregate::Count
            | Aggregate::Distinct { .. }
            | Aggregate::Spread
            | Aggregate::Run { .. } => {}
            Aggregate::Sum { of } => {
                // Money is read in the currency of the attempt's own amount.
                if self.slot_kind(Slot::Given(of)) == Type::Money {
                    self.add_given_roots(of, roots);
                }
            }
            Aggregate::Max { .. }
            | Aggregate::Mean { .. }
            | Aggregate::Deviation { .. }
            | Aggregate::First
            | Aggregate::Last
            | Aggregate::Regularity => {
                roots.insert(Slot::Given(slot));
            }
        }
    }
}

fn divides(formula: &Formula) -> bool {
    fn any(number: &Arithmetic) -> bool {
        match number {
            Arithmetic::Slot(_) | Arithmetic::Constant(_) => false,
            Arithmetic::Negate(inner) => any(inner),
            Arithmetic::Binary { op, left, right, .. } => {
                let by_constant = matches!(**right, Arithmetic::Constant(_));
                (*op == ArithmeticOp::Divide && !by_constant) || any(left) || any(right)
            }
        }
    }
    match formula {
        Formula::Number(number) => any(number),
        Formula::Condition(_) => false,
    }
}
