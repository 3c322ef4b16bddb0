//! The engine under the shipped rules: a log told again, in any order and more than once, leads to the same state.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use doorward_core::decision::Verdict;
use doorward_core::engine::Engine;
use doorward_core::event::{CredentialResult, Id, Outcome, OutcomeKind};
use doorward_core::policy::{self, ListFile, Policy, Sources};
use doorward_core::seen::{Claim, SeenEvents};
use doorward_core::time::{MINUTE_MS, Timestamp};
use proptest::prelude::*;
use proptest::sample::select;

use crate::scene::{Act, engine_of, id};

/// The shipped windows' shortest span; half of it is how late an event may come.
const SPAN_MS: i64 = 10 * MINUTE_MS;

/// A line of a log: an attempt with the verdict on record, or an outcome of it.
#[derive(Clone, Debug)]
struct Told {
    act: Act,
    verdict: Verdict,
    outcome: Option<OutcomeKind>,
}

impl Told {
    fn event_id(&self) -> Id {
        match self.outcome {
            None => self.act.attempt.event_id.clone(),
            Some(kind) => id(&format!("{} {kind}", self.act.attempt.event_id)),
        }
    }

    fn restore(&self, engine: &Engine) {
        let Act { attempt, enrichment } = &self.act;
        let Some(kind) = self.outcome else {
            return engine.restore(attempt, enrichment, self.verdict);
        };
        let occurred_at = attempt.occurred_at.plus(MINUTE_MS);
        let event_id = self.event_id();
        let outcome = Outcome { event_id, occurred_at, kind, failure: None, method: None };
        engine.report(attempt, enrichment, self.verdict, &outcome);
    }
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|found| found == ending)).collect()
}

/// The policy that Doorward comes with, compiled once.
pub(crate) static SHIPPED: LazyLock<Arc<Policy>> = LazyLock::new(|| Arc::new(shipped()));

fn shipped() -> Policy {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let named = |path: PathBuf| {
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        (name, fs::read_to_string(&path).unwrap())
    };
    let list = |(path, text)| ListFile { path, text, updated_at: Timestamp::from_ms(0) };
    let sources = Sources::new(files(&folder, "rules").into_iter().map(named).collect());
    let lists: Vec<_> =
        files(&folder.join("lists"), "csv").into_iter().map(named).map(list).collect();
    let (document, found) = policy::parse(&sources);
    let compiled = policy::compile(&sources, &document, found, &lists);
    compiled.policy.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics))
}

/// The state that a log leads to; what was told before is left out, as a service does.
fn digest(log: &[Told]) -> u128 {
    let engine = engine_of(Arc::clone(&SHIPPED));
    let seen = SeenEvents::new([3; 16], 10_000);
    for told in log {
        let event = seen.key(&told.act.attempt.tenant, &told.event_id());
        if seen.claim(event, 0) == Claim::New {
            told.restore(&engine);
        }
    }
    engine.store().digest()
}

/// Attempts within `span_ms`, each with the outcomes that were told of it.
fn log(span_ms: i64) -> impl Strategy<Value = Vec<Told>> {
    let verdict = select(Verdict::ALL);
    let result = select(CredentialResult::ALL);
    let outcomes = prop::collection::vec(select(OutcomeKind::ALL), 0..3);
    let act =
        (0..3u8, 0..3u8, 0..4u8, 0..span_ms, result).prop_map(|(user, device, ip, at, result)| {
            Act::new(&format!("u{user}"), at)
                .credential(result)
                .device(&format!("d{device}"))
                .ip(&format!("203.0.113.{ip}"))
                .asn(64_500 + u32::from(ip))
                .in_paris()
        });
    prop::collection::vec((act, verdict, outcomes), 1..24).prop_map(|attempts| {
        let mut log = Vec::new();
        for (number, (act, verdict, outcomes)) in attempts.into_iter().enumerate() {
            let act = act.event(&number.to_string());
            log.push(Told { act: act.clone(), verdict, outcome: None });
            let outcome = |kind| Told { act: act.clone(), verdict, outcome: Some(kind) };
            log.extend(outcomes.into_iter().map(outcome));
        }
        log
    })
}

/// A log, and all of it twice in another order.
fn told_again(span_ms: i64) -> impl Strategy<Value = (Vec<Told>, Vec<Told>)> {
    log(span_ms).prop_flat_map(|log| {
        let twice = [log.clone(), log.clone()].concat();
        (Just(log), Just(twice).prop_shuffle())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_log_told_again_within_the_lateness_leaves_the_same_state(
        (log, again) in told_again(SPAN_MS / 2)
    ) {
        prop_assert_eq!(digest(&log), digest(&again));
    }

    /// Windows forget, and what they forget does not depend on when it was told either.
    #[test]
    fn a_long_log_told_again_leaves_the_same_state((log, again) in told_again(30 * SPAN_MS)) {
        prop_assert_eq!(digest(&log), digest(&again));
    }

    /// One more attempt is another state, so the digest means something.
    #[test]
    fn an_attempt_more_is_seen(log in log(SPAN_MS)) {
        let mut more = log.clone();
        let act = Act::new("u0", 1).wrong().ip("203.0.113.9").event("more");
        more.push(Told { act, verdict: Verdict::Allow, outcome: None });
        prop_assert_ne!(digest(&log), digest(&more));
    }
}
