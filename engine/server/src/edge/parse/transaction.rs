//! The money that an attempt moves.

use doorward_core::event::{ID_BYTES_MAX, Transaction};
use doorward_core::value::Money;

use super::field;
use super::violations::{Violations, quote};
use crate::wire;

pub(super) fn transaction(sent: &wire::Transaction, violations: &mut Violations) -> Transaction {
    let payee = field::text("attempt.transaction.payee", &sent.payee, ID_BYTES_MAX, violations);
    Transaction {
        amount: amount(sent, violations),
        payee,
        payee_country: field::country(
            "attempt.transaction.payee_country",
            &sent.payee_country,
            violations,
        ),
    }
}

fn amount(sent: &wire::Transaction, violations: &mut Violations) -> Option<Money> {
    let currency = currency(sent, violations);
    let minor = sent.amount_minor?;
    if minor < 0 {
        let text = format!("is {minor}, allowed are whole minor units from 0 on");
        violations.add("attempt.transaction.amount_minor", text);
    }
    Some(Money { minor, currency: currency? })
}

fn currency(sent: &wire::Transaction, violations: &mut Violations) -> Option<[u8; 3]> {
    const PATH: &str = "attempt.transaction.currency";
    let code = sent.currency.as_str();
    match <[u8; 3]>::try_from(code.as_bytes()) {
        Ok(letters) if letters.iter().all(u8::is_ascii_uppercase) => Some(letters),
        _ if code.is_empty() && sent.amount_minor.is_none() => None,
        _ if code.is_empty() => {
            violations.add(PATH, "must be set with an amount");
            None
        }
        _ => {
            let code = quote(code);
            violations.add(PATH, format!("{code} is not three capital letters of ISO 4217"));
            None
        }
    }
}
