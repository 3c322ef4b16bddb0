//! What a replay found, in numbers and in the terminal's look.

mod campaign;
mod collect;
mod draw;
mod tally;

use doorward_core::time::Timestamp;

use crate::replay::format::{Coverage, Misread};

pub use campaign::Campaign;
pub use collect::{ADDRESSES_MAX, Collector};
pub use draw::draw;
pub use tally::{Reasons, Tally, Told, TopReason};
pub(crate) use tally::{ink, phrase};

/// Most lines shown of those not understood or not used.
pub const LEFT_OUT_MAX: usize = 10;

/// Everything that is told after a replay.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// What was read.
    pub input: Input,
    /// Event times of the first and the last attempt.
    pub span: Option<(Timestamp, Timestamp)>,
    /// The verdicts.
    pub tally: Tally,
    /// Why attempts were not simply allowed, the most frequent first.
    pub reasons: Vec<TopReason>,
    /// Bursts of attempts that were not simply allowed, the largest first.
    pub campaigns: Vec<Campaign>,
    /// Addresses with the most failures.
    pub addresses: Vec<AddressRow>,
    /// Attempts of addresses beyond the first [`ADDRESSES_MAX`]: in the verdicts, in no row.
    pub untracked: u64,
    /// Wall time of the replay, in milliseconds.
    pub took_ms: u64,
}

/// What became of everything that was read; nothing is dropped without being counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// Where it came from, for the title.
    pub source: String,
    /// What every line was.
    pub coverage: Coverage,
    /// Attempts that were decided on.
    pub attempts: u64,
    /// Outcomes that were learned.
    pub outcomes: u64,
    /// Events told before, word for word, which changed nothing.
    pub repeated: u64,
    /// Events that were understood and could not be used: outcomes without their attempt, ids used twice.
    pub unused: u64,
    /// The first lines that were not understood or not used, and why, at most [`LEFT_OUT_MAX`].
    pub left_out: Vec<Misread>,
}

/// One address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressRow {
    /// The address.
    pub address: String,
    /// Who announces it, if that is known.
    pub network: Option<String>,
    /// Attempts with a wrong credential.
    pub failures: u64,
    /// Different accounts tried.
    pub users: u64,
    /// The verdicts on its attempts.
    pub tally: Tally,
}
