//! What kind of network an address belongs to, and what that makes meaningless.

use crate::value::Cause;
use crate::words::words;

words! {
    /// What lists say of a network.
    NetworkClass {
        /// An exit of the Tor network.
        Tor = "tor",
        /// An exit of a commercial VPN.
        Vpn = "vpn",
        /// A proxy that anybody may use.
        Proxy = "proxy",
        /// A household's connection that is rented out as a proxy.
        ResidentialProxy = "residential_proxy",
        /// A hosting or cloud provider, where programs live and people do not.
        Hosting = "hosting",
        /// An exit of a privacy relay, which keeps the country and hides the place.
        Relay = "relay",
        /// A satellite or in-flight network, whose addresses are on the ground elsewhere.
        Satellite = "satellite",
        /// A mobile carrier: many people share an address and change it often.
        Mobile = "mobile",
        /// A way out that an organisation declared as its own.
        Corporate = "corporate",
    }
}

impl NetworkClass {
    /// Classes that say nothing about risk, where an address that is new says nothing either: it is handed out
    /// anew all the time, or shared by many.
    pub const NEUTRAL: &'static [Self] =
        &[Self::Relay, Self::Satellite, Self::Mobile, Self::Corporate];

    /// Classes whose addresses are not where their users are, so that no city, region or hour follows from them.
    pub(crate) const ELSEWHERE: &'static [Self] = &[Self::Relay, Self::Satellite, Self::Vpn];

    /// Classes whose addresses may be in another country than their users: those hidden behind it, travellers who took their
    /// carrier or their organisation with them.
    pub(crate) const ABROAD: &'static [Self] =
        &[Self::Tor, Self::Vpn, Self::Satellite, Self::Mobile, Self::Corporate];

    /// Classes between whose addresses nobody travels: a person is in one of them or not from one minute to
    /// the next.
    pub(crate) const NO_JOURNEY: &'static [Self] =
        &[Self::Relay, Self::Satellite, Self::Vpn, Self::Corporate];
}

/// The number of classes.
const CLASSES: usize = NetworkClass::ALL.len();

/// For every class whether an address is in it, or why that is unknown.
///
/// Unknown switches nothing off: a signal is excluded only by a class that the address is known to be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetworkClasses([Result<bool, Cause>; CLASSES]);

impl NetworkClasses {
    /// Asks `of` about every class.
    pub fn new(of: impl Fn(NetworkClass) -> Result<bool, Cause>) -> Self {
        let mut classes = Self::unknown(Cause::NotApplicable);
        for (class, known) in NetworkClass::ALL.iter().zip(&mut classes.0) {
            *known = of(*class);
        }
        classes
    }

    /// Nothing is known, for one and the same cause.
    pub const fn unknown(cause: Cause) -> Self {
        Self([Err(cause); CLASSES])
    }

    /// Nobody has declared a network of any class.
    pub const UNLISTED: Self = Self::unknown(Cause::NotApplicable);

    /// The same, but for one class.
    #[must_use]
    pub fn with(self, class: NetworkClass, known: Result<bool, Cause>) -> Self {
        Self::new(|other| if other == class { known } else { self.of(other) })
    }

    /// Whether the address is in the class. `not_applicable` if there is no list of it.
    pub fn of(&self, class: NetworkClass) -> Result<bool, Cause> {
        let [tor, vpn, proxy, residential_proxy, hosting, relay, satellite, mobile, corporate] =
            self.0;
        match class {
            NetworkClass::Tor => tor,
            NetworkClass::Vpn => vpn,
            NetworkClass::Proxy => proxy,
            NetworkClass::ResidentialProxy => residential_proxy,
            NetworkClass::Hosting => hosting,
            NetworkClass::Relay => relay,
            NetworkClass::Satellite => satellite,
            NetworkClass::Mobile => mobile,
            NetworkClass::Corporate => corporate,
        }
    }

    /// Whether the address is known to be in one of `classes`.
    pub fn within(&self, classes: &[NetworkClass]) -> bool {
        classes.iter().any(|class| self.of(*class) == Ok(true))
    }

    /// Whether the address is in one of the [neutral](NetworkClass::NEUTRAL) classes, as far as there are lists.
    ///
    /// A class without a list takes no part: nobody declared such a network, and an operator who has one list
    /// need not have all four before `not net.neutral` can be true.
    pub fn neutral(&self) -> Result<bool, Cause> {
        let all = NetworkClass::NEUTRAL.iter().map(|class| self.of(*class));
        let listed = all.filter(|known| *known != Err(Cause::NotApplicable));
        let either = |one, other| match (one, other) {
            (Ok(true), _) | (_, Ok(true)) => Ok(true),
            (Err(cause), _) | (_, Err(cause)) => Err(cause),
            (Ok(false), Ok(false)) => Ok(false),
        };
        listed.reduce(either).unwrap_or(Err(Cause::NotApplicable))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_its_own_place() {
        for class in NetworkClass::ALL {
            let one = NetworkClasses::UNLISTED.with(*class, Ok(true));
            for other in NetworkClass::ALL {
                let expected = if other == class { Ok(true) } else { Err(Cause::NotApplicable) };
                assert_eq!(one.of(*other), expected, "{class} {other}");
            }
            assert!(one.within(&[*class]));
        }
    }

    #[test]
    fn neutral_is_one_of_four_as_far_as_there_are_lists() {
        let (relay, mobile) = (NetworkClass::Relay, NetworkClass::Mobile);
        let check = |relays, mobiles, expected| {
            let classes = NetworkClasses::UNLISTED.with(relay, relays).with(mobile, mobiles);
            assert_eq!(classes.neutral(), expected, "{relays:?} {mobiles:?}");
        };
        let (stale, none) = (Err(Cause::LookupFailed), Err(Cause::NotApplicable));
        check(none, none, none);
        check(Ok(false), none, Ok(false));
        check(Ok(true), none, Ok(true));
        check(Ok(false), Ok(false), Ok(false));
        check(Ok(false), Ok(true), Ok(true));
        check(Ok(false), stale, stale);
        check(Ok(true), stale, Ok(true));
        check(stale, none, stale);
        let risky = NetworkClasses::new(|class| Ok(class == NetworkClass::Vpn));
        assert_eq!(risky.neutral(), Ok(false));
    }
}
