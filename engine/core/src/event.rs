//! What callers tell: attempts, which ask for a verdict, outcomes, which say how one ended, and changes of accounts.

mod account;
mod contact;
mod proof;
mod score;

use std::hash::{Hash, Hasher};
use std::net::IpAddr;

pub use account::{AccountChange, AccountChangeKind};
pub use contact::{Contact, DOMAIN_BYTES_MAX, Email, LOCAL_PART_BYTES_MAX, Phone, PhoneKind};
pub use proof::{Authenticator, SessionStart};
pub use score::{ExternalScore, SCORES_MAX};

use crate::country::Country;
use crate::text::Text;
use crate::time::Timestamp;
use crate::value::Money;
use crate::words::words;

/// Longest identifier, in bytes: of an event, a tenant, a user, a device, a session, a payee.
pub const ID_BYTES_MAX: usize = 128;
/// Longest user-agent string, in bytes. Longer ones are an attack or a bug; browsers stay below 300.
pub const USER_AGENT_BYTES_MAX: usize = 1_024;
/// Longest short text (a language list, an identity provider, an acr), in bytes.
pub const LABEL_BYTES_MAX: usize = 256;
/// Most custom attributes on one event.
pub const ATTRIBUTES_MAX: usize = 32;
/// Longest name of a custom attribute, in bytes.
pub const ATTRIBUTE_NAME_BYTES_MAX: usize = 64;

/// An identifier chosen by the caller.
pub type Id = Text<ID_BYTES_MAX>;
/// A short text chosen by the caller or its client.
pub type Label = Text<LABEL_BYTES_MAX>;

words! {
    /// Which step of the account's life an attempt is.
    Journey {
        /// Signing in.
        Login = "login",
        /// Opening an account.
        Registration = "registration",
        /// Regaining access without the usual credential.
        Recovery = "recovery",
        /// Adding, changing or removing a password, a passkey or another factor.
        CredentialChange = "credential_change",
        /// Changing contact data or other properties of the account.
        ProfileChange = "profile_change",
        /// Granting or withdrawing a consent.
        ConsentChange = "consent_change",
        /// Moving money or something as valuable.
        Transaction = "transaction",
        /// Using or refreshing a session that exists.
        Session = "session",
    }
}

words! {
    /// What an attempt would change of an account.
    Change {
        /// The e-mail address.
        Email = "email",
        /// The telephone number.
        Phone = "phone",
        /// The postal address.
        Address = "address",
        /// The password.
        Password = "password",
        /// A passkey or a second factor comes in.
        FactorAdded = "factor_added",
        /// A passkey or a second factor goes away.
        FactorRemoved = "factor_removed",
        /// What the account is recovered by.
        Recovery = "recovery",
        /// Where money is paid out to.
        Payout = "payout",
        /// Something by which nobody is reached, proved or paid.
        Other = "other",
    }
}

words! {
    /// Who the account belongs to; every policy choice and every metric is kept apart by it.
    Population {
        /// People who may leave when it hurts.
        Customer = "customer",
        /// Employees and contractors.
        Workforce = "workforce",
        /// Staff of another organisation.
        Partner = "partner",
        /// Users of a public service.
        Citizen = "citizen",
        /// Programs: service accounts, devices, agents.
        NonHuman = "non_human",
    }
}

words! {
    /// How somebody proves who they are, as a first factor or as a challenge.
    Method {
        /// A memorised secret.
        Password = "password",
        /// A synced or device-bound WebAuthn credential.
        Passkey = "passkey",
        /// A WebAuthn credential on a separate authenticator.
        HardwareKey = "hardware_key",
        /// A time-based code from an app.
        Totp = "totp",
        /// A code by text message.
        Sms = "sms",
        /// A code by telephone call.
        Voice = "voice",
        /// A code by mail.
        Email = "email",
        /// A link by mail.
        MagicLink = "magic_link",
        /// A prompt on a registered phone.
        Push = "push",
        /// A single-use code printed at enrolment.
        RecoveryCode = "recovery_code",
        /// An answer agreed on before.
        SecurityQuestion = "security_question",
        /// An identity document or a person who checks it.
        IdProofing = "id_proofing",
        /// An assertion of another identity provider.
        Federated = "federated",
        /// A client certificate.
        Certificate = "certificate",
        /// A bare key pair, as in SSH.
        KeyPair = "key_pair",
        /// A long-lived key of a program.
        ApiKey = "api_key",
        /// A token issued earlier, such as a refresh token.
        Token = "token",
        /// A ticket of a network, as in Kerberos.
        Ticket = "ticket",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// What the caller knows about the presented credential.
    CredentialResult {
        /// The caller asks before it checks; the result follows as an outcome.
        NotChecked = "not_checked",
        /// The credential was right.
        Right = "right",
        /// The credential was wrong.
        Wrong = "wrong",
    }
}

words! {
    /// Why a credential was wrong.
    Failure {
        /// There is no such account.
        UnknownUser = "unknown_user",
        /// The first factor did not match.
        WrongSecret = "wrong_secret",
        /// The first factor was right, the second was not.
        WrongSecondFactor = "wrong_second_factor",
        /// The person refused a prompt.
        DeniedByUser = "denied_by_user",
        /// Nobody answered in time.
        TimedOut = "timed_out",
        /// The credential is past its life.
        Expired = "expired",
        /// The account is locked.
        Locked = "locked",
        /// The account is disabled.
        Disabled = "disabled",
        /// The account may not sign in this way.
        NotPermitted = "not_permitted",
        /// Anything else.
        Other = "other",
    }
}

/// An event that asks for a verdict.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Attempt {
    /// Idempotency key, unique within the tenant.
    pub event_id: Id,
    /// When it happened; windows run on this time.
    pub occurred_at: Timestamp,
    /// Whose accounts these are.
    pub tenant: Id,
    /// Who the account belongs to.
    pub population: Population,
    /// Which step of the account's life this is.
    pub journey: Journey,
    /// What is to be changed, in a change of credential or profile.
    pub change: Option<Change>,
    /// The client application, where the tenant has several.
    pub app: Option<Id>,
    /// The account that is tried.
    pub user: User,
    /// What was presented.
    pub credential: Credential,
    /// Where from, as the edge saw it.
    pub client: Client,
    /// The device, as its software tells.
    pub device: Device,
    /// The session this happens in.
    pub session: Option<Session>,
    /// The money this moves.
    pub transaction: Option<Transaction>,
    /// How the person can be reached. Boxed: few attempts tell it.
    pub contact: Option<Box<Contact>>,
    /// What other systems say of it.
    pub scores: Vec<ExternalScore>,
    /// Facts that only this caller has, sorted by name.
    pub attributes: Vec<(Id, Attribute)>,
    /// The purposes the person agreed to; none stated is not the same as none agreed.
    pub purposes: Option<Vec<Id>>,
}

impl Attempt {
    /// A sign-in of which nothing more is told than what every event tells.
    pub fn login(event_id: Id, occurred_at: Timestamp, tenant: Id, population: Population) -> Self {
        Self {
            event_id,
            occurred_at,
            tenant,
            population,
            journey: Journey::Login,
            change: None,
            app: None,
            user: User::default(),
            credential: Credential::default(),
            client: Client::default(),
            device: Device::default(),
            session: None,
            transaction: None,
            contact: None,
            scores: Vec::new(),
            attributes: Vec::new(),
            purposes: None,
        }
    }
}

/// The account that is tried.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct User {
    /// The identifier as the caller keeps it. Compared byte by byte. `None` if nobody was named yet.
    pub id: Option<Id>,
    /// Whether the account exists.
    pub exists: Option<bool>,
    /// When the account was created.
    pub created_at: Option<Timestamp>,
    /// Whether the account can do more harm than others.
    pub privileged: Option<bool>,
}

/// What was presented.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct Credential {
    /// By which method.
    pub method: Option<Method>,
    /// Whether it was right. `None` where no credential takes part, as in a registration.
    pub result: Option<CredentialResult>,
    /// Why it was wrong.
    pub failure: Option<Failure>,
    /// The caller's keyed, truncated tag of the attempted secret; never the secret.
    pub secret_tag: Option<Id>,
    /// Whether the secret is in a collection of breached ones.
    pub breached: Option<bool>,
    /// The authenticator that gave it. Boxed: few attempts tell it.
    pub authenticator: Option<Box<Authenticator>>,
}

/// Where an attempt came from, as the edge saw it.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct Client {
    /// The address, normalised.
    pub address: Option<IpAddr>,
    /// The `User-Agent` header; `Some` but absent text is [`UserAgent::Empty`].
    pub user_agent: Option<UserAgent>,
    /// The `Sec-CH-UA-Platform` hint.
    pub hint_platform: Option<Label>,
    /// The `Sec-CH-UA` hint.
    pub hint_brands: Option<Label>,
    /// The `Sec-CH-UA-Mobile` hint.
    pub hint_mobile: Option<bool>,
    /// The `Sec-CH-UA-Platform-Version` hint.
    pub hint_platform_version: Option<Label>,
    /// The `Sec-CH-UA-Model` hint.
    pub hint_model: Option<Label>,
    /// The `Accept-Language` header.
    pub accept_language: Option<Label>,
    /// The JA4 fingerprint of the TLS hello, an opaque text.
    pub ja4: Option<Id>,
    /// The edge's bot score, 1 (surely a bot) to 99 (surely a person).
    pub bot_score: Option<u8>,
    /// Round-trip time of the client's connection, in milliseconds.
    pub round_trip_ms: Option<i64>,
    /// The origin that the person's browser was on.
    pub origin: Option<Label>,
}

/// The `User-Agent` header of a request.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum UserAgent {
    /// The client sent none, which no browser does.
    Empty,
    /// What it sent.
    Text(Text<USER_AGENT_BYTES_MAX>),
}

/// The device, as its software tells.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct Device {
    /// A stable identifier kept on the device.
    pub id: Option<Id>,
    /// Minutes east of UTC, −840 to 840.
    pub utc_offset_min: Option<i16>,
    /// A coarse class of the screen, such as `1920x1080@2`.
    pub screen: Option<Id>,
    /// Runs in an emulator or a virtual machine.
    pub emulated: Option<bool>,
    /// Its owner has more rights than the maker gave.
    pub rooted: Option<bool>,
    /// The app or the page was changed.
    pub tampered: Option<bool>,
    /// The app runs as a clone.
    pub cloned_app: Option<bool>,
    /// Somebody may be steering it from elsewhere.
    pub remote_control: Option<bool>,
    /// A program drives the browser.
    pub automation: Option<bool>,
    /// The organisation manages it.
    pub managed: Option<bool>,
    /// It meets the organisation's rules.
    pub compliant: Option<bool>,
    /// Its owner reported it lost or stolen.
    pub reported_lost: Option<bool>,
    /// What it made for one use only.
    pub token_id: Option<Id>,
}

/// The session an attempt happens in.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct Session {
    /// The caller's identifier.
    pub id: Option<Id>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// The authentication context class that is satisfied (RFC 9470).
    pub acr: Option<Label>,
    /// The methods used (RFC 8176).
    pub amr: Vec<Id>,
    /// When the person last proved who they are.
    pub authenticated_at: Option<Timestamp>,
    /// Who vouches for them.
    pub identity_provider: Option<Label>,
    /// Where and with what it began. Boxed: few attempts tell it.
    pub start: Option<Box<SessionStart>>,
    /// The refresh token that is used was exchanged for a newer one before.
    pub token_reused: Option<bool>,
}

impl Session {
    /// The strongest method among its `amr`: the values of RFC 8176 that name one, and `fido`, which identity
    /// providers use beside them.
    pub fn method(&self) -> Option<Method> {
        const BY_STRENGTH: [(&[&str], Method); 9] = [
            (&["hwk", "sc"], Method::HardwareKey),
            (&["swk", "fido"], Method::Passkey),
            (&["otp"], Method::Totp),
            (&["wia"], Method::Ticket),
            (&["tel"], Method::Voice),
            (&["sms"], Method::Sms),
            (&["kba"], Method::SecurityQuestion),
            (&["pwd"], Method::Password),
            (&["pin"], Method::Password),
        ];
        let told = |words: &[&str]| self.amr.iter().any(|told| words.contains(&told.as_str()));
        BY_STRENGTH.iter().find(|(words, _)| told(words)).map(|(_, method)| *method)
    }
}

/// The money an attempt moves.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Transaction {
    /// How much.
    pub amount: Option<Money>,
    /// Who receives it, as the caller names them.
    pub payee: Option<Id>,
    /// Where the payee's account is.
    pub payee_country: Option<Country>,
}

/// A fact that only this caller has.
#[derive(Clone, Debug, PartialEq)]
pub enum Attribute {
    /// A text.
    Text(Label),
    /// A number.
    Number(f64),
    /// A yes or a no.
    Flag(bool),
}

impl Attribute {
    /// The text as the name of an attribute; `None` unless it is of `a-z`, `0-9` and `_`, a letter first, and
    /// at most [`ATTRIBUTE_NAME_BYTES_MAX`] bytes.
    pub fn name(text: &str) -> Option<Id> {
        let letters = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        let starts = text.starts_with(|first: char| first.is_ascii_lowercase());
        let fits = starts && text.len() <= ATTRIBUTE_NAME_BYTES_MAX && text.bytes().all(letters);
        fits.then(|| Id::parse(text).ok()).flatten()
    }
}

/// Equal attributes hash alike: the two zeros are one.
impl Hash for Attribute {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Text(text) => (0_u8, text).hash(state),
            Self::Number(number) => (1_u8, (number + 0.0).to_bits()).hash(state),
            Self::Flag(flag) => (2_u8, flag).hash(state),
        }
    }
}

words! {
    /// How an attempt ended, as told later.
    OutcomeKind {
        /// The credential, not checked when the attempt was sent, was right.
        CredentialRight = "credential_right",
        /// It was wrong.
        CredentialWrong = "credential_wrong",
        /// The challenge was passed.
        ChallengePassed = "challenge_passed",
        /// The challenge was failed.
        ChallengeFailed = "challenge_failed",
        /// The person gave up.
        ChallengeAbandoned = "challenge_abandoned",
        /// Somebody who knows says it was fraud.
        ConfirmedFraud = "confirmed_fraud",
        /// Somebody who knows says it was the owner.
        ConfirmedGood = "confirmed_good",
        /// The owner says that it was not them.
        NotMe = "not_me",
    }
}

/// An event that tells how an earlier attempt ended.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Outcome {
    /// Idempotency key, unique within the tenant.
    pub event_id: Id,
    /// When it was known.
    pub occurred_at: Timestamp,
    /// How the attempt ended.
    pub kind: OutcomeKind,
    /// Why a credential was wrong or a challenge failed.
    pub failure: Option<Failure>,
    /// How the challenge was met.
    pub method: Option<Method>,
}
