//! A policy and a store, and what an attempt goes through between them.

use doorward_core::decision::Verdict;
use doorward_core::policy::Policy;
use doorward_core::signal::{Ending, Origin, SIGNALS, Seen};
use doorward_core::store::{Budget, KeptWindows, Observed, Store};
use doorward_core::value::{Cause, Reading};

use crate::visit::Visit;

/// Where visits are observed.
pub(crate) struct Door {
    /// What decides.
    pub(crate) policy: Policy,
    store: Store,
    windows: KeptWindows,
}

/// A visit as far as it can be read without the store.
pub(crate) struct Announced {
    visit: Visit,
    counted: Vec<bool>,
    /// What the rules see.
    pub(crate) readings: Vec<Reading>,
}

impl Door {
    /// Nobody was here yet.
    pub(crate) fn new(policy: Policy) -> Self {
        let store = Store::new([7; 16], Budget::default());
        let windows = store.keep(policy.windows());
        Self { policy, store, windows }
    }

    /// Reads what the event tells.
    pub(crate) fn announce(&self, visit: Visit) -> Announced {
        let mut readings = vec![Reading::Unknown(Cause::MissingInput); self.policy.slot_count()];
        let Visit { attempt, enrichment } = &visit;
        let ending = Ending::default();
        let seen = Seen { attempt, enrichment, familiarity: None, ending };
        for (signal, reading) in SIGNALS.iter().zip(&mut readings) {
            if signal.origin == Origin::Event {
                *reading = (signal.read)(&seen);
            }
        }
        self.policy.memberships(&mut readings);
        let mut counted = Vec::new();
        self.policy.counted(&readings, &mut counted);
        Announced { visit, counted, readings }
    }

    /// Counts the visit and reads windows and profile.
    pub(crate) fn observe(&self, announced: &mut Announced) -> Observed {
        let Announced { visit, counted, readings } = announced;
        self.store.observe(&visit.attempt, &visit.enrichment, &self.windows, counted, readings)
    }

    /// Lets a visit through the whole door; a right credential is trusted.
    pub(crate) fn admit(&self, visit: Visit) -> Announced {
        let mut announced = self.announce(visit);
        let observed = self.observe(&mut announced);
        self.policy.memberships(&mut announced.readings);
        let Visit { attempt, enrichment } = &announced.visit;
        self.store.settle(&observed, attempt, enrichment, Verdict::Allow);
        announced
    }
}
