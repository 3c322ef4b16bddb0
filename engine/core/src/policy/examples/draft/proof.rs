//! The fields of authenticators, of a session's beginning, and of what is known of a device.

use super::{Draft, Field, address, ago, country, flag, row, some, text};
use crate::event::{Authenticator, SessionStart};
use crate::value::{Type, Value};

pub(super) static FIELDS: [Field; 22] = [
    row("risk.external", Type::Ratio, |it, value| {
        let Value::Ratio(risk) = value else { return None };
        it.score("external", *risk)
    }),
    row("origin", Type::Text, |it, value| some(&mut it.attempt.client.origin, text(value))),
    row("device.managed", Type::Bool, |it, value| {
        some(&mut it.attempt.device.managed, flag(value))
    }),
    row("device.compliant", Type::Bool, |it, value| {
        some(&mut it.attempt.device.compliant, flag(value))
    }),
    row("device.reported_lost", Type::Bool, |it, value| {
        some(&mut it.attempt.device.reported_lost, flag(value))
    }),
    row("device.token", Type::Text, |it, value| some(&mut it.attempt.device.token_id, text(value))),
    row("authenticator", Type::Text, |it, value| some(&mut it.authenticator().aaguid, text(value))),
    row("authenticator.age", Type::Duration, |it, value| {
        let registered_at = ago(it, value);
        some(&mut it.authenticator().registered_at, registered_at)
    }),
    row("authenticator.count", Type::Int, |it, value| {
        some(&mut it.authenticator().sign_count, count(value))
    }),
    row("authenticator.count_stored", Type::Int, |it, value| {
        some(&mut it.authenticator().sign_count_stored, count(value))
    }),
    row("authenticator.backed_up", Type::Bool, |it, value| {
        some(&mut it.authenticator().backed_up, flag(value))
    }),
    row("authenticator.backed_up_stored", Type::Bool, |it, value| {
        some(&mut it.authenticator().backed_up_stored, flag(value))
    }),
    row("authenticator.backup_eligible", Type::Bool, |it, value| {
        some(&mut it.authenticator().backup_eligible, flag(value))
    }),
    row("authenticator.backup_eligible_stored", Type::Bool, |it, value| {
        some(&mut it.authenticator().backup_eligible_stored, flag(value))
    }),
    row("authenticator.user_verified", Type::Bool, |it, value| {
        some(&mut it.authenticator().user_verified, flag(value))
    }),
    row("session.token_reused", Type::Bool, |it, value| {
        some(&mut it.session().token_reused, flag(value))
    }),
    row("session.start_ip", Type::Ip, |it, value| some(&mut it.start().address, address(value))),
    row("session.start_asn", Type::Asn, |it, value| {
        let Value::Asn(asn) = value else { return None };
        some(&mut it.start().asn, Some(*asn))
    }),
    row("session.start_country", Type::Country, |it, value| {
        some(&mut it.start().country, country(value))
    }),
    row("session.start_ja4", Type::Text, |it, value| some(&mut it.start().ja4, text(value))),
    row("session.start_agent", Type::Text, |it, value| {
        some(&mut it.start().user_agent, text(value))
    }),
    row("session.start_device", Type::Device, |it, value| {
        some(&mut it.start().device_id, text(value))
    }),
];

impl Draft {
    fn authenticator(&mut self) -> &mut Authenticator {
        self.attempt.credential.authenticator.get_or_insert_default()
    }

    fn start(&mut self) -> &mut SessionStart {
        self.session().start.get_or_insert_default()
    }
}

fn count(value: &Value) -> Option<u32> {
    let Value::Int(count) = value else { return None };
    u32::try_from(*count).ok()
}
