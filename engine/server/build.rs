//! Compiles `proto/`: messages, the service's two ends, their JSON form, and the descriptors that
//! reflection serves.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use prost::Message as _;
use tonic_prost_build::manual;

/// From this folder to the contract.
const PROTO: &str = "../../proto";
/// From this folder to the shipped rules.
const RULES: &str = "../../rules";
/// What callers see.
const SERVICE: &str = "doorward/v1/decision_service.proto";
/// What the log keeps.
const RECORD: &str = "doorward/log/v1/record.proto";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={PROTO}");
    let out_dir = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(out_dir.join("service.bin"), compile(&[SERVICE])?)?;
    let all = compile(&[SERVICE, RECORD])?;
    messages(&all)?;
    service();
    json(&all)?;
    fs::write(out_dir.join("shipped_rules.rs"), shipped_rules()?)?;
    Ok(())
}

/// An array of (path, text) over every file in `rules/` that a policy is made of, sorted by path.
fn shipped_rules() -> Result<String, Box<dyn Error>> {
    println!("cargo:rerun-if-changed={RULES}");
    let root = fs::canonicalize(RULES)?;
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rules" || end == "csv") {
                files.push(path);
            }
        }
    }
    files.sort();
    let mut array = String::from("&[");
    for path in &files {
        let name = path.strip_prefix(&root)?;
        writeln!(array, "({name:?}, include_str!({path:?})),")?;
    }
    array.push(']');
    Ok(array)
}

/// The files, everything that they import and their comments, as a descriptor set.
fn compile(files: &[&str]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut compiler = protox::Compiler::new([PROTO])?;
    compiler.include_imports(true).include_source_info(true);
    compiler.open_files(files.iter().map(Path::new))?;
    Ok(compiler.encode_file_descriptor_set())
}

/// Maps are ordered, so that a message has one encoding and equal messages have equal bytes.
fn messages(descriptors: &[u8]) -> Result<(), Box<dyn Error>> {
    tonic_prost_build::configure()
        .btree_map(".")
        .compile_well_known_types(true)
        .extern_path(".google.protobuf", "crate::wire::google")
        .compile_fds(prost_types::FileDescriptorSet::decode(descriptors)?)?;
    Ok(())
}

/// The service once more, with requests whose attempt is encoded still and answers whose decision is encoded
/// already. `Evaluate` is not among its calls: the edge answers that one itself.
fn service() {
    let method = |name: &str, rpc: &str, request: &str, response: &str| {
        let path = "crate::wire::";
        manual::Method::builder()
            .name(name)
            .route_name(rpc)
            .input_type(format!("{path}{request}"))
            .output_type(format!("{path}{response}"))
            .codec_path("tonic_prost::ProstCodec")
    };
    let stream = method(
        "evaluate_stream",
        "EvaluateStream",
        "asked::EvaluateStreamRequest",
        "answered::EvaluateStreamResponse",
    );
    let stream = stream.client_streaming().server_streaming().build();
    let report = method("report", "Report", "ReportRequest", "ReportResponse").build();
    let change =
        method("change_account", "ChangeAccount", "ChangeAccountRequest", "ChangeAccountResponse");
    let service = manual::Service::builder().name("DecisionService").package("doorward.v1");
    let service = service.method(stream).method(report).method(change.build()).build();
    manual::Builder::new().build_client(false).compile(&[service]);
}

/// Unknown fields stay an error: a misspelt name must not read as "absent".
fn json(descriptors: &[u8]) -> Result<(), Box<dyn Error>> {
    pbjson_build::Builder::new()
        .register_descriptors(descriptors)?
        .btree_map(["."])
        .extern_path(".google.protobuf", "crate::wire::google")
        .build(&[".doorward"])?;
    Ok(())
}
