//! A start that begins with a snapshot leads to the state that was lived, whatever is wrong with the snapshot.

mod damage;
mod log;
mod meanwhile;
mod tail;

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use doorward::desk::{OpenError, Opened};
use doorward::enrich::{Enricher, GeoData};
use doorward::log::limits::Limits;
use doorward::rules::RuleText;
use doorward::wire::account_change::Kind;
use doorward::wire::{AccountChange, Attempt, ChangeAccountRequest, EvaluateRequest};

use super::{Door, replay};
use crate::edge::server;
use crate::recheck::{ATTEMPTS, attempt};

/// A segment that is soon made; the policy is one large record.
const LIMITS: Limits = Limits {
    segment_bytes: 512 << 10,
    record_bytes_max: 400 << 10,
    queue_records_max: 1_000,
    queue_bytes_max: 32 << 20,
};

/// An attempt for each number, as there are events; what they tell comes again.
fn visit(number: u32) -> EvaluateRequest {
    let event_id = format!("event-{number}");
    EvaluateRequest { attempt: Some(Attempt { event_id, ..attempt(number % ATTEMPTS) }) }
}

/// The user of an attempt is another from then on.
fn changed(number: u32) -> ChangeAccountRequest {
    let kind = if number % 100 == 49 { Kind::Recycled } else { Kind::Merged };
    let Attempt { user, occurred_at, tenant, .. } = attempt(number % ATTEMPTS);
    let change = AccountChange {
        event_id: format!("change-{number}"),
        occurred_at,
        tenant,
        user_id: user.unwrap().id,
        kind: kind.into(),
        other_user_id: if kind == Kind::Merged { "everybody".to_owned() } else { String::new() },
        ..AccountChange::default()
    };
    ChangeAccountRequest { change: Some(change) }
}

/// Attempts with these numbers, each with what was told of it and a change of the account now and then.
async fn live(door: &Door, numbers: Range<u32>) {
    for number in numbers {
        door.desk.evaluate(visit(number)).unwrap().await.unwrap();
        for outcome in replay::told(number) {
            door.tell(&outcome).await;
        }
        if number % 50 == 49 {
            door.desk.change_account(changed(number)).unwrap().await.unwrap();
        }
    }
}

/// Takes a snapshot; how many records it stands for.
fn take(door: &Door) -> u64 {
    door.desk.snapshot().unwrap().unwrap().records
}

fn opened(data: &Path) -> Opened {
    opened_by(data, &RuleText::read(None).unwrap())
}

fn opened_by(data: &Path, text: &RuleText) -> Opened {
    tried(data, text, LIMITS).unwrap()
}

fn tried(data: &Path, text: &RuleText, limits: Limits) -> Result<Opened, OpenError> {
    server::opened(data, text, Enricher::new(GeoData::default()), limits)
}

impl Door {
    /// A desk with a small log.
    fn open_small() -> Self {
        let data = tempfile::tempdir().unwrap();
        Self { desk: opened(data.path()).desk, data }
    }

    /// The same door after an orderly restart, and how many records its snapshot stood for.
    fn restart(self) -> (Self, u64) {
        let Self { desk, data } = self;
        desk.log().close().unwrap();
        drop(desk);
        let Opened { desk, loaded, .. } = opened(data.path());
        (Self { desk, data }, loaded)
    }
}

/// The snapshots in a data directory, the newest first.
fn files(data: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(data.join("snapshots")).into_iter().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.reverse();
    files
}

/// The segments of the log in a data directory, the oldest first.
fn segments(data: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(data.join("log")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.filter(|file| file.extension().is_some()).collect();
    files.sort();
    files
}

fn flip(file: &Path, byte: usize) {
    let mut bytes = fs::read(file).unwrap();
    bytes[byte] ^= 1;
    fs::write(file, bytes).unwrap();
}
