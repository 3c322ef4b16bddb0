//! Bursts: attempts from one address or network that were stopped and lie close together.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use doorward_core::event::{Attempt, Id};
use doorward_core::time::{MINUTE_MS, Timestamp};

/// A burst ends when nothing more is stopped for this long.
const PAUSE_MS: i64 = 30 * MINUTE_MS;
/// Fewer stopped attempts are no campaign.
const STOPPED_MIN: u64 = 5;
/// Accounts counted exactly for one burst; a larger one says "at least".
const USERS_MAX: usize = 100_000;

/// Attempts from one place that were stopped, without a long pause between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campaign {
    /// The address or the network.
    pub from: String,
    /// The reason that was given most often.
    pub reason: Arc<str>,
    /// The first stopped attempt.
    pub first_at: Timestamp,
    /// The last one.
    pub last_at: Timestamp,
    /// How many were stopped.
    pub stopped: u64,
    /// How many accounts they were for.
    pub users: u64,
}

/// Finds the bursts of one place in attempts that come about in the order of time.
#[derive(Clone, Debug, Default)]
pub(super) struct Bursts {
    open: HashMap<String, Burst>,
    finished: Vec<Campaign>,
}

#[derive(Clone, Debug)]
struct Burst {
    first_at: Timestamp,
    last_at: Timestamp,
    stopped: u64,
    users: HashSet<Id>,
    reasons: BTreeMap<Arc<str>, u64>,
}

impl Bursts {
    /// Counts an attempt from `from` that was not simply allowed.
    pub(super) fn add(&mut self, from: String, attempt: &Attempt, reason: &Arc<str>) {
        let at = attempt.occurred_at;
        let over = |burst: &Burst| at.since(burst.last_at) > PAUSE_MS;
        if self.open.get(&from).is_some_and(over)
            && let Some(burst) = self.open.remove(&from)
        {
            self.finished.extend(burst.campaign(from.clone()));
        }
        self.open.entry(from).or_insert_with(|| Burst::new(at)).add(attempt, reason);
    }

    /// The `wanted` largest campaigns, the largest first.
    pub(super) fn finish(mut self, wanted: usize) -> Vec<Campaign> {
        let open = self.open.into_iter().filter_map(|(from, burst)| burst.campaign(from));
        self.finished.extend(open);
        self.finished.sort_by(|a, b| {
            b.stopped.cmp(&a.stopped).then(a.first_at.cmp(&b.first_at)).then(a.from.cmp(&b.from))
        });
        self.finished.truncate(wanted);
        self.finished
    }
}

impl Burst {
    fn new(at: Timestamp) -> Self {
        Self {
            first_at: at,
            last_at: at,
            stopped: 0,
            users: HashSet::new(),
            reasons: BTreeMap::new(),
        }
    }

    fn add(&mut self, attempt: &Attempt, reason: &Arc<str>) {
        self.first_at = self.first_at.min(attempt.occurred_at);
        self.last_at = self.last_at.max(attempt.occurred_at);
        self.stopped += 1;
        if self.users.len() < USERS_MAX {
            self.users.extend(attempt.user.id.clone());
        }
        *self.reasons.entry(Arc::clone(reason)).or_default() += 1;
    }

    fn campaign(self, from: String) -> Option<Campaign> {
        let (reason, _) = self.reasons.into_iter().max_by_key(|(_, count)| *count)?;
        (self.stopped >= STOPPED_MIN).then_some(Campaign {
            from,
            reason,
            first_at: self.first_at,
            last_at: self.last_at,
            stopped: self.stopped,
            users: u64::try_from(self.users.len()).unwrap_or(u64::MAX),
        })
    }
}
