//! The shipped policy.

use std::fs;
use std::path::Path;

use doorward_core::policy::list::ListFile;
use doorward_core::policy::{Policy, Sources, compile, parse, render};
use doorward_core::time::Timestamp;

/// The shipped rules and the lists beside them, from this package's folder.
const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules");

/// The policy that Doorward comes with.
pub(crate) fn shipped() -> Policy {
    let files = files(Path::new(SHIPPED), "rules");
    let lists = files_of_lists(&Path::new(SHIPPED).join("lists"));
    policy(files, &lists)
}

/// The policy of these files.
pub(crate) fn policy(files: Vec<(String, String)>, lists: &[ListFile]) -> Policy {
    let sources = Sources::new(files);
    let (document, found) = parse(&sources);
    let compiled = compile(&sources, &document, found, lists);
    match compiled.policy {
        Some(policy) => policy,
        None => panic!("{}", render(&compiled.diagnostics, &sources, false)),
    }
}

fn files_of_lists(directory: &Path) -> Vec<ListFile> {
    let list = |(name, text)| ListFile {
        path: format!("lists/{name}"),
        text,
        updated_at: Timestamp::from_ms(0),
    };
    files(directory, "csv").into_iter().map(list).collect()
}

/// Name and text of the files with this ending.
fn files(directory: &Path, ending: &str) -> Vec<(String, String)> {
    let entries = fs::read_dir(directory).expect("a directory of rules");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|it| it == ending))
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("a file of text"))
        })
        .collect();
    files.sort();
    files
}
