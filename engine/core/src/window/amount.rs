//! Amounts as windows add them: whole numbers, so that any order of adding gives the same total.

use super::cells::{Cell, Cells, Place};
use crate::keyed::halves;
use crate::time::Timestamp;
use crate::value::{Money, Type, Value};

/// What amounts are kept apart by: the letters of a currency, zeros for anything else.
pub(crate) type Currency = [u8; 3];

/// Parts of one that a number with decimals is kept in. Floating-point sums would depend on the order.
const PARTS: f64 = 1e6;

/// Bits of an amount's number that are kept.
const UNITS_BITS: u32 = 104;
const UNITS_LIMIT: i128 = 1 << (UNITS_BITS - 1);

/// A number in its currency. Two cells keep 104 bits of it, which never overflow in a sum: each summand fits 64, and nobody
/// counts 2^39 of them in one bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Amount {
    pub(crate) currency: Currency,
    pub(crate) units: i128,
}

impl Amount {
    /// The value as an amount; `None` for what cannot be added.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        let plain = |units| Some(Self { currency: Currency::default(), units });
        match value {
            Value::Int(number) | Value::Duration(number) => plain(i128::from(*number)),
            Value::Instant(at) => plain(i128::from(at.ms())),
            Value::Ratio(number)
            | Value::Decimal(number)
            | Value::Distance(number)
            | Value::Speed(number) => plain(parts(*number)),
            Value::Money(money) => {
                Some(Self { currency: money.currency, units: i128::from(money.minor) })
            }
            Value::Bool(_) | Value::Ip(_) | Value::Cidr(_) | Value::Asn(_) => None,
            Value::Country(_) | Value::Text(_) | Value::Word(_) => None,
        }
    }

    /// The amount as a value of `kind`, saturating; `None` for a kind that cannot be added.
    pub(crate) fn value(self, kind: Type) -> Option<Value> {
        match kind {
            Type::Int => Some(Value::Int(self.saturated())),
            Type::Duration => Some(Value::Duration(self.saturated())),
            Type::Instant => Some(Value::Instant(Timestamp::from_ms(self.saturated()))),
            Type::Ratio => Some(Value::Ratio(self.whole())),
            Type::Decimal => Some(Value::Decimal(self.whole())),
            Type::Distance => Some(Value::Distance(self.whole())),
            Type::Speed => Some(Value::Speed(self.whole())),
            Type::Money => {
                Some(Value::Money(Money { minor: self.saturated(), currency: self.currency }))
            }
            Type::Bool | Type::Ip | Type::Cidr | Type::Asn | Type::Country => None,
            Type::Device | Type::User | Type::Text | Type::Word(_) => None,
        }
    }

    /// The amount in two cells: the letters of the currency, then the number.
    fn cells(self, place: Place) -> [Cell; 2] {
        let [a, b, c] = self.currency;
        let units = self.units.clamp(-UNITS_LIMIT, UNITS_LIMIT - 1).cast_unsigned();
        let letters = u128::from(u32::from_be_bytes([0, a, b, c]));
        let word = letters << UNITS_BITS | units & ((1 << UNITS_BITS) - 1);
        halves(word).map(|half| Cell { place, value: half.cast_signed() })
    }

    /// The other way round.
    fn kept(high: Cell, low: Cell) -> Self {
        let [high, low] = [high, low].map(|cell| u128::from(cell.value.cast_unsigned()));
        let word = high << u64::BITS | low;
        let [a, b, c, ..] = word.to_be_bytes();
        let above = u128::BITS - UNITS_BITS;
        Self { currency: [a, b, c], units: (word << above).cast_signed() >> above }
    }

    fn saturated(self) -> i64 {
        let limit = if self.units < 0 { i64::MIN } else { i64::MAX };
        i64::try_from(self.units).unwrap_or(limit)
    }

    fn whole(self) -> f64 {
        // Exact up to 2^53 parts, which is nine billion.
        self.units as f64 / PARTS
    }
}

/// What attempts add to amounts: so many numbers in one currency, each of which is added up on its own.
pub(super) type Sums<const N: usize> = [i128; N];

/// Adds to what is kept of a currency in its bucket, where there may be something already. `merge` commutes.
pub(super) fn put<const N: usize>(
    cells: &mut Cells,
    place: Place,
    (currency, summands): (Currency, Sums<N>),
    merge: fn(i128, i128) -> i128,
) {
    let Some(range) = cells.open(place) else { return };
    let own = cells.opened(range.clone());
    let key = (place, currency);
    let before = sums::<N>(own).take_while(|(place, kept, _)| (*place, *kept) < key).count();
    let same = sums::<N>(own).nth(before).filter(|(place, kept, _)| (*place, *kept) == key);
    let at = range.start + 2 * N * before;
    let mut sums = summands;
    if let Some((.., kept)) = same {
        sums.iter_mut().zip(kept).for_each(|(sum, kept)| *sum = merge(kept, *sum));
        cells.remove(at..at + 2 * N);
    }
    let new = sums.into_iter().flat_map(|units| Amount { currency, units }.cells(place));
    (at..).zip(new).for_each(|(at, cell)| cells.insert(at, cell));
}

/// What is kept in cells of one window, by place and currency.
pub(super) fn sums<const N: usize>(
    cells: &[Cell],
) -> impl Iterator<Item = (Place, Currency, Sums<N>)> {
    let (pairs, _) = cells.as_chunks::<2>();
    let (groups, _) = pairs.as_chunks::<N>();
    groups.iter().filter_map(|group| {
        let kept = group.map(|[high, low]| Amount::kept(high, low));
        let [first, ..] = group.first()?;
        Some((first.place, kept.first()?.currency, kept.map(|amount| amount.units)))
    })
}

/// What an amount adds where its mean is asked for: that it is one, and itself.
pub(super) fn one(units: i128) -> Sums<2> {
    [1, units]
}

/// What it adds where its scatter is asked for: its square too, as far as there is room for it, which is for amounts up to
/// 2^51 units.
pub(super) fn moments(units: i128) -> Sums<3> {
    [1, units, units.saturating_mul(units)]
}

/// The mean of amounts, rounded to a unit; `None` of none.
pub(super) fn mean([count, sum]: Sums<2>) -> Option<i128> {
    let half = count / 2;
    (count > 0).then(|| sum.saturating_add(half).div_euclid(count))
}

/// The standard deviation of amounts, rounded to a unit; `None` of fewer than two.
pub(super) fn deviation([count, sum, squares]: Sums<3>) -> Option<i128> {
    let scaled = squares.saturating_mul(count).saturating_sub(sum.saturating_mul(sum)).max(0);
    (count > 1).then(|| rounded((scaled as f64).sqrt() / count as f64))
}

#[expect(clippy::cast_possible_truncation, reason = "a cast from float saturates")]
fn rounded(number: f64) -> i128 {
    number.round() as i128
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast from float saturates, and is clamped to 64 bits"
)]
fn parts(number: f64) -> i128 {
    i128::from((number * PARTS).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::super::buckets::Span;
    use super::super::cells::WindowNumber;
    use super::*;

    #[test]
    fn comes_back_as_it_was() {
        let check = |value: Value, kind| {
            assert_eq!(Amount::of(&value).and_then(|amount| amount.value(kind)), Some(value));
        };
        check(Value::Int(-3), Type::Int);
        check(Value::Decimal(0.1), Type::Decimal);
        check(Value::Speed(-812.25), Type::Speed);
        check(Value::Money(Money { minor: i64::MIN, currency: *b"EUR" }), Type::Money);
        assert_eq!(Amount::of(&Value::Bool(true)), None);
    }

    #[test]
    fn cells_keep_currency_and_number() {
        let place = Place::new(
            WindowNumber::after(3).unwrap(),
            Span::new(10).covered(Timestamp::from_ms(5)).last,
        );
        for currency in [*b"EUR", *b"zzz", Currency::default()] {
            for units in [0, 1, -1, i128::from(i64::MIN) * 9, UNITS_LIMIT - 1, -UNITS_LIMIT] {
                let [high, low] = Amount { currency, units }.cells(place);
                assert_eq!(Amount::kept(high, low), Amount { currency, units });
            }
        }
    }

    #[test]
    fn mean_and_deviation_are_those_of_the_amounts() {
        let check = |amounts: &[i128], expected: [Option<i128>; 2]| {
            let add = |sum: Sums<3>, of: Sums<3>| [sum[0] + of[0], sum[1] + of[1], sum[2] + of[2]];
            let sums = amounts.iter().map(|units| moments(*units)).fold([0; 3], add);
            let [count, sum, _] = sums;
            assert_eq!([mean([count, sum]), deviation(sums)], expected, "{amounts:?}");
        };
        check(&[], [None, None]);
        check(&[7], [Some(7), None]);
        check(&[7, 7, 7], [Some(7), Some(0)]);
        check(&[2, 4, 4, 4, 5, 5, 7, 9], [Some(5), Some(2)]);
        check(&[-3, -4], [Some(-3), Some(1)]);
        check(&[1 << 51, 0], [Some(1 << 50), Some(1 << 50)]);
    }

    #[test]
    fn saturates_when_read() {
        let check = |units, expected| {
            let amount = Amount { currency: Currency::default(), units };
            assert_eq!(amount.value(Type::Int), Some(Value::Int(expected)));
        };
        check(i128::from(i64::MAX) + 1, i64::MAX);
        check(i128::from(i64::MIN) - 1, i64::MIN);
    }
}
