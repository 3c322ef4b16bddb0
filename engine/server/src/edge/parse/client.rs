//! The client on the network and the device in the user's hands.

use std::net::IpAddr;

use doorward_core::address::normalise;
use doorward_core::event::{
    Client, Device, ID_BYTES_MAX, Id, LABEL_BYTES_MAX, USER_AGENT_BYTES_MAX, UserAgent,
};

use super::field;
use super::violations::{Violations, quote};
use crate::wire;

/// Longest JA4 fingerprint, in bytes.
const JA4_BYTES_MAX: usize = 64;
/// Longest class of a screen, in bytes.
const SCREEN_BYTES_MAX: usize = 32;
/// Longest believable round trip, in milliseconds.
const ROUND_TRIP_MS_MAX: i64 = 60_000;

/// Cuts the headers that a stranger wrote to their limits.
pub(super) fn tame(sent: &mut wire::Attempt) {
    let Some(client) = &mut sent.client else { return };
    if let Some(agent) = &mut client.user_agent {
        field::tame(agent, USER_AGENT_BYTES_MAX);
    }
    let languages = client.accept_language.as_mut().into_iter();
    let hints = client.hints.as_mut().into_iter().flat_map(|hints| {
        [&mut hints.brands, &mut hints.platform, &mut hints.platform_version, &mut hints.model]
    });
    let origin = std::iter::once(&mut client.origin);
    languages.chain(hints).chain(origin).for_each(|header| field::tame(header, LABEL_BYTES_MAX));
}

pub(super) fn client(sent: &wire::Client, violations: &mut Violations) -> Client {
    let mut label = |field: &str, text: &str| field::text(field, text, LABEL_BYTES_MAX, violations);
    let hints = sent.hints.as_ref();
    let hint_platform =
        hints.and_then(|hints| label("attempt.client.hints.platform", &hints.platform));
    let hint_brands = hints.and_then(|hints| label("attempt.client.hints.brands", &hints.brands));
    let hint_platform_version = hints
        .and_then(|hints| label("attempt.client.hints.platform_version", &hints.platform_version));
    let hint_model = hints.and_then(|hints| label("attempt.client.hints.model", &hints.model));
    let language = sent.accept_language.as_ref();
    let origin = label("attempt.client.origin", &sent.origin);
    let accept_language = language.and_then(|text| label("attempt.client.accept_language", text));
    Client {
        address: address("attempt.client.address", &sent.address, violations),
        user_agent: sent.user_agent.as_ref().and_then(|agent| user_agent(agent, violations)),
        hint_platform,
        hint_brands,
        hint_mobile: hints.and_then(|hints| hints.mobile),
        hint_platform_version,
        hint_model,
        accept_language,
        ja4: ja4("attempt.client.ja4", &sent.ja4, violations),
        bot_score: sent.bot_score.and_then(|score| bot_score(score, violations)),
        round_trip_ms: round_trip_ms(sent.round_trip, violations),
        origin,
    }
}

pub(super) fn ja4(path: &str, sent: &str, violations: &mut Violations) -> Option<Id> {
    field::text(path, sent, JA4_BYTES_MAX, violations)
}

/// An address alone: no port, no brackets, no prefix. A zone means nothing elsewhere and is dropped.
pub(super) fn address(path: &str, sent: &str, violations: &mut Violations) -> Option<IpAddr> {
    if sent.is_empty() {
        return None;
    }
    let parsed = match sent.split_once('%') {
        Some((address, zone)) if !zone.is_empty() => address.parse().ok().filter(IpAddr::is_ipv6),
        Some(_) | None => sent.parse().ok(),
    };
    let wrong = || format!("{} is not an IP address such as `203.0.113.7`", quote(sent));
    violations.check(path, parsed.ok_or_else(wrong)).map(normalise)
}

fn user_agent(sent: &str, violations: &mut Violations) -> Option<UserAgent> {
    if sent.is_empty() {
        return Some(UserAgent::Empty);
    }
    field::text("attempt.client.user_agent", sent, USER_AGENT_BYTES_MAX, violations)
        .map(UserAgent::Text)
}

fn bot_score(sent: u32, violations: &mut Violations) -> Option<u8> {
    let score = u8::try_from(sent).ok().filter(|score| (1..=99).contains(score));
    let wrong = || format!("is {sent}, allowed are 1 (surely a bot) to 99 (surely a human)");
    violations.check("attempt.client.bot_score", score.ok_or_else(wrong))
}

fn round_trip_ms(sent: Option<wire::google::Duration>, violations: &mut Violations) -> Option<i64> {
    let sent = sent?;
    let not_negative = sent.seconds >= 0 && sent.nanos >= 0;
    let ms = sent.ms().filter(|ms| not_negative && *ms <= ROUND_TRIP_MS_MAX);
    let wrong = || format!("is {sent}, allowed are 0 s to {} s", ROUND_TRIP_MS_MAX / 1_000);
    violations.check("attempt.client.round_trip", ms.ok_or_else(wrong))
}

pub(super) fn device(sent: &wire::Device, violations: &mut Violations) -> Device {
    let screen = &sent.screen_class;
    Device {
        id: field::text("attempt.device.id", &sent.id, ID_BYTES_MAX, violations),
        utc_offset_min: sent.utc_offset_minutes.and_then(|sent| utc_offset(sent, violations)),
        screen: field::text("attempt.device.screen_class", screen, SCREEN_BYTES_MAX, violations),
        emulated: sent.emulated,
        rooted: sent.rooted,
        tampered: sent.tampered,
        cloned_app: sent.cloned_app,
        remote_control: sent.remote_control,
        automation: sent.automation,
        managed: sent.managed,
        compliant: sent.compliant,
        reported_lost: sent.reported_lost,
        token_id: field::text("attempt.device.token_id", &sent.token_id, ID_BYTES_MAX, violations),
    }
}

fn utc_offset(sent: i32, violations: &mut Violations) -> Option<i16> {
    let minutes = i16::try_from(sent).ok().filter(|minutes| (-720..=840).contains(minutes));
    let wrong = || format!("is {sent}, allowed are -720 to 840, east of UTC positive");
    violations.check("attempt.device.utc_offset_minutes", minutes.ok_or_else(wrong))
}
