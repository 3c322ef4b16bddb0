//! Keyed hashes: nobody who lacks the key can choose two names that collide.

use std::hash::{BuildHasherDefault, Hash, Hasher};

use siphasher::sip128::Hasher128;
use siphasher::{sip, sip128};

use crate::address::Network;
use crate::packed::{Reader, Writer};
use crate::value::Value;

/// A map whose keys are keyed hashes already, so that hashing them again would be waste.
pub(crate) type KeyedMap<V> = dashmap::DashMap<Name, V, BuildHasherDefault<PassThrough>>;

/// A keyed hash that names an entry, and a shorter one that tells whose it is. Two words, because a `u128` would be
/// aligned to sixteen bytes and widen entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name([u64; 2]);

/// Which tenant an entry belongs to, by 24 bits of a keyed hash: enough to share memory by, not to keep tenants apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Tenant(u64);

/// Bits of a name that are the tenant's.
const TENANT_BITS: u32 = 24;

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.key());
    }
}

impl Name {
    pub(crate) fn pack(self, to: &mut Writer) {
        self.0.into_iter().for_each(|word| to.u64(word));
    }

    pub(crate) fn unpack(from: &mut Reader<'_>) -> Self {
        Self([from.u64(), from.u64()])
    }

    /// Both words.
    pub(crate) fn words(self) -> [u64; 2] {
        self.0
    }

    /// What maps find it by.
    pub(crate) fn key(self) -> u64 {
        let Self([_, low]) = self;
        low
    }

    pub(crate) fn tenant(self) -> Tenant {
        let Self([high, _]) = self;
        Tenant(high >> (u64::BITS - TENANT_BITS))
    }

    /// Bits that neither a map tells its places by nor the tenant has, at the low end of the word.
    pub(crate) fn spread(self) -> u64 {
        let Self([high, _]) = self;
        high & ((1 << (u64::BITS - TENANT_BITS)) - 1)
    }
}

/// Parts of a map that are locked and grow on their own: nobody waits long while one of them grows.
const MAP_PARTS: usize = 1_024;

/// A map with nothing in it.
pub(crate) fn map<V>() -> KeyedMap<V> {
    KeyedMap::with_hasher_and_shard_amount(BuildHasherDefault::default(), MAP_PARTS)
}

/// Hashes with one secret key.
#[derive(Clone)]
pub(crate) struct Keyed {
    names: sip128::SipHasher13,
    marks: sip::SipHasher13,
}

/// The names of one tenant's things.
#[derive(Clone, Copy)]
pub(crate) struct Names {
    hasher: sip128::SipHasher13,
    tenant: Tenant,
}

impl Keyed {
    pub(crate) fn new(key: [u8; 16]) -> Self {
        Self {
            names: sip128::SipHasher13::new_with_key(&key),
            marks: sip::SipHasher13::new_with_key(&key),
        }
    }

    /// Names under a tenant.
    pub(crate) fn names(&self, tenant: &str) -> Names {
        let tenant = self.names.hash(tenant.as_bytes());
        let mut hasher = self.names;
        hasher.write_u64(tenant.h1);
        hasher.write_u64(tenant.h2);
        Names { hasher, tenant: Tenant(tenant.h1 >> (u64::BITS - TENANT_BITS)) }
    }

    /// A hash of bytes.
    pub(crate) fn hash(&self, bytes: &[u8]) -> u64 {
        self.marks.hash(bytes)
    }

    /// A hash of anything. What is hashed as another type may hash alike.
    pub(crate) fn hash_of(&self, part: impl Hash) -> u64 {
        let mut hasher = self.marks;
        part.hash(&mut hasher);
        hasher.finish()
    }
}

impl Names {
    /// A hash of `part`, 128 bits so that strangers never share one.
    pub(crate) fn of(&self, part: impl Hash) -> u128 {
        let mut hasher = self.hasher;
        part.hash(&mut hasher);
        hasher.finish128().as_u128()
    }

    /// The name of what has this hash.
    pub(crate) fn name(&self, hash: u128) -> Name {
        let [high, low] = halves(hash);
        let Tenant(tenant) = self.tenant;
        Name([high >> TENANT_BITS | tenant << (u64::BITS - TENANT_BITS), low])
    }
}

/// A value as windows tell values apart, behind a number for what it is the value of: an IPv6 /64 is one host,
/// numbers are their bits.
pub(crate) struct Told<'a>(pub(crate) u64, pub(crate) &'a Value);

impl Hash for Told<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
        match self.1 {
            Value::Bool(flag) => flag.hash(state),
            Value::Int(number) | Value::Duration(number) => number.hash(state),
            Value::Ratio(number)
            | Value::Decimal(number)
            | Value::Distance(number)
            | Value::Speed(number) => number.to_bits().hash(state),
            Value::Money(money) => money.hash(state),
            Value::Instant(at) => at.hash(state),
            Value::Ip(address) => Network::host(*address).hash(state),
            Value::Cidr(network) => network.hash(state),
            Value::Asn(number) => number.hash(state),
            Value::Country(country) => country.hash(state),
            Value::Text(text) => text.hash(state),
            Value::Word(word) => word.hash(state),
        }
    }
}

/// The high and the low half of a hash.
pub(crate) fn halves(word: u128) -> [u64; 2] {
    let half = |bits: u128| u64::try_from(bits & u128::from(u64::MAX)).unwrap_or(u64::MAX);
    [half(word >> u64::BITS), half(word)]
}

/// Hands a key through unchanged.
#[derive(Clone, Copy, Default)]
pub(crate) struct PassThrough(u64);

impl Hasher for PassThrough {
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
