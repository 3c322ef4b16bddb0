//! What everybody's attempts show together: attacks that change their address with every try are found by what their
//! tries share, and by what they do to the tenant as a whole.
//!
//! Attempts with a credential that was found right or wrong are counted by each key that they have (`traffic/kind.rs`), in
//! buckets of ten minutes of the attempts' own time, a day of them; a tenant also has a week of hours, which say what is
//! usual there (`traffic/baseline.rs`). Whether a key is under attack is a function of its row (`traffic/heat.rs`): nothing
//! is remembered but counts, so every order of arrival leads to the same. A key under attack is a campaign.
//!
//! | row | bytes, 16 of them its name, without its place |
//! |---|---|
//! | one bucket with attempts | 56 |
//! | a day of them | 4,664 |
//! | a tenant | 10,080 |
//!
//! Strangers can bring all of this about: it is evidence against those who are as unknown as the attackers are, and never
//! against an owner at home.

mod accounts;
mod baseline;
mod bucket;
mod climate;
mod heat;
mod kind;
mod row;
mod tenant;

use std::cell::LazyCell;
use std::hash::Hash;

pub use climate::{Campaign, Climate};
pub(crate) use kind::Key;
pub use kind::{Kind, Kinds};

use crate::enrichment::Enrichment;
use crate::event::{Attempt, CredentialResult, Failure};
use crate::keyed::{self, KeyedMap, Name, Names, halves};
use crate::packed::{Reader, Writer};
use crate::store::Store;
use crate::time::Timestamp;
use crate::value::Cause;
use accounts::Accounts;
use baseline::Baseline;
use bucket::{Bucket, Counts, Number, began_at, number};
use heat::Gauge;
pub(crate) use row::Row;
use tenant::{Standing, Tenant};

/// Buckets of an hour.
const HOUR_BUCKETS: Number = 6;
/// Buckets kept of a key: a day.
const DAY_BUCKETS: Number = 24 * HOUR_BUCKETS;
/// Attempts of a tenant within a day from which the share of a client says something: of fewer, one in a thousand is
/// nobody.
const SHARE_ATTEMPTS_MIN: u32 = 500;

/// The rows of all tenants; those of keys lie on the shelves of the store.
pub(crate) struct Traffic {
    tenants: KeyedMap<Tenant>,
}

/// What is read of one row.
#[derive(Default)]
struct Look {
    campaign: Option<Campaign>,
    /// Attempts within a day, where anybody asks for their share.
    attempts_day: u32,
}

impl Traffic {
    /// Nothing has happened.
    pub(crate) fn new() -> Self {
        Self { tenants: keyed::map() }
    }

    /// Counts an attempt whose credential was checked, and looks at every key that it has.
    pub(crate) fn observe(
        &self,
        store: &Store,
        names: &Names,
        attempt: &Attempt,
        keys: &[Key],
    ) -> Climate {
        let now = number(attempt.occurred_at);
        let counted = counted(names, attempt, now);
        let (standing, whole) = self.observe_tenant(names, now, counted.as_ref());
        let mut climate = Climate::new(&standing);
        let at = attempt.occurred_at;
        for (kind, name) in keys.iter().copied() {
            let look =
                name.map(|name| observe_key(store, names, (kind, name), at, counted.as_ref()));
            match kind {
                Kind::Agent => climate.agent_share = share(&look, whole.attempts_day),
                Kind::Ja4 => climate.ja4_share = share(&look, whole.attempts_day),
                Kind::Secret | Kind::Device | Kind::Subnet | Kind::Asn | Kind::Tenant => {}
            }
            if let Ok(Look { campaign: Some(campaign), .. }) = look {
                climate.kinds = climate.kinds.with(kind);
                climate.campaign = climate.campaign.or(Some(campaign));
            }
        }
        climate.campaign = climate.campaign.or(whole.campaign);
        climate
    }

    /// Counts an attempt at its own time when it is told only later whether its credential was right.
    pub(crate) fn report(
        &self,
        store: &Store,
        names: &Names,
        attempt: &Attempt,
        told: &Attempt,
        enrichment: &Enrichment,
    ) {
        let now = number(attempt.occurred_at);
        if counted(names, attempt, now).is_some() {
            return;
        }
        let Some(bucket) = counted(names, told, now) else { return };
        self.tenants.entry(names.name(names.of(Kind::Tenant))).or_default().add(&bucket);
        for (kind, name) in Kind::keys(names, told, enrichment) {
            if let Ok(name) = name
                && kind.counts(&bucket)
            {
                let add = |row: &mut Row| row.add(&bucket, DAY_BUCKETS);
                store.change(name, attempt.occurred_at, add);
            }
        }
    }

    /// Everything of the tenants that counts, in no order: a part for each.
    pub(crate) fn parts(&self) -> impl Iterator<Item = impl Hash> {
        self.tenants.iter().map(|tenant| {
            let [day, week] = tenant.parts();
            (tenant.key().words(), [day, week].concat())
        })
    }

    /// The tenants as bytes.
    pub(crate) fn pack(&self, to: &mut Writer) {
        for tenant in &self.tenants {
            tenant.key().pack(to);
            tenant.pack(to);
        }
    }

    /// Takes in what [`Traffic::pack`] wrote.
    pub(crate) fn load(&self, from: &mut Reader<'_>) {
        while !from.done() {
            let name = Name::unpack(from);
            self.tenants.insert(name, Tenant::unpack(from));
        }
    }

    fn observe_tenant(
        &self,
        names: &Names,
        now: Number,
        counted: Option<&Bucket>,
    ) -> (Standing, Look) {
        let name = names.name(names.of(Kind::Tenant));
        let look = |tenant: &Tenant| {
            let standing = tenant.standing(now);
            let begun = standing.begun.ok().flatten();
            (standing, Look::new(names, (Kind::Tenant, name), &tenant.day, now, begun))
        };
        let Some(bucket) = counted else {
            let known = self.tenants.view(&name, |_, tenant| look(tenant));
            return known.unwrap_or_else(|| look(&Tenant::default()));
        };
        let mut tenant = self.tenants.entry(name).or_default();
        tenant.add(bucket);
        look(&tenant)
    }
}

fn observe_key(
    store: &Store,
    names: &Names,
    (kind, name): (Kind, Name),
    at: Timestamp,
    counted: Option<&Bucket>,
) -> Look {
    let now = number(at);
    let look = |row: &Row| Look::new(names, (kind, name), row, now, key_begun(kind, row, now));
    let Some(bucket) = counted.filter(|bucket| kind.counts(bucket)) else {
        return store.view(name, |row: Option<&Row>| row.map(look).unwrap_or_default());
    };
    let add_and_look = |row: &mut Row| {
        row.add(bucket, DAY_BUCKETS);
        look(row)
    };
    store.change(name, at, add_and_look)
}

impl Look {
    fn new(
        names: &Names,
        (kind, name): (Kind, Name),
        row: &Row,
        now: Number,
        begun: Option<Number>,
    ) -> Self {
        let campaign = begun.map(|begun| {
            let (counts, accounts) = row.sum(begun, now);
            Campaign {
                kind,
                id: id(names, name, begun, now),
                began_at: began_at(begun),
                attempts: counts.attempts,
                failures: counts.failures,
                accounts: accounts.count(),
            }
        });
        let day = match kind {
            Kind::Ja4 | Kind::Agent | Kind::Tenant => {
                row.between(now.saturating_sub(DAY_BUCKETS - 1), now)
            }
            Kind::Secret | Kind::Device | Kind::Subnet | Kind::Asn => &[],
        };
        Self { campaign, attempts_day: day.iter().map(|bucket| bucket.counts.attempts).sum() }
    }
}

fn key_begun(kind: Kind, row: &Row, now: Number) -> Option<Number> {
    let buckets_max = kind.buckets_max();
    let past = || row.between(now.saturating_sub(DAY_BUCKETS), now.saturating_sub(buckets_max));
    // Most often nothing is remarkable, and nobody needs to know what is usual.
    let usual = LazyCell::new(|| Baseline::of(past()));
    Gauge { kind, row, usual: || *usual }.begun(now)
}

/// The name of a campaign. When one began is forgotten after a day, so then it is named after the day.
fn id(names: &Names, name: Name, begun: Number, now: Number) -> u64 {
    let forgotten = now.saturating_sub(begun) >= DAY_BUCKETS - HOUR_BUCKETS;
    let named = if forgotten { begun - begun % DAY_BUCKETS } else { begun };
    let [id, _] = halves(names.of((name.words(), named)));
    id
}

/// The attempt as a bucket of its own; `None` while nobody knows whether its credential is right.
fn counted(names: &Names, attempt: &Attempt, number: Number) -> Option<Bucket> {
    let credential = &attempt.credential;
    let mut counts = Counts { attempts: 1, ..Counts::default() };
    let mut accounts = Accounts::default();
    match credential.result {
        Some(CredentialResult::Right) => {}
        Some(CredentialResult::Wrong) => {
            let stranger = credential.failure == Some(Failure::UnknownUser)
                || attempt.user.exists == Some(false);
            (counts.failures, counts.strangers) = (1, u32::from(stranger));
            if let Some(user) = &attempt.user.id {
                let [mark, _] = halves(names.of(user.as_str()));
                accounts.add(mark);
            }
        }
        Some(CredentialResult::NotChecked) | None => return None,
    }
    Some(Bucket { number, counts, accounts })
}

/// How much of the tenant's attempts within a day had the same key.
fn share(look: &Result<Look, Cause>, of: u32) -> Result<f64, Cause> {
    let part = look.as_ref().map_err(|cause| *cause)?.attempts_day;
    let enough = of >= SHARE_ATTEMPTS_MIN;
    enough.then(|| (f64::from(part) / f64::from(of)).min(1.0)).ok_or(Cause::NoHistory)
}
