//! Readings, as the log keeps them, and back.

use std::net::IpAddr;
use std::slice::Iter;

use doorward_core::address::Network;
use doorward_core::country::Country;
use doorward_core::time::Timestamp;
use doorward_core::value::{Cause, Money, Reading, Type, Value};

use super::columns::unknown;
use super::slot;
use super::told::Told;
use crate::wire::Attempt;
use crate::wire::log::{self, Form};

/// The readings of a record, for slots of these types; `None` if they do not fit.
pub(super) fn readings(
    record: &log::DecisionRecord,
    types: impl Iterator<Item = Type>,
) -> Option<Box<[Reading]>> {
    let mut columns = Columns::of(record.readings.as_ref()?, record.attempt.as_ref()?);
    let readings: Option<Box<[Reading]>> = types.map(|kind| columns.next(kind)).collect();
    readings.filter(|_| columns.spent())
}

/// The name of every slot of a recorded table with what was read there, enumerations as plain text;
/// `None` if the readings are those of another table.
pub(crate) fn named(
    record: &log::DecisionRecord,
    slots: &[log::Slot],
) -> Option<Vec<(String, Reading)>> {
    let kinds: Option<Vec<Type>> = slots.iter().map(|slot| slot::kind(slot.r#type())).collect();
    let readings = readings(record, kinds?.into_iter())?;
    Some(slots.iter().map(|slot| slot.name.clone()).zip(readings).collect())
}

/// What is left of the columns while they are read.
struct Columns<'a> {
    forms: Iter<'a, i32>,
    integers: Iter<'a, i64>,
    numbers: Iter<'a, f64>,
    texts: Iter<'a, String>,
    addresses: Iter<'a, Vec<u8>>,
    told: Told<'a>,
    /// In which amounts are; zeros where there are none.
    currency: [u8; 3],
}

impl<'a> Columns<'a> {
    fn of(readings: &'a log::Readings, attempt: &'a Attempt) -> Self {
        let currency = attempt.transaction.as_ref().map(|moved| moved.currency.as_bytes());
        Self {
            forms: readings.forms.iter(),
            integers: readings.integers.iter(),
            numbers: readings.numbers.iter(),
            texts: readings.texts.iter(),
            addresses: readings.addresses.iter(),
            told: Told::of(attempt),
            currency: currency.and_then(|letters| letters.try_into().ok()).unwrap_or_default(),
        }
    }

    /// The reading of the next slot; `None` if it is not of its type.
    fn next(&mut self, kind: Type) -> Option<Reading> {
        let form = Form::try_from(*self.forms.next()?).ok()?;
        if let Some(cause) = cause(form) {
            return Some(Reading::Unknown(cause));
        }
        let value = match form {
            Form::False => Value::Bool(false),
            Form::True => Value::Bool(true),
            Form::Integer => integer(*self.integers.next()?, kind, self.currency)?,
            Form::Number => number_of(*self.numbers.next()?, kind)?,
            Form::Text => text_of(self.texts.next()?, kind)?,
            Form::Address => address_of(self.addresses.next()?, kind)?,
            told => text_of(self.told.text(told)?, kind)?,
        };
        value.fits(kind).then_some(Reading::Known(value))
    }

    fn spent(&self) -> bool {
        let lengths = [self.forms.len(), self.integers.len(), self.numbers.len()];
        lengths == [0; 3] && self.texts.len() == 0 && self.addresses.len() == 0
    }
}

fn cause(form: Form) -> Option<Cause> {
    Cause::ALL.iter().copied().find(|cause| unknown(*cause) == form)
}

fn integer(number: i64, kind: Type, currency: [u8; 3]) -> Option<Value> {
    match kind {
        Type::Int => Some(Value::Int(number)),
        Type::Money => Some(Value::Money(Money { minor: number, currency })),
        Type::Duration => Some(Value::Duration(number)),
        Type::Instant => Some(Value::Instant(Timestamp::from_ms(number))),
        Type::Asn => u32::try_from(number).ok().map(Value::Asn),
        Type::Bool | Type::Ratio | Type::Decimal | Type::Distance | Type::Speed => None,
        Type::Ip | Type::Cidr | Type::Country | Type::Device | Type::User => None,
        Type::Text | Type::Word(_) => None,
    }
}

fn number_of(number: f64, kind: Type) -> Option<Value> {
    match kind {
        Type::Ratio => Some(Value::Ratio(number)),
        Type::Decimal => Some(Value::Decimal(number)),
        Type::Distance => Some(Value::Distance(number)),
        Type::Speed => Some(Value::Speed(number)),
        Type::Bool | Type::Int | Type::Money | Type::Duration | Type::Instant => None,
        Type::Ip | Type::Cidr | Type::Asn | Type::Country | Type::Device => None,
        Type::User | Type::Text | Type::Word(_) => None,
    }
}

fn text_of(text: &str, kind: Type) -> Option<Value> {
    match kind {
        Type::Country => Country::parse(text).ok().map(Value::Country),
        Type::Device | Type::User | Type::Text => Some(Value::Text(text.into())),
        Type::Word(words) => words.iter().find(|word| **word == text).map(|word| Value::Word(word)),
        Type::Bool | Type::Int | Type::Ratio | Type::Decimal | Type::Money => None,
        Type::Duration | Type::Instant | Type::Distance | Type::Speed => None,
        Type::Ip | Type::Cidr | Type::Asn => None,
    }
}

/// An address of 4 or 16 octets, or a network with its prefix behind them.
fn address_of(octets: &[u8], kind: Type) -> Option<Value> {
    let (octets, prefix) = match octets.len() {
        4 | 16 => (octets, None),
        _ => octets.split_last().map(|(prefix, octets)| (octets, Some(*prefix)))?,
    };
    let v4 = <[u8; 4]>::try_from(octets).map(IpAddr::from);
    let address = v4.or_else(|_| <[u8; 16]>::try_from(octets).map(IpAddr::from)).ok()?;
    match (kind, prefix) {
        (Type::Ip, None) => Some(Value::Ip(address)),
        (Type::Cidr, Some(prefix)) => Network::new(address, prefix).map(Value::Cidr),
        (_, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use prost::Message as _;

    use super::super::columns::write;
    use super::*;
    use crate::wire::{Client, Fields, Transaction, User};

    const WORDS: &[&str] = &["right", "wrong"];
    const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0)";

    fn attempt() -> Attempt {
        let text = str::to_owned;
        let transaction = Transaction { currency: text("EUR"), ..Transaction::default() };
        Attempt {
            user: Some(User { id: text("ana"), ..User::default() }),
            client: Some(Client { user_agent: Some(text(AGENT)), ..Client::default() }),
            transaction: Some(transaction),
            ..Attempt::default()
        }
    }

    /// A record of these readings, and what they take in it.
    fn written(readings: &[Reading]) -> (log::DecisionRecord, usize) {
        let (mut bytes, attempt) = (Vec::new(), attempt());
        write(&mut Fields::of(&mut bytes), readings, &attempt);
        let readings = log::Readings::decode(bytes.as_slice()).unwrap();
        assert_eq!(readings.encode_to_vec(), bytes, "not as prost writes it");
        let (attempt, readings) = (Some(attempt), Some(readings));
        (log::DecisionRecord { attempt, readings, ..Default::default() }, bytes.len())
    }

    /// Any value that a slot can have, with the slot's type.
    fn value() -> impl Strategy<Value = (Type, Value)> {
        let text = prop_oneof![Just(AGENT.to_owned()), Just("ana".to_owned()), ".{0,9}"];
        let number = any::<f64>().prop_filter("values are finite", |number| number.is_finite());
        let money = |minor| Money { minor, currency: *b"EUR" };
        let network = |(address, prefix)| {
            Network::new(address, prefix).unwrap_or_else(|| Network::host(address))
        };
        prop_oneof![
            any::<bool>().prop_map(|flag| (Type::Bool, Value::Bool(flag))),
            any::<i64>().prop_map(|number| (Type::Int, Value::Int(number))),
            (0..3_i64).prop_map(|number| (Type::Int, Value::Int(number))),
            number.prop_map(|number| (Type::Speed, Value::Speed(number))),
            any::<i64>().prop_map(move |minor| (Type::Money, Value::Money(money(minor)))),
            any::<i64>().prop_map(|ms| (Type::Instant, Value::Instant(Timestamp::from_ms(ms)))),
            any::<IpAddr>().prop_map(|address| (Type::Ip, Value::Ip(address))),
            any::<(IpAddr, u8)>().prop_map(move |any| (Type::Cidr, Value::Cidr(network(any)))),
            any::<u32>().prop_map(|number| (Type::Asn, Value::Asn(number))),
            Just((Type::Country, Value::Country(Country::parse("AT").unwrap()))),
            text.prop_map(|text| (Type::Text, Value::Text(text.into()))),
            (0..2_usize).prop_map(|index| (Type::Word(WORDS), Value::Word(WORDS[index]))),
        ]
    }

    /// Any reading of any slot.
    fn slot() -> impl Strategy<Value = (Type, Reading)> {
        let unknown = proptest::sample::select(Cause::ALL.to_vec());
        prop_oneof![
            value().prop_map(|(kind, value)| (kind, Reading::Known(value))),
            unknown.prop_map(|cause| (Type::Text, Reading::Unknown(cause))),
        ]
    }

    proptest! {
        #[test]
        fn every_reading_comes_back(table in proptest::collection::vec(slot(), 0..200)) {
            let (types, readings): (Vec<Type>, Vec<Reading>) = table.into_iter().unzip();
            let (record, _) = written(&readings);
            let restored = super::readings(&record, types.iter().copied());
            prop_assert_eq!(restored.as_deref(), Some(readings.as_slice()));
            let one_more = types.into_iter().chain([Type::Int]);
            prop_assert_eq!(super::readings(&record, one_more), None);
        }
    }

    #[test]
    fn a_text_of_the_attempt_is_on_record_once() {
        let check = |text: &str, bytes_max| {
            let (_, bytes) = written(&[Reading::Known(Value::Text(text.into()))]);
            assert!(bytes <= bytes_max, "{text} takes {bytes}");
        };
        check(AGENT, 3);
        check("ana", 3);
        check("anna", 9);
    }

    #[test]
    fn a_reading_that_does_not_fit_its_slot_is_refused() {
        let (record, _) = written(&[Reading::Known(Value::Int(1))]);
        let check = |types: &[Type]| {
            assert_eq!(super::readings(&record, types.iter().copied()), None, "{types:?}");
        };
        check(&[Type::Text]);
        check(&[]);
        check(&[Type::Int, Type::Int]);
    }
}
