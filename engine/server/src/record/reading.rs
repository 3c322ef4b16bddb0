//! Readings, as the log keeps them: by the number of their slot, in the unit of the slot's type.

use doorward_core::address::Network;
use doorward_core::country::Country;
use doorward_core::policy::SlotSpec;
use doorward_core::time::Timestamp;
use doorward_core::value::{Cause, Money, Reading, Type, Value};

use crate::wire::log::reading::Value as Recorded;
use crate::wire::log::{self, SlotType};
use crate::wire::{self, Fields};

/// The number of `DecisionRecord.readings`.
const READING: u32 = 5;

/// The slots of a policy, for its record.
pub(crate) fn slots(slots: &[SlotSpec]) -> Vec<log::Slot> {
    let slot = |slot: &SlotSpec| log::Slot {
        name: slot.name.to_string(),
        r#type: slot_type(slot.kind).into(),
        definition: String::new(),
    };
    slots.iter().map(slot).collect()
}

/// Writes every reading but those that are unknown for want of input, which is what an absent one
/// means.
pub(crate) fn write(record: &mut Fields<'_>, readings: &[Reading]) {
    for (slot, reading) in (0..).zip(readings) {
        match reading {
            Reading::Unknown(Cause::MissingInput) => {}
            Reading::Unknown(cause) => record.message(READING, |fields| {
                fields.number(1, slot);
                fields.word(6, wire::Cause::from(*cause));
            }),
            Reading::Known(value) => record.message(READING, |fields| {
                fields.number(1, slot);
                write_value(fields, value);
            }),
        }
    }
}

/// The readings of slots of these types; `None` if one does not fit its slot.
///
/// `currency` is the transaction's, in which amounts were recorded.
pub(crate) fn from_wire(
    recorded: &[log::Reading],
    types: impl Iterator<Item = Type>,
    currency: [u8; 3],
) -> Option<Box<[Reading]>> {
    let mut rest = recorded.iter().peekable();
    let read = |(slot, kind): (u32, Type)| match rest.next_if(|reading| reading.slot == slot) {
        None => Some(Reading::Unknown(Cause::MissingInput)),
        Some(reading) => restored(reading.value.as_ref()?, kind, currency),
    };
    let readings: Option<Box<[Reading]>> = (0..).zip(types).map(read).collect();
    readings.filter(|_| rest.peek().is_none())
}

/// The name of every slot of a recorded table with what was read there, enumerations as plain text;
/// `None` if the readings are those of another table.
pub(crate) fn named(
    record: &log::DecisionRecord,
    slots: &[log::Slot],
) -> Option<Vec<(String, Reading)>> {
    let kinds: Option<Vec<Type>> = slots.iter().map(|slot| kind(slot.r#type())).collect();
    let readings = from_wire(&record.readings, kinds?.into_iter(), currency(record))?;
    Some(slots.iter().map(|slot| slot.name.clone()).zip(readings).collect())
}

/// The currency in which a record's amounts are; zeros where it has none.
pub(crate) fn currency(record: &log::DecisionRecord) -> [u8; 3] {
    let attempt = record.attempt.as_ref();
    let transaction = attempt.and_then(|attempt| attempt.transaction.as_ref());
    let currency = transaction.map(|transaction| transaction.currency.as_bytes());
    currency.and_then(|letters| letters.try_into().ok()).unwrap_or_default()
}

fn slot_type(kind: Type) -> SlotType {
    match kind {
        Type::Bool => SlotType::Bool,
        Type::Int => SlotType::Int,
        Type::Ratio => SlotType::Ratio,
        Type::Decimal => SlotType::Decimal,
        Type::Money => SlotType::Money,
        Type::Duration => SlotType::Duration,
        Type::Instant => SlotType::Instant,
        Type::Distance => SlotType::Distance,
        Type::Speed => SlotType::Speed,
        Type::Ip => SlotType::Ip,
        Type::Cidr => SlotType::Cidr,
        Type::Asn => SlotType::Asn,
        Type::Country => SlotType::Country,
        Type::Device => SlotType::Device,
        Type::User => SlotType::User,
        Type::Text => SlotType::Text,
        Type::Word(_) => SlotType::Enum,
    }
}

/// The type of a slot, as far as the record tells: which words an enumeration has, it does not.
fn kind(slot: SlotType) -> Option<Type> {
    match slot {
        SlotType::Unspecified => None,
        SlotType::Bool => Some(Type::Bool),
        SlotType::Int => Some(Type::Int),
        SlotType::Ratio => Some(Type::Ratio),
        SlotType::Decimal => Some(Type::Decimal),
        SlotType::Money => Some(Type::Money),
        SlotType::Duration => Some(Type::Duration),
        SlotType::Instant => Some(Type::Instant),
        SlotType::Distance => Some(Type::Distance),
        SlotType::Speed => Some(Type::Speed),
        SlotType::Ip => Some(Type::Ip),
        SlotType::Cidr => Some(Type::Cidr),
        SlotType::Asn => Some(Type::Asn),
        SlotType::Country => Some(Type::Country),
        SlotType::Device => Some(Type::Device),
        SlotType::User => Some(Type::User),
        SlotType::Text | SlotType::Enum => Some(Type::Text),
    }
}

fn write_value(fields: &mut Fields<'_>, value: &Value) {
    match value {
        Value::Bool(flag) => fields.some_number(2, u64::from(*flag)),
        Value::Int(number) | Value::Duration(number) => fields.some_signed(3, *number),
        Value::Money(money) => fields.some_signed(3, money.minor),
        Value::Instant(at) => fields.some_signed(3, at.ms()),
        Value::Asn(number) => fields.some_signed(3, i64::from(*number)),
        Value::Ratio(number) | Value::Decimal(number) => fields.some_double(4, *number),
        Value::Distance(number) | Value::Speed(number) => fields.some_double(4, *number),
        Value::Ip(address) => fields.some_display(5, address),
        Value::Cidr(network) => fields.some_display(5, network),
        Value::Country(country) => fields.some_display(5, country),
        Value::Text(text) => fields.some_bytes(5, &**text),
        Value::Word(word) => fields.some_bytes(5, word),
    }
}

fn restored(recorded: &Recorded, kind: Type, currency: [u8; 3]) -> Option<Reading> {
    let value = match recorded {
        Recorded::Unknown(cause) => {
            let cause: Option<Cause> = wire::Cause::try_from(*cause).ok()?.into();
            return Some(Reading::Unknown(cause?));
        }
        Recorded::Flag(flag) => Value::Bool(*flag),
        Recorded::Integer(number) => integer(*number, kind, currency)?,
        Recorded::Number(number) => number_of(*number, kind)?,
        Recorded::Text(text) => text_of(text, kind)?,
    };
    value.fits(kind).then_some(Reading::Known(value))
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
        Type::Ip => text.parse().ok().map(Value::Ip),
        Type::Cidr => Network::parse(text).map(Value::Cidr),
        Type::Country => Country::parse(text).ok().map(Value::Country),
        Type::Device | Type::User | Type::Text => Some(Value::Text(text.into())),
        Type::Word(words) => words.iter().find(|word| **word == text).map(|word| Value::Word(word)),
        Type::Bool | Type::Int | Type::Ratio | Type::Decimal | Type::Money => None,
        Type::Duration | Type::Instant | Type::Distance | Type::Speed | Type::Asn => None,
    }
}

#[cfg(test)]
mod tests {
    use prost::Message as _;

    use super::*;

    fn written(readings: &[Reading]) -> Vec<log::Reading> {
        let mut bytes = Vec::new();
        write(&mut Fields::of(&mut bytes), readings);
        let record = log::DecisionRecord::decode(bytes.as_slice()).unwrap();
        assert_eq!(record.encode_to_vec(), bytes, "not as prost writes it");
        record.readings
    }

    #[test]
    fn every_reading_comes_back() {
        const WORDS: &[&str] = &["right", "wrong"];
        let table = [
            (Type::Bool, Value::Bool(false)),
            (Type::Int, Value::Int(-7)),
            (Type::Ratio, Value::Ratio(0.1)),
            (Type::Money, Value::Money(Money { minor: 129_900, currency: *b"EUR" })),
            (Type::Duration, Value::Duration(i64::MIN)),
            (Type::Instant, Value::Instant(Timestamp::from_ms(1))),
            (Type::Speed, Value::Speed(1204.25)),
            (Type::Ip, Value::Ip("2001:db8::1".parse().unwrap())),
            (Type::Cidr, Value::Cidr(Network::parse("203.0.113.0/24").unwrap())),
            (Type::Asn, Value::Asn(u32::MAX)),
            (Type::Country, Value::Country(Country::parse("AT").unwrap())),
            (Type::User, Value::Text("ana".into())),
            (Type::Word(WORDS), Value::Word("wrong")),
        ];
        let mut readings: Vec<Reading> =
            table.iter().map(|(_, value)| Reading::Known(value.clone())).collect();
        let mut types: Vec<Type> = table.iter().map(|(kind, _)| *kind).collect();
        for cause in Cause::ALL {
            readings.push(Reading::Unknown(*cause));
            types.push(Type::Text);
        }
        let recorded = written(&readings);
        assert_eq!(recorded.len(), readings.len() - 1, "an absent reading is missing input");
        let restored = from_wire(&recorded, types.into_iter(), *b"EUR");
        assert_eq!(restored.as_deref(), Some(readings.as_slice()));
    }

    #[test]
    fn a_reading_that_does_not_fit_its_slot_is_refused() {
        let recorded = written(&[Reading::Known(Value::Int(1))]);
        assert_eq!(from_wire(&recorded, [Type::Text].into_iter(), *b"EUR"), None);
        assert_eq!(from_wire(&recorded, std::iter::empty(), *b"EUR"), None);
    }
}
