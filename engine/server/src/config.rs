//! Settings: flags and environment over the configuration file over defaults.

mod memory;
mod network_list;
mod span;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytesize::ByteSize;
use doorward_core::store::Budget;
use serde::Deserialize;

use crate::cli::Places;
use crate::enrich::NetworkListFile;
use memory::budget;
use network_list::NetworkListSetting;
use span::Every;

/// Where Doorward answers unless told otherwise: this machine only.
pub(crate) const LISTEN_DEFAULT: SocketAddr =
    SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 50_051));

/// Where the decision log goes unless told otherwise.
const DATA_DEFAULT: &str = "data";

/// How often a snapshot is taken unless told otherwise: a start then does minutes of the log again. Often enough that
/// this takes seconds, and so seldom that writing everything down is a small part of what the disk does.
const SNAPSHOT_EVERY_DEFAULT: Duration = Duration::from_secs(10 * 60);

/// Everything an operator can set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where to answer.
    pub listen: SocketAddr,
    /// The directory of the decision log.
    pub data: PathBuf,
    /// The directory of rule files; `None` means those compiled into the binary.
    pub rules: Option<PathBuf>,
    /// Geo and network data, in the order of preference.
    pub geo: Vec<PathBuf>,
    /// How old that data may be at the time of an attempt, in milliseconds; `None` means as old as it likes.
    pub geo_stale_after_ms: Option<i64>,
    /// Lists of networks of one class.
    pub network_lists: Vec<NetworkListFile>,
    /// Bytes that windows and profiles may take.
    pub budget: Budget,
    /// How often a snapshot is taken; `None` means never, also not at the end.
    pub snapshot_every: Option<Duration>,
}

/// The configuration file, with the names of [`Config`].
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    listen: Option<SocketAddr>,
    data: Option<PathBuf>,
    rules: Option<PathBuf>,
    #[serde(default)]
    geo: Vec<PathBuf>,
    #[serde(default, deserialize_with = "span::ms")]
    geo_stale_after: Option<i64>,
    #[serde(default)]
    network_list: Vec<NetworkListSetting>,
    memory: Option<ByteSize>,
    tenant_memory: Option<ByteSize>,
    snapshot_every: Option<Every>,
}

impl Config {
    /// What the flags say, filled up from the file they name and the defaults.
    ///
    /// Paths in the file count from the directory of the file.
    pub fn load(places: &Places, listen: Option<SocketAddr>) -> Result<Self, ConfigError> {
        let file = places.config.as_deref().map(read).transpose()?.unwrap_or_default();
        let folder = places.config.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
        let network_lists = file.network_list.into_iter().map(|list| list.beside(folder)).collect();
        let geo = if places.geo.is_empty() { file.geo } else { places.geo.clone() };
        Ok(Self {
            listen: listen.or(file.listen).unwrap_or(LISTEN_DEFAULT),
            data: places.data.clone().or(file.data).unwrap_or_else(|| DATA_DEFAULT.into()),
            rules: places.rules.clone().or(file.rules),
            geo,
            geo_stale_after_ms: file.geo_stale_after,
            network_lists,
            budget: budget(places.memory.or(file.memory), file.tenant_memory)?,
            snapshot_every: file
                .snapshot_every
                .map_or(Some(SNAPSHOT_EVERY_DEFAULT), |Every(every)| every),
        })
    }
}

fn read(path: &Path) -> Result<File, ConfigError> {
    let shown = || path.to_owned();
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError::Unreadable { path: shown(), error })?;
    let mut file: File = toml::from_str(&text)
        .map_err(|error| ConfigError::Malformed { path: shown(), error: Box::new(error) })?;
    let beside = |relative: PathBuf| path.parent().unwrap_or(Path::new("")).join(relative);
    file.data = file.data.map(beside);
    file.rules = file.rules.map(beside);
    file.geo = file.geo.into_iter().map(beside).collect();
    Ok(file)
}

/// Why the configuration cannot be used.
#[derive(Debug)]
pub enum ConfigError {
    /// The file cannot be read.
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The file is not what it should be.
    Malformed {
        /// Which file.
        path: PathBuf,
        /// What is wrong, with line, column and a caret.
        error: Box<toml::de::Error>,
    },
    /// Less memory than makes sense, or more for one tenant than for all.
    Memory {
        /// Which setting.
        setting: &'static str,
        /// What it says.
        said: ByteSize,
        /// The least that it may say.
        least: ByteSize,
        /// The most, if there is a most.
        most: Option<ByteSize>,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, error } => {
                write!(f, "cannot read configuration `{}`: {error}", path.display())
            }
            Self::Malformed { path, error } => {
                write!(f, "in configuration `{}`: {error}", path.display())
            }
            Self::Memory { setting, said, least, most } => {
                write!(f, "`{setting}` is {said}; it takes at least {least}")?;
                most.map_or(Ok(()), |most| write!(f, " and at most the {most} that all may take"))
            }
        }
    }
}

impl std::error::Error for ConfigError {}

#[cfg(test)]
mod tests {
    use doorward_core::time::DAY_MS;

    use super::*;

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("doorward.toml");
        std::fs::write(&path, "listen = \"127.0.0.1:7\"\ndata = \"log\"\nrules = \"/r\"\n")
            .unwrap();
        let places = Places { config: Some(path), rules: Some("mine".into()), ..Places::default() };
        let config = Config::load(&places, None).unwrap();
        assert_eq!(config.listen, "127.0.0.1:7".parse().unwrap());
        assert_eq!(config.data, directory.path().join("log"));
        assert_eq!(config.rules, Some("mine".into()));
        assert_eq!(Config::load(&Places::default(), None).unwrap().data, PathBuf::from("data"));
    }

    #[test]
    fn names_what_it_does_not_know() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("doorward.toml");
        std::fs::write(&path, "lisen = \"127.0.0.1:7\"\n").unwrap();
        let places = Places { config: Some(path), ..Places::default() };
        let message = Config::load(&places, None).unwrap_err().to_string();
        assert!(message.contains("unknown field `lisen`"), "{message}");
        assert!(message.contains("line 1"), "{message}");
    }

    #[test]
    fn the_example_shows_every_setting_and_its_default() {
        let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../doorward.example.toml"));
        let check = |text: &str| {
            let directory = tempfile::tempdir().unwrap();
            let copy = directory.path().join("doorward.toml");
            std::fs::write(&copy, text).unwrap();
            let places = Places { config: Some(copy), ..Places::default() };
            (Config::load(&places, None).unwrap(), directory)
        };
        let example = std::fs::read_to_string(path).unwrap();
        let (config, directory) = check(&example);
        let data = directory.path().join(DATA_DEFAULT);
        let (geo, network_lists) = (Vec::new(), Vec::new());
        let listen = LISTEN_DEFAULT;
        let budget = Budget::default();
        let snapshot_every = Some(SNAPSHOT_EVERY_DEFAULT);
        let (rules, geo_stale_after_ms) = (None, None);
        let defaults = Config {
            listen,
            data,
            rules,
            geo,
            geo_stale_after_ms,
            network_lists,
            budget,
            snapshot_every,
        };
        assert_eq!(config, defaults);
        let mut uncommented = example;
        for setting in [
            "rules =",
            "geo =",
            "geo_stale_after =",
            "tenant_memory =",
            "[[network_list]]",
            "class =",
            "name =",
            "path =",
            "source =",
            "stale_after =",
        ] {
            uncommented = uncommented.replace(&format!("\n# {setting}"), &format!("\n{setting}"));
        }
        let (config, directory) = check(&uncommented);
        assert_eq!(config.rules, Some(directory.path().join("rules")));
        assert_eq!((config.geo.len(), config.geo_stale_after_ms), (3, Some(90 * DAY_MS)));
        assert_eq!(config.budget, Budget { tenant_bytes: 512 << 20, ..Budget::default() });
        let lists: Vec<_> = config.network_lists.iter().map(|list| list.name.as_str()).collect();
        assert_eq!(lists, ["tor-exits", "our offices"]);
    }
}
