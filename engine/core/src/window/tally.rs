//! The state of one window of one entity.

use std::ops::RangeInclusive;

use super::amount::{Amount, Currency};
use super::buckets::{Buckets, Span};
use super::distinct::Distinct;
use super::{Aggregate, WindowSpec};
use crate::keyed::{Keyed, Mark, Told};
use crate::signal::{SIGNALS, SignalId};
use crate::time::Timestamp;
use crate::value::{Cause, Reading, Type, Value};

/// What an attempt brings to a window: the value that is told apart or added up.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operand {
    /// The window only counts attempts.
    Nothing,
    /// A value to tell apart.
    Mark(Mark),
    /// A value to add up.
    Amount(Amount),
}

impl Operand {
    /// The operand of `spec` among the attempt's readings, or why there is none.
    pub(crate) fn read(
        spec: &WindowSpec,
        readings: &[Reading],
        keyed: &Keyed,
    ) -> Result<Self, Cause> {
        match spec.aggregate {
            Aggregate::Count | Aggregate::First | Aggregate::Last => Ok(Self::Nothing),
            Aggregate::Distinct { of, .. } => {
                value(readings, of).map(|value| Self::Mark(keyed.mark(0, Told(of, value))))
            }
            Aggregate::Sum { of } | Aggregate::Max { of } => {
                own_amount(readings, of).map(Self::Amount)
            }
        }
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

/// What a window remembers, by its aggregate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Tally {
    Count(Buckets<(), i64>),
    Distinct(Distinct),
    Sum(Buckets<Currency, i128>),
    Max(Buckets<Currency, i128>),
    First(Buckets<(), i64>),
    Last(Buckets<(), i64>),
}

impl Tally {
    /// Nothing counted yet.
    pub(crate) const fn new(aggregate: Aggregate) -> Self {
        match aggregate {
            Aggregate::Count => Self::Count(Buckets::new()),
            Aggregate::Distinct { .. } => Self::Distinct(Distinct::new()),
            Aggregate::Sum { .. } => Self::Sum(Buckets::new()),
            Aggregate::Max { .. } => Self::Max(Buckets::new()),
            Aggregate::First => Self::First(Buckets::new()),
            Aggregate::Last => Self::Last(Buckets::new()),
        }
    }

    /// Counts an attempt in the bucket of its own time. One without the operand that the window needs is
    /// no part of the window.
    pub(crate) fn count(&mut self, spec: &WindowSpec, at: Timestamp, operand: Operand) {
        let bucket = Span::new(spec.span_ms).bucket(at);
        match (self, operand) {
            (Self::Count(cells), _) => cells.put(bucket, (), 1, i64::saturating_add),
            (Self::First(cells), _) => cells.put(bucket, (), at.ms(), i64::min),
            (Self::Last(cells), _) => cells.put(bucket, (), at.ms(), i64::max),
            (Self::Distinct(values), Operand::Mark(mark)) => {
                values.put(bucket, mark, exact_max(spec));
            }
            (Self::Sum(cells), Operand::Amount(Amount { currency, units })) => {
                cells.put(bucket, currency, units, i128::saturating_add);
            }
            (Self::Max(cells), Operand::Amount(Amount { currency, units })) => {
                cells.put(bucket, currency, units, i128::max);
            }
            (Self::Distinct(_) | Self::Sum(_) | Self::Max(_), _) => {}
        }
    }

    /// The window as an attempt at `now` sees it, itself included if it was counted.
    ///
    /// Covers at least the span and at most one bucket more. An amount of money is read in the currency of
    /// the attempt's own among `readings`: amounts of different currencies never mix.
    pub(crate) fn read(&self, spec: &WindowSpec, now: Timestamp, readings: &[Reading]) -> Reading {
        let covered = Span::new(spec.span_ms).covered(now);
        let read = match self {
            Self::Count(cells) => cells.covered(covered).map(|cells| {
                Value::Int(cells.fold(0, |total, cell| cell.value.saturating_add(total)))
            }),
            Self::Distinct(values) => values.count(&covered).map(Value::Int),
            Self::First(cells) => cells
                .covered(covered)
                .and_then(|cells| age(now, cells.map(|cell| cell.value).min())),
            Self::Last(cells) => cells
                .covered(covered)
                .and_then(|cells| age(now, cells.map(|cell| cell.value).max())),
            Self::Sum(cells) => amount(cells, spec, covered, readings, |units| Ok(units.sum())),
            Self::Max(cells) => {
                amount(cells, spec, covered, readings, |units| units.max().ok_or(Cause::NoHistory))
            }
        };
        read.into()
    }
}

/// What the attempt itself brings to a sum.
fn own_amount(readings: &[Reading], of: SignalId) -> Result<Amount, Cause> {
    value(readings, of).and_then(|value| Amount::of(value).ok_or(Cause::NotApplicable))
}

/// How long before `now` a time was; never negative, as the bucket of `now` may hold later attempts.
fn age(now: Timestamp, at_ms: Option<i64>) -> Result<Value, Cause> {
    let at = Timestamp::from_ms(at_ms.ok_or(Cause::NoHistory)?);
    Ok(Value::Duration(now.since(at).max(0)))
}

/// Adds up the cells in the attempt's currency, as a value of the signal's kind.
fn amount(
    cells: &Buckets<Currency, i128>,
    spec: &WindowSpec,
    covered: RangeInclusive<i64>,
    readings: &[Reading],
    add: fn(&mut dyn Iterator<Item = i128>) -> Result<i128, Cause>,
) -> Result<Value, Cause> {
    let of = spec.aggregate.of().ok_or(Cause::NotApplicable)?;
    let kind = SIGNALS.get(of).map_or(Type::Int, |row| row.kind);
    let currency = match own_amount(readings, of) {
        Ok(own) => own.currency,
        Err(cause) if kind == Type::Money => return Err(cause),
        Err(_) => Currency::default(),
    };
    let own = cells.covered(covered)?.filter(|cell| cell.key == currency);
    let units = add(&mut own.map(|cell| cell.value))?;
    Amount { currency, units }.value(kind).ok_or(Cause::NotApplicable)
}

/// How many values a distinct window keeps.
fn exact_max(spec: &WindowSpec) -> usize {
    match spec.aggregate {
        Aggregate::Distinct { exact_max, .. } => usize::try_from(exact_max).unwrap_or(usize::MAX),
        Aggregate::Count | Aggregate::Sum { .. } | Aggregate::Max { .. } => 0,
        Aggregate::First | Aggregate::Last => 0,
    }
}
