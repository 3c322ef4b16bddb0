//! Signals of the e-mail address and the telephone number that somebody gives.

use super::event::{age, flag, given, row, text, word};
use super::{Seen, Signal};
use crate::event::{Email, Journey, Phone, PhoneKind};
use crate::local_part;
use crate::text::Text;
use crate::value::{Cause, Reading, Type, Value};

pub(super) const SIGNALS: &[Signal] = &[
    row(
        "email",
        Type::Text,
        "The mailbox: the caller's keyed tag of the address without what makes no difference in it.",
        |seen| email(seen, |email| text(email.mailbox_tag.as_ref())),
    ),
    row(
        "email.spelling",
        Type::Text,
        "The caller's keyed tag of the address as it was typed.",
        |seen| email(seen, |email| text(email.address_tag.as_ref())),
    ),
    row("email.domain", Type::Text, "The domain of the address, in lower case.", |seen| {
        email(seen, |email| text(email.domain.as_ref()))
    }),
    row("email.domain_age", Type::Duration, "How long the domain has been registered.", |seen| {
        email(seen, |email| age(seen, email.domain_registered_at))
    }),
    row(
        "email.disposable",
        Type::Bool,
        "The provider gives out addresses to be thrown away.",
        |seen| email(seen, |email| flag(email.disposable)),
    ),
    row("email.has_mx", Type::Bool, "The domain receives mail.", |seen| {
        email(seen, |email| flag(email.has_mx))
    }),
    row(
        "email.free_provider",
        Type::Bool,
        "Anybody gets an address of this provider for nothing.",
        |seen| email(seen, |email| flag(email.free_provider)),
    ),
    row(
        "email.digits",
        Type::Ratio,
        "The share of digits among the letters and digits before the `@`.",
        |seen| local_part(seen, |text| local_part::digit_share(text).map(Value::Ratio)),
    ),
    row(
        "email.generated",
        Type::Bool,
        "What stands before the `@` looks as if a program had chosen it.",
        |seen| local_part(seen, |text| Some(Value::Bool(local_part::generated(text)))),
    ),
    row("phone", Type::Text, "The caller's keyed tag of the telephone number.", |seen| {
        phone(seen, |phone| text(phone.tag.as_ref()))
    }),
    row("phone.country", Type::Country, "The country that the number's prefix names.", |seen| {
        phone(seen, |phone| given(phone.country.map(Value::Country)))
    }),
    row("phone.kind", Type::Word(PhoneKind::WORDS), "What kind of line the number is.", |seen| {
        phone(seen, |phone| word(phone.kind.map(PhoneKind::word)))
    }),
];

fn email(seen: &Seen<'_>, read: impl Fn(&Email) -> Reading) -> Reading {
    let contact = seen.attempt.contact.as_ref();
    contact.map_or_else(|| untold(seen), |contact| read(&contact.email))
}

pub(super) fn phone(seen: &Seen<'_>, read: impl Fn(&Phone) -> Reading) -> Reading {
    let contact = seen.attempt.contact.as_ref();
    contact.map_or_else(|| untold(seen), |contact| read(&contact.phone))
}

fn local_part(seen: &Seen<'_>, read: fn(&str) -> Option<Value>) -> Reading {
    email(seen, |email| given(email.local_part.as_ref().map(Text::as_str).and_then(read)))
}

/// Nobody gives a contact to sign in; where one is given or used, it is missing.
fn untold(seen: &Seen<'_>) -> Reading {
    match seen.attempt.journey {
        Journey::Registration | Journey::ProfileChange | Journey::Recovery => {
            Reading::Unknown(Cause::MissingInput)
        }
        Journey::Login | Journey::CredentialChange | Journey::ConsentChange => {
            Reading::Unknown(Cause::NotApplicable)
        }
        Journey::Transaction | Journey::Session => Reading::Unknown(Cause::NotApplicable),
    }
}
