//! The fields of an e-mail address and a telephone number.

use super::{Draft, Field, ago, country, flag, row, some, text, word};
use crate::event::{Contact, Email, Phone, PhoneKind};
use crate::value::Type;

pub(super) static FIELDS: [Field; 11] = [
    row("email", Type::Text, |it, value| some(&mut it.email().mailbox_tag, text(value))),
    row("email.spelling", Type::Text, |it, value| some(&mut it.email().address_tag, text(value))),
    row("email.local_part", Type::Text, |it, value| some(&mut it.email().local_part, text(value))),
    row("email.domain", Type::Text, |it, value| some(&mut it.email().domain, text(value))),
    row("email.domain_age", Type::Duration, |it, value| {
        let registered_at = ago(it, value);
        some(&mut it.email().domain_registered_at, registered_at)
    }),
    row("email.disposable", Type::Bool, |it, value| some(&mut it.email().disposable, flag(value))),
    row("email.has_mx", Type::Bool, |it, value| some(&mut it.email().has_mx, flag(value))),
    row("email.free_provider", Type::Bool, |it, value| {
        some(&mut it.email().free_provider, flag(value))
    }),
    row("phone", Type::Text, |it, value| some(&mut it.phone().tag, text(value))),
    row("phone.country", Type::Country, |it, value| some(&mut it.phone().country, country(value))),
    row("phone.kind", Type::Word(PhoneKind::WORDS), |it, value| {
        some(&mut it.phone().kind, word(value).and_then(PhoneKind::parse))
    }),
];

impl Draft {
    fn contact(&mut self) -> &mut Contact {
        self.attempt.contact.get_or_insert_default()
    }

    fn email(&mut self) -> &mut Email {
        &mut self.contact().email
    }

    fn phone(&mut self) -> &mut Phone {
        &mut self.contact().phone
    }
}
