//! Finds the text of a policy: a directory of rule files, or the rules compiled into the binary.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use doorward_core::policy::{self, Compiled, ListFile, Sources};
use doorward_core::time::Timestamp;

const RULES_ENDING: &str = ".rules";
const LIST_ENDING: &str = ".csv";

/// The shipped rules, as (path within `rules/`, text), sorted by path.
const SHIPPED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/shipped_rules.rs"));

/// When the lists that come with the shipped rules were last looked through: 2026-11-22.
const SHIPPED_AT: Timestamp = Timestamp::from_ms(1_795_305_600_000);

/// The text of a policy: what it is compiled from.
#[derive(Clone, Debug, Default)]
pub struct RuleText {
    /// The directory as it was named, shown before the paths; empty for the shipped rules.
    pub directory: String,
    /// Rule files, as (path within the directory, text), sorted by path.
    pub rules: Vec<(String, String)>,
    /// The files that its lists may name, sorted by path.
    pub lists: Vec<ListFile>,
}

impl RuleText {
    /// The rules in `directory`, or the shipped ones.
    ///
    /// # Errors
    /// If a file cannot be read, or there is none.
    pub fn read(directory: Option<&Path>) -> Result<Self, RulesError> {
        let mut text = Self::default();
        match directory {
            None => {
                for (path, content) in SHIPPED {
                    text.add((*path).to_owned(), (*content).to_owned(), SHIPPED_AT);
                }
            }
            Some(directory) => {
                text.directory = directory.display().to_string();
                text.collect(directory, "")?;
                if text.rules.is_empty() {
                    return Err(RulesError::NoRules { directory: directory.to_owned() });
                }
            }
        }
        text.rules.sort();
        text.lists.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(text)
    }

    /// Parses and compiles everything.
    pub fn compile(&self) -> (Sources, Compiled) {
        let sources = Sources::within(&self.directory, self.rules.clone());
        let (document, found) = policy::parse(&sources);
        let compiled = policy::compile(&sources, &document, found, &self.lists);
        (sources, compiled)
    }

    fn add(&mut self, path: String, text: String, updated_at: Timestamp) {
        if path.ends_with(RULES_ENDING) {
            self.rules.push((path, text));
        } else {
            self.lists.push(ListFile { path, text, updated_at });
        }
    }

    fn collect(&mut self, directory: &Path, prefix: &str) -> Result<(), RulesError> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |error| RulesError::Unreadable { path, error }
        };
        for entry in fs::read_dir(directory).map_err(unreadable(directory))? {
            let path = entry.map_err(unreadable(directory))?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            // Editors and Kubernetes keep their own files under names that begin with a dot.
            if name.starts_with('.') {
                continue;
            }
            let shown = format!("{prefix}{name}");
            if path.is_dir() {
                self.collect(&path, &format!("{shown}/"))?;
            } else if shown.ends_with(RULES_ENDING) || shown.ends_with(LIST_ENDING) {
                let updated_at = updated_at(&path).map_err(unreadable(&path))?;
                self.add(shown, fs::read_to_string(&path).map_err(unreadable(&path))?, updated_at);
            }
        }
        Ok(())
    }
}

/// When the file was last written.
fn updated_at(path: &Path) -> io::Result<Timestamp> {
    let written = fs::metadata(path)?.modified()?;
    let since_epoch = written.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(Timestamp::from_ms(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)))
}

/// Why there is no policy text.
#[derive(Debug)]
pub enum RulesError {
    /// A file or directory cannot be read.
    Unreadable {
        /// Which one.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The directory has no rule file.
    NoRules {
        /// Which directory.
        directory: PathBuf,
    },
}

impl fmt::Display for RulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, error } => {
                write!(f, "cannot read `{}`: {error}", path.display())
            }
            Self::NoRules { directory } => {
                write!(f, "`{}` has no file that ends in .rules", directory.display())
            }
        }
    }
}

impl std::error::Error for RulesError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_directory_with_its_lists() {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("lists")).unwrap();
        for path in ["b.rules", "a.rules", "lists/c.csv", ".hidden.rules", "notes.txt"] {
            fs::write(directory.path().join(path), path).unwrap();
        }
        let text = RuleText::read(Some(directory.path())).unwrap();
        let rules: Vec<&str> = text.rules.iter().map(|(path, _)| path.as_str()).collect();
        let lists: Vec<&str> = text.lists.iter().map(|list| list.path.as_str()).collect();
        assert_eq!((rules, lists), (vec!["a.rules", "b.rules"], vec!["lists/c.csv"]));
    }

    #[test]
    fn a_policy_is_the_same_wherever_its_directory_lies() {
        let check = |directory: &Path| {
            fs::create_dir_all(directory).unwrap();
            fs::write(directory.join("a.rules"), "journey login { step_up from 40 }").unwrap();
            let (sources, compiled) = RuleText::read(Some(directory)).unwrap().compile();
            let shown = sources.file(0).unwrap().shown().to_owned();
            assert_eq!(shown, directory.join("a.rules").display().to_string());
            compiled.policy.unwrap().version()
        };
        let root = tempfile::tempdir().unwrap();
        assert_eq!(check(&root.path().join("here")), check(&root.path().join("there")));
    }

    #[test]
    fn an_empty_directory_is_no_policy() {
        let directory = tempfile::tempdir().unwrap();
        let error = RuleText::read(Some(directory.path())).unwrap_err().to_string();
        assert!(error.ends_with("has no file that ends in .rules"), "{error}");
    }

    #[test]
    fn the_shipped_rules_are_those_of_the_repository() {
        let directory = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules"));
        let repository = RuleText::read(Some(directory)).unwrap();
        let shipped = RuleText::read(None).unwrap();
        assert_eq!(shipped.rules, repository.rules);
        assert_eq!(shipped.lists.len(), repository.lists.len());
    }
}
