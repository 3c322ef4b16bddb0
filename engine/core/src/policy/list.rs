//! Lists: sets of addresses, devices, users and the like, kept in files beside the rules.
//!
//! The file is CSV with a header line. The first column holds the entry; a column `expires` (a day, or a
//! point in time) ends it where the list says `entries expire`; other columns are attributes that a reason
//! may show as `{burned_device.since}`. Lines that start with `#` are comments.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use super::limits::ENTRIES_MAX;
use crate::address::Network;
use crate::country::Country;
use crate::text::Text;
use crate::time::{DAY_MS, Timestamp};
use crate::value::{Type, Value};

/// A list's file as it was found.
#[derive(Clone, Debug)]
pub struct ListFile {
    /// As the rule files name it.
    pub path: String,
    /// All of it.
    pub text: String,
    /// When it was last brought up to date; `stale after` counts from here.
    pub updated_at: Timestamp,
}

/// A list ready for look-ups.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) name: Arc<str>,
    pub(crate) path: Arc<str>,
    pub(crate) updated_at: Timestamp,
    pub(crate) stale_ms: Option<i64>,
    /// The names of the columns after the first.
    pub(crate) columns: Box<[Box<str>]>,
    entries: Entries,
}

/// One line of a list.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    expires_at: Option<Timestamp>,
    attributes: Box<[Arc<str>]>,
}

/// The standard library draws a key for each table, so that whoever chooses identifiers cannot make them
/// collide.
#[derive(Debug)]
enum Entries {
    Networks(Networks),
    Texts(HashMap<Box<str>, Entry>),
    Numbers(HashMap<u32, Entry>),
    Countries(HashMap<Country, Entry>),
}

/// Networks by the length of their prefix, the longest first.
#[derive(Debug, Default)]
struct Networks {
    prefixes: Vec<(u8, HashMap<Network, Entry>)>,
}

/// What a list is made of, besides its file.
pub(crate) struct Definition {
    pub(crate) name: Arc<str>,
    pub(crate) kind: Type,
    pub(crate) stale_ms: Option<i64>,
    pub(crate) entries_expire: bool,
}

impl List {
    /// Reads the file. Every line that cannot be read is an error, as (line, what is wrong).
    pub(crate) fn parse(
        definition: Definition,
        file: &ListFile,
    ) -> Result<Self, Vec<(u64, String)>> {
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(file.text.as_bytes());
        let columns: Box<[Box<str>]> = match reader.headers() {
            Ok(header) => header.iter().skip(1).map(Into::into).collect(),
            Err(error) => return Err(vec![(1, error.to_string())]),
        };
        let expires = columns.iter().position(|column| &**column == "expires");
        if definition.entries_expire && expires.is_none() {
            return Err(vec![(1, "the header has no column `expires`".into())]);
        }
        let expires = expires.filter(|_| definition.entries_expire);
        let mut entries = Entries::empty(definition.kind);
        let mut wrong = Vec::new();
        for (count, record) in reader.records().enumerate() {
            let read = match &record {
                Ok(_) if count >= ENTRIES_MAX => {
                    Err(format!("a list has at most {ENTRIES_MAX} entries"))
                }
                Ok(record) => entry(record, expires)
                    .and_then(|entry| entries.insert(record.get(0).unwrap_or(""), entry)),
                Err(error) => Err(error.to_string()),
            };
            if let Err(reason) = read {
                let line =
                    record.ok().and_then(|record| record.position().map(csv::Position::line));
                wrong.push((line.unwrap_or(1), reason));
                if count >= ENTRIES_MAX {
                    break;
                }
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        entries.finish();
        let Definition { name, stale_ms, .. } = definition;
        let (path, updated_at) = (file.path.as_str().into(), file.updated_at);
        Ok(Self { name, path, updated_at, stale_ms, columns, entries })
    }

    /// Whether the file is too old at `now` to be believed.
    pub(crate) fn stale(&self, now: Timestamp) -> bool {
        self.stale_ms.is_some_and(|stale_ms| now.since(self.updated_at) > stale_ms)
    }

    /// The entry for `value`, the narrowest of several networks, unless it has expired at `now`.
    pub(crate) fn find(&self, value: &Value, now: Timestamp) -> Option<&Entry> {
        let alive = |entry: &&Entry| entry.expires_at.is_none_or(|at| now < at);
        match (&self.entries, value) {
            (Entries::Networks(networks), Value::Ip(address)) => networks.find(*address, alive),
            (Entries::Texts(texts), Value::Text(text)) => texts.get(&**text).filter(alive),
            (Entries::Numbers(numbers), Value::Asn(number)) => numbers.get(number).filter(alive),
            (Entries::Countries(countries), Value::Country(country)) => {
                countries.get(country).filter(alive)
            }
            _ => None,
        }
    }

    /// How many entries there are, expired ones included.
    pub(crate) fn len(&self) -> usize {
        match &self.entries {
            Entries::Networks(networks) => networks.prefixes.iter().map(|(_, set)| set.len()).sum(),
            Entries::Texts(texts) => texts.len(),
            Entries::Numbers(numbers) => numbers.len(),
            Entries::Countries(countries) => countries.len(),
        }
    }
}

impl Entry {
    /// What the entry says in that column (counted from the one after the first).
    pub(crate) fn attribute(&self, column: usize) -> Option<&Arc<str>> {
        self.attributes.get(column).filter(|text| !text.is_empty())
    }
}

impl Entries {
    fn empty(kind: Type) -> Self {
        match kind {
            Type::Ip | Type::Cidr => Self::Networks(Networks::default()),
            Type::Asn => Self::Numbers(HashMap::new()),
            Type::Country => Self::Countries(HashMap::new()),
            Type::Device | Type::User | Type::Text | Type::Word(_) | Type::Bool => {
                Self::Texts(HashMap::new())
            }
            Type::Int | Type::Ratio | Type::Decimal | Type::Money => Self::Texts(HashMap::new()),
            Type::Duration | Type::Instant | Type::Distance | Type::Speed => {
                Self::Texts(HashMap::new())
            }
        }
    }

    fn insert(&mut self, text: &str, entry: Entry) -> Result<(), String> {
        match self {
            Self::Networks(networks) => {
                let network =
                    Network::parse(text).ok_or_else(|| format!("`{text}` is not a network"))?;
                networks.insert(network, entry);
            }
            Self::Numbers(numbers) => {
                let digits = text.strip_prefix("AS").unwrap_or(text);
                let number = digits
                    .parse()
                    .map_err(|_| format!("`{text}` is not the number of an autonomous system"))?;
                numbers.insert(number, entry);
            }
            Self::Countries(countries) => {
                countries.insert(Country::parse(text).map_err(|error| error.to_string())?, entry);
            }
            Self::Texts(texts) => {
                let text =
                    Text::<256>::parse(text).map_err(|error| format!("the entry {error}"))?;
                texts.insert(text.as_str().into(), entry);
            }
        }
        Ok(())
    }

    fn finish(&mut self) {
        if let Self::Networks(networks) = self {
            networks.prefixes.sort_unstable_by_key(|(prefix, _)| std::cmp::Reverse(*prefix));
        }
    }
}

impl Networks {
    fn insert(&mut self, network: Network, entry: Entry) {
        let prefix = network.prefix();
        match self.prefixes.iter_mut().find(|(known, _)| *known == prefix) {
            Some((_, set)) => {
                set.insert(network, entry);
            }
            None => self.prefixes.push((prefix, HashMap::from([(network, entry)]))),
        }
    }

    fn find(&self, address: IpAddr, alive: impl Fn(&&Entry) -> bool) -> Option<&Entry> {
        self.prefixes.iter().find_map(|(prefix, set)| {
            set.get(&Network::new(address, *prefix)?).filter(|entry| alive(entry))
        })
    }
}

fn entry(record: &csv::StringRecord, expires: Option<usize>) -> Result<Entry, String> {
    let attributes: Box<[Arc<str>]> = record.iter().skip(1).map(Arc::from).collect();
    let written = expires.and_then(|column| attributes.get(column)).filter(|text| !text.is_empty());
    let expires_at = written.map(|text| end(text)).transpose()?;
    Ok(Entry { expires_at, attributes })
}

/// A day ends when it is over in UTC.
fn end(text: &str) -> Result<Timestamp, String> {
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Ok(Timestamp::from_ms(at.as_millisecond()));
    }
    let day: jiff::civil::Date =
        text.parse().map_err(|_| format!("`{text}` is not a day such as `2027-03-31`"))?;
    Ok(midnight(day).plus(DAY_MS))
}

/// The first moment of the day in UTC.
pub(crate) fn midnight(day: jiff::civil::Date) -> Timestamp {
    let days = day
        .since(jiff::civil::Date::constant(1970, 1, 1))
        .map_or(0, |span| i64::from(span.get_days()));
    Timestamp::from_ms(days.saturating_mul(DAY_MS))
}
