//! Texts that a reading repeats from the attempt: they are on record once.

use crate::wire::log::Form;
use crate::wire::{Attempt, Client, Credential, Device, Session, Transaction, User};

/// The texts of an attempt that readings may repeat, each with the form that names it.
pub(super) struct Told<'a>([(Form, &'a str); 11]);

impl<'a> Told<'a> {
    /// Those of `attempt`; a text that it does not have is empty.
    pub(super) fn of(attempt: &'a Attempt) -> Self {
        let Attempt { user, credential, client, device, session, transaction, .. } = attempt;
        let session = session.as_ref();
        let user = user.as_ref().map(|User { id, .. }| id);
        let secret = credential.as_ref().map(|Credential { secret_tag, .. }| secret_tag);
        let agent = client.as_ref().and_then(|Client { user_agent, .. }| user_agent.as_ref());
        let ja4 = client.as_ref().map(|Client { ja4, .. }| ja4);
        let device = device.as_ref().map(|Device { id, .. }| id);
        let payee = transaction.as_ref().map(|Transaction { payee, .. }| payee);
        let provider = |session: &'a Session| &session.identity_provider;
        let or_empty = |text: Option<&'a String>| text.map_or("", String::as_str);
        Self([
            (Form::Tenant, &attempt.tenant),
            (Form::App, &attempt.app),
            (Form::UserId, or_empty(user)),
            (Form::SecretTag, or_empty(secret)),
            (Form::UserAgent, or_empty(agent)),
            (Form::Ja4, or_empty(ja4)),
            (Form::DeviceId, or_empty(device)),
            (Form::SessionId, or_empty(session.map(|session| &session.id))),
            (Form::Acr, or_empty(session.map(|session| &session.acr))),
            (Form::IdentityProvider, or_empty(session.map(provider))),
            (Form::Payee, or_empty(payee)),
        ])
    }

    /// The form that names this text.
    pub(super) fn form(&self, text: &str) -> Option<Form> {
        self.0.iter().find(|(_, told)| *told == text).map(|(form, _)| *form)
    }

    /// The text that the form names.
    pub(super) fn text(&self, form: Form) -> Option<&'a str> {
        self.0.iter().find(|(told, _)| *told == form).map(|(_, text)| *text)
    }
}
