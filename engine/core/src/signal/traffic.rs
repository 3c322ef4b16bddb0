//! Signals that tell what the attempt has in common with an attack that goes on.

use smol_str::{SmolStr, format_smolstr};

use super::{Origin, Read, Seen, Signal};
use crate::traffic::{Campaign, Climate, Kind};
use crate::value::{Cause, Reading, Type, Value};

const fn row(name: &'static str, kind: Type, doc: &'static str, read: Read) -> Signal {
    Signal { name, kind, origin: Origin::Traffic, doc, read }
}

pub(super) const SIGNALS: &[Signal] = &[
    row(
        "attack.mode",
        Type::Bool,
        "The tenant is under attack: more attempts fail, and for accounts that do not exist, than is usual there, and it has not been calm for 20 minutes since. Unknown until there is a day of history.",
        |seen| mode(seen).into(),
    ),
    row(
        "attack.since",
        Type::Duration,
        "How long the attack on the tenant has lasted, a day at most.",
        |seen| since(seen).into(),
    ),
    row(
        "attack.failure_share",
        Type::Ratio,
        "The share of failures among the tenant's newest attempts: of the last 10 to 20 minutes; needs 30 of them.",
        |seen| climate(seen).and_then(|climate| climate.failure_share).map(Value::Ratio).into(),
    ),
    row(
        "attack.stranger_share",
        Type::Ratio,
        "Attempts for accounts that do not exist as a share of these and the successes among the same: guesses at accounts that exist do not hide them.",
        |seen| climate(seen).and_then(|climate| climate.stranger_share).map(Value::Ratio).into(),
    ),
    row(
        "attack.keys",
        Type::Int,
        "How many of the attempt's secret, device, TLS fingerprint, user agent, neighbourhood and autonomous system are under attack: tries for many accounts, most of which fail.",
        |seen| keys(seen).into(),
    ),
    row(
        "campaign.id",
        Type::Text,
        "The campaign that the attempt looks like a part of: the same for all attempts with its most telling key until it is over, given anew each day.",
        |seen| campaign(seen).map(|campaign| Value::Text(id(campaign))).into(),
    ),
    row(
        "campaign.keys",
        Type::Text,
        "What the attempt has in common with campaigns that go on, the most telling first.",
        |seen| campaign_keys(seen).map(Value::Text).into(),
    ),
    row(
        "campaign.age",
        Type::Duration,
        "How long the campaign has lasted, a day at most.",
        |seen| age(seen).into(),
    ),
    row(
        "campaign.size",
        Type::Int,
        "How many attempts had the campaign's key since it began, good ones included.",
        |seen| number(seen, |campaign| campaign.attempts),
    ),
    row("campaign.failures", Type::Int, "How many of these failed.", |seen| {
        number(seen, |campaign| campaign.failures)
    }),
    row(
        "campaign.accounts",
        Type::Int,
        "For about how many accounts they failed, within a fifth most often.",
        |seen| number(seen, |campaign| campaign.accounts),
    ),
    row(
        "agent.share",
        Type::Ratio,
        "The share of the tenant's attempts within a day that had this user agent; needs 500 of them.",
        |seen| climate(seen).and_then(|climate| climate.agent_share).map(Value::Ratio).into(),
    ),
    row(
        "ja4.share",
        Type::Ratio,
        "The share of the tenant's attempts within a day that had this TLS fingerprint; needs 500 of them.",
        |seen| climate(seen).and_then(|climate| climate.ja4_share).map(Value::Ratio).into(),
    ),
];

fn climate<'a>(seen: &Seen<'a>) -> Result<&'a Climate, Cause> {
    seen.climate.ok_or(Cause::MissingInput)
}

fn mode(seen: &Seen<'_>) -> Result<Value, Cause> {
    climate(seen)?.mode.map(|began_at| Value::Bool(began_at.is_some()))
}

fn since(seen: &Seen<'_>) -> Result<Value, Cause> {
    let began_at = climate(seen)?.mode?.ok_or(Cause::NotApplicable)?;
    Ok(Value::Duration(seen.attempt.occurred_at.since(began_at)))
}

fn keys(seen: &Seen<'_>) -> Result<Value, Cause> {
    let keys = climate(seen)?.kinds.iter().map(|_| 1_i64).sum();
    Ok(Value::Int(keys))
}

/// Where no campaign goes on that the attempt could be part of, there is nothing to tell of one.
fn campaign<'a>(seen: &Seen<'a>) -> Result<&'a Campaign, Cause> {
    climate(seen)?.campaign.as_ref().ok_or(Cause::NotApplicable)
}

fn age(seen: &Seen<'_>) -> Result<Value, Cause> {
    let began_at = campaign(seen)?.began_at;
    Ok(Value::Duration(seen.attempt.occurred_at.since(began_at)))
}

fn number(seen: &Seen<'_>, read: fn(&Campaign) -> u32) -> Reading {
    campaign(seen).map(|campaign| Value::Int(i64::from(read(campaign)))).into()
}

/// Twelve hexadecimal digits.
fn id(campaign: &Campaign) -> SmolStr {
    format_smolstr!("{:012x}", campaign.id >> 16)
}

fn campaign_keys(seen: &Seen<'_>) -> Result<SmolStr, Cause> {
    let kinds = climate(seen)?.kinds;
    let first = campaign(seen)?.kind;
    let others = kinds.iter().filter(|kind| *kind != first).map(Kind::word);
    let all = std::iter::once(first.word()).chain(others);
    Ok(all.collect::<Vec<_>>().join(", ").into())
}
