//! The power goes out, many times, under load: what was answered stays, once, and the state is what a
//! clean replay reaches.

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use doorward::record::{self, KIND_DECISION};
use doorward::wire::decision_service_client::DecisionServiceClient;
use doorward::wire::{self, EvaluateRequest};
use tempfile::TempDir;
use tonic::transport::Channel;

use crate::process::{Doorward, command};

/// Logs that are tried; a restart replays its whole log, so long ones cost time and show nothing more.
const LOGS: usize = 10;
/// How often the process is killed on each log.
const KILLS: usize = 20;
/// Calls in flight at any time.
const CALLERS: usize = 16;
/// A round ends after at most this many answers.
const ANSWERS_MAX: u64 = 120;

/// What the callers have sent and heard, over all rounds.
#[derive(Default)]
struct Callers {
    sent: AtomicUsize,
    /// Sent, but never answered: sent again in the next round, under the same event id.
    unanswered: Mutex<VecDeque<usize>>,
    /// Event id to decision id.
    answered: Mutex<HashMap<String, String>>,
}

impl Callers {
    fn next(&self) -> usize {
        let again = self.unanswered.lock().unwrap().pop_front();
        again.unwrap_or_else(|| self.sent.fetch_add(1, Ordering::Relaxed))
    }

    /// Notes an answer; an event has one.
    fn heard(&self, answer: wire::EvaluateResponse) {
        let decision = answer.decision.unwrap();
        let mut answered = self.answered.lock().unwrap();
        let before = answered.insert(decision.event_id.clone(), decision.decision_id);
        assert_eq!(before, None, "{} was answered twice", decision.event_id);
    }

    /// Calls until the service is gone, or until `left` runs out; then kills it through `end`.
    async fn call(
        &self,
        mut client: DecisionServiceClient<Channel>,
        left: &AtomicUsize,
        end: &Mutex<Option<Doorward>>,
    ) {
        loop {
            let number = self.next();
            let request = EvaluateRequest { attempt: Some(attempt(number)) };
            let Ok(answer) = client.evaluate(request).await else {
                self.unanswered.lock().unwrap().push_back(number);
                return;
            };
            self.heard(answer.into_inner());
            if left.fetch_sub(1, Ordering::Relaxed) == 1 {
                end.lock().unwrap().take().unwrap().kill();
            }
        }
    }
}

/// Attempts of forty people from twenty addresses, every third a failure.
pub(crate) fn attempt(number: usize) -> wire::Attempt {
    let result = if number.is_multiple_of(3) {
        wire::credential::Result::Wrong
    } else {
        wire::credential::Result::Right
    };
    wire::Attempt {
        event_id: format!("event-{number}"),
        population: wire::Population::Customer.into(),
        journey: wire::Journey::Login.into(),
        user: Some(wire::User { id: format!("user-{}", number % 40), ..Default::default() }),
        credential: Some(wire::Credential { result: result.into(), ..Default::default() }),
        client: Some(wire::Client {
            address: format!("203.0.113.{}", number % 20),
            ..Default::default()
        }),
        device: Some(wire::Device { id: format!("device-{}", number % 50), ..Default::default() }),
        ..Default::default()
    }
}

/// Every decision in the log: event id to decision id. Fails on an event that is there twice.
fn recorded(data: &Path) -> HashMap<String, String> {
    let mut found = HashMap::new();
    for frame in doorward::log::scan(&data.join("log")) {
        let (_, frame) = frame.unwrap();
        if frame.kind == KIND_DECISION {
            let record = record::read(&frame.payload).unwrap();
            let decision = record.decision.unwrap();
            let twice = found.insert(decision.event_id.clone(), decision.decision_id);
            assert_eq!(twice, None, "{} is on record twice", decision.event_id);
        }
    }
    found
}

/// Kills the service again and again on one log, then holds the log and the state against what was heard.
async fn check(dice: &mut u64) {
    let data = TempDir::new().unwrap();
    let callers = Callers::default();
    for _ in 0..KILLS {
        let doorward = Doorward::serve(data.path(), &[]);
        let left = AtomicUsize::new(1 + usize::try_from(roll(dice) % ANSWERS_MAX).unwrap());
        let client = connect(&doorward).await;
        let end = Mutex::new(Some(doorward));
        let calls = (0..CALLERS).map(|_| callers.call(client.clone(), &left, &end));
        futures_util::future::join_all(calls).await;
    }

    // Now with traffic after the recovery, and an orderly end: this state was only partly replayed.
    let last = Doorward::serve(data.path(), &[]);
    let mut client = connect(&last).await;
    for _ in 0..4 * CALLERS {
        let number = callers.next();
        let answer = client.evaluate(EvaluateRequest { attempt: Some(attempt(number)) }).await;
        callers.heard(answer.unwrap().into_inner());
    }
    let words = last.stop();
    let found = recorded(data.path());
    let answered = callers.answered.into_inner().unwrap();
    assert!(answered.len() > KILLS, "only {} answers", answered.len());
    for (event, decision) in &answered {
        assert_eq!(found.get(event), Some(decision), "{event} was answered");
    }
    let arguments = ["log", "digest", "--data", data.path().to_str().unwrap()];
    let replayed = String::from_utf8(command(&arguments).output().unwrap().stdout).unwrap();
    assert_eq!(digest(&words), digest(&replayed), "the state differs from a clean replay");
}

pub(crate) async fn connect(doorward: &Doorward) -> DecisionServiceClient<Channel> {
    DecisionServiceClient::connect(format!("http://{}", doorward.address)).await.unwrap()
}

/// The next number of a xorshift generator.
fn roll(dice: &mut u64) -> u64 {
    *dice ^= *dice << 13;
    *dice ^= *dice >> 7;
    *dice ^= *dice << 17;
    *dice
}

/// `… state DIGEST` → `DIGEST`
pub(crate) fn digest(words: &str) -> &str {
    words.split("state ").nth(1).unwrap().split_whitespace().next().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_power_cuts_lose_nothing_that_was_answered() {
    let mut dice = 0x9e37_79b9_7f4a_7c15;
    for _ in 0..LOGS {
        check(&mut dice).await;
    }
}
