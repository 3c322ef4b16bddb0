//! Texts that a reading repeats from the attempt: they are on record once.

use crate::wire::log::Form;
use crate::wire::{Attempt, Client, Credential, Device, Session, Transaction, User};

/// The texts of an attempt that readings may repeat, each with the form that names it.
pub(super) struct Told<'a>([(Form, &'a str); 11]);

impl<'a> Told<'a> {
    /// Those of `attempt`; a text that it does not have is empty.
    pub(super) fn of(attempt: &'a Attempt) -> Self {
        let Attempt { user, credential, client, device, session, transaction, .. } = attempt;
        let user = user.as_ref().map(|User { id, .. }| id);
        let secret = credential.as_ref().map(|Credential { secret_tag, .. }| secret_tag);
        let agent = client.as_ref().and_then(|Client { user_agent, .. }| user_agent.as_ref());
        let ja4 = client.as_ref().map(|Client { ja4, .. }| ja4);
        let device = device.as_ref().map(|Device { id, .. }| id);
        let session_text = |text: fn(&Session) -> &String| session.as_ref().map(text);
        let payee = transaction.as_ref().map(|Transaction { payee, .. }| payee);
        let told = [
            (Form::Tenant, Some(&attempt.tenant)),
            (Form::App, Some(&attempt.app)),
            (Form::UserId, user),
            (Form::SecretTag, secret),
            (Form::UserAgent, agent),
            (Form::Ja4, ja4),
            (Form::DeviceId, device),
            (Form::SessionId, session_text(|session| &session.id)),
            (Form::Acr, session_text(|session| &session.acr)),
            (Form::IdentityProvider, session_text(|session| &session.identity_provider)),
            (Form::Payee, payee),
        ];
        Self(told.map(|(form, text)| (form, text.map(String::as_str).unwrap_or_default())))
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
