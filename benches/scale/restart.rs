//! A start with a snapshot on disk, in a process of its own.

use std::env;
use std::path::Path;
use std::process::Command;

use crate::{Options, inhabit, opened, stopwatch};

/// Fills the state of a desk, lets it take a snapshot, and starts again.
pub(crate) fn measure(options: &Options) {
    let place = env!("CARGO_TARGET_TMPDIR");
    let data = tempfile::Builder::new().prefix("restart-").tempdir_in(place).expect("a directory");
    let desk = opened::desk(data.path(), options.budget()).expect("an empty desk");
    inhabit(desk.engine(), options, options.users, options.addresses);
    let taken = desk.snapshot().expect("room on the disk").expect("the first snapshot");
    let digest = desk.digest();
    println!(
        "snapshot on disk   {:>12} MiB in {:.1} s",
        taken.bytes >> 20,
        taken.time.as_secs_f64()
    );
    desk.log().close().expect("a log that is whole");
    drop(desk);
    let mut again = Command::new(env::current_exe().expect("a path"));
    again.arg("restart").arg("--from").arg(data.path());
    again.arg("--budget-mib").arg(options.budget_mib.to_string());
    again.arg("--digest").arg(digest.to_string());
    assert!(again.status().expect("it runs").success(), "the same state");
}

/// Opens a desk and compares.
pub(crate) fn again(options: &Options, from: &Path) {
    let began = stopwatch::now();
    let desk = opened::desk(from, options.budget()).expect("a desk from a snapshot");
    println!("started            {:>12.1} s", (stopwatch::now() - began).as_secs_f64());
    assert_eq!(Some(desk.digest()), options.digest, "the same state");
    desk.log().close().expect("a log that is whole");
}
