//! The style that no lint can see. What is looked for is written with a bar in the middle, so that
//! this file does not find itself.

use crate::tree::{Page, pages, read};

const LINES_MAX: usize = 500;

/// What each crate that the core is built from may be used for. None of them reads a clock, a file
/// or a socket, draws a random number or waits, or it is configured so that it cannot; whoever adds
/// one has made sure of that.
const PURE: &[(&str, &str)] = &[
    ("annotate-snippets", "lays out diagnostics"),
    ("csv", "splits the lines of lists, from text"),
    ("dashmap", "maps with a lock per shard"),
    ("hashbrown", "a map that looks elsewhere for its keys"),
    ("jiff", "calendar arithmetic; clippy.toml bans its clock"),
    ("prefetch-index", "asks for memory before it is needed"),
    ("sha2", "names policies"),
    ("siphasher", "hashes what attackers choose, with a key that is given"),
    ("smol_str", "short texts without an allocation"),
    ("strsim", "finds the name that was meant"),
];

/// Dependencies that only generated code names.
const GENERATED: &[&str] = &["pbjson", "tonic-prost"];

const MEMBERS: &[&str] = &["engine/core", "engine/server"];

/// `find` on every page; together everything that it finds.
fn check(find: impl Fn(&Page) -> Vec<String>) {
    let pages = pages();
    assert!(pages.len() > 100, "the walk lost its way");
    report(&pages.iter().flat_map(find).collect::<Vec<_>>());
}

fn report(found: &[String]) {
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

/// Every place where one of `needles` stands, and what to do about it.
fn places(page: &Page, needles: &[&str], advice: &str) -> Vec<String> {
    let needles: Vec<String> = needles.iter().map(|needle| needle.replace('|', "")).collect();
    let lines = page.text.lines().zip(1..);
    let hits = lines.filter(|(line, _)| needles.iter().any(|needle| line.contains(needle)));
    hits.map(|(_, number)| format!("{}:{number}: {advice}", page.path)).collect()
}

#[test]
fn every_file_can_be_held_in_the_head() {
    check(|page| {
        let lines = page.text.lines().count();
        let long = lines > LINES_MAX && !["csv", "txt"].contains(&page.ending());
        long.then(|| format!("{}: {lines} lines, at most {LINES_MAX}", page.path))
            .into_iter()
            .collect()
    });
}

#[test]
fn a_file_is_named_after_the_noun_it_defines() {
    check(|page| {
        let nameless = ["utils", "common", "helpers", "manager", "service", "handler"];
        let stem = page.name().strip_suffix(".rs").unwrap_or_default();
        let found = nameless.contains(&stem);
        found.then(|| format!("{}: say what it is", page.path)).into_iter().collect()
    });
}

#[test]
fn every_file_says_what_it_is() {
    check(|page| {
        let says = page.text.starts_with("//! ") || page.text.starts_with("#![doc = ");
        let silent = page.ending() == "rs" && !says;
        silent.then(|| format!("{}: begin with a line of `//!`", page.path)).into_iter().collect()
    });
}

#[test]
fn lints_are_expected_and_never_allowed() {
    check(|page| places(page, &["#[al|low(", "#![al|low("], "expect it, with a reason"));
}

#[test]
fn nothing_is_left_for_later() {
    check(|page| places(page, &["TO|DO", "FIX|ME", "// X|XX"], "do it now or write an issue"));
}

#[test]
fn no_path_is_that_of_one_machine() {
    let machines = ["/ho|me/", "/ro|ot/", "/Us|ers/", "/wo|rk/", "/wo|rkspace", "/t|mp/wt"];
    check(|page| places(page, &machines, "a path that only one machine has"));
}

#[test]
fn no_package_registry_is_named() {
    let hosts = [
        "crates.|io",
        "pypi.|org",
        "npm|js.",
        "pythonhosted.|org",
        "proxy.golang.|org",
        "index-|url",
    ];
    check(|page| places(page, &hosts, "the machine knows its package registry"));
}

#[test]
fn lines_end_with_a_word_and_begin_with_spaces() {
    check(|page| {
        let untidy = |line: &str| line.ends_with([' ', '\t', '\r']) || line.starts_with('\t');
        let lines = page.text.lines().zip(1..).filter(|(line, _)| untidy(line));
        let mut found: Vec<String> =
            lines.map(|(_, number)| format!("{}:{number}: stray blanks", page.path)).collect();
        if !page.text.is_empty() && !page.text.ends_with('\n') {
            found.push(format!("{}: the last line has no end", page.path));
        }
        found
    });
}

/// A file that no `mod` names is not compiled, and its tests pass without having run.
#[test]
fn every_module_is_declared() {
    let pages = pages();
    let text = |path: &str| pages.iter().find(|page| page.path == path).map(|page| &page.text);
    let declared = |page: &Page| {
        let (folder, name) = page.path.rsplit_once('/').unwrap();
        let stem = name.strip_suffix(".rs").unwrap();
        let (folder, stem) =
            if stem == "mod" { folder.rsplit_once('/').unwrap() } else { (folder, stem) };
        let parents = ["mod", "main", "lib"].map(|name| format!("{folder}/{name}.rs"));
        parents.iter().chain([&format!("{folder}.rs")]).any(|parent| {
            let words = [format!("mod {stem};"), format!("/{stem}.rs\"]")];
            text(parent).is_some_and(|text| words.iter().any(|word| text.contains(word)))
        })
    };
    let rust = pages.iter().filter(|page| page.ending() == "rs");
    let modules = rust.filter(|page| !["main.rs", "lib.rs", "build.rs"].contains(&page.name()));
    let shared = |page: &Page| {
        let quoted = format!("#[path = \"../{}\"]", page.name());
        pages.iter().any(|other| other.ending() == "rs" && other.text.contains(&quoted))
    };
    let lost = modules.filter(|page| !declared(page) && !shared(page));
    report(&lost.map(|page| format!("{}: no `mod` names it", page.path)).collect::<Vec<_>>());
}

/// The names under the headings of a manifest that end in `dependencies]` and hold `kind`.
fn dependencies(manifest: &str, heading: &str) -> Vec<String> {
    let section = manifest.split_once(&format!("[{heading}]\n")).map_or("", |(_, rest)| rest);
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let name = |line: &str| line.split(['.', ' ', '=']).next().unwrap().to_owned();
    lines.map(name).collect()
}

#[test]
fn purity_is_a_property_of_the_manifest() {
    let manifest = read("engine/core/Cargo.toml");
    let known: Vec<&str> = PURE.iter().map(|(name, _)| *name).collect();
    assert_eq!(dependencies(&manifest, "dependencies"), known);
    assert_eq!(dependencies(&manifest, "build-dependencies"), [""; 0]);
}

#[test]
fn the_core_asks_the_world_nothing() {
    check(|page| {
        if !page.path.starts_with("engine/core/src/") {
            return Vec::new();
        }
        let world = [
            "std::|fs",
            "std::|env",
            "std::|process",
            "std::|thread",
            "std::|time",
            "std::|io",
            "std::net::|Tcp",
            "std::net::|Udp",
            "Random|State",
            "asy|nc ",
            ".aw|ait",
        ];
        places(page, &world, "the core is a function of what it is given")
    });
}

#[test]
fn every_shared_dependency_is_used() {
    let root = read("Cargo.toml");
    let manifests: Vec<String> =
        MEMBERS.iter().map(|member| read(&format!("{member}/Cargo.toml"))).collect();
    let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
    let used: Vec<String> = manifests
        .iter()
        .flat_map(|manifest| kinds.iter().flat_map(|kind| dependencies(manifest, kind)))
        .collect();
    let unused = dependencies(&root, "workspace.dependencies");
    let unused = unused.iter().filter(|name| !used.contains(name));
    report(&unused.map(|name| format!("Cargo.toml: no member uses {name}")).collect::<Vec<_>>());
}

#[test]
fn every_dependency_of_a_member_is_named_in_code() {
    let pages = pages();
    let idle = |member: &str, kind: &str, folders: &[&str]| {
        let ours = |page: &&Page| folders.iter().any(|folder| page.path.starts_with(folder));
        let rust = pages.iter().filter(|page| page.ending() == "rs").filter(ours);
        let code: String = rust.map(|page| page.text.as_str()).collect();
        let mut names = dependencies(&read(&format!("{member}/Cargo.toml")), kind);
        names.retain(|name| !GENERATED.contains(&name.as_str()));
        names.retain(|name| !code.contains(&name.replace('-', "_")));
        names.into_iter().map(|name| format!("{member}: no code names {name}")).collect::<Vec<_>>()
    };
    for member in MEMBERS {
        report(&idle(member, "dependencies", &[&format!("{member}/src/")]));
        report(&idle(member, "dev-dependencies", &["tests/", "benches/", member]));
        report(&idle(member, "build-dependencies", &[&format!("{member}/build.rs")]));
    }
}

#[test]
fn every_member_obeys_the_lints() {
    for member in MEMBERS {
        let manifest = read(&format!("{member}/Cargo.toml"));
        assert!(manifest.contains("\n[lints]\nworkspace = true\n"), "{member} obeys no lint");
    }
}

/// Where an event is taken, what follows the line can neither refuse nor be cancelled.
#[test]
fn nothing_is_refused_below_the_line() {
    for path in ["engine/server/src/desk/attempt.rs", "engine/server/src/desk/outcome.rs"] {
        let text = read(path);
        let line = "// Below this line nothing fails and nothing is cancelled.\n";
        let below = text.split_once(line).unwrap_or_else(|| panic!("{path} has no line")).1;
        let below = below.split("\n    }\n").next().unwrap_or_default();
        let refusals = ["?;", "?)", "?.", "return", "Err(", "Refusal", ".await"];
        report(
            &refusals
                .map(str::to_owned)
                .into_iter()
                .filter(|it| below.contains(it))
                .collect::<Vec<_>>(),
        );
    }
    check(|page| match page.path.starts_with("engine/server/src/desk/") {
        true => places(page, &["asy|nc ", ".aw|ait"], "the desk never waits"),
        false => Vec::new(),
    });
}
