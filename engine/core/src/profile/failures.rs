//! Failures in a row, one row for each method: since the last success with it, never forgotten by time alone
//! (NIST SP 800-63B-4, section 3.2.2, counts per account and authenticator).

use crate::event::Method;
use crate::few;
use crate::packed::{Reader, VARINT_BYTES_MAX, Writer};
use crate::time::Timestamp;

/// Most failures in a row that are told apart: one beyond the hundred that NIST allows.
pub const FAILURES_MAX: usize = 101;

/// By which method a credential was given, as one byte; 0 if nobody said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct By(u8);

impl By {
    /// Different values.
    const COUNT: usize = Method::ALL.len() + 1;

    pub(crate) fn of(method: Option<Method>) -> Self {
        let place = |method| Method::ALL.iter().position(|known| *known == method);
        let number = method.and_then(place).map_or(0, |place| place + 1);
        Self(u8::try_from(number).unwrap_or_default())
    }

    /// The other way round.
    pub(super) fn method(self) -> Option<Method> {
        Method::ALL.get(usize::from(self.0).checked_sub(1)?).copied()
    }

    pub(crate) fn number(self) -> u8 {
        self.0
    }

    pub(super) fn pack(self, to: &mut Writer) {
        to.u8(self.0);
    }

    pub(super) fn unpack(from: &mut Reader<'_>) -> Self {
        Self(from.u8())
    }
}

/// The rows of one user, by method. The same for any order of arrival.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Failures(Vec<Row>);

/// The newest failures after the newest success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    by: By,
    succeeded_at: Option<Timestamp>,
    /// Sorted; at most [`FAILURES_MAX`], all later than the success.
    failed_at: Vec<Timestamp>,
}

impl Failures {
    pub(super) const BYTES_MAX: usize =
        1 + By::COUNT * (1 + 8 + 1 + 8 + FAILURES_MAX * VARINT_BYTES_MAX);

    pub(super) fn empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The row of a method, if the user ever gave a credential by it.
    pub(super) fn row(&self, by: By) -> Option<&Row> {
        self.0.iter().find(|row| row.by == by)
    }

    /// A wrong credential at `at`.
    pub(super) fn fail(&mut self, by: By, at: Timestamp) {
        if let Some(row) = self.row_mut(by) {
            row.fail(at);
        }
    }

    /// A right credential at `at`: failures up to it are over.
    pub(super) fn succeed(&mut self, by: By, at: Timestamp) {
        if let Some(row) = self.row_mut(by) {
            row.succeed(at);
        }
    }

    /// Adds the rows of another account, which is the same person's.
    pub(super) fn join(&mut self, others: &Self) {
        for other in &others.0 {
            let Some(row) = self.row_mut(other.by) else { continue };
            other.failed_at.iter().for_each(|at| row.fail(*at));
            other.succeeded_at.into_iter().for_each(|at| row.succeed(at));
        }
    }

    /// Each method that failures are remembered of, how many there are, and when the last was.
    pub(super) fn counts(&self) -> impl Iterator<Item = (By, u32, Timestamp)> {
        self.0.iter().filter_map(|row| {
            let count = u32::try_from(row.count()).unwrap_or(u32::MAX);
            Some((row.by, count, *row.failed_at.last()?))
        })
    }

    /// When the oldest failure was that is remembered.
    pub(super) fn failing_since(&self) -> Option<Timestamp> {
        self.0.iter().filter_map(|row| row.failed_at.first()).min().copied()
    }

    /// When any credential was last right.
    pub(super) fn succeeded_at(&self) -> Option<Timestamp> {
        self.0.iter().filter_map(|row| row.succeeded_at).max()
    }

    /// How many rows, then of each: the method, the success, how many failures, the first as it is, and the
    /// milliseconds from one to the next.
    pub(super) fn pack(&self, to: &mut Writer) {
        to.count(self.0.len());
        for row in &self.0 {
            row.by.pack(to);
            to.moment(row.succeeded_at);
            to.count(row.failed_at.len());
            let Some(first) = row.failed_at.first() else { continue };
            to.i64(first.ms());
            for (before, after) in row.failed_at.iter().zip(row.failed_at.iter().skip(1)) {
                to.varint(after.ms().abs_diff(before.ms()));
            }
        }
    }

    pub(super) fn unpack(from: &mut Reader<'_>) -> Self {
        let count = from.count();
        let mut rows = Vec::with_capacity(count);
        for _ in 0..count {
            let by = By::unpack(from);
            rows.push(Row { by, succeeded_at: from.moment(), failed_at: unpack_times(from) });
        }
        Self(rows)
    }

    fn row_mut(&mut self, by: By) -> Option<&mut Row> {
        let place = self.0.partition_point(|row| row.by < by);
        if self.0.get(place).is_none_or(|row| row.by != by) {
            let row = Row { by, succeeded_at: None, failed_at: Vec::new() };
            few::insert(&mut self.0, place, row);
        }
        self.0.get_mut(place)
    }
}

impl Row {
    /// Failures since the last success, at most [`FAILURES_MAX`].
    pub(super) fn count(&self) -> usize {
        self.failed_at.len()
    }

    /// The newest of them that is not later than `now`.
    pub(super) fn failed_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.failed_at.iter().rev().find(|at| **at <= now).copied()
    }

    fn fail(&mut self, at: Timestamp) {
        if self.succeeded_at.is_some_and(|success| at <= success) {
            return;
        }
        let position = self.failed_at.partition_point(|failure| *failure <= at);
        few::insert(&mut self.failed_at, position, at);
        let surplus = self.failed_at.len().saturating_sub(FAILURES_MAX);
        self.failed_at.drain(..surplus);
    }

    fn succeed(&mut self, at: Timestamp) {
        self.succeeded_at = self.succeeded_at.max(Some(at));
        let over = self.failed_at.partition_point(|failure| Some(*failure) <= self.succeeded_at);
        self.failed_at.drain(..over);
    }
}

/// A right credential, counted in packed failures without taking them apart; `false` unless they are one row of this
/// method, with no failure to end, and the last success may be followed by one at `at` according to `follows`.
pub(super) fn succeed_at_once(
    packed: &mut [u8],
    by: By,
    at: Timestamp,
    follows: impl FnOnce(Timestamp) -> bool,
) -> bool {
    let [1, method, row @ ..] = packed else { return false };
    let Some((succeeded_at, [0, ..])) = row.split_first_chunk_mut() else { return false };
    let before = Timestamp::from_ms(i64::from_le_bytes(*succeeded_at));
    let possible = *method == by.0 && follows(before);
    if possible {
        *succeeded_at = before.max(at).ms().to_le_bytes();
    }
    possible
}

fn unpack_times(from: &mut Reader<'_>) -> Vec<Timestamp> {
    let count = from.count();
    let mut times = Vec::with_capacity(count);
    let mut at = 0;
    for number in 0..count {
        at = if number == 0 { from.i64() } else { at.saturating_add_unsigned(from.varint()) };
        times.push(Timestamp::from_ms(at));
    }
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: Option<Method> = Some(Method::Password);

    /// Negative times are failures.
    fn told(events: &[i64]) -> Failures {
        let mut failures = Failures::default();
        for event in events {
            let at = Timestamp::from_ms(event.abs());
            let by = By::of(PASSWORD);
            if *event < 0 { failures.fail(by, at) } else { failures.succeed(by, at) }
        }
        failures
    }

    fn count(failures: &Failures, method: Option<Method>) -> usize {
        failures.row(By::of(method)).map_or(0, Row::count)
    }

    #[test]
    fn a_success_ends_the_row_whenever_it_is_told() {
        let check = |events: &[i64], expected| {
            assert_eq!(count(&told(events), PASSWORD), expected, "{events:?}");
        };
        check(&[-1, -2, -3], 3);
        check(&[-1, 2, -3], 1);
        check(&[-3, 2, -1], 1);
        check(&[-2, -3, 3], 0);
        check(&(1..200).map(|at: i64| -at).collect::<Vec<_>>(), FAILURES_MAX);
    }

    #[test]
    fn a_success_with_one_method_ends_no_other_row() {
        let mut failures = told(&[-1, -2]);
        failures.fail(By::of(Some(Method::Totp)), Timestamp::from_ms(3));
        failures.succeed(By::of(None), Timestamp::from_ms(4));
        assert_eq!(count(&failures, PASSWORD), 2);
        assert_eq!(count(&failures, Some(Method::Totp)), 1);
        assert_eq!(count(&failures, None), 0);
        assert_eq!(failures.succeeded_at(), Some(Timestamp::from_ms(4)));
    }

    #[test]
    fn the_last_failure_is_none_of_the_future() {
        let failures = told(&[-10, -20, -40]);
        let last = |now| failures.row(By::of(PASSWORD))?.failed_at(Timestamp::from_ms(now));
        assert_eq!(last(9), None);
        assert_eq!(last(39), Some(Timestamp::from_ms(20)));
    }

    #[test]
    fn bytes_come_back_as_they_were_and_can_be_changed_in_place() {
        for events in [&[-5, -9, -1_000_000][..], &[7], &[]] {
            let mut writer = Writer::with_capacity(8);
            told(events).pack(&mut writer);
            let mut bytes = writer.into_bytes();
            assert_eq!(Failures::unpack(&mut Reader::new(&bytes)), told(events));
            assert!(!succeed_at_once(&mut bytes, By::of(None), Timestamp::from_ms(9), |_| true));
            assert!(!succeed_at_once(&mut bytes, By::of(PASSWORD), Timestamp::from_ms(9), |_| {
                false
            }));
            let alone = events == [7];
            let at = Timestamp::from_ms(9);
            assert_eq!(succeed_at_once(&mut bytes, By::of(PASSWORD), at, |_| true), alone);
            let expected = if alone { told(&[9]) } else { told(events) };
            assert_eq!(Failures::unpack(&mut Reader::new(&bytes)), expected);
        }
    }

    #[test]
    fn every_method_has_a_number_of_its_own() {
        let numbers = |method: &Method| By::of(Some(*method)).method() == Some(*method);
        assert!(Method::ALL.iter().all(numbers));
        assert_eq!(By::of(None).method(), None);
    }
}
