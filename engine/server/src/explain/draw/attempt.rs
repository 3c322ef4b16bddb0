//! What was asked: who, what, from where, with what, when.

use doorward_core::address::normalise;
use doorward_core::event::{Change, CredentialResult, Failure, Journey, Method, Population};
use doorward_core::value::{Money, Value};

use super::page::Page;
use super::words::{joined, time, word};
use crate::wire::log::{Agent, DecisionRecord, Enrichment, Network};
use crate::wire::{Attempt, Client, Credential, Device, Transaction, User};

/// The tenant of a caller that has only one.
const TENANT_DEFAULT: &str = "default";

pub(super) fn draw(page: &mut Page, record: &DecisionRecord) {
    let attempt = record.attempt.clone().unwrap_or_default();
    let enrichment = record.enrichment.clone().unwrap_or_default();
    let client = attempt.client.clone().unwrap_or_default();
    let tenant = record.envelope.as_ref().map(|envelope| envelope.tenant.as_str());
    page.labelled("who", &who(&attempt, tenant.unwrap_or_default()));
    page.labelled("what", &what(&attempt));
    page.labelled("from", &from(&client, &enrichment));
    page.labelled("with", &with(&attempt, &client, &enrichment));
    page.labelled("when", &when(record));
    page.labelled("event", &attempt.event_id);
}

fn who(attempt: &Attempt, tenant: &str) -> String {
    let user = attempt.user.clone().unwrap_or_default();
    let User { id, exists, privileged, .. } = user;
    let population: Option<Population> = attempt.population().into();
    let tenant = match tenant {
        TENANT_DEFAULT => String::new(),
        tenant => format!("of tenant {tenant}"),
    };
    let parts = [
        if id.is_empty() { "nobody named" } else { &id },
        &word(population),
        if privileged == Some(true) { "privileged" } else { "" },
        if exists == Some(false) { "no such account" } else { "" },
        &tenant,
    ];
    joined(&parts, " · ")
}

fn what(attempt: &Attempt) -> String {
    let journey: Option<Journey> = attempt.journey().into();
    let credential = attempt.credential.clone().unwrap_or_default();
    let to = if attempt.app.is_empty() { String::new() } else { format!("to {}", attempt.app) };
    let change: Option<Change> = attempt.change().into();
    let change = change.map(|change| format!("({})", word(Some(change)))).unwrap_or_default();
    let step = joined(&[&word(journey), &change, &to], " ");
    let moved = attempt.transaction.as_ref().map(transaction).unwrap_or_default();
    joined(&[&step, &moved, &proof(&credential)], " · ")
}

fn transaction(transaction: &Transaction) -> String {
    let Transaction { amount_minor, currency, payee, payee_country } = transaction;
    let letters = currency.as_bytes().try_into().ok();
    let amount = amount_minor.zip(letters);
    let amount = amount.map(|(minor, currency)| Money { minor, currency }.to_string());
    let payee = if payee.is_empty() { String::new() } else { format!("to {payee}") };
    let place =
        if payee_country.is_empty() { String::new() } else { format!("in {payee_country}") };
    joined(&[&amount.unwrap_or_default(), &payee, &place], " ")
}

fn proof(credential: &Credential) -> String {
    let method: Option<Method> = credential.method().into();
    let method = method.map_or("credential".to_owned(), |method| word(Some(method)));
    let result: Option<CredentialResult> = credential.result().into();
    let failure: Option<Failure> = credential.failure().into();
    let failure = failure.map(|failure| format!("({})", word(Some(failure)))).unwrap_or_default();
    let breached = if credential.breached == Some(true) { "known from a breach" } else { "" };
    let result = word(Some(result.unwrap_or(CredentialResult::NotChecked)));
    joined(&[&joined(&[&method, &result, &failure], " "), breached], ", ")
}

fn from(client: &Client, enrichment: &Enrichment) -> String {
    let place = enrichment.place.clone().unwrap_or_default();
    let network = enrichment.network.clone().unwrap_or_default();
    let region = if place.region == place.city { "" } else { &place.region };
    let asn = network.asn.map(|asn| Value::Asn(asn).to_string()).unwrap_or_default();
    let address = client.address.parse().map(|address| normalise(address).to_string());
    let address = address.unwrap_or(client.address.clone());
    let parts = [
        if address.is_empty() { "an unknown address" } else { &address },
        &joined(&[&place.city, region, &place.country], ", "),
        &joined(&[&asn, &network.organisation], " "),
        if network.bogus == Some(true) { "not a public address" } else { "" },
        &classes(&network),
    ];
    joined(&parts, " · ")
}

/// What the lists said of the network.
fn classes(network: &Network) -> String {
    let said = [
        (network.tor_exit, "Tor"),
        (network.vpn, "VPN"),
        (network.proxy, "public proxy"),
        (network.residential_proxy, "residential proxy"),
        (network.hosting, "hosting"),
        (network.private_relay, "privacy relay"),
        (network.satellite, "satellite"),
        (network.mobile, "mobile"),
        (network.corporate, "corporate"),
    ];
    joined(&said.map(|(within, name)| if within == Some(true) { name } else { "" }), ", ")
}

fn with(attempt: &Attempt, client: &Client, enrichment: &Enrichment) -> String {
    let Device { id, .. } = attempt.device.clone().unwrap_or_default();
    let device = if id.is_empty() { String::new() } else { format!("device {id}") };
    let agent = enrichment.agent.as_ref().map(agent).unwrap_or_default();
    let header = match client.user_agent.as_deref() {
        None => String::new(),
        Some("") => "an empty user agent".to_owned(),
        Some(header) => format!("“{header}”"),
    };
    joined(&[&device, &agent, &header], " · ")
}

fn agent(agent: &Agent) -> String {
    let major = agent.major.map(|major| major.to_string()).unwrap_or_default();
    let on = if agent.os.is_empty() { String::new() } else { format!("on {}", agent.os) };
    joined(&[&agent.family, &major, &on], " ")
}

fn when(record: &DecisionRecord) -> String {
    let occurred_at = record.attempt.as_ref().and_then(|attempt| attempt.occurred_at.as_ref());
    let decided_at = record.decision.as_ref().and_then(|decision| decision.decided_at.as_ref());
    let (occurred_at, decided_at) = (time(occurred_at.or(decided_at)), time(decided_at));
    match decided_at == occurred_at {
        true => occurred_at,
        false => format!("{occurred_at} · decided {decided_at}"),
    }
}
