//! The demo: the first thing that anybody runs.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use doorward::demo::day::Day;
use doorward::demo::script::{self, Scene};
use doorward::demo::{self, GEO_CSV};
use doorward::edge::{self, Front, serve};
use doorward::enrich::{Enricher, GeoData};
use indicatif::ProgressBar;
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::edge::server::{NOW, desk_with};
use crate::process::command;

fn places() -> Enricher {
    Enricher::new(GeoData::embedded("demo", GEO_CSV).unwrap())
}

/// The day as the shipped rules decide it, told over a socket.
async fn day(data: &Path) -> Day {
    // Which of too many accounts a window remembers hangs on the key; here it is always the same.
    std::fs::write(data.join("state.key"), [7; 16]).unwrap();
    let desk = Arc::new(desk_with(data, places()));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let limits = edge::Limits::default();
    let front = Front::open(desk, limits).await.unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = async { stopped.await.unwrap_or(()) };
    let serving = tokio::spawn(serve(listener, front, limits, stopped));
    let script = script::day(script::midnight(NOW)).unwrap();
    let progress = ProgressBar::hidden();
    let day = demo::play(&address, &script, &places(), &progress, || Duration::ZERO).await;
    stop.send(()).unwrap();
    serving.await.unwrap();
    assert_eq!(progress.position(), u64::try_from(script.len()).unwrap());
    day.unwrap()
}

#[tokio::test]
async fn every_scene_goes_as_it_is_meant_and_the_same_on_every_run() {
    let (one, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (one, other) = (day(one.path()).await, day(other.path()).await);
    let played: Vec<Scene> = one.scenes.iter().map(|result| result.scene).collect();
    assert_eq!(played, Scene::ALL);
    for (result, again) in one.scenes.iter().zip(&other.scenes) {
        let title = result.scene.title();
        assert!(result.scene.expectation().met(&result.verdicts), "{title}: {result:?}");
        assert_eq!(result.verdicts, again.verdicts, "{title}");
        assert_eq!(result.reasons, again.reasons, "{title}");
    }
}

#[tokio::test]
async fn a_case_tells_where_it_was() {
    let data = TempDir::new().unwrap();
    let day = day(data.path()).await;
    let travel = day.scenes.iter().find(|result| result.scene == Scene::ImpossibleTravel).unwrap();
    let case = travel.case.as_ref().unwrap();
    assert_eq!(case.from, "203.0.113.141 (Lagos, NG)");
    assert!(case.reasons.iter().any(|(code, ..)| &**code == "IMPOSSIBLE_TRAVEL"), "{case:?}");
}

fn words(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert!(!errors.contains("error"), "{errors}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn once_shows_the_table_and_leaves_nothing_behind() {
    let temporary = TempDir::new().unwrap();
    let mut demo = command(&["demo", "--once", "--listen", "127.0.0.1:0"]);
    let words = words(&demo.env("TMPDIR", temporary.path()).output().unwrap());
    for scene in Scene::ALL {
        assert!(words.contains(&format!("│ {}", scene.title())), "{scene:?}: {words}");
    }
    assert!(!words.contains('✗'), "{words}");
    assert!(words.contains("4,900.00 EUR to quick-exchange"), "{words}");
    assert!(words.contains("doorward replay --format sshd") && words.contains("doorward demo"));
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0);
}

#[test]
fn what_is_kept_can_be_explained() {
    let data = TempDir::new().unwrap();
    let data = data.path().to_str().unwrap();
    let arguments = ["demo", "--once", "--listen", "127.0.0.1:0", "--data", data];
    let words = words(&command(&arguments).output().unwrap());
    let explain = words.lines().find(|line| line.contains("doorward explain ")).unwrap();
    assert!(explain.ends_with(&format!(" --data {data}")), "{explain}");
    let digest = command(&["log", "digest", "--data", data]).output().unwrap();
    let digest = String::from_utf8(digest.stdout).unwrap();
    assert!(words.contains(digest.trim()), "{digest} is not the end of {words}");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut demo = command(&["demo", "--once", "--listen", &address]);
    let output = demo.stdout(Stdio::null()).output().unwrap();
    assert!(!output.status.success());
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains(&format!("another program listens on {address}")), "{errors}");
    assert!(errors.contains("--listen"), "{errors}");
}
