//! The public RBA login data set (Wiefling et al.): one sign-in a line, with the place and network that its
//! authors looked up.
//!
//! Its addresses are pseudonyms, many of them private ones, which in a live event would say that a proxy is set up
//! wrongly and name nobody. Here they do name somebody: a private IPv4 address stands for one in the documentation
//! network `3fff::/20` (RFC 9637), a /64 for each address and a /48 for each /24, so that address and subnet are
//! told apart as they are live. Place and network come from the row, never from a look-up of a pseudonym.

use std::fs::File;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use csv::StringRecord;
use doorward_core::address;
use doorward_core::agent::Agent;
use doorward_core::country::Country;
use doorward_core::enrichment::{Enrichment, Operator};
use doorward_core::event::{
    Attempt, Attribute, Client, Credential, CredentialResult, Id, Method, Population, User,
    UserAgent,
};
use doorward_core::network::NetworkClasses;
use doorward_core::place::Place;
use doorward_core::time::Timestamp;
use doorward_core::value::Cause;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::coverage::{Class, Coverage};
use super::printable::printable;
use super::{Event, Options, Recorded, RecordingError};
use crate::enrich;

/// The columns that an attempt cannot do without.
const REQUIRED: &[&str] = &["Login Timestamp", "User ID", "IP Address", "Login Successful"];

/// The labels of the data set, and the attributes that carry them.
const LABELS: &[(&str, &str)] =
    &[("Is Account Takeover", "account_takeover"), ("Is Attack IP", "attack_ip")];

/// A file in the columns of the data set, in any order.
pub(crate) struct RbaCsv {
    path: PathBuf,
    rows: csv::StringRecordsIntoIter<File>,
    header: StringRecord,
    tenant: Id,
    population: Population,
    coverage: Coverage,
}

impl RbaCsv {
    pub(crate) fn open(path: &Path, options: &Options) -> Result<Self, RecordingError> {
        let file = File::open(path).map_err(RecordingError::read(path))?;
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
        let header = reader.headers().map_err(|error| unreadable(path, error))?.clone();
        for name in REQUIRED {
            if !header.iter().any(|column| column == *name) {
                return Err(RecordingError::Column { path: path.to_owned(), name });
            }
        }
        let mut coverage = Coverage::default();
        coverage.count(Class::Unrelated);
        Ok(Self {
            path: path.to_owned(),
            rows: reader.into_records(),
            header,
            tenant: options.tenant.clone(),
            population: options.population.unwrap_or(Population::Customer),
            coverage,
        })
    }

    pub(crate) fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    pub(crate) fn bytes_read(&self) -> u64 {
        self.rows.reader().position().byte()
    }

    pub(crate) fn next_event(&mut self) -> Result<Option<Recorded>, RecordingError> {
        while let Some(record) = self.rows.next() {
            let line = self.rows.reader().position().line();
            let record = match record {
                Ok(record) => record,
                Err(error) if error.is_io_error() => return Err(unreadable(&self.path, error)),
                Err(error) => {
                    self.coverage.count_misread(line, &error.to_string());
                    continue;
                }
            };
            let line = record.position().map_or(line, csv::Position::line);
            let row = Row { header: &self.header, record: &record };
            match row.attempt(line, &self.tenant, self.population) {
                Ok(attempt) => {
                    self.coverage.count(Class::Events(1));
                    let enrichment = Some(row.enrichment(&attempt.client));
                    let event = Event::Attempt(Box::new(attempt));
                    return Ok(Some(Recorded { line, event, enrichment }));
                }
                Err(column) => {
                    let text = row.field(column).unwrap_or_default();
                    self.coverage.count_misread(line, &format!("`{text}` is no `{column}`"));
                }
            }
        }
        Ok(None)
    }
}

/// One sign-in.
struct Row<'a> {
    header: &'a StringRecord,
    record: &'a StringRecord,
}

impl Row<'_> {
    /// What stands in the column; `None` where the column is missing, the field is empty or says nothing (`-`).
    fn field(&self, column: &str) -> Option<&str> {
        let at = self.header.iter().position(|name| name == column)?;
        self.record.get(at).map(str::trim).filter(|text| !matches!(*text, "" | "-" | "NaN"))
    }

    /// The attempt, or the column that makes none.
    fn attempt(
        &self,
        line: u64,
        tenant: &Id,
        population: Population,
    ) -> Result<Attempt, &'static str> {
        let occurred_at =
            self.field("Login Timestamp").and_then(instant).ok_or("Login Timestamp")?;
        let user = self.field("User ID").and_then(printable).ok_or("User ID")?;
        let ip = self.field("IP Address").and_then(|text| text.parse().ok()).ok_or("IP Address")?;
        let right = self.field("Login Successful").and_then(flag).ok_or("Login Successful")?;
        let row = self.field("index").map_or_else(|| format!("line-{line}"), str::to_owned);
        let event_id = printable(&format!("rba-{row}")).ok_or("index")?;
        Ok(Attempt {
            user: User { id: Some(user), ..User::default() },
            credential: Credential {
                method: Some(Method::Password),
                result: Some(if right { CredentialResult::Right } else { CredentialResult::Wrong }),
                ..Credential::default()
            },
            client: self.client(ip),
            attributes: self.labels(),
            ..Attempt::login(event_id, occurred_at, tenant.clone(), population)
        })
    }

    fn client(&self, ip: IpAddr) -> Client {
        let user_agent = self.field("User Agent String").and_then(printable).map(UserAgent::Text);
        let round_trip = self.field("Round-Trip Time [ms]").unwrap_or_default();
        let whole_ms = round_trip.split_once('.').map_or(round_trip, |(whole, _)| whole);
        Client {
            address: Some(pseudonym(address::normalise(ip))),
            user_agent,
            round_trip_ms: whole_ms.parse().ok(),
            ..Client::default()
        }
    }

    fn labels(&self) -> Vec<(Id, Attribute)> {
        let label = |(column, name): &(&str, &str)| {
            Some((Id::parse(name).ok()?, Attribute::Flag(self.field(column).and_then(flag)?)))
        };
        LABELS.iter().filter_map(label).collect()
    }

    fn enrichment(&self, client: &Client) -> Enrichment {
        let name = |column| self.field(column).map(Arc::<str>::from);
        let place = Place {
            country: self.field("Country").and_then(|code| Country::parse(code).ok()),
            region: name("Region"),
            city: name("City"),
            point: None,
        };
        let known = place != Place::default();
        let asn = self.field("ASN").and_then(|asn| asn.parse().ok());
        Enrichment {
            place: if known { Ok(place) } else { Err(Cause::LookupFailed) },
            network: asn.map(|asn| Operator { asn, organisation: None }).ok_or(Cause::LookupFailed),
            classes: NetworkClasses::UNLISTED,
            agent: enrich::agent(client, Agent::parse),
        }
    }
}

/// `2020-02-03 12:43:30.772`, in UTC.
fn instant(text: &str) -> Option<Timestamp> {
    let at: DateTime = text.parse().ok()?;
    let at = at.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(Timestamp::from_ms(at.as_millisecond()))
}

fn flag(text: &str) -> Option<bool> {
    match text {
        "True" | "true" | "1" => Some(true),
        "False" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// The address that stands for a private one; every other stands for itself.
fn pseudonym(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(v4) if address::bogus(address) => IpAddr::V6(documentation(v4)),
        IpAddr::V4(_) | IpAddr::V6(_) => address,
    }
}

/// The network's 20 bits, the subnet's 24, four empty ones up to the /48, then the host's 8 in the /64.
fn documentation(v4: Ipv4Addr) -> Ipv6Addr {
    let [a, b, c, host] = v4.octets().map(u128::from);
    let subnet = (a << 16) | (b << 8) | c;
    Ipv6Addr::from((0x3fff_u128 << 112) | (subnet << 84) | (host << 72) | 1)
}

fn unreadable(path: &Path, error: csv::Error) -> RecordingError {
    RecordingError::Read { path: path.to_owned(), error: error.into() }
}

#[cfg(test)]
mod tests {
    use doorward_core::address::Network;

    use super::*;

    #[test]
    fn pseudonyms_keep_hosts_and_subnets_apart() {
        let of = |text: &str| pseudonym(text.parse().unwrap());
        assert_eq!(of("10.0.65.171").to_string(), "3fff:a0:410:ab00::1");
        assert_eq!(of("8.8.8.8").to_string(), "8.8.8.8");
        assert!(!address::bogus(of("10.0.65.171")));
        let subnet = |text| Network::subnet(of(text));
        assert_eq!(subnet("10.0.65.171"), subnet("10.0.65.1"));
        assert_ne!(subnet("10.0.65.171"), subnet("10.0.66.171"));
        assert_ne!(Network::host(of("10.0.65.171")), Network::host(of("10.0.65.1")));
    }
}
