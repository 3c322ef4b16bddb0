//! How a person can be reached, as told where an account is opened or its contacts change.

use super::Id;
use crate::country::Country;
use crate::text::Text;
use crate::time::Timestamp;
use crate::words::words;

/// Longest part of an e-mail address before its `@`, in bytes (RFC 5321, 4.5.3.1.1).
pub const LOCAL_PART_BYTES_MAX: usize = 64;
/// Longest name of a domain, in bytes (RFC 1035, without the dot at its end).
pub const DOMAIN_BYTES_MAX: usize = 253;

words! {
    /// What kind of line a telephone number is.
    PhoneKind {
        /// A mobile phone.
        Mobile = "mobile",
        /// A line that ends in a wall.
        Fixed = "fixed",
        /// A number of a service on the internet, to be had by the thousand.
        Voip = "voip",
        /// Any other kind that is known, such as a toll-free number.
        Other = "other",
    }
}

/// The e-mail address and the telephone number that somebody gives.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct Contact {
    /// The e-mail address.
    pub email: Email,
    /// The telephone number.
    pub phone: Phone,
}

/// An e-mail address, as far as the caller tells it.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct Email {
    /// The caller's keyed tag of the mailbox: of the address without what makes no difference to its provider.
    pub mailbox_tag: Option<Id>,
    /// The caller's keyed tag of the address as it was typed.
    pub address_tag: Option<Id>,
    /// What stands before the `@`.
    pub local_part: Option<Text<LOCAL_PART_BYTES_MAX>>,
    /// What stands behind it, in lower case.
    pub domain: Option<Text<DOMAIN_BYTES_MAX>>,
    /// When the domain was registered.
    pub domain_registered_at: Option<Timestamp>,
    /// The provider gives out addresses to be thrown away.
    pub disposable: Option<bool>,
    /// The domain receives mail.
    pub has_mx: Option<bool>,
    /// Anybody gets an address of this provider for nothing.
    pub free_provider: Option<bool>,
}

/// A telephone number, as far as the caller tells it.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct Phone {
    /// The caller's keyed tag of the number.
    pub tag: Option<Id>,
    /// The country that its prefix names.
    pub country: Option<Country>,
    /// What kind of line it is.
    pub kind: Option<PhoneKind>,
}
