//! `engine/ARCHITECTURE.md` names only what is there: files, folders, and items in them.

use crate::tree::{Page, pages, read};

const MAP: &str = "engine/ARCHITECTURE.md";

/// Where paths on the map may begin.
const STARTS: &[&str] = &["", "engine/", "engine/core/src/", "engine/server/src/"];

/// What stands between backticks, and the words of drawings.
fn quoted(page: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for (text, drawn) in page.split("```").zip([false, true].into_iter().cycle()) {
        match drawn {
            true => words.extend(text.split([' ', '\n', ',', '(', ')', ':'])),
            false => words.extend(text.split('`').skip(1).step_by(2)),
        }
    }
    words
}

/// The file, or any file of the folder, that a path on the map means.
fn find<'a>(pages: &'a [Page], path: &str) -> Option<&'a Page> {
    let mut whole = STARTS.iter().map(|start| format!("{start}{path}"));
    whole.find_map(|whole| {
        pages.iter().find(|page| match whole.ends_with('/') {
            true => page.path.starts_with(&whole),
            false => page.path == whole,
        })
    })
}

/// `decide.rs` and `core/src/decide/` are places; `decide(readings, policy)` and `/Evaluate` are not.
fn names_a_place(word: &str) -> bool {
    let endings = [".rs", ".md", ".toml", ".proto", ".rules", ".txt", "/", "/run"];
    !word.contains(['*', '<', ' ']) && endings.iter().any(|ending| word.ends_with(ending))
}

fn defines(page: &Page, item: &str) -> bool {
    let words = page.text.split(|c: char| !c.is_alphanumeric() && c != '_');
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words
        .array_windows()
        .any(|[kind, name]| ["fn", "const", "struct", "enum"].contains(kind) && *name == item)
}

#[test]
fn every_file_and_item_on_the_map_is_there() {
    let (pages, map) = (pages(), read(MAP));
    let mut places = 0;
    for word in quoted(&map) {
        let (path, item) = word.split_once("::").unwrap_or((word, ""));
        if !names_a_place(path) {
            continue;
        }
        places += 1;
        let page = find(&pages, path).unwrap_or_else(|| panic!("`{word}`: no such file"));
        assert!(item.is_empty() || defines(page, item), "`{word}`: not in {}", page.path);
    }
    assert!(places > 100, "only {places} places on the map");
}

/// A module that is on no map is found by nobody.
#[test]
fn every_module_at_the_top_is_on_the_map() {
    let map = read(MAP);
    for (crate_root, file) in [("engine/core/src/", "lib.rs"), ("engine/server/src/", "lib.rs")] {
        let text = read(&format!("{crate_root}{file}"));
        let names = text.lines().filter_map(|line| {
            line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';')
        });
        for name in names {
            let words = [format!("`{name}.rs`"), format!("`{name}/`")];
            assert!(words.iter().any(|word| map.contains(word)), "{crate_root}: `{name}`");
        }
    }
}
