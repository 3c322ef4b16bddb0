//! The e-mail address and the telephone number that somebody gives.

use std::borrow::Cow;

use doorward_core::event::{
    Contact, DOMAIN_BYTES_MAX, Email, ID_BYTES_MAX, LOCAL_PART_BYTES_MAX, Phone, PhoneKind,
};

use super::field;
use super::violations::Violations;
use crate::wire;

/// Cuts to their limits what a stranger typed.
pub(super) fn tame(sent: &mut wire::Attempt) {
    let contact = sent.contact.as_mut();
    if let Some(email) = contact.and_then(|contact| contact.email.as_mut()) {
        field::tame(&mut email.local_part, LOCAL_PART_BYTES_MAX);
        field::tame(&mut email.domain, DOMAIN_BYTES_MAX);
    }
}

pub(super) fn contact(sent: &wire::Contact, violations: &mut Violations) -> Box<Contact> {
    let email = sent.email.as_ref().map(|sent| email(sent, violations));
    let phone = sent.phone.as_ref().map(|sent| phone(sent, violations));
    Box::new(Contact { email: email.unwrap_or_default(), phone: phone.unwrap_or_default() })
}

fn email(sent: &wire::Email, violations: &mut Violations) -> Email {
    let mut tag = |path: &str, tag: &str| field::text(path, tag, ID_BYTES_MAX, violations);
    let mailbox_tag = tag("attempt.contact.email.mailbox_tag", &sent.mailbox_tag);
    let address_tag = tag("attempt.contact.email.address_tag", &sent.address_tag);
    Email {
        mailbox_tag,
        address_tag,
        local_part: field::text(
            "attempt.contact.email.local_part",
            &sent.local_part,
            LOCAL_PART_BYTES_MAX,
            violations,
        ),
        domain: field::text(
            "attempt.contact.email.domain",
            &lower(&sent.domain),
            DOMAIN_BYTES_MAX,
            violations,
        ),
        domain_registered_at: field::time(
            "attempt.contact.email.domain_registered_at",
            sent.domain_registered_at,
            violations,
        ),
        disposable: sent.disposable,
        has_mx: sent.has_mx,
        free_provider: sent.free_provider,
    }
}

/// A domain has one spelling.
fn lower(domain: &str) -> Cow<'_, str> {
    let domain = domain.trim_end_matches('.');
    match domain.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => domain.to_ascii_lowercase().into(),
        false => domain.into(),
    }
}

fn phone(sent: &wire::Phone, violations: &mut Violations) -> Phone {
    let kind = field::word::<wire::phone::Kind, PhoneKind>(
        "attempt.contact.phone.kind",
        sent.kind,
        violations,
    );
    Phone {
        tag: field::text("attempt.contact.phone.tag", &sent.tag, ID_BYTES_MAX, violations),
        country: field::country("attempt.contact.phone.country", &sent.country, violations),
        kind,
    }
}
