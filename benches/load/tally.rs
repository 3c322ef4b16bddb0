//! What was measured.

use std::time::Duration;

use doorward::wire::Verdict;
use hdrhistogram::Histogram;

use crate::codec::Decision;
use crate::messages;

/// Latencies above this count as this.
const LATENCY_US_MAX: u64 = 60_000_000;
/// Two digits keep a histogram small enough for one per call in flight; the error is within 1 %.
const DIGITS: u8 = 2;

/// Answers of one worker, or of all workers of a round.
#[derive(Debug)]
pub(crate) struct Tally {
    latencies_us: Histogram<u64>,
    bytes: usize,
    /// Calls without a good answer.
    pub(crate) errors: u64,
    /// What the first of them said.
    pub(crate) first_error: Option<String>,
}

impl Tally {
    /// Nothing measured yet.
    pub(crate) fn empty() -> Result<Self, hdrhistogram::CreationError> {
        let latencies_us = Histogram::new_with_max(LATENCY_US_MAX, DIGITS)?;
        Ok(Self { latencies_us, bytes: 0, errors: 0, first_error: None })
    }

    /// Counts an answer of so many bytes that took `latency`, or what is wrong with it.
    pub(crate) fn count(&mut self, latency: Duration, bytes: usize, checked: Result<(), String>) {
        match checked {
            Ok(()) => {
                self.bytes += bytes;
                let latency_us = u64::try_from(latency.as_micros()).unwrap_or(LATENCY_US_MAX);
                self.latencies_us.saturating_record(latency_us);
            }
            Err(error) => self.fail(error),
        }
    }

    /// Counts a call without a good answer.
    pub(crate) fn fail(&mut self, error: String) {
        self.errors += 1;
        self.first_error.get_or_insert(error);
    }

    /// Adds what another worker counted.
    pub(crate) fn merge(&mut self, other: Self) -> Result<(), hdrhistogram::AdditionError> {
        self.latencies_us.add(other.latencies_us)?;
        self.bytes += other.bytes;
        self.errors += other.errors;
        self.first_error = self.first_error.take().or(other.first_error);
        Ok(())
    }

    /// Good answers.
    pub(crate) fn answers(&self) -> u64 {
        self.latencies_us.len()
    }

    /// Mean size of an answer, without the five bytes that gRPC puts before it.
    pub(crate) fn answer_bytes(&self) -> f64 {
        self.bytes as f64 / self.answers() as f64
    }

    /// The latency that this share of the answers did not exceed.
    pub(crate) fn latency_ms(&self, share: f64) -> f64 {
        self.latencies_us.value_at_quantile(share) as f64 / 1_000.0
    }
}

/// What is wrong with the answer to the attempt of this number, which was sent once.
pub(crate) fn check(
    number: u64,
    decision: Option<&Decision>,
    duplicate: bool,
) -> Result<(), String> {
    let decision = decision.ok_or_else(|| format!("no decision for attempt {number}"))?;
    if messages::number(&decision.event_id) != Some(number) {
        return Err(format!("asked about attempt {number}, told of `{}`", decision.event_id));
    }
    if duplicate {
        return Err(format!("attempt {number} taken for one sent before"));
    }
    match decision.verdict() {
        Verdict::Allow | Verdict::StepUp | Verdict::Deny => Ok(()),
        Verdict::Unspecified => Err(format!("no verdict for attempt {number}")),
    }
}
