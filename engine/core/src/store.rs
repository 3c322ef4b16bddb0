//! The state that decisions look at: windows per entity and profiles per user, in memory.
//!
//! Every update commutes, so replaying what happened in any order of arrival reaches the same state. Maps are
//! locked one entry at a time, and never two at once.

mod entity;
mod kept;
mod parts;

use std::hash::Hash;
use std::sync::Arc;

use siphasher::sip128::{Hasher128, SipHasher13};

use crate::decision::Verdict;
use crate::egress::Egress;
use crate::enrichment::Enrichment;
use crate::event::{Attempt, CredentialResult, Method, OutcomeKind};
use crate::keyed::{self, Keyed, KeyedMap, Name, Names};
use crate::likelihood::{Crowd, Epoch, log_score};
use crate::profile::{Familiarity, Lesson, Profile, Trace};
use crate::signal::{EVENT_SIGNALS, Seen, memory_signals};
use crate::traffic::Traffic;
use crate::value::Reading;
use crate::window::{Cells, WindowNumber, Windows};
use entity::Counted;
pub use kept::KeptWindows;
use kept::{KeptEntity, Numbers};
use parts::Parts;

/// All windows and profiles.
pub struct Store {
    keyed: Keyed,
    numbers: Numbers,
    entities: KeyedMap<Cells>,
    profiles: KeyedMap<Profile>,
    /// By tenant.
    crowds: KeyedMap<Arc<Crowd>>,
    traffic: Traffic,
    egress: Egress,
}

/// An outcome with everything about its attempt that state depends on.
pub struct Report<'a> {
    /// The attempt as it was sent.
    pub attempt: &'a Attempt,
    /// The attempt as it would have been sent, had the outcome been known.
    pub told: &'a Attempt,
    /// What was looked up for it then.
    pub enrichment: &'a Enrichment,
    /// What was answered.
    pub verdict: Verdict,
    /// How it ended.
    pub kind: OutcomeKind,
    /// The method of the challenge, if it ended in one and that was told.
    pub method: Option<Method>,
    /// The windows of the policy.
    pub windows: &'a KeptWindows,
    /// Which windows the attempt was part of as it was sent, whatever else was reported since.
    pub counted_before: &'a [bool],
    /// Which windows it is part of when this outcome is known.
    pub counted_after: &'a [bool],
    /// The attempt's signals with this outcome applied.
    pub readings: &'a [Reading],
}

/// An attempt that was observed, by what profiles know it by. Nobody is named, nothing is known.
pub struct Observed(Option<Named>);

struct Named {
    user: Name,
    trace: Trace,
    /// All users of the tenant.
    crowd: Arc<Crowd>,
    /// The tenant's newest epoch.
    newest: Epoch,
}

impl Store {
    /// An empty state. `key` is secret and random: who knows it can make users and addresses collide.
    pub fn new(key: [u8; 16]) -> Self {
        Self {
            keyed: Keyed::new(key),
            numbers: Numbers::default(),
            entities: keyed::map(),
            profiles: keyed::map(),
            crowds: keyed::map(),
            traffic: Traffic::new(),
            egress: Egress::new(),
        }
    }

    /// The windows of a policy as this store keeps them, to be asked for once per policy. A definition that an
    /// earlier policy had keeps its state. Numbers for definitions last for millions; once they are used up, windows
    /// with a new definition stay as unknown as the readings that came.
    pub fn keep(&self, windows: &Windows) -> KeptWindows {
        KeptWindows::new(windows, &self.numbers)
    }

    /// Counts an attempt, then reads what it is part of.
    ///
    /// `counted` tells for each window whether its condition holds; `readings` comes with the signals of the
    /// event and leaves with those of the profile, as it was before the attempt, and with the windows, the
    /// attempt included. What comes back names the attempt to [`Store::settle`].
    pub fn observe(
        &self,
        attempt: &Attempt,
        enrichment: &Enrichment,
        windows: &KeptWindows,
        counted: &[bool],
        readings: &mut [Reading],
    ) -> Observed {
        let names = self.keyed.names(attempt.tenant.as_str());
        let observed = self.observed(&names, attempt, enrichment);
        let parts = Parts::new(&names, &windows.parts, readings);
        let familiarity = self.look_and_count(&observed, attempt, enrichment);
        let climate = self.traffic.observe(&names, attempt, enrichment);
        let regulars = self.egress.observe(&names, attempt);
        let seen = Seen {
            familiarity: familiarity.as_ref(),
            climate: Some(&climate),
            regulars: regulars.as_ref(),
            ..Seen::event(attempt, enrichment)
        };
        let of_memory = readings.iter_mut().skip(EVENT_SIGNALS.len());
        for (signal, reading) in memory_signals().zip(of_memory) {
            *reading = (signal.read)(&seen);
        }
        let counted = Counted::new(windows, counted, &parts, attempt.occurred_at);
        for entity in &windows.entities {
            match parts.name(&entity.keys) {
                Ok(name) => self.observe_entity(name, entity, &counted, readings),
                Err(cause) => counted.skip(entity, cause, readings),
            }
        }
        windows.repeat(readings);
        observed
    }

    /// Tells the user's profile of an attempt that was observed and decided: a success counts, and teaches if it is
    /// trusted.
    pub fn settle(
        &self,
        observed: &Observed,
        attempt: &Attempt,
        enrichment: &Enrichment,
        verdict: Verdict,
    ) {
        let Some(Named { user, trace, crowd, .. }) = &observed.0 else { return };
        let settle = |profile: &mut Profile| profile.settle(trace, attempt, enrichment, verdict);
        let lesson = if attempt.credential.result == Some(CredentialResult::Right) {
            Some(settle(&mut self.profiles.entry(*user).or_default()))
        } else if self.profiles.view(user, |_, profile| profile.reported()) == Some(true) {
            // An outcome may have been told first.
            self.profiles.get_mut(user).map(|mut profile| settle(&mut profile))
        } else {
            None
        };
        let lesson = lesson.unwrap_or_default();
        tell(crowd, trace, lesson);
        if lesson.logins != 0 {
            self.egress.teach(&self.keyed.names(attempt.tenant.as_str()), attempt, lesson.logins);
        }
    }

    /// Takes in an outcome: windows that the attempt becomes part of count it at the attempt's own time,
    /// and the profile learns or unlearns it.
    ///
    /// Each kind of outcome counts once per attempt of a user, and the order of outcomes does not matter.
    /// Of an attempt that names no user nothing is remembered, so there every outcome counts.
    pub fn report(&self, report: &Report<'_>) {
        let Report { attempt, told, enrichment, windows, readings, .. } = *report;
        let names = self.keyed.names(attempt.tenant.as_str());
        if !self.teach(&names, report) {
            return;
        }
        self.traffic.report(&names, attempt, told, enrichment);
        self.egress.report(&names, attempt, told);
        let pairs = report.counted_after.iter().zip(report.counted_before);
        let counted: Vec<bool> = pairs.map(|(after, before)| *after && !*before).collect();
        let parts = Parts::new(&names, &windows.parts, readings);
        let counted = Counted::new(windows, &counted, &parts, attempt.occurred_at);
        for entity in windows.entities.iter().filter(|entity| counted.any(entity, readings)) {
            if let Ok(name) = parts.name(&entity.keys) {
                let mut cells = self.entities.entry(name).or_default();
                counted.count(entity, &mut cells, readings);
            }
        }
    }

    /// How many entities have windows.
    pub fn entities(&self) -> usize {
        self.entities.len()
    }

    /// How many users have a profile.
    pub fn profiles(&self) -> usize {
        self.profiles.len()
    }

    /// Bytes that profiles are kept in, without their places in the map. Walks everything.
    pub fn profile_bytes(&self) -> usize {
        self.profiles.iter().map(|entry| entry.value().bytes()).sum()
    }

    /// A fingerprint of the whole state, equal for equal states under the same key. Walks everything.
    pub fn digest(&self) -> u128 {
        let identities = self.numbers.identities();
        let entities = self.entities.iter().map(|entry| {
            let windows = entry.value().windows();
            let digest = |(number, cells): (WindowNumber, _)| {
                digest(entry.key(), (identities.get(number.index()), cells))
            };
            windows.map(digest).fold(0, u128::wrapping_add)
        });
        let profiles = self.profiles.iter().map(|entry| digest(entry.key(), entry.value()));
        let crowds = self.crowds.iter().map(|entry| {
            let parts = entry.value().parts().map(|part| digest(entry.key(), part));
            parts.fold(0, u128::wrapping_add)
        });
        let rows = self.traffic.parts().map(digest_of);
        let addresses = self.egress.parts().map(digest_of);
        let all = entities.chain(profiles).chain(crowds).chain(rows).chain(addresses);
        all.fold(0, u128::wrapping_add)
    }

    /// Tells the user's profile an outcome; `false` if it knew. Without a user there is nobody to know.
    fn teach(&self, names: &Names, report: &Report<'_>) -> bool {
        let Report { attempt, enrichment, verdict, kind, method, .. } = *report;
        let named = self.observed(names, attempt, enrichment).0;
        let Some(Named { user, trace, crowd, .. }) = named else { return true };
        let mut profile = self.profiles.entry(user).or_default();
        let lesson = profile.report(&trace, attempt, enrichment, verdict, kind, method);
        drop(profile);
        let learned = lesson.unwrap_or_default();
        tell(&crowd, &trace, learned);
        self.egress.teach(names, attempt, learned.logins);
        lesson.is_some()
    }

    /// The attempt by its hashes, which are the dear part of looking anything up. Its epoch has begun.
    fn observed(&self, names: &Names, attempt: &Attempt, enrichment: &Enrichment) -> Observed {
        let user = attempt.user.id.as_ref();
        Observed(user.map(|user| {
            let crowd = self.crowd(names.of(()).into());
            let newest = crowd.advance(Epoch::of(attempt.occurred_at));
            let trace = Trace::of(&self.keyed, attempt, enrichment);
            Named { user: names.of(user.as_str()).into(), trace, crowd, newest }
        }))
    }

    fn crowd(&self, tenant: Name) -> Arc<Crowd> {
        let known = self.crowds.view(&tenant, |_, crowd| Arc::clone(crowd));
        known.unwrap_or_else(|| Arc::clone(&self.crowds.entry(tenant).or_default()))
    }

    /// What the user's profile knew before this attempt. A wrong credential is counted.
    fn look_and_count(
        &self,
        observed: &Observed,
        attempt: &Attempt,
        enrichment: &Enrichment,
    ) -> Option<Familiarity> {
        let Named { user, trace, crowd, newest } = observed.0.as_ref()?;
        let look = |profile: &Profile| profile.look(trace, attempt, enrichment, *newest);
        let mut familiarity = match attempt.credential.result {
            Some(CredentialResult::Wrong) => {
                let mut profile = self.profiles.entry(*user).or_default();
                let familiarity = look(&profile);
                profile.fail(attempt);
                familiarity
            }
            Some(CredentialResult::Right | CredentialResult::NotChecked) | None => {
                let known = self.profiles.view(user, |_, profile| look(profile));
                known.unwrap_or_else(|| look(&Profile::default()))
            }
        };
        familiarity.likelihood = familiarity
            .own
            .and_then(|own| trace.shown.map(|shown| log_score(&own, &crowd.read(&shown))));
        Some(familiarity)
    }

    fn observe_entity(
        &self,
        name: Name,
        entity: &KeptEntity,
        counted: &Counted<'_>,
        readings: &mut [Reading],
    ) {
        if counted.any(entity, readings) {
            let mut cells = self.entities.entry(name).or_default();
            counted.count(entity, &mut cells, readings);
            counted.read(entity, &cells, readings);
        } else {
            let read = |cells: &Cells, readings: &mut [Reading]| {
                counted.read(entity, cells, readings);
            };
            if self.entities.view(&name, |_, cells| read(cells, readings)).is_none() {
                read(&Cells::default(), readings);
            }
        }
    }
}

/// Passes on what a profile learned, once nobody holds the profile.
fn tell(crowd: &Crowd, trace: &Trace, lesson: Lesson) {
    if let (Some(taught), Ok(shown)) = (lesson.taught, &trace.shown) {
        crowd.teach(shown, &taught);
    }
}

fn digest(name: &Name, state: impl Hash) -> u128 {
    digest_of((name.words(), state))
}

fn digest_of(part: impl Hash) -> u128 {
    let mut hasher = SipHasher13::new();
    part.hash(&mut hasher);
    hasher.finish128().as_u128()
}
