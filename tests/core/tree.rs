//! The files of the repository, as tests about its style and its map read them.

use std::fs;
use std::path::{Path, PathBuf};

/// A text file of ours.
pub(crate) struct Page {
    /// From the root, with `/` between folders.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Page {
    /// The file's own name.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap()
    }

    /// What stands behind the last dot of the name; empty without one.
    pub(crate) fn ending(&self) -> &str {
        self.name().rsplit_once('.').map_or("", |(_, ending)| ending)
    }
}

/// The top of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every text file that somebody wrote, sorted by path. `Cargo.lock` is not among them.
pub(crate) fn pages() -> Vec<Page> {
    let mut pages = Vec::new();
    collect(&root(), "", &mut pages);
    pages.sort_by(|one, other| one.path.cmp(&other.path));
    pages
}

/// The text of one file.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn collect(folder: &Path, prefix: &str, pages: &mut Vec<Page>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{prefix}{name}");
        if entry.file_type().unwrap().is_dir() {
            if !made_by_machines(&name) {
                collect(&entry.path(), &format!("{path}/"), pages);
            }
        } else if written_by_people(&name) {
            pages.push(Page { text: fs::read_to_string(entry.path()).unwrap(), path });
        }
    }
}

fn made_by_machines(folder: &str) -> bool {
    let hidden = folder.starts_with('.') && folder != ".ci";
    hidden || ["target", "node_modules", "data", "__pycache__"].contains(&folder)
}

fn written_by_people(name: &str) -> bool {
    let endings =
        [".rs", ".rules", ".md", ".proto", ".toml", ".yaml", ".mjs", ".py", ".sh", ".txt", ".csv"];
    name == "run" || endings.iter().any(|ending| name.ends_with(ending))
}
