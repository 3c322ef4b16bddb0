//! The e-mail address and the telephone number that somebody gives.

use doorward_core::event::{Contact, Email, Phone};

use super::text;
use crate::wire;

pub(super) fn contact(contact: &Contact) -> wire::Contact {
    wire::Contact { email: Some(email(&contact.email)), phone: Some(phone(&contact.phone)) }
}

fn email(email: &Email) -> wire::Email {
    wire::Email {
        mailbox_tag: text(email.mailbox_tag.as_ref()),
        address_tag: text(email.address_tag.as_ref()),
        local_part: text(email.local_part.as_ref()),
        domain: text(email.domain.as_ref()),
        domain_registered_at: email.domain_registered_at.map(Into::into),
        disposable: email.disposable,
        has_mx: email.has_mx,
        free_provider: email.free_provider,
    }
}

fn phone(phone: &Phone) -> wire::Phone {
    let kind = phone.kind.map_or(wire::phone::Kind::Unspecified, Into::into);
    wire::Phone {
        tag: text(phone.tag.as_ref()),
        country: phone.country.map(|country| country.to_string()).unwrap_or_default(),
        kind: kind.into(),
    }
}
