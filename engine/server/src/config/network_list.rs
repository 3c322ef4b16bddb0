//! A network list as the configuration file names it.

use std::path::{Path, PathBuf};

use doorward_core::network::NetworkClass;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::span;
use crate::enrich::NetworkListFile;

/// Longest name of a list, in bytes: it stands in every decision.
const NAME_BYTES_MAX: usize = 64;

/// One `[[network_list]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NetworkListSetting {
    #[serde(deserialize_with = "class")]
    class: NetworkClass,
    path: PathBuf,
    source: String,
    #[serde(default, deserialize_with = "name")]
    name: Option<String>,
    #[serde(default, deserialize_with = "span::ms")]
    stale_after: Option<i64>,
}

impl NetworkListSetting {
    /// The list with its path seen from `folder`, called like its file if it has no other name.
    pub(super) fn beside(self, folder: &Path) -> NetworkListFile {
        let Self { class, path, source, name, stale_after } = self;
        let stem = || path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let name = name.unwrap_or_else(stem);
        NetworkListFile {
            class,
            name,
            path: folder.join(path),
            source,
            stale_after_ms: stale_after,
        }
    }
}

fn class<'de, D: Deserializer<'de>>(from: D) -> Result<NetworkClass, D::Error> {
    let word = String::deserialize(from)?;
    NetworkClass::parse(&word).ok_or_else(|| {
        let known = NetworkClass::WORDS.join(", ");
        D::Error::custom(format!("`{word}` is no class of network, write one of {known}"))
    })
}

fn name<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let name = String::deserialize(from)?;
    if name.is_empty() || name.len() > NAME_BYTES_MAX || name.contains(char::is_control) {
        let message = format!("a name has 1 to {NAME_BYTES_MAX} bytes and no control characters");
        return Err(D::Error::custom(message));
    }
    Ok(Some(name))
}

#[cfg(test)]
mod tests {
    use doorward_core::time::{DAY_MS, HOUR_MS};

    use super::*;

    fn parse(more: &str) -> Result<NetworkListFile, String> {
        let text = format!("path = \"lists/tor-exits.txt\"\nsource = \"Tor\"\n{more}");
        let setting: Result<NetworkListSetting, _> = toml::from_str(&text);
        setting.map(|setting| setting.beside(Path::new("/etc"))).map_err(|error| error.to_string())
    }

    #[test]
    fn is_called_like_its_file_unless_it_has_a_name() {
        let list = parse("class = \"tor\"").unwrap();
        assert_eq!((&*list.name, list.class), ("tor-exits", NetworkClass::Tor));
        assert_eq!(list.path, Path::new("/etc/lists/tor-exits.txt"));
        assert_eq!(list.stale_after_ms, None);
        let named = parse("class = \"relay\"\nname = \"apple\"\nstale_after = \"3d\"").unwrap();
        assert_eq!((&*named.name, named.stale_after_ms), ("apple", Some(3 * DAY_MS)));
        assert_eq!(
            parse("class = \"tor\"\nstale_after = \"36h\"").unwrap().stale_after_ms,
            Some(36 * HOUR_MS)
        );
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line_and_what_to_write() {
        let check = |more: &str, expected: &[&str]| {
            let message = parse(more).unwrap_err();
            for part in expected {
                assert!(message.contains(part), "{part}: {message}");
            }
        };
        check(
            "class = \"onion\"",
            &["line 3", "`onion` is no class of network", "tor, vpn, proxy"],
        );
        check("", &["missing field `class`"]);
        for span in ["3", "3 days", "d", "0d", "-1d", "99999999999d"] {
            let text = format!("class = \"tor\"\nstale_after = \"{span}\"");
            check(&text, &["line 4", &format!("`{span}` is no span of time, write `36h` or `3d`")]);
        }
        check("class = \"tor\"\nname = \"\"", &["line 4", "a name has 1 to 64 bytes"]);
        check("class = \"tor\"\nstale = \"3d\"", &["line 4", "unknown field `stale`"]);
    }
}
