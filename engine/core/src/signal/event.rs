//! Signals that the event and its enrichment tell, without any memory.

use std::net::IpAddr;
use std::sync::Arc;

use smol_str::SmolStr;

use super::declared::risk;
use super::{Origin, Read, Seen, Signal};
use crate::address::{self, Network};
use crate::agent::{Agent, AgentClass, DeviceKind, age_ms, contradicted};
use crate::enrichment::Enrichment;
use crate::event::{
    Attempt, Change, CredentialResult, Failure, Journey, Method, Population, Session, Transaction,
    UserAgent,
};
use crate::network::NetworkClass;
use crate::numbered::Numbered;
use crate::place::{Place, Point};
use crate::text::Text;
use crate::time::{MINUTE_MS, Timestamp};
use crate::value::{Cause, Reading, Type, Value};

pub(super) const fn row(name: &'static str, kind: Type, doc: &'static str, read: Read) -> Signal {
    Signal { name, kind, origin: Origin::Event, doc, read }
}

pub(super) const SIGNALS: &[Signal] = &[
    row("tenant", Type::Text, "The tenant whose account is tried.", |seen| {
        text(Some(&seen.attempt.tenant))
    }),
    row("time", Type::Instant, "When the attempt happened.", |seen| {
        given(Some(Value::Instant(seen.attempt.occurred_at)))
    }),
    row("population", Type::Word(Population::WORDS), "Who the account belongs to.", |seen| {
        word(Some(seen.attempt.population.word()))
    }),
    row(
        "journey",
        Type::Word(Journey::WORDS),
        "Which step of the account's life this is.",
        |seen| word(Some(seen.attempt.journey.word())),
    ),
    row(
        "change",
        Type::Word(Change::WORDS),
        "What is changed, in a change of credential or profile.",
        |seen| change(seen.attempt),
    ),
    row("app", Type::Text, "The client application.", |seen| text(seen.attempt.app.as_ref())),
    row("user", Type::User, "The account that is tried.", |seen| {
        text(seen.attempt.user.id.as_ref())
    }),
    row(
        "user.stem",
        Type::Text,
        "The user id without the number that it, or what stands before its `@`, ends with.",
        |seen| numbered_user(seen, |user| Value::Text(user.stem())),
    ),
    row("user.number", Type::Int, "The number that the user id ends with.", |seen| {
        numbered_user(seen, |user| Value::Int(user.number))
    }),
    row("user.exists", Type::Bool, "Whether the account exists.", |seen| {
        flag(seen.attempt.user.exists)
    }),
    row(
        "user.privileged",
        Type::Bool,
        "Whether the account can do more harm than others.",
        |seen| flag(seen.attempt.user.privileged),
    ),
    row("user.age", Type::Duration, "How long the account has existed.", |seen| {
        age(seen, seen.attempt.user.created_at)
    }),
    row(
        "credential",
        Type::Word(CredentialResult::WORDS),
        "Whether the credential was right, wrong or not checked yet.",
        |seen| word(seen.attempt.credential.result.map(CredentialResult::word)),
    ),
    row(
        "credential.failure",
        Type::Word(Failure::WORDS),
        "Why the credential was wrong.",
        |seen| word(seen.attempt.credential.failure.map(Failure::word)),
    ),
    row(
        "credential.breached",
        Type::Bool,
        "Whether the secret is in a collection of breached ones.",
        |seen| flag(seen.attempt.credential.breached),
    ),
    row("method", Type::Word(Method::WORDS), "How the person proves who they are.", |seen| {
        word(seen.attempt.credential.method.map(Method::word))
    }),
    row("secret", Type::Text, "The caller's keyed tag of the attempted secret.", |seen| {
        text(seen.attempt.credential.secret_tag.as_ref())
    }),
    row(
        "ip",
        Type::Ip,
        "The client's address; unknown when it names nobody on the internet. A window counts an IPv6 /64 as one.",
        |seen| address(seen, Value::Ip),
    ),
    row(
        "subnet",
        Type::Cidr,
        "The neighbourhood of the address: an IPv4 /24, an IPv6 /48.",
        |seen| address(seen, |ip| Value::Cidr(Network::subnet(ip))),
    ),
    row(
        "ip.bogus",
        Type::Bool,
        "The address is private, loopback or reserved: a proxy header is set up wrongly.",
        |seen| flag(seen.attempt.client.address.map(address::bogus)),
    ),
    row("asn", Type::Asn, "The autonomous system that announces the address.", |seen| {
        seen.enrichment
            .network
            .as_ref()
            .map(|network| Value::Asn(network.asn))
            .map_err(|cause| *cause)
            .into()
    }),
    row("asn.organisation", Type::Text, "The name of that autonomous system.", |seen| {
        let name = |name: &Arc<str>| Value::Text(Arc::clone(name).into());
        match &seen.enrichment.network {
            Ok(network) => {
                network.organisation.as_ref().map(name).ok_or(Cause::LookupFailed).into()
            }
            Err(cause) => Reading::Unknown(*cause),
        }
    }),
    row("net.tor", Type::Bool, "The address is an exit of the Tor network.", |seen| {
        class(seen, NetworkClass::Tor)
    }),
    row("net.vpn", Type::Bool, "The address is an exit of a commercial VPN.", |seen| {
        class(seen, NetworkClass::Vpn)
    }),
    row("net.proxy", Type::Bool, "The address is a proxy that anybody may use.", |seen| {
        class(seen, NetworkClass::Proxy)
    }),
    row(
        "net.residential_proxy",
        Type::Bool,
        "The address is a household's connection that is rented out as a proxy.",
        |seen| class(seen, NetworkClass::ResidentialProxy),
    ),
    row(
        "net.hosting",
        Type::Bool,
        "The address belongs to a hosting or cloud provider, where programs live.",
        |seen| class(seen, NetworkClass::Hosting),
    ),
    row(
        "net.relay",
        Type::Bool,
        "The address is an exit of a privacy relay, which keeps the country and hides the place.",
        |seen| class(seen, NetworkClass::Relay),
    ),
    row(
        "net.satellite",
        Type::Bool,
        "The address belongs to a satellite or in-flight network.",
        |seen| class(seen, NetworkClass::Satellite),
    ),
    row("net.mobile", Type::Bool, "The address belongs to a mobile carrier.", |seen| {
        class(seen, NetworkClass::Mobile)
    }),
    row(
        "net.corporate",
        Type::Bool,
        "The address is a way out that an organisation declared as its own.",
        |seen| class(seen, NetworkClass::Corporate),
    ),
    row(
        "net.neutral",
        Type::Bool,
        "The network is a relay, satellite, mobile or corporate one, as far as there are lists of these: a new address there says nothing.",
        |seen| seen.enrichment.classes.neutral().map(Value::Bool).into(),
    ),
    row("country", Type::Country, "Where the address is.", |seen| {
        place(seen, |place| place.country.map(Value::Country))
    }),
    row("region", Type::Text, "The first subdivision where the address is.", |seen| {
        place(seen, |place| place.region.clone().map(|name| Value::Text(name.into())))
    }),
    row("city", Type::Text, "The city where the address is.", |seen| {
        place(seen, |place| place.city.clone().map(|name| Value::Text(name.into())))
    }),
    row(
        "geo.latitude",
        Type::Decimal,
        "How many degrees north the address is; excluded behind relay, satellite and VPN.",
        |seen| travel_point(seen, |point| point.latitude),
    ),
    row(
        "geo.longitude",
        Type::Decimal,
        "How many degrees east the address is; excluded behind relay, satellite and VPN.",
        |seen| travel_point(seen, |point| point.longitude),
    ),
    row(
        "geo.accuracy",
        Type::Distance,
        "The true place is within this distance of the one assumed.",
        |seen| place(seen, |place| place.point.map(|point| Value::Distance(point.accuracy_km))),
    ),
    row("agent", Type::Text, "The user agent as sent.", |seen| {
        match &seen.attempt.client.user_agent {
            Some(UserAgent::Text(agent)) => text(Some(agent)),
            Some(UserAgent::Empty) | None => Reading::Unknown(Cause::MissingInput),
        }
    }),
    row(
        "agent.class",
        Type::Word(AgentClass::WORDS),
        "What the user agent is: a browser, an app, a tool, a bot, or none at all.",
        |seen| agent(seen, |agent| Some(Value::Word(agent.class.word()))),
    ),
    row("agent.family", Type::Text, "The name of the browser or program.", |seen| {
        agent(seen, |agent| agent.family.map(constant))
    }),
    row("agent.major", Type::Int, "The first part of its version.", |seen| {
        agent(seen, |agent| agent.major.map(|major| Value::Int(i64::from(major))))
    }),
    row(
        "agent.age",
        Type::Duration,
        "How long ago that version came out, within a month or so; known of Chrome, Edge, Firefox and Safari.",
        |seen| agent(seen, |agent| age_ms(agent, seen.attempt.occurred_at).map(Value::Duration)),
    ),
    row("agent.os", Type::Text, "The operating system it says it runs on.", |seen| {
        agent(seen, |agent| agent.os.map(constant))
    }),
    row(
        "agent.device",
        Type::Word(DeviceKind::WORDS),
        "The kind of device it says it runs on.",
        |seen| agent(seen, |agent| agent.device.map(|device| Value::Word(device.word()))),
    ),
    row(
        "agent.contradicted",
        Type::Bool,
        "The browser's client hints name another browser, version, system or kind of device than its user agent.",
        |seen| agent(seen, |agent| contradicted(agent, &seen.attempt.client).map(Value::Bool)),
    ),
    row("language", Type::Text, "The first language that the client asks for.", |seen| {
        let header = seen.attempt.client.accept_language.as_ref().map(Text::as_str);
        given(header.and_then(primary_language).map(|language| Value::Text(language.into())))
    }),
    row("ja4", Type::Text, "The fingerprint of the client's TLS hello.", |seen| {
        text(seen.attempt.client.ja4.as_ref())
    }),
    row(
        "bot.score",
        Type::Int,
        "The edge's bot score: 1 is surely a bot, 99 surely a person.",
        |seen| given(seen.attempt.client.bot_score.map(|score| Value::Int(i64::from(score)))),
    ),
    row("origin", Type::Text, "The origin that the person's browser was on.", |seen| {
        text(seen.attempt.client.origin.as_ref())
    }),
    row(
        "risk.external",
        Type::Ratio,
        "The greatest risk that other systems tell, of what they said and still stands.",
        |seen| risk(seen.attempt.scores.iter(), seen.attempt),
    ),
    row("round_trip", Type::Duration, "The round-trip time of the client's connection.", |seen| {
        given(seen.attempt.client.round_trip_ms.map(Value::Duration))
    }),
    row("device.id", Type::Device, "The identifier kept on the device.", |seen| {
        text(seen.attempt.device.id.as_ref())
    }),
    row("device.emulated", Type::Bool, "The device is an emulator or a virtual machine.", |seen| {
        flag(seen.attempt.device.emulated)
    }),
    row(
        "device.rooted",
        Type::Bool,
        "The device's owner has more rights than its maker gave.",
        |seen| flag(seen.attempt.device.rooted),
    ),
    row("device.tampered", Type::Bool, "The app or the page was changed.", |seen| {
        flag(seen.attempt.device.tampered)
    }),
    row("device.cloned_app", Type::Bool, "The app runs as a clone.", |seen| {
        flag(seen.attempt.device.cloned_app)
    }),
    row(
        "device.remote_control",
        Type::Bool,
        "Somebody may be steering the device from elsewhere.",
        |seen| flag(seen.attempt.device.remote_control),
    ),
    row("device.automation", Type::Bool, "A program drives the browser.", |seen| {
        flag(seen.attempt.device.automation)
    }),
    row("device.managed", Type::Bool, "The organisation manages the device.", |seen| {
        flag(seen.attempt.device.managed)
    }),
    row("device.compliant", Type::Bool, "The device meets the organisation's rules.", |seen| {
        flag(seen.attempt.device.compliant)
    }),
    row(
        "device.reported_lost",
        Type::Bool,
        "Its owner reported the device lost or stolen.",
        |seen| flag(seen.attempt.device.reported_lost),
    ),
    row("device.token", Type::Text, "What the device made for one use only.", |seen| {
        text(seen.attempt.device.token_id.as_ref())
    }),
    row(
        "device.utc_offset",
        Type::Duration,
        "How far the device's clock is ahead of UTC.",
        |seen| given(seen.attempt.device.utc_offset_min.map(offset)),
    ),
    row(
        "device.clock_foreign",
        Type::Bool,
        "Nowhere in the country of the address do clocks show what the device's does, in summer or winter; excluded behind Tor, VPN and satellite, and in mobile and corporate networks.",
        |seen| clock_foreign(seen).map(Value::Bool).into(),
    ),
    row("session.id", Type::Text, "The session this happens in.", |seen| {
        text(session(seen).and_then(|session| session.id.as_ref()))
    }),
    row("session.age", Type::Duration, "How long the session has lasted.", |seen| {
        age(seen, session(seen).and_then(|session| session.started_at))
    }),
    row(
        "session.authentication_age",
        Type::Duration,
        "How long ago the person last proved who they are.",
        |seen| age(seen, session(seen).and_then(|session| session.authenticated_at)),
    ),
    row(
        "session.acr",
        Type::Text,
        "The authentication context class that the session satisfies.",
        |seen| text(session(seen).and_then(|session| session.acr.as_ref())),
    ),
    row(
        "session.method",
        Type::Word(Method::WORDS),
        "The strongest method that the session's amr names (RFC 8176).",
        |seen| word(session(seen).and_then(Session::method).map(Method::word)),
    ),
    row("session.identity_provider", Type::Text, "Who vouches for the person.", |seen| {
        text(session(seen).and_then(|session| session.identity_provider.as_ref()))
    }),
    row("transaction.amount", Type::Money, "How much money the attempt moves.", |seen| {
        transaction(seen, |transaction| transaction.amount.map(Value::Money))
    }),
    row("payee", Type::Text, "Who receives the money.", |seen| {
        transaction(seen, |transaction| {
            transaction.payee.as_ref().map(|payee| Value::Text(payee.shared()))
        })
    }),
    row("payee.country", Type::Country, "Where the payee's account is.", |seen| {
        transaction(seen, |transaction| transaction.payee_country.map(Value::Country))
    }),
];

/// What the event gave, or unknown because it gave nothing.
pub(super) fn given(value: Option<Value>) -> Reading {
    value.ok_or(Cause::MissingInput).into()
}

pub(super) fn flag(value: Option<bool>) -> Reading {
    given(value.map(Value::Bool))
}

pub(super) fn word(value: Option<&'static str>) -> Reading {
    given(value.map(Value::Word))
}

fn constant(text: &'static str) -> Value {
    Value::Text(SmolStr::new_static(text))
}

pub(super) fn text<const BYTES_MAX: usize>(value: Option<&Text<BYTES_MAX>>) -> Reading {
    given(value.map(|text| Value::Text(text.shared())))
}

fn change(attempt: &Attempt) -> Reading {
    match (attempt.change, attempt.journey) {
        (Some(change), _) => Reading::Known(Value::Word(change.word())),
        (None, Journey::CredentialChange | Journey::ProfileChange) => {
            Reading::Unknown(Cause::MissingInput)
        }
        (None, Journey::Login | Journey::Registration | Journey::Recovery)
        | (None, Journey::ConsentChange | Journey::Transaction | Journey::Session) => {
            Reading::Unknown(Cause::NotApplicable)
        }
    }
}

pub(super) fn age(seen: &Seen<'_>, since: Option<Timestamp>) -> Reading {
    given(since.map(|at| Value::Duration(seen.attempt.occurred_at.since(at))))
}

fn session<'a>(seen: &Seen<'a>) -> Option<&'a Session> {
    seen.attempt.session.as_ref()
}

fn address(seen: &Seen<'_>, read: fn(IpAddr) -> Value) -> Reading {
    given(seen.attempt.client.address.filter(|ip| !address::bogus(*ip)).map(read))
}

fn place(seen: &Seen<'_>, read: fn(&Place) -> Option<Value>) -> Reading {
    match &seen.enrichment.place {
        Ok(place) => read(place).ok_or(Cause::LookupFailed).into(),
        Err(cause) => Reading::Unknown(*cause),
    }
}

fn travel_point(seen: &Seen<'_>, degrees: fn(Point) -> f64) -> Reading {
    seen.enrichment.travel_point().map(|point| Value::Decimal(degrees(point))).into()
}

fn numbered_user(seen: &Seen<'_>, part: fn(Numbered<'_>) -> Value) -> Reading {
    let Some(user) = &seen.attempt.user.id else { return Reading::Unknown(Cause::MissingInput) };
    Numbered::of(user.as_str()).map(part).ok_or(Cause::NotApplicable).into()
}

fn class(seen: &Seen<'_>, class: NetworkClass) -> Reading {
    seen.enrichment.classes.of(class).map(Value::Bool).into()
}

fn agent(seen: &Seen<'_>, read: impl Fn(&Agent) -> Option<Value>) -> Reading {
    match &seen.enrichment.agent {
        Ok(agent) => given(read(agent)),
        Err(cause) => Reading::Unknown(*cause),
    }
}

fn offset(minutes: i16) -> Value {
    Value::Duration(i64::from(minutes) * MINUTE_MS)
}

fn clock_foreign(seen: &Seen<'_>) -> Result<bool, Cause> {
    let Enrichment { place, classes, .. } = seen.enrichment;
    let minutes = seen.attempt.device.utc_offset_min.ok_or(Cause::MissingInput)?;
    let country = place.as_ref().map_err(|cause| *cause)?.country.ok_or(Cause::LookupFailed)?;
    if classes.within(NetworkClass::ABROAD) {
        return Err(Cause::Excluded);
    }
    country.has_offset(minutes).map(|has| !has).ok_or(Cause::NotApplicable)
}

fn transaction(seen: &Seen<'_>, read: fn(&Transaction) -> Option<Value>) -> Reading {
    match &seen.attempt.transaction {
        Some(transaction) => given(read(transaction)),
        None if seen.attempt.journey == Journey::Transaction => {
            Reading::Unknown(Cause::MissingInput)
        }
        None => Reading::Unknown(Cause::NotApplicable),
    }
}

/// `de-DE,de;q=0.9` → `de-DE`.
pub(crate) fn primary_language(header: &str) -> Option<&str> {
    let first = header.split([',', ';']).next()?.trim();
    (!first.is_empty() && first != "*").then_some(first)
}
