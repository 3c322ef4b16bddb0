//! Everything on record about a decision as one JSON object, for programs.

use std::fmt::Write as _;

use serde::Serialize;

use super::Dossier;
use crate::terminal::hidden;
use crate::wire::log::{DecisionRecord, OutcomeRecord, Slot};

#[derive(Serialize)]
struct Object<'a> {
    record: &'a DecisionRecord,
    outcomes: &'a [OutcomeRecord],
    /// What the readings are, by slot number.
    slots: &'a [Slot],
}

/// One object on one line: the record and its outcomes in their canonical JSON form, and the names of
/// the readings' slots.
pub fn json(dossier: &Dossier) -> String {
    let slots = dossier.policy.as_ref().map(|policy| policy.slots.as_slice()).unwrap_or_default();
    let object = Object { record: &dossier.record, outcomes: &dossier.outcomes, slots };
    match serde_json::to_string(&object) {
        Ok(text) => escaped(&text),
        // A time or an enumeration that no caller could have sent: say so in the same form.
        Err(error) => serde_json::json!({ "error": error.to_string() }).to_string(),
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

    #[test]
    fn is_canonical_and_harmless() {
        let app = "web\u{202e}shop \u{e0061}".to_owned();
        let attempt = Some(Attempt { app: app.clone(), ..Attempt::default() });
        let record = DecisionRecord { attempt, ..DecisionRecord::default() };
        let text = json(&Dossier { record, ..Dossier::default() });
        assert_eq!(
            text,
            r#"{"record":{"attempt":{"app":"web\u202eshop \udb40\udc61"}},"outcomes":[],"slots":[]}"#
        );
        let parsed: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(parsed["record"]["attempt"]["app"], app);
    }
}
