//! What can be computed from what, and compared with what: the table of units, and the arithmetic behind it.

use std::cmp::Ordering;
use std::ptr;

use super::ast::ArithmeticOp;
use super::chance;
use crate::time::{HOUR_MS, Timestamp};
use crate::value::{Cause, Money, Type, Value};

/// The type of `left op right`; `None` if that means nothing.
pub(crate) fn result(op: ArithmeticOp, left: Type, right: Type) -> Option<Type> {
    use ArithmeticOp::{Add, Chance, Divide, Multiply, Subtract};
    use Type::{Decimal, Distance, Duration, Instant, Int, Ratio, Speed};
    match (op, left, right) {
        (Add | Subtract | Multiply, Int, Int) => Some(Int),
        (Add | Subtract | Multiply, Int | Decimal, Int | Decimal) => Some(Decimal),
        (Add | Subtract, Instant, Duration) => Some(Instant),
        (Subtract, Instant, Instant) => Some(Duration),
        (Add | Subtract, _, _) if left == right && quantity(left) => Some(left),
        (Multiply, Ratio, Ratio) => Some(Ratio),
        (Multiply, Int | Decimal | Ratio, _) if quantity(right) => Some(scaled(right)),
        (Multiply, _, Int | Decimal | Ratio) if quantity(left) => Some(scaled(left)),
        (Multiply, Speed, Duration) | (Multiply, Duration, Speed) => Some(Distance),
        (Divide, Distance, Duration) => Some(Speed),
        (Divide, Distance, Speed) => Some(Duration),
        (Divide, Int | Decimal, Int | Decimal) => Some(Ratio),
        (Divide, _, _) if left == right && quantity(left) => Some(Ratio),
        (Divide, _, Int | Decimal | Ratio) if quantity(left) => Some(scaled(left)),
        (Chance, Int, Int | Decimal | Ratio) => Some(Ratio),
        _ => None,
    }
}

/// A share of a count is no longer whole.
fn scaled(kind: Type) -> Type {
    if kind == Type::Int { Type::Decimal } else { kind }
}

/// Whether two of this type add up.
pub(crate) fn quantity(kind: Type) -> bool {
    kind.ordered() && kind != Type::Instant
}

/// Whether values of the two types can be held against each other.
pub(crate) fn comparable(left: Type, right: Type) -> bool {
    let number = |kind| matches!(kind, Type::Int | Type::Decimal);
    let text = |kind| matches!(kind, Type::Device | Type::User | Type::Text);
    left == right || (number(left) && number(right)) || (text(left) && text(right))
}

/// Which of two values is more; `None` if they do not compare, as amounts of two currencies do not.
#[inline]
pub(crate) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
        (Value::Duration(left), Value::Duration(right)) => Some(left.cmp(right)),
        (Value::Instant(left), Value::Instant(right)) => Some(left.cmp(right)),
        (Value::Money(left), Value::Money(right)) => {
            (left.currency == right.currency).then(|| left.minor.cmp(&right.minor))
        }
        _ => number(left)?.partial_cmp(&number(right)?),
    }
}

/// Whether two values are the same; `None` if they do not compare.
#[inline]
pub(crate) fn equal(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Word(left), Value::Word(right)) => Some(same_word(left, right)),
        (Value::Text(left), Value::Text(right)) => Some(left == right),
        _ => match order(left, right) {
            Some(order) => Some(order.is_eq()),
            None => match (left, right) {
                (Value::Money(_), Value::Money(_)) => None,
                _ => Some(left == right),
            },
        },
    }
}

/// Whether two words of one set are the same: most often they are the very same text, or differ in length.
#[inline]
pub(crate) fn same_word(left: &'static str, right: &'static str) -> bool {
    ptr::eq(left, right) || left == right
}

/// Whether the value is one of `members`, or an address inside one of them. `None` if no member is
/// it and some do not compare.
pub(crate) fn among(value: &Value, members: &[Value]) -> Option<bool> {
    let mut certain = true;
    for member in members {
        let same = match (value, member) {
            (Value::Ip(address), Value::Cidr(network)) => Some(network.contains(*address)),
            _ => equal(value, member),
        };
        match same {
            Some(true) => return Some(true),
            Some(false) => {}
            None => certain = false,
        }
    }
    certain.then_some(false)
}

/// The value with its sign turned.
pub(crate) fn negate(value: &Value) -> Value {
    match value {
        Value::Int(number) => Value::Int(number.saturating_neg()),
        Value::Ratio(number) => Value::Ratio(-number),
        Value::Decimal(number) => Value::Decimal(-number),
        Value::Duration(ms) => Value::Duration(ms.saturating_neg()),
        Value::Distance(km) => Value::Distance(-km),
        Value::Speed(km_h) => Value::Speed(-km_h),
        Value::Money(money) => {
            Value::Money(Money { minor: money.minor.saturating_neg(), currency: money.currency })
        }
        Value::Bool(_) | Value::Instant(_) | Value::Ip(_) | Value::Cidr(_) | Value::Asn(_) => {
            value.clone()
        }
        Value::Country(_) | Value::Text(_) | Value::Word(_) => value.clone(),
    }
}

/// `left op right`, whose type was found to be `kind`. Without a value where it divides by zero or mixes
/// two currencies; whole numbers saturate.
pub(crate) fn binary(
    op: ArithmeticOp,
    left: &Value,
    right: &Value,
    kind: Type,
) -> Result<Value, Cause> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) if kind == Type::Int => {
            Ok(Value::Int(whole(op, *left, *right)))
        }
        (Value::Money(left), Value::Money(right)) if left.currency != right.currency => {
            Err(Cause::NotApplicable)
        }
        (Value::Money(money), _) | (_, Value::Money(money)) if kind == Type::Money => {
            amount(op, left, right, money.currency)
        }
        _ => {
            let (left, right) = (number(left), number(right));
            let (left, right) = left.zip(right).ok_or(Cause::NotApplicable)?;
            value(finite(op, left, right)?, kind)
        }
    }
}

fn whole(op: ArithmeticOp, left: i64, right: i64) -> i64 {
    match op {
        ArithmeticOp::Add => left.saturating_add(right),
        ArithmeticOp::Subtract => left.saturating_sub(right),
        ArithmeticOp::Multiply => left.saturating_mul(right),
        // Neither comes to a whole number, so nobody asks for one.
        ArithmeticOp::Divide | ArithmeticOp::Chance => left.checked_div(right).unwrap_or(i64::MAX),
    }
}

fn amount(
    op: ArithmeticOp,
    left: &Value,
    right: &Value,
    currency: [u8; 3],
) -> Result<Value, Cause> {
    let minor = match (left, right) {
        (Value::Money(left), Value::Money(right)) => whole(op, left.minor, right.minor),
        (Value::Money(money), Value::Int(factor)) | (Value::Int(factor), Value::Money(money))
            if op == ArithmeticOp::Multiply =>
        {
            money.minor.saturating_mul(*factor)
        }
        _ => {
            let (left, right) = number(left).zip(number(right)).ok_or(Cause::NotApplicable)?;
            rounded(finite(op, left, right)?)
        }
    };
    Ok(Value::Money(Money { minor, currency }))
}

fn finite(op: ArithmeticOp, left: f64, right: f64) -> Result<f64, Cause> {
    let result = match op {
        ArithmeticOp::Add => left + right,
        ArithmeticOp::Subtract => left - right,
        ArithmeticOp::Multiply => left * right,
        ArithmeticOp::Divide => left / right,
        ArithmeticOp::Chance => chance::at_least(rounded(left), right),
    };
    if result.is_finite() { Ok(result) } else { Err(Cause::NotApplicable) }
}

/// The value as one number in a unit in which the units of [`result`] agree: time in hours, so that
/// kilometres by hours are kilometres per hour.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(real(*number)),
        Value::Ratio(number) | Value::Decimal(number) => Some(*number),
        Value::Distance(number) | Value::Speed(number) => Some(*number),
        Value::Money(money) => Some(real(money.minor)),
        Value::Duration(ms) => Some(real(*ms) / real(HOUR_MS)),
        Value::Instant(at) => Some(real(at.ms()) / real(HOUR_MS)),
        Value::Bool(_) | Value::Ip(_) | Value::Cidr(_) | Value::Asn(_) => None,
        Value::Country(_) | Value::Text(_) | Value::Word(_) => None,
    }
}

fn value(number: f64, kind: Type) -> Result<Value, Cause> {
    match kind {
        Type::Int => Ok(Value::Int(rounded(number))),
        Type::Ratio => Ok(Value::Ratio(number)),
        Type::Decimal => Ok(Value::Decimal(number)),
        Type::Duration => Ok(Value::Duration(rounded(number * real(HOUR_MS)))),
        Type::Instant => Ok(Value::Instant(Timestamp::from_ms(rounded(number * real(HOUR_MS))))),
        Type::Distance => Ok(Value::Distance(number)),
        Type::Speed => Ok(Value::Speed(number)),
        Type::Bool | Type::Money | Type::Ip | Type::Cidr | Type::Asn | Type::Country => {
            Err(Cause::NotApplicable)
        }
        Type::Device | Type::User | Type::Text | Type::Word(_) => Err(Cause::NotApplicable),
    }
}

#[expect(clippy::cast_precision_loss, reason = "beyond 2^53 the nearest number will do")]
fn real(number: i64) -> f64 {
    number as f64
}

#[expect(clippy::cast_possible_truncation, reason = "rounded and finite; `as` saturates")]
fn rounded(number: f64) -> i64 {
    number.round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use ArithmeticOp::{Divide, Multiply, Subtract};

    #[test]
    fn units_follow_from_units() {
        let check = |op, left: Value, right: Value, expected: Value| {
            let kind = |value: &Value| match value {
                Value::Int(_) => Type::Int,
                Value::Ratio(_) => Type::Ratio,
                Value::Duration(_) => Type::Duration,
                Value::Distance(_) => Type::Distance,
                Value::Speed(_) => Type::Speed,
                other => panic!("{other:?}"),
            };
            let unit = result(op, kind(&left), kind(&right)).unwrap();
            assert_eq!(binary(op, &left, &right, unit), Ok(expected));
        };
        check(Divide, Value::Int(14), Value::Int(16), Value::Ratio(0.875));
        check(Divide, Value::Distance(300.0), Value::Duration(HOUR_MS / 2), Value::Speed(600.0));
        check(Multiply, Value::Speed(600.0), Value::Duration(HOUR_MS / 2), Value::Distance(300.0));
        check(Multiply, Value::Int(3), Value::Duration(1_000), Value::Duration(3_000));
        check(Subtract, Value::Int(3), Value::Int(5), Value::Int(-2));
    }

    #[test]
    fn nonsense_has_no_value() {
        assert_eq!(result(ArithmeticOp::Add, Type::Speed, Type::Duration), None);
        assert_eq!(
            binary(Divide, &Value::Int(1), &Value::Int(0), Type::Ratio),
            Err(Cause::NotApplicable)
        );
        let money = |currency| Value::Money(Money { minor: 100, currency });
        assert_eq!(order(&money(*b"EUR"), &money(*b"USD")), None);
        assert_eq!(equal(&money(*b"EUR"), &money(*b"USD")), None);
    }
}
