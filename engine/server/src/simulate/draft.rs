//! An attempt as the simulation plans it, and the event that a good caller makes of it.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use doorward_core::event::{
    Attempt, Client, Credential, CredentialResult, Device, Failure, Id, Journey, Label, Method,
    Population, Session, Transaction, User, UserAgent,
};
use doorward_core::text::{Text, TextError};
use doorward_core::time::Timestamp;
use doorward_core::value::Money;

use super::chance::mixed;
use super::device::Looks;
use crate::edge::parse::TENANT_DEFAULT;

/// An attempt before it is told.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Names it within the simulation; it tells who makes it.
    pub name: String,
    /// When it happens.
    pub at: Timestamp,
    /// Which step of the account's life it is.
    pub journey: Journey,
    /// Whose account is tried.
    pub account: Account,
    /// What is presented; `None` where nothing is, as in a session.
    pub proof: Option<Proof>,
    /// Where it comes from.
    pub origin: Origin,
    /// What the device shows.
    pub looks: Looks,
    /// The session in which it happens.
    pub stay: Option<Stay>,
    /// The money that it moves.
    pub payment: Option<Payment>,
}

/// What the caller knows of an account.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its name.
    pub user: Arc<str>,
    /// Who it belongs to.
    pub population: Population,
    /// Whether there is one of that name.
    pub exists: bool,
    /// Since when; `None` if there is none.
    pub created_at: Option<Timestamp>,
    /// Whether it can do more harm than others.
    pub privileged: bool,
}

/// What is presented as proof, and what the caller finds when it checks it.
#[derive(Clone, Debug)]
pub struct Proof {
    /// By which method.
    pub method: Method,
    /// Why it is wrong; `None` if it is right.
    pub failure: Option<Failure>,
    /// Stands for the secret, the same for the same one.
    pub secret: Option<u64>,
    /// Whether the secret is in a collection of breached ones; asked only of right ones.
    pub breached: Option<bool>,
}

/// Where an attempt comes from.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    /// The address.
    pub address: Ipv4Addr,
    /// Round trip to the login service.
    pub round_trip_ms: i64,
    /// What the clock of the device says, in minutes east of UTC.
    pub utc_offset_min: i16,
}

/// A session.
#[derive(Clone, Debug)]
pub struct Stay {
    /// Its name.
    pub id: String,
    /// When it began, with a proof.
    pub since: Timestamp,
}

/// Money that moves.
#[derive(Clone, Debug)]
pub struct Payment {
    /// In cents.
    pub amount_minor: i64,
    /// To whom.
    pub payee: String,
}

impl Draft {
    /// The event id that is told.
    pub fn event_id(&self) -> String {
        opaque(&self.name)
    }

    /// The event as a caller tells it that tells all it can.
    ///
    /// # Errors
    /// If a text of the simulation is none that an event can hold, which a test rules out.
    pub fn attempt(&self) -> Result<Attempt, TextError> {
        let population = self.account.population;
        let event_id = Id::parse(&self.event_id())?;
        Ok(Attempt {
            journey: self.journey,
            user: self.account.told()?,
            credential: self.proof.as_ref().map(Proof::told).transpose()?.unwrap_or_default(),
            client: self.client()?,
            device: self.device()?,
            session: self.stay.as_ref().map(Stay::told).transpose()?,
            transaction: self.payment.as_ref().map(Payment::told).transpose()?,
            ..Attempt::login(event_id, self.at, Id::parse(TENANT_DEFAULT)?, population)
        })
    }

    fn client(&self) -> Result<Client, TextError> {
        let Looks { agent, language, ja4, platform, mobile, .. } = &self.looks;
        Ok(Client {
            address: Some(IpAddr::V4(self.origin.address)),
            user_agent: Some(UserAgent::Text(Text::parse(agent)?)),
            hint_platform: platform.map(Label::parse).transpose()?,
            hint_mobile: *mobile,
            accept_language: language.map(Label::parse).transpose()?,
            ja4: Some(Id::parse(ja4)?),
            round_trip_ms: Some(self.origin.round_trip_ms),
            ..Client::default()
        })
    }

    fn device(&self) -> Result<Device, TextError> {
        let Looks { id, screen, emulated, .. } = &self.looks;
        Ok(Device {
            id: id.as_deref().map(Id::parse).transpose()?,
            utc_offset_min: screen.map(|_| self.origin.utc_offset_min),
            screen: screen.map(Id::parse).transpose()?,
            emulated: *emulated,
            ..Device::default()
        })
    }
}

/// A name that gives nothing away, always the same for the same one: whoever learns from the events has
/// the truth from the labels alone.
fn opaque(name: &str) -> String {
    format!("{:016x}", mixed(name, 0))
}

impl Account {
    fn told(&self) -> Result<User, TextError> {
        Ok(User {
            id: Some(Id::parse(&self.user)?),
            exists: Some(self.exists),
            created_at: self.created_at,
            privileged: self.privileged.then_some(true),
        })
    }
}

impl Proof {
    /// The right one.
    pub fn right(method: Method, secret: Option<u64>, breached: bool) -> Self {
        Self { method, failure: None, secret, breached: secret.map(|_| breached) }
    }

    /// A wrong password.
    pub fn wrong(secret: u64, failure: Failure) -> Self {
        let method = Method::Password;
        Self { method, failure: Some(failure), secret: Some(secret), breached: None }
    }

    fn told(&self) -> Result<Credential, TextError> {
        let result =
            if self.failure.is_none() { CredentialResult::Right } else { CredentialResult::Wrong };
        Ok(Credential {
            method: Some(self.method),
            result: Some(result),
            failure: self.failure,
            secret_tag: self.secret.map(|tag| Id::parse(&format!("{tag:016x}"))).transpose()?,
            breached: self.breached,
            ..Credential::default()
        })
    }
}

impl Stay {
    fn told(&self) -> Result<Session, TextError> {
        Ok(Session {
            id: Some(Id::parse(&opaque(&self.id))?),
            started_at: Some(self.since),
            amr: vec![Id::parse("pwd")?],
            authenticated_at: Some(self.since),
            ..Session::default()
        })
    }
}

impl Payment {
    fn told(&self) -> Result<Transaction, TextError> {
        Ok(Transaction {
            amount: Some(Money { minor: self.amount_minor, currency: *b"EUR" }),
            payee: Some(Id::parse(&opaque(&self.payee))?),
            payee_country: None,
        })
    }
}
