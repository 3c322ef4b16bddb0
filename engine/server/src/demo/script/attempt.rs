//! Attempts as the services of the script send them.

use std::net::IpAddr;

use doorward_core::event::{
    Attempt, Client, Credential, CredentialResult, Failure, Id, Journey, Label, Method,
    OutcomeKind, Population, Session, Transaction, User, UserAgent,
};
use doorward_core::text::{Text, TextError};
use doorward_core::time::Timestamp;
use doorward_core::value::Money;

use super::{Event, Moment, Scene};

/// The tenant of the script.
pub const TENANT: &str = "demo";

/// A login with the right password, from nowhere in particular.
pub(super) fn attempt(
    user: &str,
    population: Population,
    at: Timestamp,
) -> Result<Attempt, TextError> {
    let event_id = Id::parse(&format!("demo-{user}-{}", at.ms()))?;
    Ok(Attempt {
        user: User { id: Some(Id::parse(user)?), ..User::default() },
        credential: right(),
        ..Attempt::login(event_id, at, Id::parse(TENANT)?, population)
    })
}

fn right() -> Credential {
    Credential {
        method: Some(Method::Password),
        result: Some(CredentialResult::Right),
        ..Credential::default()
    }
}

/// A credential that was wrong because of `failure`.
pub(super) fn wrong(failure: Failure) -> Credential {
    Credential { result: Some(CredentialResult::Wrong), failure: Some(failure), ..right() }
}

/// A client at an address that says it is `agent`.
pub(super) fn browser(from: IpAddr, agent: &str) -> Result<Client, TextError> {
    Ok(Client {
        address: Some(from),
        user_agent: Some(UserAgent::Text(Text::parse(agent)?)),
        ..Client::default()
    })
}

/// What a person's browser sends beside the user agent.
pub(super) fn speaks(client: Client, language: &str) -> Result<Client, TextError> {
    Ok(Client { accept_language: Some(Label::parse(language)?), ..client })
}

/// The attempt as one inside a session: no credential is checked.
pub(super) fn in_session(attempt: Attempt, journey: Journey) -> Result<Attempt, TextError> {
    let owner = attempt.user.id.as_ref().map_or("", Id::as_str);
    let session =
        Session { id: Some(Id::parse(&format!("session-{owner}"))?), ..Session::default() };
    let credential =
        Credential { result: Some(CredentialResult::NotChecked), ..Credential::default() };
    Ok(Attempt { journey, session: Some(session), credential, ..attempt })
}

/// The attempt as a payment of `euros` to `payee`.
pub(super) fn paying(attempt: Attempt, euros: i64, payee: &str) -> Result<Attempt, TextError> {
    let transaction = Transaction {
        amount: Some(Money { minor: euros.saturating_mul(100), currency: *b"EUR" }),
        payee: Some(Id::parse(payee)?),
        payee_country: None,
    };
    let attempt = in_session(attempt, Journey::Transaction)?;
    Ok(Attempt { transaction: Some(transaction), ..attempt })
}

/// An attempt of somebody who passes a challenge when there is one.
pub(super) fn by_owner(scene: Scene, attempt: Attempt) -> Moment {
    moment(scene, attempt, Some(OutcomeKind::ChallengePassed))
}

/// An attempt of somebody who cannot pass a challenge.
pub(super) fn by_thief(scene: Scene, attempt: Attempt) -> Moment {
    moment(scene, attempt, Some(OutcomeKind::ChallengeFailed))
}

/// An attempt of a program that does not even read the answer.
pub(super) fn by_program(scene: Scene, attempt: Attempt) -> Moment {
    moment(scene, attempt, None)
}

fn moment(scene: Scene, attempt: Attempt, challenge: Option<OutcomeKind>) -> Moment {
    let event = Event::Attempt { attempt: Box::new(attempt), challenge };
    Moment { scene, event, highlight: false }
}

/// The moment as the one to show of its scene.
pub(super) fn highlighted(moment: Moment) -> Moment {
    Moment { highlight: true, ..moment }
}
