//! The state that decisions look at: windows per entity and profiles per user, in memory.
//!
//! Every update commutes, so replaying what happened in any order of arrival reaches the same state, as long as it fits
//! the budget: what is evicted depends on what came when. Shelves are locked one at a time, and never two at once.

mod accounts;
mod ahead;
mod budget;
mod entity;
mod evict;
mod kept;
mod kinds;
mod lifecycle;
mod parts;
mod rack;
mod remains;
mod saving;
mod shelf;
mod snapshot;
mod weight;

use std::hash::Hash;
use std::sync::Arc;

use siphasher::sip128::{Hasher128, SipHasher13};

use crate::decision::Verdict;
use crate::egress;
use crate::enrichment::Enrichment;
use crate::event::{Attempt, Id, Method, OutcomeKind};
use crate::keyed::{self, Keyed, KeyedMap, Name, Names};
use crate::likelihood::{Crowd, Epoch, log_score};
use crate::profile::{By, Familiarity, Lesson, Profile, Trace};
use crate::signal::{COUNTS_ESTIMATED, EVENT_SIGNAL_COUNT, Seen, memory_signals};
use crate::time::Timestamp;
use crate::traffic::{Kind, Traffic};
use crate::value::{Reading, Value};
use crate::window::{Cells, WindowNumber, Windows};
pub(crate) use accounts::Account;
use accounts::{Accounts, Whose};
pub use accounts::{JOINED_MAX, TENURES_MAX};
use ahead::Wanted;
pub use budget::{BUDGET_BYTES_DEFAULT, BUDGET_BYTES_MIN, Budget};
use entity::{Counted, Lost};
pub use kept::KeptWindows;
use kept::{KeptEntity, Numbers};
use lifecycle::Before;
use parts::Parts;
use rack::Kept;
use remains::Part;
use shelf::{Shelf, Shelves};
pub use snapshot::{Loading, Snapshot, Unusable};

/// All windows and profiles.
pub struct Store {
    keyed: Keyed,
    numbers: Numbers,
    accounts: Accounts,
    shelves: Shelves,
    /// By tenant.
    crowds: KeyedMap<Arc<Crowd>>,
    traffic: Traffic,
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
    /// Which windows the attempt becomes part of: those that it is part of when this outcome is known and was not
    /// as it was sent and answered, whatever else was reported since.
    pub counted: &'a [bool],
    /// The attempt's signals with this outcome applied.
    pub readings: &'a [Reading],
}

/// An attempt that was observed, by what profiles know it by. Nobody is named, nothing is known.
pub struct Observed(Option<Named>);

struct Named {
    names: Names,
    account: Account,
    /// Where else windows counted it, before these accounts became this one.
    joined: Vec<Account>,
    /// What the profile is kept under.
    user: Name,
    trace: Trace,
    /// All users of the tenant.
    crowd: Arc<Crowd>,
    /// The tenant's newest epoch.
    newest: Epoch,
}

impl Store {
    /// An empty state. `key` is secret and random: who knows it can make users and addresses collide.
    pub fn new(key: [u8; 16], budget: Budget) -> Self {
        Self {
            keyed: Keyed::new(key),
            numbers: Numbers::default(),
            accounts: Accounts::new(),
            shelves: Shelves::new(budget),
            crowds: keyed::map(),
            traffic: Traffic::new(),
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
        let parts = Parts::new(&names, &windows.parts, readings, observed.account());
        let named: Vec<_> =
            windows.entities.iter().map(|entity| parts.name(&entity.keys)).collect();
        let keys = Kind::keys(&names, attempt, enrichment);
        let address = egress::name(&names, attempt);
        let entities = named.iter().flatten().copied().map(Wanted::Entity);
        let rows = keys.iter().filter_map(|(_, name)| name.ok()).map(Wanted::Row);
        let others = [observed.user().map(Wanted::Profile), address.map(Wanted::Address)];
        self.shelves.prefetch(entities.chain(rows).chain(others.into_iter().flatten()));
        let familiarity = self.look(&observed, attempt, enrichment);
        let climate = self.traffic.observe(self, &names, attempt, &keys);
        let regulars = address.map(|address| egress::observe(self, address, attempt));
        let seen = Seen {
            familiarity: familiarity.as_ref(),
            climate: Some(&climate),
            regulars: regulars.as_ref(),
            ..Seen::event(attempt, enrichment)
        };
        let of_memory = readings.iter_mut().skip(EVENT_SIGNAL_COUNT);
        for (signal, reading) in memory_signals().zip(of_memory) {
            *reading = (signal.read)(&seen);
        }
        let joined: Vec<_> =
            observed.joined().iter().map(|account| parts.of(&windows.parts, *account)).collect();
        let mut counted = Counted::new(windows, counted, &parts, attempt.occurred_at);
        for (entity, name) in windows.entities.iter().zip(named) {
            match name {
                Ok(name) => {
                    let tied = entity.tied(familiarity.as_ref());
                    let before = self.before(entity, &joined, attempt.occurred_at, tied);
                    let it = (name, tied, before.as_ref());
                    self.observe_entity(entity, it, &mut counted, readings);
                }
                Err(cause) => counted.skip(entity, cause, readings),
            }
        }
        windows.repeat(readings);
        let estimated = counted.estimated() || familiarity.is_some_and(|known| known.estimated);
        if estimated && let Some(reading) = readings.get_mut(*COUNTS_ESTIMATED) {
            *reading = Reading::Known(Value::Bool(true));
        }
        observed
    }

    /// Tells the user's profile of an attempt that was observed and decided: its credential counts, and teaches if it is
    /// trusted.
    pub fn settle(
        &self,
        observed: &Observed,
        attempt: &Attempt,
        enrichment: &Enrichment,
        verdict: Verdict,
    ) {
        let Some(Named { names, account, user, trace, crowd, .. }) = &observed.0 else { return };
        let counts = Profile::counts(attempt, verdict);
        let lesson = self.at(*user, |shelf| {
            // An outcome may have been told first.
            let reported = || shelf.profiles.get(*user).is_some_and(Profile::reported);
            (counts || reported()).then(|| {
                shelf.change(*user, attempt.occurred_at, |it: &mut Profile| {
                    it.settle(trace, attempt, enrichment, verdict)
                })
            })
        });
        let lesson = lesson.unwrap_or_default();
        tell(crowd, trace, lesson);
        if lesson.logins != 0 {
            egress::teach(self, names, attempt, *account, lesson.logins);
        }
    }

    /// Takes in an outcome: windows that the attempt becomes part of count it at the attempt's own time,
    /// and the profile learns or unlearns it.
    ///
    /// Each kind of outcome counts once per attempt of a user, and the order of outcomes does not matter.
    /// Of an attempt that names no user nothing is remembered, so there every outcome counts.
    pub fn report(&self, report: &Report<'_>) {
        let Report { attempt, told, enrichment, windows, counted, readings, .. } = *report;
        let names = self.keyed.names(attempt.tenant.as_str());
        if self.teach(&names, report) {
            self.traffic.report(self, &names, attempt, told, enrichment);
            egress::report(self, &names, attempt, told);
            self.count(attempt, windows, counted, readings);
        }
    }

    /// Counts an attempt, at its own time, in windows that it turned out to be part of: those that `counted` names
    /// and [`Store::observe`] was not told of.
    pub fn count(
        &self,
        attempt: &Attempt,
        windows: &KeptWindows,
        counted: &[bool],
        readings: &[Reading],
    ) {
        if !counted.contains(&true) {
            return;
        }
        let names = self.keyed.names(attempt.tenant.as_str());
        let user = attempt.user.id.as_ref();
        let whose = |user| self.accounts.whose(&names, user, attempt.occurred_at);
        let account = user.map(|user| whose(user).account);
        let parts = Parts::new(&names, &windows.parts, readings, account);
        let counted = Counted::new(windows, counted, &parts, attempt.occurred_at);
        for entity in windows.entities.iter().filter(|entity| counted.any(entity, readings)) {
            if let Ok(name) = parts.name(&entity.keys) {
                self.at(name, |shelf| {
                    shelf.change_entity(name, attempt.occurred_at, |cells, _| {
                        counted.count(entity, cells, readings);
                    });
                });
            }
        }
    }

    /// How many entities have windows. Walks everything.
    pub fn entities(&self) -> usize {
        self.shelves.iter().map(|shelf| shelf.entities.len()).sum()
    }

    /// How many users have a profile. Walks everything.
    pub fn profiles(&self) -> usize {
        self.shelves.iter().map(|shelf| shelf.profiles.len()).sum()
    }

    /// Bytes that profiles are kept in, without their places in a map. Walks everything.
    pub fn profile_bytes(&self) -> usize {
        let profiles = |shelf: &Shelf| {
            shelf.profiles.iter().map(|(_, profile)| profile.bytes()).sum::<usize>()
        };
        self.shelves.iter().map(|shelf| profiles(&shelf)).sum()
    }

    /// Bytes of the budget that are taken, estimated from above. Walks everything.
    pub fn bytes(&self) -> usize {
        self.shelves.iter().map(|shelf| shelf.bytes()).sum()
    }

    /// A fingerprint of what the profile of the user id's first account learned: neither failures nor reports are in it, so no
    /// stranger changes it. `None` if there is no profile.
    pub fn learned(&self, tenant: &Id, user: &Id) -> Option<u128> {
        let names = self.keyed.names(tenant.as_str());
        let name = self.accounts.whose(&names, user, Timestamp::default()).holder.name(&names);
        let shelf = self.shelves.lock(name);
        shelf.profiles.get(name).map(|profile| digest(&name, profile.learned()))
    }

    /// A fingerprint of the whole state, equal for equal states under the same key. Walks everything.
    pub fn digest(&self) -> u128 {
        let definitions = self.numbers.definitions();
        let entity = |(name, cells): (&Name, &Cells)| {
            let digest = |(number, cells): (WindowNumber, _)| {
                let identity =
                    definitions.get(number.index()).map(|definition| definition.identity);
                digest(name, (identity, cells))
            };
            cells.windows().map(digest).fold(0, u128::wrapping_add)
        };
        let shelves = self.shelves.iter().map(|shelf| {
            let entities = shelf.entities.iter().map(entity);
            let profiles = shelf.profiles.iter().map(|(name, profile)| digest(name, profile));
            let rows = shelf.rows.iter().map(|(name, row)| digest(name, row.buckets()));
            let addresses = shelf.addresses.iter().map(|(name, address)| digest(name, address));
            let all = entities.chain(profiles).chain(rows).chain(addresses);
            all.fold(0, u128::wrapping_add)
        });
        let crowds = self.crowds.iter().map(|entry| {
            let parts = entry.value().parts().map(|part| digest(entry.key(), part));
            parts.fold(0, u128::wrapping_add)
        });
        let traffic = self.traffic.parts().map(digest_of);
        let accounts = self.accounts.parts().map(digest_of);
        shelves.chain(crowds).chain(traffic).chain(accounts).fold(0, u128::wrapping_add)
    }

    /// Tells the user's profile an outcome; `false` if it knew. Without a user there is nobody to know.
    fn teach(&self, names: &Names, report: &Report<'_>) -> bool {
        let Report { attempt, enrichment, verdict, kind, method, .. } = *report;
        let named = self.observed(names, attempt, enrichment).0;
        let Some(Named { account, user, trace, crowd, .. }) = named else { return true };
        let report =
            |it: &mut Profile| it.report(&trace, attempt, enrichment, verdict, kind, method);
        let lesson = self.change(user, attempt.occurred_at, report);
        let learned = lesson.unwrap_or_default();
        tell(&crowd, &trace, learned);
        egress::teach(self, names, attempt, account, learned.logins);
        lesson.is_some()
    }

    /// The attempt by its hashes, which are the dear part of looking anything up. Its epoch has begun.
    fn observed(&self, names: &Names, attempt: &Attempt, enrichment: &Enrichment) -> Observed {
        let user = attempt.user.id.as_ref();
        Observed(user.map(|user| {
            let crowd = self.crowd(names.name(names.of(())));
            let newest = crowd.advance(Epoch::of(attempt.occurred_at));
            let trace = Trace::of(&self.keyed, attempt, enrichment);
            let whose = self.accounts.whose(names, user, attempt.occurred_at);
            let Whose { account, holder, joined, .. } = whose;
            let user = holder.name(names);
            Named { names: *names, account, joined, user, trace, crowd, newest }
        }))
    }

    fn crowd(&self, tenant: Name) -> Arc<Crowd> {
        let known = self.crowds.view(&tenant, |_, crowd| Arc::clone(crowd));
        known.unwrap_or_else(|| Arc::clone(&self.crowds.entry(tenant).or_default()))
    }

    /// What the user's profile knew before this attempt.
    fn look(
        &self,
        observed: &Observed,
        attempt: &Attempt,
        enrichment: &Enrichment,
    ) -> Option<Familiarity> {
        let Named { user, trace, crowd, newest, .. } = observed.0.as_ref()?;
        let look = |profile: &Profile| profile.look(trace, attempt, enrichment, *newest);
        let mut familiarity = {
            let shelf = self.shelves.lock(*user);
            let profile = shelf.profiles.get(*user);
            let mut familiarity = profile.map_or_else(|| look(&Profile::default()), look);
            let now = attempt.occurred_at;
            // Strangers push no trusted profile out, and one that fails since before has not been.
            let before = |since| {
                profile.and_then(Profile::failing_since).is_some_and(|failing| failing <= since)
            };
            if !profile.is_some_and(Profile::trusted)
                && let Some(since) = shelf.remains.since(now, false)
                && !before(since)
            {
                let part = Part::of_failures(By::of(attempt.credential.method));
                familiarity.add_failures(shelf.remains.read(*user, part, now, false));
            }
            familiarity
        };
        familiarity.likelihood = familiarity
            .own
            .and_then(|own| trace.shown.map(|shown| log_score(&own, &crowd.read(&shown))));
        Some(familiarity)
    }

    /// `name` and `tied` are of the entity, with what it was counted under before.
    fn observe_entity(
        &self,
        entity: &KeptEntity,
        (name, tied, before): (Name, bool, Option<&Before>),
        counted: &mut Counted<'_>,
        readings: &mut [Reading],
    ) {
        let any = counted.any(entity, readings);
        self.at(name, |shelf| {
            if any {
                let forgot_at = shelf.forgot_at;
                shelf.change_entity(name, counted.at(), |cells, remains| {
                    cells.touch(tied);
                    counted.count(entity, cells, readings);
                    let lost = Lost { name, forgot_at, remains, tied };
                    counted.read(entity, cells, (&lost, before), readings);
                });
            } else {
                let nothing = Cells::unseen();
                let cells = shelf.entities.get(name).unwrap_or(&nothing);
                counted.read(entity, cells, (&Lost::of(shelf, name, tied), before), readings);
            }
        });
    }

    /// Looks at what is kept under a name.
    pub(crate) fn view<V: Kept, R>(&self, name: Name, look: impl FnOnce(Option<&V>) -> R) -> R {
        let mut shelf = self.shelves.lock(name);
        let (rack, _) = V::rack(&mut shelf);
        look(rack.get(name))
    }

    /// Changes what is kept under a name, from nothing if there was nothing.
    pub(crate) fn change<V: Kept, R>(
        &self,
        name: Name,
        at: Timestamp,
        change: impl FnOnce(&mut V) -> R,
    ) -> R {
        self.at(name, |shelf| shelf.change(name, at, change))
    }

    /// Does something to the shelf of a name, and tidies up.
    fn at<R>(&self, name: Name, act: impl FnOnce(&mut Shelf) -> R) -> R {
        let mut shelf = self.shelves.lock(name);
        let done = act(&mut shelf);
        shelf.tidy(name.tenant(), &self.shelves.reserve, || self.numbers.definitions());
        done
    }
}

impl Observed {
    fn joined(&self) -> &[Account] {
        self.0.as_ref().map_or(&[], |named| &named.joined)
    }

    fn user(&self) -> Option<Name> {
        self.0.as_ref().map(|named| named.user)
    }

    fn account(&self) -> Option<Account> {
        self.0.as_ref().map(|named| named.account)
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
