//! The events of tests: fields by the names of the signals that read them.

mod contact;
mod proof;

use std::net::IpAddr;
use std::sync::Arc;

use crate::agent::Agent;
use crate::country::Country;
use crate::enrichment::{Enrichment, Operator};
use crate::event::{
    Attempt, Attribute, Change, CredentialResult, ExternalScore, Failure, Id, Journey, Method,
    Outcome, OutcomeKind, Population, Session, Transaction, User, UserAgent,
};
use crate::network::{NetworkClass, NetworkClasses};
use crate::place::{Place, Point, accuracy_km_assumed};
use crate::policy::span::Span;
use crate::signal::AttributeSpec;
use crate::text::Text;
use crate::time::Timestamp;
use crate::value::{Cause, Money, Type, Value};

/// What a test writes between the braces.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) fields: Vec<(Target, Given)>,
    pub(crate) span: Span,
}

/// The value of one field.
#[derive(Clone, Debug)]
pub(crate) enum Given {
    Value(Value),
    /// Texts between which the number of the attempt stands.
    Numbered(Vec<String>),
}

/// The field that makes an event end, which the others of the family say more about.
pub(crate) const OUTCOME: &str = "outcome";

/// One field that an event of a test may have.
#[derive(Debug)]
pub(crate) struct Field {
    /// Its name: that of the signal which reads it.
    pub(crate) name: &'static str,
    pub(crate) kind: Type,
    /// `None` where the value cannot be used.
    set: fn(&mut Draft, &Value) -> Option<()>,
}

/// What an event of a test gives a value to.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    Field(&'static Field),
    Attribute(AttributeSpec),
}

impl Target {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Field(field) => field.name,
            Self::Attribute(attribute) => &attribute.name,
        }
    }

    pub(crate) fn kind(&self) -> Type {
        match self {
            Self::Field(field) => field.kind,
            Self::Attribute(attribute) => attribute.kind,
        }
    }

    /// `None` where the value cannot be used.
    fn set(&self, draft: &mut Draft, value: &Value) -> Option<()> {
        match self {
            Self::Field(field) => (field.set)(draft, value),
            Self::Attribute(attribute) => draft.attribute(&attribute.name, value),
        }
    }
}

/// An attempt in the making, with what would have been looked up for it.
pub(crate) struct Draft {
    pub(crate) attempt: Attempt,
    place: Option<Place>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    accuracy_km: Option<f64>,
    operator: Option<Operator>,
    classes: NetworkClasses,
    /// What is told of it once it was decided.
    ending: Ending,
}

#[derive(Default)]
struct Ending {
    event_id: Option<Id>,
    kind: Option<OutcomeKind>,
    method: Option<Method>,
    failure: Option<Failure>,
}

impl Draft {
    /// The event as an attempt at `now`; `None` if a value in it cannot be used.
    pub(crate) fn new(event: &Event, now: Timestamp, serial: u64, number: u32) -> Option<Self> {
        let mut draft = Self::blank(now, serial)?;
        for (field, given) in &event.fields {
            let value = match given {
                Given::Value(value) => value.clone(),
                Given::Numbered(texts) => Value::Text(texts.join(&number.to_string()).into()),
            };
            field.set(&mut draft, &value)?;
        }
        Some(draft)
    }

    /// What geo data, the network's data, network lists and the user agent would have said.
    pub(crate) fn enrichment(&self) -> Enrichment {
        let point = self.latitude.zip(self.longitude).map(|(latitude, longitude)| Point {
            latitude,
            longitude,
            accuracy_km: self.accuracy_km.unwrap_or_else(|| accuracy_km_assumed(&self.classes)),
        });
        let place = match (&self.place, point) {
            (None, None) => Err(Cause::LookupFailed),
            (place, point) => Ok(Place { point, ..place.clone().unwrap_or_default() }),
        };
        let agent = match &self.attempt.client.user_agent {
            Some(UserAgent::Text(text)) => Ok(Agent::parse(text.as_str())),
            Some(UserAgent::Empty) => Ok(Agent::EMPTY),
            None => Err(Cause::MissingInput),
        };
        let network = self.operator.clone().ok_or(Cause::LookupFailed);
        Enrichment { place, network, classes: self.classes, agent }
    }

    /// The outcome that follows at once, if the event names one.
    pub(crate) fn outcome(&self) -> Option<Outcome> {
        let Ending { event_id, kind, method, failure } = &self.ending;
        Some(Outcome {
            event_id: event_id.clone()?,
            occurred_at: self.attempt.occurred_at,
            kind: (*kind)?,
            failure: *failure,
            method: *method,
        })
    }

    fn blank(now: Timestamp, serial: u64) -> Option<Self> {
        let user = User { id: id("somebody"), ..User::default() };
        let event_id = id(&format!("test-{serial}"))?;
        let login = Attempt::login(event_id, now, id("test")?, Population::Customer);
        let attempt = Attempt { user, ..login };
        let (place, operator) = (None, None);
        let (latitude, longitude, accuracy_km) = (None, None, None);
        let classes = NetworkClasses::UNLISTED;
        let ending = Ending { event_id: id(&format!("test-{serial}-ended")), ..Ending::default() };
        Some(Self { attempt, place, latitude, longitude, accuracy_km, operator, classes, ending })
    }

    fn place(&mut self) -> &mut Place {
        self.place.get_or_insert_with(Place::default)
    }

    fn class(&mut self, class: NetworkClass, value: &Value) -> Option<()> {
        self.classes = self.classes.with(class, Ok(flag(value)?));
        Some(())
    }

    /// Gives the attempt one more attribute, or one of its own another value.
    fn attribute(&mut self, name: &str, value: &Value) -> Option<()> {
        if let Value::Ratio(risk) = value {
            return self.score(name, *risk);
        }
        let (name, sent) = (id(name)?, attribute(value)?);
        let all = &mut self.attempt.attributes;
        match all.binary_search_by(|(known, _)| known.cmp(&name)) {
            Ok(at) => all.get_mut(at)?.1 = sent,
            Err(at) => all.insert(at, (name, sent)),
        }
        Some(())
    }

    /// Lets another system say something of the attempt.
    fn score(&mut self, name: &str, risk: f64) -> Option<()> {
        let (source, name) = (id("test")?, id(name)?);
        let score = ExternalScore { source, name, risk, observed_at: None, ttl_ms: None };
        self.attempt.scores.push(score);
        Some(())
    }

    fn transaction(&mut self) -> &mut Transaction {
        let empty = || Transaction { amount: None, payee: None, payee_country: None };
        self.attempt.transaction.get_or_insert_with(empty)
    }

    fn session(&mut self) -> &mut Session {
        self.attempt.session.get_or_insert_default()
    }
}

/// The field of that name; a few may be said for short.
pub(crate) fn field(name: &str) -> Option<&'static Field> {
    let name = match name {
        "device" => "device.id",
        "amount" => "transaction.amount",
        "latitude" => "geo.latitude",
        "longitude" => "geo.longitude",
        other => other,
    };
    all().find(|field| field.name == name)
}

/// The names of all fields.
pub(crate) fn names() -> Vec<&'static str> {
    all().map(|field| field.name).collect()
}

fn all() -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().chain(&contact::FIELDS).chain(&proof::FIELDS)
}

type Set = fn(&mut Draft, &Value) -> Option<()>;

const fn row(name: &'static str, kind: Type, set: Set) -> Field {
    Field { name, kind, set }
}

static FIELDS: [Field; 60] = [
    row("time", Type::Instant, |it, value| put(&mut it.attempt.occurred_at, instant(value))),
    row("tenant", Type::Text, |it, value| put(&mut it.attempt.tenant, text(value))),
    row("population", Type::Word(Population::WORDS), |it, value| {
        put(&mut it.attempt.population, word(value).and_then(Population::parse))
    }),
    row("journey", Type::Word(Journey::WORDS), |it, value| {
        put(&mut it.attempt.journey, word(value).and_then(Journey::parse))
    }),
    row("change", Type::Word(Change::WORDS), |it, value| {
        some(&mut it.attempt.change, word(value).and_then(Change::parse))
    }),
    row("app", Type::Text, |it, value| some(&mut it.attempt.app, text(value))),
    row("user", Type::User, |it, value| some(&mut it.attempt.user.id, text(value))),
    row("user.exists", Type::Bool, |it, value| some(&mut it.attempt.user.exists, flag(value))),
    row("user.privileged", Type::Bool, |it, value| {
        some(&mut it.attempt.user.privileged, flag(value))
    }),
    row("user.age", Type::Duration, |it, value| {
        let created_at = ago(it, value);
        some(&mut it.attempt.user.created_at, created_at)
    }),
    row("credential", Type::Word(CredentialResult::WORDS), |it, value| {
        some(&mut it.attempt.credential.result, word(value).and_then(CredentialResult::parse))
    }),
    row("credential.failure", Type::Word(Failure::WORDS), |it, value| {
        some(&mut it.attempt.credential.failure, word(value).and_then(Failure::parse))
    }),
    row("credential.breached", Type::Bool, |it, value| {
        some(&mut it.attempt.credential.breached, flag(value))
    }),
    row("method", Type::Word(Method::WORDS), |it, value| {
        some(&mut it.attempt.credential.method, word(value).and_then(Method::parse))
    }),
    row("secret", Type::Text, |it, value| some(&mut it.attempt.credential.secret_tag, text(value))),
    row("ip", Type::Ip, |it, value| some(&mut it.attempt.client.address, address(value))),
    row("asn", Type::Asn, |it, value| some(&mut it.operator, operator(value))),
    row("net.tor", Type::Bool, |it, value| it.class(NetworkClass::Tor, value)),
    row("net.vpn", Type::Bool, |it, value| it.class(NetworkClass::Vpn, value)),
    row("net.proxy", Type::Bool, |it, value| it.class(NetworkClass::Proxy, value)),
    row("net.residential_proxy", Type::Bool, |it, value| {
        it.class(NetworkClass::ResidentialProxy, value)
    }),
    row("net.hosting", Type::Bool, |it, value| it.class(NetworkClass::Hosting, value)),
    row("net.relay", Type::Bool, |it, value| it.class(NetworkClass::Relay, value)),
    row("net.satellite", Type::Bool, |it, value| it.class(NetworkClass::Satellite, value)),
    row("net.mobile", Type::Bool, |it, value| it.class(NetworkClass::Mobile, value)),
    row("net.corporate", Type::Bool, |it, value| it.class(NetworkClass::Corporate, value)),
    row("country", Type::Country, |it, value| some(&mut it.place().country, country(value))),
    row("region", Type::Text, |it, value| some(&mut it.place().region, shared(value))),
    row("city", Type::Text, |it, value| some(&mut it.place().city, shared(value))),
    row("geo.latitude", Type::Decimal, |it, value| some(&mut it.latitude, number(value))),
    row("geo.longitude", Type::Decimal, |it, value| some(&mut it.longitude, number(value))),
    row("geo.accuracy", Type::Distance, |it, value| some(&mut it.accuracy_km, number(value))),
    row("agent", Type::Text, |it, value| some(&mut it.attempt.client.user_agent, agent(value))),
    row("hints.platform", Type::Text, |it, value| {
        some(&mut it.attempt.client.hint_platform, text(value))
    }),
    row("hints.brands", Type::Text, |it, value| {
        some(&mut it.attempt.client.hint_brands, text(value))
    }),
    row("hints.mobile", Type::Bool, |it, value| {
        some(&mut it.attempt.client.hint_mobile, flag(value))
    }),
    row("language", Type::Text, |it, value| {
        some(&mut it.attempt.client.accept_language, text(value))
    }),
    row("ja4", Type::Text, |it, value| some(&mut it.attempt.client.ja4, text(value))),
    row("bot.score", Type::Int, |it, value| some(&mut it.attempt.client.bot_score, score(value))),
    row("round_trip", Type::Duration, |it, value| {
        some(&mut it.attempt.client.round_trip_ms, duration(value))
    }),
    row("device.id", Type::Device, |it, value| some(&mut it.attempt.device.id, text(value))),
    row("device.emulated", Type::Bool, |it, value| {
        some(&mut it.attempt.device.emulated, flag(value))
    }),
    row("device.rooted", Type::Bool, |it, value| some(&mut it.attempt.device.rooted, flag(value))),
    row("device.tampered", Type::Bool, |it, value| {
        some(&mut it.attempt.device.tampered, flag(value))
    }),
    row("device.cloned_app", Type::Bool, |it, value| {
        some(&mut it.attempt.device.cloned_app, flag(value))
    }),
    row("device.remote_control", Type::Bool, |it, value| {
        some(&mut it.attempt.device.remote_control, flag(value))
    }),
    row("device.automation", Type::Bool, |it, value| {
        some(&mut it.attempt.device.automation, flag(value))
    }),
    row("device.utc_offset", Type::Duration, |it, value| {
        let minutes = duration(value).and_then(|ms| i16::try_from(ms / 60_000).ok());
        some(&mut it.attempt.device.utc_offset_min, minutes)
    }),
    row("session.id", Type::Text, |it, value| some(&mut it.session().id, text(value))),
    row("session.age", Type::Duration, |it, value| {
        let at = ago(it, value);
        some(&mut it.session().started_at, at)
    }),
    row("session.authentication_age", Type::Duration, |it, value| {
        let at = ago(it, value);
        some(&mut it.session().authenticated_at, at)
    }),
    row("session.acr", Type::Text, |it, value| some(&mut it.session().acr, text(value))),
    row("session.identity_provider", Type::Text, |it, value| {
        some(&mut it.session().identity_provider, text(value))
    }),
    row("transaction.amount", Type::Money, |it, value| {
        some(&mut it.transaction().amount, money(value))
    }),
    row("payee", Type::Text, |it, value| some(&mut it.transaction().payee, text(value))),
    row("payee.country", Type::Country, |it, value| {
        some(&mut it.transaction().payee_country, country(value))
    }),
    row(OUTCOME, Type::Word(OutcomeKind::WORDS), |it, value| {
        some(&mut it.ending.kind, word(value).and_then(OutcomeKind::parse))
    }),
    row("outcome.method", Type::Word(Method::WORDS), |it, value| {
        some(&mut it.ending.method, word(value).and_then(Method::parse))
    }),
    row("outcome.failure", Type::Word(Failure::WORDS), |it, value| {
        some(&mut it.ending.failure, word(value).and_then(Failure::parse))
    }),
    row("device.screen", Type::Text, |it, value| some(&mut it.attempt.device.screen, text(value))),
];

fn put<T>(place: &mut T, value: Option<T>) -> Option<()> {
    *place = value?;
    Some(())
}

fn some<T>(place: &mut Option<T>, value: Option<T>) -> Option<()> {
    *place = Some(value?);
    Some(())
}

fn id(value: &str) -> Option<Id> {
    Text::parse(value).ok()
}

fn text<const BYTES_MAX: usize>(value: &Value) -> Option<Text<BYTES_MAX>> {
    let Value::Text(text) = value else { return None };
    Text::parse(text).ok()
}

fn shared(value: &Value) -> Option<Arc<str>> {
    text::<256>(value).map(|text| text.as_str().into())
}

fn word(value: &Value) -> Option<&'static str> {
    let Value::Word(word) = value else { return None };
    Some(word)
}

fn flag(value: &Value) -> Option<bool> {
    let Value::Bool(flag) = value else { return None };
    Some(*flag)
}

fn country(value: &Value) -> Option<Country> {
    let Value::Country(country) = value else { return None };
    Some(*country)
}

fn instant(value: &Value) -> Option<Timestamp> {
    let Value::Instant(at) = value else { return None };
    Some(*at)
}

fn duration(value: &Value) -> Option<i64> {
    let Value::Duration(ms) = value else { return None };
    Some(*ms)
}

fn address(value: &Value) -> Option<IpAddr> {
    let Value::Ip(address) = value else { return None };
    Some(*address)
}

fn operator(value: &Value) -> Option<Operator> {
    let Value::Asn(asn) = value else { return None };
    Some(Operator { asn: *asn, organisation: None })
}

fn score(value: &Value) -> Option<u8> {
    let Value::Int(score) = value else { return None };
    u8::try_from(*score).ok()
}

fn money(value: &Value) -> Option<Money> {
    let Value::Money(money) = value else { return None };
    Some(*money)
}

fn agent(value: &Value) -> Option<UserAgent> {
    let Value::Text(text) = value else { return None };
    if text.is_empty() {
        Some(UserAgent::Empty)
    } else {
        Text::parse(text).ok().map(UserAgent::Text)
    }
}

fn attribute(value: &Value) -> Option<Attribute> {
    match value {
        Value::Bool(flag) => Some(Attribute::Flag(*flag)),
        Value::Text(_) => text(value).map(Attribute::Text),
        other => number(other).map(Attribute::Number),
    }
}

fn ago(draft: &Draft, value: &Value) -> Option<Timestamp> {
    duration(value).map(|ms| draft.attempt.occurred_at.plus(-ms))
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Decimal(number) | Value::Distance(number) => Some(*number),
        Value::Int(number) => i32::try_from(*number).ok().map(f64::from),
        Value::Bool(_) | Value::Ratio(_) | Value::Money(_) | Value::Duration(_) => None,
        Value::Instant(_) | Value::Speed(_) | Value::Ip(_) | Value::Cidr(_) | Value::Asn(_) => None,
        Value::Country(_) | Value::Text(_) | Value::Word(_) => None,
    }
}
