//! Network lists, as the documentation of [`crate::enrich`] describes them: which classes of network an
//! address is in.

mod entry;
mod error;
mod file;
mod index;

use std::net::IpAddr;
use std::path::PathBuf;

use doorward_core::address;
use doorward_core::network::{NetworkClass, NetworkClasses};
use doorward_core::time::Timestamp;
use doorward_core::value::Cause;

use super::geo::{Edition, content_hash, day, written_at};
use entry::Entry;
pub use entry::EntryError;
pub use error::{NetworkListError, NetworkListsError};
use file::Contents;
pub use index::LISTS_MAX;
use index::{Index, Lists, only};

/// Most entries of all network lists together: several times what is published of all classes. An entry takes 12
/// bytes for IPv4 and 36 for IPv6, and ten times that while it is read.
pub const ENTRIES_MAX: usize = 2_000_000;

/// A network list as the configuration names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkListFile {
    /// What is said of every network in it.
    pub class: NetworkClass,
    /// What it is called where decisions name their data.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// Where it comes from, for people.
    pub source: String,
    /// How old it may be at the time of an attempt.
    pub stale_after_ms: Option<i64>,
}

/// All network lists, asked at once.
#[derive(Debug, Default)]
pub struct NetworkLists {
    lists: Vec<NetworkList>,
    index: Index,
    /// Those of each class, in the order of the classes.
    of_class: [Lists; NetworkClass::ALL.len()],
    /// Those that name autonomous systems.
    of_asns: Lists,
}

/// A network list that was read.
#[derive(Debug)]
pub struct NetworkList {
    /// Its class, and where it came from.
    pub file: NetworkListFile,
    /// Its name and date.
    pub edition: Edition,
    /// How many entries it has.
    pub entries: usize,
}

impl NetworkList {
    /// Whether it answers nothing at that time: it is too old, or has no entries, which is more often a broken
    /// download than a world without such networks.
    pub fn stale(&self, at: Timestamp) -> bool {
        self.entries == 0 || self.edition.stale(self.file.stale_after_ms, at)
    }
}

impl NetworkLists {
    /// Reads all files into memory.
    ///
    /// # Errors
    /// With everything that is wrong with any of them.
    pub fn open(files: &[NetworkListFile]) -> Result<Self, NetworkListsError> {
        let mut reading = Reading::default();
        if files.len() > LISTS_MAX {
            reading.wrong.push(NetworkListError::Lists { lists: files.len() });
        }
        for file in files.iter().take(LISTS_MAX) {
            if let Err(error) = reading.read(file) {
                reading.wrong.push(error);
            }
        }
        let Reading { lists, entries, wrong } = reading;
        if !wrong.is_empty() {
            return Err(NetworkListsError(wrong));
        }
        let asns = |entries: &Vec<Entry>| entries.iter().any(|it| matches!(it, Entry::Asn(_)));
        let of_asns = entries.iter().enumerate().filter(|(_, entries)| asns(entries));
        let of_asns = of_asns.fold(0, |all, (list, _)| all | only(list));
        let mut of_class = [0; NetworkClass::ALL.len()];
        for (class, of_class) in NetworkClass::ALL.iter().zip(&mut of_class) {
            *of_class = those(&lists, |list| list.file.class == *class);
        }
        Ok(Self { lists, index: Index::new(&entries), of_class, of_asns })
    }

    /// Which classes `address`, announced by `asn`, was in at that time.
    ///
    /// Of each class: `not_applicable` without a list of it, `missing_input` without an address that can name a
    /// client on the internet. Not found is unknown, `lookup_failed`, if a list of the class is
    /// [stale](NetworkList::stale), or if one names autonomous systems and that of the address is not known.
    pub fn classes(
        &self,
        address: Option<IpAddr>,
        asn: Option<u32>,
        at: Timestamp,
    ) -> NetworkClasses {
        if self.lists.is_empty() {
            return NetworkClasses::UNLISTED;
        }
        let address = address.filter(|address| !address::bogus(*address));
        let found = address.map_or(0, |address| self.index.of_address(address))
            | asn.map_or(0, |asn| self.index.of_asn(asn));
        let stale = those(&self.lists, |list| list.stale(at));
        let open = stale | if asn.is_none() { self.of_asns } else { 0 };
        NetworkClasses::new(|class| {
            let lists = self.of_class.get(class as usize).copied().unwrap_or_default();
            if lists == 0 {
                Err(Cause::NotApplicable)
            } else if address.is_none() {
                Err(Cause::MissingInput)
            } else if found & lists & !stale != 0 {
                Ok(true)
            } else if open & lists != 0 {
                Err(Cause::LookupFailed)
            } else {
                Ok(false)
            }
        })
    }

    /// Every list, in the order of the configuration.
    pub fn iter(&self) -> impl Iterator<Item = &NetworkList> {
        self.lists.iter()
    }
}

fn those(lists: &[NetworkList], which: impl Fn(&NetworkList) -> bool) -> Lists {
    let those = lists.iter().enumerate().filter(|(_, list)| which(list));
    those.fold(0, |all, (number, _)| all | only(number))
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    lists: Vec<NetworkList>,
    /// Of each list.
    entries: Vec<Vec<Entry>>,
    wrong: Vec<NetworkListError>,
}

impl Reading {
    fn read(&mut self, file: &NetworkListFile) -> Result<(), NetworkListError> {
        let path = || file.path.clone();
        if self.lists.iter().any(|list| list.file.name == file.name) {
            return Err(NetworkListError::Name { path: path(), name: file.name.clone() });
        }
        let read = std::fs::read(&file.path);
        let bytes = read.map_err(|error| NetworkListError::Read { path: path(), error })?;
        let csv = file.path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"));
        let before: usize = self.entries.iter().map(Vec::len).sum();
        let entries_max = ENTRIES_MAX.saturating_sub(before);
        let Contents { entries, updated_at, wrong } = Contents::read(&bytes, csv, entries_max);
        if entries.len() > entries_max {
            return Err(NetworkListError::Entries { path: path() });
        }
        let line = |(line, error)| NetworkListError::Line { path: path(), line, error };
        self.wrong.extend(wrong.into_iter().map(line));
        let built_at = updated_at.or_else(|| written_at(&file.path));
        let date = built_at.and_then(day).unwrap_or_else(|| "undated".to_owned());
        let version = format!("{date} {}", content_hash(&bytes));
        let edition = Edition { name: file.name.clone(), version, built_at };
        self.lists.push(NetworkList { file: file.clone(), edition, entries: entries.len() });
        self.entries.push(entries);
        Ok(())
    }
}
