//! One window of one entity: how its cells are counted and read.

use super::amount::{self, Amount, Currency, Sums, sums};
use super::buckets::Covered;
use super::cells::{Cell, Cells, Place, WindowNumber, split};
use super::compare::{self, VALUES_MAX};
use super::{Aggregate, WindowSpec, Windows, distinct};
use crate::signal::SignalId;
use crate::time::Timestamp;
use crate::value::{Cause, Reading, Type, Value};

/// What an attempt brings to a window: the value that is told apart or added up.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operand {
    /// The window only counts attempts.
    Nothing,
    /// The keyed hash of a value to tell apart.
    Mark(u64),
    /// A value to add up.
    Amount(Amount),
}

/// A window under the number that a store gave it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tally {
    pub(crate) number: WindowNumber,
    pub(crate) aggregate: Aggregate,
    /// The type of what is told apart or added up.
    kind: Type,
}

impl Tally {
    /// `spec` is one of `windows`.
    pub(crate) fn new(number: WindowNumber, spec: &WindowSpec, windows: &Windows) -> Self {
        let kind = spec.aggregate.of().map_or(Type::Int, |of| windows.kind(of));
        Self { number, aggregate: spec.aggregate, kind }
    }

    /// Counts as exactly as `other`, another window of the same definition.
    pub(crate) fn widen(&mut self, other: Self) {
        if let (
            Aggregate::Distinct { exact_max, .. },
            Aggregate::Distinct { exact_max: others, .. },
        ) = (&mut self.aggregate, other.aggregate)
        {
            *exact_max = others.max(*exact_max);
        }
    }

    /// The signal whose values are told apart.
    pub(crate) fn told_apart(&self) -> Option<SignalId> {
        match self.aggregate {
            Aggregate::Distinct { of, .. } => Some(of),
            Aggregate::Count | Aggregate::Sum { .. } | Aggregate::Max { .. } => None,
            Aggregate::First | Aggregate::Last | Aggregate::Regularity => None,
            Aggregate::Mean { .. } | Aggregate::Deviation { .. } => None,
            Aggregate::Spread | Aggregate::Run { .. } => None,
        }
    }

    /// Counts an attempt in the bucket of its own time, the last that its window covers. One without the operand
    /// that the window needs is no part of the window.
    pub(crate) fn count(
        &self,
        cells: &mut Cells,
        at: Timestamp,
        covered: Covered,
        operand: Operand,
    ) {
        let place = Place::new(self.number, covered.last);
        match (self.aggregate, operand) {
            (Aggregate::Count, _) => cells.put(place, 1, i64::saturating_add),
            (Aggregate::First, _) => cells.put(place, at.ms(), i64::min),
            (Aggregate::Last, _) => cells.put(place, at.ms(), i64::max),
            (Aggregate::Regularity, _) => {
                distinct::put(cells, place, at.ms().cast_unsigned(), VALUES_MAX);
            }
            (Aggregate::Distinct { exact_max, .. }, Operand::Mark(mark)) => {
                let exact_max = usize::try_from(exact_max).unwrap_or(usize::MAX);
                distinct::put(cells, place, mark, exact_max);
            }
            (Aggregate::Spread | Aggregate::Run { .. }, Operand::Mark(mark)) => {
                distinct::put(cells, place, mark, VALUES_MAX);
            }
            (Aggregate::Sum { .. }, Operand::Amount(Amount { currency, units })) => {
                amount::put(cells, place, (currency, [units]), i128::saturating_add);
            }
            (Aggregate::Max { .. }, Operand::Amount(Amount { currency, units })) => {
                amount::put(cells, place, (currency, [units]), i128::max);
            }
            (Aggregate::Mean { .. }, Operand::Amount(Amount { currency, units })) => {
                let one = (currency, amount::one(units));
                amount::put(cells, place, one, i128::saturating_add);
            }
            (Aggregate::Deviation { .. }, Operand::Amount(Amount { currency, units })) => {
                let moments = (currency, amount::moments(units));
                amount::put(cells, place, moments, i128::saturating_add);
            }
            (Aggregate::Distinct { .. } | Aggregate::Sum { .. } | Aggregate::Max { .. }, _) => {}
            (Aggregate::Mean { .. } | Aggregate::Deviation { .. }, _) => {}
            (Aggregate::Spread | Aggregate::Run { .. }, _) => {}
        }
    }

    /// Adds the cells of the same window of another entity.
    pub(crate) fn join(&self, cells: &mut Cells, others: &[Cell]) {
        let put = |cells: &mut Cells, merge: fn(i64, i64) -> i64| {
            others.iter().for_each(|cell| cells.put(cell.place, cell.value, merge));
        };
        let keep = |cells: &mut Cells, most: usize| {
            for cell in others {
                distinct::put(cells, cell.place, cell.value.cast_unsigned(), most);
            }
        };
        match self.aggregate {
            Aggregate::Count => put(cells, i64::saturating_add),
            Aggregate::First => put(cells, i64::min),
            Aggregate::Last => put(cells, i64::max),
            Aggregate::Distinct { exact_max, .. } => {
                keep(cells, usize::try_from(exact_max).unwrap_or(usize::MAX));
            }
            Aggregate::Spread | Aggregate::Regularity | Aggregate::Run { .. } => {
                keep(cells, VALUES_MAX);
            }
            Aggregate::Sum { .. } => add::<1>(cells, others, i128::saturating_add),
            Aggregate::Max { .. } => add::<1>(cells, others, i128::max),
            Aggregate::Mean { .. } => add::<2>(cells, others, i128::saturating_add),
            Aggregate::Deviation { .. } => add::<3>(cells, others, i128::saturating_add),
        }
    }

    /// The window as an attempt at `now` sees it, itself included if it was counted. `own` are its cells, `covered`
    /// the buckets of its span up to `now`.
    ///
    /// Covers at least the span and at most one bucket more. An amount of money is read in the currency of
    /// the attempt's own among `readings`: amounts of different currencies never mix. `Incomplete` if some of what
    /// is covered may be forgotten already.
    pub(crate) fn read(
        &self,
        own: &[Cell],
        now: Timestamp,
        covered: Covered,
        readings: &[Reading],
    ) -> Result<Value, Cause> {
        let Some(newest) = own.last() else { return self.value(&[], &[], now, readings) };
        if covered.first < newest.place.bucket().oldest_kept() {
            return Err(Cause::Incomplete);
        }
        let first = Place::new(self.number, covered.first);
        let last = Place::new(self.number, covered.last);
        let (_, since) = split(own, |place| place < first);
        let (inside, _) = split(since, |place| place <= last);
        self.value(since, inside, now, readings)
    }

    /// What the cells come to: those from the first covered bucket on, and those covered.
    fn value(
        &self,
        since: &[Cell],
        inside: &[Cell],
        now: Timestamp,
        readings: &[Reading],
    ) -> Result<Value, Cause> {
        let values = || inside.iter().map(|cell| cell.value);
        // Later ones too: only the last sighting of a value is kept, and one seen again must not make what they show less.
        let different = || since.iter().map(|cell| cell.value);
        match self.aggregate {
            Aggregate::Count => Ok(Value::Int(values().fold(0, i64::saturating_add))),
            Aggregate::Distinct { .. } => {
                Ok(Value::Int(i64::try_from(since.len()).unwrap_or(i64::MAX)))
            }
            Aggregate::Spread => Ok(Value::Distance(compare::spread_km(different()))),
            Aggregate::Run { .. } => Ok(Value::Int(compare::run(different()))),
            Aggregate::Regularity => {
                compare::regularity(values(), now).map(Value::Ratio).ok_or(Cause::NoHistory)
            }
            Aggregate::First => age(now, values().min()),
            Aggregate::Last => age(now, values().max()),
            Aggregate::Sum { of } => amount(inside, (of, self.kind), readings, |own| {
                Some(own.map(|[units]| units).sum())
            }),
            Aggregate::Max { of } => {
                amount(inside, (of, self.kind), readings, |own| own.map(|[units]| units).max())
            }
            Aggregate::Mean { of } => {
                amount(inside, (of, self.kind), readings, |own| amount::mean(total(own)))
            }
            Aggregate::Deviation { of } => {
                amount(inside, (of, self.kind), readings, |own| amount::deviation(total(own)))
            }
        }
    }
}

/// Adds the amounts in the cells of the same window of another entity.
fn add<const N: usize>(cells: &mut Cells, others: &[Cell], merge: fn(i128, i128) -> i128) {
    for (place, currency, sums) in sums::<N>(others) {
        amount::put(cells, place, (currency, sums), merge);
    }
}

/// The value of a signal, or why it is unknown.
pub(crate) fn value(readings: &[Reading], signal: SignalId) -> Result<&Value, Cause> {
    match readings.get(signal) {
        Some(Reading::Known(value)) => Ok(value),
        Some(Reading::Unknown(cause)) => Err(*cause),
        None => Err(Cause::MissingInput),
    }
}

/// What the attempt itself brings to a sum.
pub(crate) fn own_amount(readings: &[Reading], of: SignalId) -> Result<Amount, Cause> {
    value(readings, of).and_then(|value| Amount::of(value).ok_or(Cause::NotApplicable))
}

/// How long before `now` a time was; never negative, as the bucket of `now` may hold later attempts.
fn age(now: Timestamp, at_ms: Option<i64>) -> Result<Value, Cause> {
    let at = Timestamp::from_ms(at_ms.ok_or(Cause::NoHistory)?);
    Ok(Value::Duration(now.since(at).max(0)))
}

/// What the amounts in the attempt's currency come to, as a value of the signal's kind; `NoHistory` where that is nothing.
fn amount<const N: usize>(
    covered: &[Cell],
    (of, kind): (SignalId, Type),
    readings: &[Reading],
    come_to: fn(&mut dyn Iterator<Item = Sums<N>>) -> Option<i128>,
) -> Result<Value, Cause> {
    let currency = match own_amount(readings, of) {
        Ok(own) => own.currency,
        Err(cause) if kind == Type::Money => return Err(cause),
        Err(_) => Currency::default(),
    };
    let own = sums(covered).filter(|(_, kept, _)| *kept == currency);
    let units = come_to(&mut own.map(|(.., sums)| sums)).ok_or(Cause::NoHistory)?;
    Amount { currency, units }.value(kind).ok_or(Cause::NotApplicable)
}

/// All of them, each added up on its own.
fn total<const N: usize>(all: &mut dyn Iterator<Item = Sums<N>>) -> Sums<N> {
    let mut total = [0_i128; N];
    for sums in all {
        total.iter_mut().zip(sums).for_each(|(total, sum)| *total = total.saturating_add(sum));
    }
    total
}
