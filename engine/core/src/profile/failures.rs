//! Failures in a row: since the last success, never forgotten by time alone (NIST SP 800-63B-4).

use super::packed::{Reader, VARINT_BYTES_MAX, Writer};
use crate::few;
use crate::time::Timestamp;

/// Most failures in a row that are told apart: one beyond the hundred that NIST allows.
pub const FAILURES_MAX: usize = 101;

/// The newest failures after the newest success. The same for any order of arrival.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Failures {
    /// Sorted; at most [`FAILURES_MAX`], all later than the success.
    failed_at: Vec<Timestamp>,
    succeeded_at: Option<Timestamp>,
}

impl Failures {
    pub(super) const BYTES_MAX: usize = 1 + 8 + FAILURES_MAX * VARINT_BYTES_MAX;

    /// Before all time: no success yet.
    pub(super) const NEVER: Timestamp = Timestamp::from_ms(i64::MIN);

    /// No failures since a success.
    pub(super) fn since(succeeded_at: Timestamp) -> Self {
        let succeeded_at = Some(succeeded_at).filter(|at| *at != Self::NEVER);
        Self { failed_at: Vec::new(), succeeded_at }
    }

    /// A wrong credential at `at`.
    pub(super) fn fail(&mut self, at: Timestamp) {
        if self.succeeded_at.is_some_and(|success| at <= success) {
            return;
        }
        let position = self.failed_at.partition_point(|failure| *failure <= at);
        few::insert(&mut self.failed_at, position, at);
        let surplus = self.failed_at.len().saturating_sub(FAILURES_MAX);
        self.failed_at.drain(..surplus);
    }

    /// A right credential at `at`: failures up to it are over.
    pub(super) fn succeed(&mut self, at: Timestamp) {
        self.succeeded_at = self.succeeded_at.max(Some(at));
        let over = self.failed_at.partition_point(|failure| Some(*failure) <= self.succeeded_at);
        self.failed_at.drain(..over);
    }

    /// Failures since the last success, at most [`FAILURES_MAX`].
    pub(super) fn count(&self) -> usize {
        self.failed_at.len()
    }

    pub(super) fn succeeded_at(&self) -> Option<Timestamp> {
        self.succeeded_at
    }

    /// The failures: how many, the first as it is, then the milliseconds from one to the next.
    pub(super) fn pack(&self, to: &mut Writer) {
        to.count(self.failed_at.len());
        let Some(first) = self.failed_at.first() else { return };
        to.i64(first.ms());
        for (before, after) in self.failed_at.iter().zip(self.failed_at.iter().skip(1)) {
            to.varint(after.ms().abs_diff(before.ms()));
        }
    }

    pub(super) fn unpack(&mut self, from: &mut Reader<'_>) {
        let count = from.count();
        self.failed_at.reserve_exact(count);
        let mut at = 0;
        for number in 0..count {
            at = if number == 0 { from.i64() } else { at.saturating_add_unsigned(from.varint()) };
            self.failed_at.push(Timestamp::from_ms(at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_success_ends_the_row_whenever_it_is_told() {
        let check = |events: &[i64], expected| {
            let mut failures = Failures::default();
            for event in events {
                let at = Timestamp::from_ms(event.abs());
                if *event < 0 { failures.fail(at) } else { failures.succeed(at) }
            }
            assert_eq!(failures.count(), expected, "{events:?}");
        };
        check(&[-1, -2, -3], 3);
        check(&[-1, 2, -3], 1);
        check(&[-3, 2, -1], 1);
        check(&[-2, -3, 3], 0);
        check(&(1..200).map(|at: i64| -at).collect::<Vec<_>>(), FAILURES_MAX);
    }
}
