//! Cases as text: `tests/cases/policy/<kind>/<name>.rules` and, beside it, what is expected of it.

use std::{fs, path::Path};

use doorward_core::policy::{ListFile, Sources, compile, parse, render};
use doorward_core::time::Timestamp;

use super::dump::dump;

/// Well-formed files and their trees.
#[test]
fn rule_files_are_read_as_written() {
    check("tree", "tree", |sources| {
        let (document, problems) = parse(sources);
        assert_eq!(render(&problems, sources, false), "");
        dump(&document)
    });
}

/// Malformed files and all that is said about them.
#[test]
fn syntax_errors_are_explained() {
    check("syntax", "txt", |sources| render(&parse(sources).1, sources, false));
}

/// Well-formed files that mean nothing, contradict themselves or leave something open.
#[test]
fn mistakes_are_explained() {
    check("meaning", "txt", |sources| {
        let (document, problems) = parse(sources);
        let list = |path: &str, text: &str| ListFile {
            path: path.to_owned(),
            text: text.to_owned(),
            updated_at: Timestamp::from_ms(0),
        };
        let lists = [
            list("lists/offices.csv", "network\n198.51.100.0/24\n"),
            list("lists/broken.csv", "network\n198.51.100.0/24\n198.51.100.0/33\nhere\n"),
            list("lists/burned.csv", "device,since\nd-1,2026-01-01\n"),
        ];
        let compiled = compile(sources, &document, problems, &lists);
        render(&compiled.diagnostics, sources, false)
    });
}

/// Compares what `actual` makes of each file of `kind` with the file of the same name that ends
/// in `suffix`. What differs is written aside, to be looked at and moved over if it is right.
fn check(kind: &str, suffix: &str, actual: impl Fn(&Sources) -> String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/policy").join(kind);
    let aside = Path::new(env!("CARGO_TARGET_TMPDIR")).join(kind);
    fs::create_dir_all(&aside).unwrap();
    let mut cases = 0;
    let mut wrong = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "rules") {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let actual = actual(&Sources::new(vec![(format!("rules/{name}"), text)]));
        let expected = fs::read_to_string(path.with_extension(suffix)).unwrap_or_default();
        if actual != expected {
            let written = aside.join(&name).with_extension(suffix);
            fs::write(&written, &actual).unwrap();
            wrong.push(format!("{name}, see {}\n{actual}", written.display()));
        }
        cases += 1;
    }
    assert!(cases > 0, "no cases in {}", folder.display());
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
