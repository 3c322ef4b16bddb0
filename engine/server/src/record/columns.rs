//! Readings as they are written: a form for every slot, and columns for what a form does not say.

use std::net::IpAddr;

use doorward_core::value::{Cause, Reading, Value};

use super::told::Told;
use crate::wire::log::Form;
use crate::wire::{Attempt, Fields};

/// Room for a column of an ordinary attempt.
const COLUMN_BYTES: usize = 128;

/// Writes the fields of a `Readings`, for a record that holds `attempt`.
pub(super) fn write(fields: &mut Fields<'_>, readings: &[Reading], attempt: &Attempt) {
    let told = Told::of(attempt);
    let mut columns = Columns {
        integers: Vec::with_capacity(COLUMN_BYTES),
        numbers: Vec::new(),
        texts: Vec::with_capacity(COLUMN_BYTES),
        addresses: Vec::with_capacity(COLUMN_BYTES),
    };
    fields.small_words(1, readings.iter().map(|reading| byte(columns.add(reading, &told))));
    fields.bytes(2, &columns.integers);
    fields.bytes(3, &columns.numbers);
    fields.encoded(&columns.texts);
    fields.encoded(&columns.addresses);
}

/// The columns behind the forms, encoded: two packed fields, and two with a key for every value.
struct Columns {
    integers: Vec<u8>,
    numbers: Vec<u8>,
    texts: Vec<u8>,
    addresses: Vec<u8>,
}

impl Columns {
    /// Adds what the form of a reading does not say.
    fn add(&mut self, reading: &Reading, told: &Told<'_>) -> Form {
        match reading {
            Reading::Unknown(cause) => unknown(*cause),
            Reading::Known(value) => self.value(value, told),
        }
    }

    fn value(&mut self, value: &Value, told: &Told<'_>) -> Form {
        match value {
            Value::Bool(false) => Form::False,
            Value::Bool(true) => Form::True,
            Value::Int(number) | Value::Duration(number) => self.integer(*number),
            Value::Money(money) => self.integer(money.minor),
            Value::Instant(at) => self.integer(at.ms()),
            Value::Asn(number) => self.integer(i64::from(*number)),
            Value::Ratio(number) | Value::Decimal(number) => self.number(*number),
            Value::Distance(number) | Value::Speed(number) => self.number(*number),
            Value::Ip(address) => self.address(*address, &[]),
            Value::Cidr(network) => self.address(network.base(), &[network.prefix()]),
            Value::Country(country) => self.text(country.code()),
            Value::Text(text) => told.form(text).unwrap_or_else(|| self.text(text)),
            Value::Word(word) => self.text(word),
        }
    }

    fn integer(&mut self, number: i64) -> Form {
        Fields::of(&mut self.integers).packed_signed(number);
        Form::Integer
    }

    fn number(&mut self, number: f64) -> Form {
        self.numbers.extend_from_slice(&number.to_le_bytes());
        Form::Number
    }

    fn text(&mut self, text: &str) -> Form {
        Fields::of(&mut self.texts).some_bytes(4, text);
        Form::Text
    }

    fn address(&mut self, address: IpAddr, prefix: &[u8]) -> Form {
        Fields::of(&mut self.addresses).message(5, |octets| {
            match address {
                IpAddr::V4(v4) => octets.encoded(&v4.octets()),
                IpAddr::V6(v6) => octets.encoded(&v6.octets()),
            }
            octets.encoded(prefix);
        });
        Form::Address
    }
}

/// The number of a form. All are below 128, so that packed it is the same byte.
const fn byte(form: Form) -> u8 {
    form as u8
}

/// The form that says why there is no value.
pub(super) fn unknown(cause: Cause) -> Form {
    match cause {
        Cause::MissingInput => Form::Unspecified,
        Cause::NoHistory => Form::NoHistory,
        Cause::LookupFailed => Form::LookupFailed,
        Cause::Excluded => Form::Excluded,
        Cause::NotApplicable => Form::NotApplicable,
        Cause::Incomplete => Form::Incomplete,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_one_byte() {
        assert!((0x80..=i32::from(u16::MAX)).all(|number| Form::try_from(number).is_err()));
    }
}
