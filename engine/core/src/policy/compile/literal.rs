//! Constants: from what was written to a value with a type.

use super::{Builder, code};
use crate::address::{self, Network};
use crate::currency;
use crate::policy::ast::{self, Literal};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::list::midnight;
use crate::policy::span::Span;
use crate::policy::suggest::suggest;
use crate::time::Timestamp;
use crate::value::{Money, Type, Value};

impl Builder<'_> {
    /// The value and type of a constant.
    pub(crate) fn literal(&mut self, literal: &Literal, span: Span) -> Option<(Value, Type)> {
        Some(match literal {
            Literal::Bool(flag) => (Value::Bool(*flag), Type::Bool),
            Literal::Int(number) => (Value::Int(*number), Type::Int),
            Literal::Decimal(number) => (Value::Decimal(*number), Type::Decimal),
            Literal::Ratio(share) => (Value::Ratio(*share), Type::Ratio),
            Literal::Duration { ms } => (Value::Duration(*ms), Type::Duration),
            Literal::Distance { km } => (Value::Distance(*km), Type::Distance),
            Literal::Speed { kmh } => (Value::Speed(*kmh), Type::Speed),
            Literal::Money(money) => (Value::Money(self.money(money, span)?), Type::Money),
            Literal::Ip(ip) => (Value::Ip(address::normalise(*ip)), Type::Ip),
            Literal::Cidr { address, prefix } => {
                (Value::Cidr(Network::new(*address, *prefix)?), Type::Cidr)
            }
            Literal::Asn(number) => (Value::Asn(*number), Type::Asn),
            Literal::Date(day) => (Value::Instant(midnight(*day)), Type::Instant),
            Literal::Instant(at) => {
                (Value::Instant(Timestamp::from_ms(at.as_millisecond())), Type::Instant)
            }
            Literal::Text(text) => (Value::Text(text.as_str().into()), Type::Text),
        })
    }

    fn money(&mut self, money: &ast::Money, span: Span) -> Option<Money> {
        let Some(decimals) = currency::decimals(&money.currency) else {
            let message = format!("`{}` is not an ISO 4217 currency", money.currency);
            let error = Diagnostic::error(code::CURRENCY, message).at(span, "");
            return self.report(match suggest(&money.currency, currency::codes()) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error,
            });
        };
        let Some(missing) = decimals.checked_sub(money.decimals) else {
            let message = format!("{} has {decimals} decimals", money.currency);
            return self.report(
                Diagnostic::error(code::CURRENCY, message)
                    .at(span, format!("{} are written", money.decimals)),
            );
        };
        let currency = <[u8; 3]>::try_from(money.currency.as_bytes()).ok()?;
        match 10_i64.checked_pow(missing).and_then(|unit| money.digits.checked_mul(unit)) {
            Some(minor) => Some(Money { minor, currency }),
            None => {
                let message = "this amount is beyond what can be counted";
                self.report(Diagnostic::error(code::CURRENCY, message).at(span, ""))
            }
        }
    }
}
