//! Clients that nobody here wrote play one story and hear the same answers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::process::Doorward;

const STORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/cases/story.ndjson");
const ANSWERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/cases/story.answers");
const GEO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/demo/geo.csv");
const PROTO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../proto");
const CLIENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/service/clients");

/// Where `tests/run` installed the clients' libraries.
fn tools() -> PathBuf {
    let told = std::env::var_os("DOORWARD_TEST_TOOLS");
    told.expect("this test needs client libraries, run `tests/run`, which installs them").into()
}

fn check(tenant: &str, client: impl FnOnce(&str, &Path) -> Command) {
    let data = TempDir::new().unwrap();
    let doorward = Doorward::serve(data.path(), &["--geo", GEO]);
    let output = client(&doorward.address, &tools()).output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{tenant}: {words}");
    let heard = String::from_utf8(output.stdout).unwrap();
    let expected = fs::read_to_string(ANSWERS).unwrap();
    assert_eq!(heard, expected, "{tenant} heard other answers");
}

#[test]
fn python_grpcio_hears_the_story() {
    check("grpcio", |address, tools| {
        let mut command = Command::new(tools.join("python/bin/python"));
        let script = format!("{CLIENTS}/play_grpcio.py");
        command.args([&script, address, "grpcio", STORY]).arg(tools.join("stubs"));
        command
    });
}

#[test]
fn grpc_js_hears_the_story() {
    check("grpc-js", |address, tools| {
        let mut command = Command::new("node");
        command.arg(tools.join("play_grpc_js.mjs")).args([address, "grpc-js", STORY, PROTO]);
        command
    });
}

#[test]
fn connect_node_hears_the_story_over_both_protocols() {
    for protocol in ["grpc", "connect"] {
        check(protocol, |address, tools| {
            let mut command = Command::new("node");
            command.arg(tools.join("play_connect.mjs")).args([address, protocol, STORY]);
            command.arg(tools.join("doorward.binpb")).arg(protocol);
            command
        });
    }
}

#[test]
fn curl_hears_the_story() {
    check("curl", |address, tools| {
        let mut command = Command::new("bash");
        command.arg(format!("{CLIENTS}/play_curl.sh")).args([address, "curl", STORY]);
        command.arg(tools.join("python/bin/python"));
        command
    });
}
