//! Everything on record about a decision as one JSON object, for programs.

use std::fmt::Write as _;

use doorward_core::value::{Reading, Value};
use serde::Serialize;
use serde_json::json;

use super::Dossier;
use crate::record::reading;
use crate::terminal::hidden;
use crate::wire::log::{DecisionRecord, OutcomeRecord, Slot};

#[derive(Serialize)]
struct Object<'a> {
    record: &'a DecisionRecord,
    outcomes: &'a [OutcomeRecord],
    /// What the readings are, by slot number.
    slots: &'a [Slot],
    /// What they say, by slot number; nothing if they are those of other slots.
    readings: Vec<serde_json::Value>,
}

/// One object on one line: the record and its outcomes in their canonical JSON form, and the readings
/// by name, in the units that their slots state.
pub fn json(dossier: &Dossier) -> String {
    let slots = dossier.policy.as_ref().map(|policy| policy.slots.as_slice()).unwrap_or_default();
    let readings = reading::named(&dossier.record, slots).unwrap_or_default();
    let readings = readings.iter().map(|(name, reading)| read(name, reading)).collect();
    let object = Object { record: &dossier.record, outcomes: &dossier.outcomes, slots, readings };
    match serde_json::to_string(&object) {
        Ok(text) => escaped(&text),
        // A time or an enumeration that no caller could have sent: say so in the same form.
        Err(error) => serde_json::json!({ "error": error.to_string() }).to_string(),
    }
}

fn read(name: &str, reading: &Reading) -> serde_json::Value {
    match reading {
        Reading::Known(value) => json!({ "name": name, "value": plain(value) }),
        Reading::Unknown(cause) => json!({ "name": name, "unknown": cause.word() }),
    }
}

/// The value without its unit.
fn plain(value: &Value) -> serde_json::Value {
    match value {
        Value::Bool(flag) => json!(flag),
        Value::Int(number) | Value::Duration(number) => json!(number),
        Value::Money(money) => json!(money.minor),
        Value::Instant(at) => json!(at.ms()),
        Value::Asn(number) => json!(number),
        Value::Ratio(number) | Value::Decimal(number) => json!(number),
        Value::Distance(number) | Value::Speed(number) => json!(number),
        Value::Text(text) => json!(&**text),
        Value::Ip(_) | Value::Cidr(_) | Value::Country(_) | Value::Word(_) => {
            json!(value.to_string())
        }
    }
}

/// The same JSON without characters that a terminal obeys; they can only stand within its texts.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string never fails.
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Attempt;
    use crate::wire::log::{Form, PolicyRecord, Readings, SlotType};

    #[test]
    fn is_canonical_and_harmless() {
        let app = "web\u{202e}shop \u{e0061}".to_owned();
        let attempt = Some(Attempt { app: app.clone(), ..Attempt::default() });
        let record = DecisionRecord { attempt, ..DecisionRecord::default() };
        let text = json(&Dossier { record, ..Dossier::default() });
        assert_eq!(
            text,
            r#"{"record":{"attempt":{"app":"web\u202eshop \udb40\udc61"}},"outcomes":[],"slots":[],"readings":[]}"#
        );
        let parsed: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(parsed["record"]["attempt"]["app"], app);
    }

    #[test]
    fn readings_have_names_and_plain_values() {
        let forms = [Form::Integer, Form::Text, Form::NoHistory].map(i32::from);
        let readings = Readings {
            forms: forms.to_vec(),
            integers: vec![300_000],
            texts: vec!["right".to_owned()],
            ..Readings::default()
        };
        let slot = |name: &str, kind: SlotType| Slot {
            name: name.to_owned(),
            r#type: kind.into(),
            ..Slot::default()
        };
        let slots = vec![
            slot("user.age", SlotType::Duration),
            slot("credential", SlotType::Enum),
            slot("dormant", SlotType::Duration),
        ];
        let record = DecisionRecord {
            attempt: Some(Attempt::default()),
            readings: Some(readings),
            ..DecisionRecord::default()
        };
        let policy = Some(PolicyRecord { slots, ..PolicyRecord::default() });
        let text = json(&Dossier { record, policy, ..Dossier::default() });
        let parsed: serde_json::Value = serde_json::from_str(&text).unwrap();
        let expected = json!([
            {"name": "user.age", "value": 300_000},
            {"name": "credential", "value": "right"},
            {"name": "dormant", "unknown": "no_history"},
        ]);
        assert_eq!(parsed["readings"], expected);
    }
}
